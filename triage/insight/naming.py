"""What the asks of a group have in common, in words that nobody alone wrote.

In: texts, whose each is, and how usual words are elsewhere. Out: a few words.
Not here: reading texts (store), showing them (analytics).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

# A word tells nothing of one person when so many used it.
FEWEST_PERSONS = 3
MOST_TERMS = 5
# At least so many of a group's persons use what is said to be common to them.
_SHARE = 0.2
_WORD = re.compile(r"[^\W_]{3,}")
_DIGITS = re.compile(r"\d")


def words_in(text: str) -> frozenset[str]:
    """Return the different words of a text, in small letters; what has digits names something."""
    return frozenset(_words(text))


def _words(text: str) -> Iterator[str]:
    found = (word.casefold() for word in _WORD.findall(text))
    return (word for word in found if not _DIGITS.search(word))


def usual_words(texts: Iterable[str]) -> Counter[str]:
    """Count in how many texts each word is."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(words_in(text))
    return counts


def terms_of(
    texts: Sequence[tuple[str, str]], usual: Mapping[str, int], count: int
) -> tuple[str, ...]:
    """Return the words that tell these texts from others, those that tell most first.

    Of words that tell as much, those come first that stand first.

    `texts` are pairs of person and text; `usual` says in how many of `count` texts a word is. Only
    words that at least three persons used are told, and of those only what a fifth of them used.
    """
    used: dict[str, set[str]] = {}
    for person, text in texts:
        for word in _words(text):
            used.setdefault(word, set()).add(person)
    persons = len({person for person, _ in texts})
    least = max(FEWEST_PERSONS, math.ceil(_SHARE * persons))
    told = {
        word: len(by) * math.log((count + 1) / (usual.get(word, 0) + 0.5))
        for word, by in used.items()
        if len(by) >= least
    }
    # Sorting keeps the order of those that are equal, which is that of the texts.
    return tuple(
        sorted((word for word in told if told[word] > 0), key=lambda w: -told[w])[:MOST_TERMS]
    )
