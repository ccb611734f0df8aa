"""A head and a label -> the words that speak for it most, whatever the question.

In: a classifier, a target, a label. Out: words of its vocabulary, the strongest first; such words
were used by several writers, or they would be in none.
Not here: what moved one prediction (explaining).
"""

from collections import defaultdict

import numpy as np

from triage.classify.features import Origin, Part
from triage.classify.heads import Classifier
from triage.records import Target

# Pieces of words and whole lines tell people little.
_READ = frozenset({Part.TITLE, Part.BODY, Part.OPENING})
_SHORTEST = 4


def telling_words(classifier: Classifier, target: Target, label: str, most: int) -> list[str]:
    """Return the words that raise a label's odds over the other labels' mean.

    None are there where the target has no head, or the head does not know the label.
    """
    head = classifier.heads.get(target)
    if head is None or label not in head.classes or len(head.classes) < 2:
        return []
    own = head.classes.index(label)
    weights = np.asarray(head.weights, dtype=np.float64)
    lifted = weights[:, own] - np.delete(weights, own, axis=1).mean(axis=1)
    found: dict[str, float] = defaultdict(float)
    for block in classifier.featuriser.blocks:
        vocabulary = block.vocabulary
        if block.origin is Origin.WORDS and vocabulary is not None and vocabulary.part in _READ:
            # As much as one such word adds where it stands alone.
            worth = lifted[block.start : block.stop] * vocabulary.words.idf_
            names = vocabulary.words.get_feature_names_out()
            for name, amount in zip(names.tolist(), worth.tolist(), strict=True):
                found[name] += amount
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [name for name, amount in ranked if amount > 0 and _is_word(name)]
    return told[:most]


def _is_word(name: str) -> bool:
    """Say whether some word of it may mean something; the shortest ones mostly join others."""
    return any(
        len(word) >= _SHORTEST or any(character.isdigit() for character in word)
        for word in name.split()
    )
