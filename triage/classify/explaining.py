"""A prediction -> what moved it, in log-odds that add up.

In: a classifier and a question, read by `attribute`. Out: an Explanation: the words of the
question, the signs of its form, its facts and its meaning, each with what it added to the odds of
the class that was predicted against another. Heads are linear, so that these numbers are exact.
Not here: predicting (heads), cases that are near (nearest), who may see any of it (api).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.classify.attribution import Attribution, Name
from triage.classify.heads import Classifier, Head
from triage.errors import BadField
from triage.records import Target


@dataclass(frozen=True, slots=True)
class Pull:
    """One thing that moved a prediction; above 0 towards the class explained, below 0 away."""

    name: Name
    log_odds: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a head says `explained` and not `against`.

    `log_odds` are those of the two classes before the head's lapse: `base`, which holds for any
    question, and all `pulls`, the strongest first.
    """

    target: Target
    explained: str
    against: str
    log_odds: float
    base: float
    pulls: tuple[Pull, ...]


def explain(
    classifier: Classifier, read: Attribution, target: Target, against: str | None = None
) -> Explanation | None:
    """Explain the predicted class against its runner-up, or against a class that is named.

    None where the target has no head. Raises BadField when the head knows no class of that name.
    """
    head = classifier.heads.get(target)
    if head is None:
        return None
    first, second = _pair(head, read, against)
    amounts, base = head.contrast(read.row, first, second)
    by_name = _with_phrases(read, read.spread(amounts))
    pulls = [Pull(read.names[i], float(by_name[i])) for i in np.argsort(-np.abs(by_name))]
    return Explanation(
        target=target,
        explained=head.classes[first],
        against=head.classes[second],
        log_odds=base + float(amounts.sum()),
        base=base,
        pulls=tuple(pull for pull in pulls if pull.log_odds != 0),
    )


def _pair(head: Head, read: Attribution, against: str | None) -> tuple[int, int]:
    order = np.argsort(-head.probabilities(read.row)[0], kind="stable")
    first, second = int(order[0]), int(order[1])
    if against is None:
        return first, second
    if against not in head.classes:
        raise BadField("against", f"names no {head.target} that this model knows")
    named = head.classes.index(against)
    return first, second if named == first else named


def _with_phrases(read: Attribution, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what phrases hold to their words, or the words to a phrase that says more than they do.

    Words go into a phrase when they stand nowhere else in the question and one of them says no
    more by itself than the phrase: then it is the phrase that was learnt. Sums stay as they are.
    """
    amounts = amounts.copy()
    home = np.arange(len(amounts))
    alone = np.abs(amounts)
    phrases = sorted(read.phrases, key=lambda phrase: -alone[phrase.name])
    kept = set()
    for phrase in phrases:
        words = list(phrase.words)
        free = bool(np.all(home[words] == words))
        if phrase.bound and free and alone[phrase.name] >= max(alone[words].min(), 1e-12):
            kept.add(phrase.name)
            home[words] = phrase.name
            amounts[phrase.name] += amounts[words].sum()
            amounts[words] = 0
    for phrase in phrases:
        if phrase.name not in kept:
            np.add.at(amounts, home[list(phrase.words)], amounts[phrase.name] / len(phrase.words))
            amounts[phrase.name] = 0
    return amounts
