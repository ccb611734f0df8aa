"""Words of persons then and now -> the words that more persons use than before, beyond chance.

In: the words of asks, whose they are, which are recent. Out: each word that rose, how likely all of
it together is by chance. A word is only ever named that several persons used.
Not here: what is a word (naming), words that nobody was taught (a number like others: looking).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from triage.insight.drift.values import Flags
from triage.insight.naming import FEWEST_PERSONS
from triage.insight.rising import wrong_shares
from triage.insight.values import Codes, Numbers

MOST_TOLD = 5
_WRONG = 0.05


@dataclass(frozen=True, slots=True)
class Risen:
    """A word, and the shares of persons who used it before and lately."""

    word: str
    before: float
    after: float
    q_value: float


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that rose most surely, and how likely the surest of so many words is (Simes)."""

    p_value: float
    risen: tuple[Risen, ...]


def wording(
    words: Sequence[frozenset[str]], who: Codes, recent: Flags, *, told: bool = True
) -> Wording:
    """Compare the words of recent asks with those of the others; each person counts once a time.

    Who asked in both times counts as recent: what somebody always says has not risen.
    """
    lately = _by_person(words, who, recent)
    before = _by_person(words, who, ~recent & ~np.isin(who, who[recent]))
    now, then = _users(lately), _users(before)
    # Which words are tested follows from both times together: else chance would choose them.
    both = now + then
    tested = sorted(word for word, count in both.items() if count >= FEWEST_PERSONS)
    if not tested or not before or not lately:
        return Wording(1.0, ())
    used = np.array([now[word] for word in tested])
    all_used = np.array([both[word] for word in tested])
    p_values = at_least(used, all_used, len(lately), len(lately) + len(before))
    q_values = wrong_shares(p_values)
    overall = float(q_values.min())
    if not told:
        return Wording(overall, ())
    found = [
        Risen(word, then[word] / len(before), now[word] / len(lately), float(q))
        for word, q in zip(tested, q_values, strict=True)
        if q <= _WRONG and now[word] >= FEWEST_PERSONS
    ]
    found.sort(key=lambda one: (one.q_value, -one.after, one.word))
    return Wording(overall, tuple(found[:MOST_TOLD]))


def at_least(used: Codes, all_used: Codes, lately: int, everybody: int) -> Numbers:
    """Return how likely so many recent persons use each word or more (Fisher's exact test).

    `all_used` persons of `everybody` use it, `lately` of them are recent.
    """
    # Most words are used by as many as many others are.
    pairs, places = np.unique(np.stack([used, all_used]), axis=1, return_inverse=True)
    some, total = pairs[0][:, None], pairs[1][:, None]
    most = np.minimum(total, lately)
    k = some + np.arange(int((most - some).max(initial=0)) + 1)
    possible = (k <= most) & (lately - k <= everybody - total)
    k = np.where(possible, k, np.minimum(some, most))
    ways = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, everybody + 1)))])

    def choose(n: Codes | int, few: Codes | int) -> Numbers:
        found: Numbers = ways[n] - ways[few] - ways[np.maximum(n - few, 0)]
        return found

    chances = choose(total, k) + choose(everybody - total, lately - k) - choose(everybody, lately)
    found = np.where(possible, np.exp(chances), 0.0).sum(axis=1)
    told: Numbers = np.minimum(found, 1.0)[places.ravel()]
    return told


def strange(words: frozenset[str], taught: frozenset[str]) -> float:
    """Return which share of an ask's words was never taught; nan of an ask without words."""
    return len(words - taught) / len(words) if words else float("nan")


def _by_person(
    words: Sequence[frozenset[str]], who: Codes, chosen: Flags
) -> Mapping[int, frozenset[str]]:
    """Return the words of each person's first ask among those that are chosen."""
    found: dict[int, frozenset[str]] = {}
    for place in np.flatnonzero(chosen).tolist():
        found.setdefault(int(who[place]), words[place])
    return found


def _users(persons: Mapping[int, Iterable[str]]) -> Counter[str]:
    """Count who uses each word."""
    counts: Counter[str] = Counter()
    for used in persons.values():
        counts.update(used)
    return counts
