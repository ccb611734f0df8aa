"""Labels -> pairs that may be one and the same under two names. Pure.

In: names of labels. Out: pairs whose letters are nearly the same, so that a person may look.
Not here: spellings that differ in spaces and case alone, which are one label anyhow (classify).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

_NEAR = 0.86
_LETTERS = re.compile(r"[\W_]+")
# With more every pair of them would take seconds.
_MOST = 400
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Alike:
    """Two labels that may be one, and how alike their letters are, of 1."""

    one: str
    other: str
    likeness: float


def alike(labels: Iterable[str]) -> list[Alike]:
    """Return the pairs that look alike, the most alike first."""
    plain = [(label, _LETTERS.sub("", label.casefold())) for label in list(labels)[:_MOST]]
    found = []
    for (one, first), (other, second) in combinations(plain, 2):
        if min(len(first), len(second)) >= _SHORTEST:
            likeness = _likeness(first, second)
            if likeness >= _NEAR:
                found.append(Alike(one, other, likeness))
    return sorted(found, key=lambda pair: (-pair.likeness, pair.one, pair.other))


def _likeness(first: str, second: str) -> float:
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # Two bounds that are quick to know rule nearly all pairs out.
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    return matcher.ratio()
