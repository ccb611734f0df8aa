"""Slices of asks -> what is said of each measure in each of them.

In: traffic, its reference, a day. Out: verdicts, with false ones bounded over the whole look.
Not here: precision (promised), reading a store, telling anybody (watching).

Drifted is what passes two bars. It is beyond chance: Benjamini and Hochberg over all measures and
slices of a look. And it is beyond what is usual here: what the weeks of the reference differ by is
taken off, it is half as far again as any of them is from the others, and it lasts: one week alone
drifts only beyond all doubt. So a lively forum is no drift.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from triage.insight.drift import comparing
from triage.insight.drift.values import (
    WEEK,
    Drift,
    Flags,
    Looking,
    Moved,
    Part,
    Span,
    Traffic,
    Verdict,
)
from triage.insight.drift.windows import Slice, slices
from triage.insight.drift.wording import Wording, wording
from triage.insight.naming import FEWEST_PERSONS
from triage.insight.rising import wrong_shares
from triage.insight.values import Codes, Numbers

MEANING, WORDS = "meaning", "words"
_USUALLY = Looking()
_UNSURE = 0.05
_MOST_TOLD = 3
# So many times as far as the furthest week of the reference: of nine weeks one is the furthest.
_FURTHER = 1.5
_SURE = 1e-6


@dataclass(frozen=True, slots=True)
class _Tested:
    """A drift without a verdict yet, and whether it is beyond what the reference's weeks do."""

    drift: Drift
    unusual: bool = False


def look(
    parts: Sequence[tuple[Part, Traffic, Span]], day: int, looking: Looking = _USUALLY
) -> tuple[Drift, ...]:
    """Say of each measure and slice whether the last whole weeks before `day` are as usual.

    Each part comes with its traffic and its own reference; a share of wrong verdicts is bounded
    over all of them together.
    """
    tested = [
        one
        for part, traffic, reference in parts
        for piece in slices(traffic, reference, day, looking)
        for one in _tested(part, piece, reference)
    ]
    known = [one for one in tested if one.drift.p_value is not None]
    q_values = wrong_shares([one.drift.p_value or 0.0 for one in known])
    told = {
        one.drift.key: _verdict(one, q, looking) for one, q in zip(known, q_values, strict=True)
    }
    return tuple(told.get(one.drift.key, one.drift) for one in tested)


def _verdict(one: _Tested, q_value: float, looking: Looking) -> Drift:
    if q_value <= looking.wrong and one.unusual:
        return replace(one.drift, verdict=Verdict.DRIFTED)
    if q_value <= looking.rather:
        return replace(one.drift, verdict=Verdict.WATCH)
    return replace(one.drift, verdict=Verdict.STEADY, since=None, what=())


def _tested(part: Part, piece: Slice, reference: Span) -> Iterator[_Tested]:
    traffic = piece.traffic
    everybody = np.ones(len(traffic), dtype=np.bool_)
    worded: Wording | None = None
    if any(words is not None for words in traffic.words):
        one, worded = _words(part, piece, reference)
        yield one
    if traffic.vectors.shape[1]:
        known = np.asarray(traffic.vectors.any(axis=1))
        features = comparing.of_vectors(traffic.vectors, piece.looking.seed)
        found = _features(part, MEANING, piece, reference, features, known, lambda now, then: ())
        risen = _risen(worded) if worded is not None else ()
        yield replace(found, drift=replace(found.drift, what=risen))
    for name, names in traffic.classes.items():
        if piece.name.partition("=")[0] != name:
            moved = _moved_classes(names, traffic.who)
            features = comparing.of_classes(names)
            yield _features(part, name, piece, reference, features, everybody, moved)
    for name, values in traffic.numbers.items():
        known = ~np.isnan(values)
        features = comparing.of_numbers(np.where(known, values, 0.0))
        moved = _moved_number(name, values)
        yield _features(part, name, piece, reference, features, known, moved)


def _features(
    part: Part,
    measure: str,
    piece: Slice,
    reference: Span,
    features: comparing.Singles,
    known: Flags,
    moved: Callable[[Flags, Flags], tuple[Moved, ...]],
) -> _Tested:
    """Hold the last week, and the last month, against the reference by some features."""
    before = known & (piece.week < 0)
    usual = comparing.usual(features[before], piece.week[before])
    furthest = _FURTHER * usual.furthest
    found: list[tuple[float, float, bool, int]] = []
    for weeks in piece.windows():
        if piece.enough(weeks, known):
            chosen = piece.chosen(weeks, known)
            recent = piece.recent(weeks)[chosen]
            apart = comparing.apart(features[chosen], recent, piece.drawn(weeks, chosen), usual)
            far = comparing.weighed(features[chosen], recent) > furthest
            found.append((apart.p_value, apart.statistic, far, weeks))

    def far_in(week: int) -> bool:
        rows = before | (known & (piece.week == week))
        return comparing.weighed(features[rows], piece.week[rows] == week) > usual.furthest

    return _told(part, measure, piece, reference, known, found, far_in, moved)


def _words(part: Part, piece: Slice, reference: Span) -> tuple[_Tested, Wording | None]:
    known = np.array([words is not None for words in piece.traffic.words])
    words = [found or frozenset() for found in piece.traffic.words]
    who, week = piece.traffic.who, piece.week

    def compared(rows: Flags, recent: Flags, told: bool = False) -> Wording:
        places = np.flatnonzero(rows)
        return wording([words[i] for i in places], who[places], recent[places], told=told)

    before = known & (week < 0)
    usual = min((compared(before, week == w).p_value for w in np.unique(week[before])), default=1.0)
    found: list[tuple[float, float, bool, int]] = []
    best: Wording | None = None
    for weeks in piece.windows():
        if piece.enough(weeks, known):
            one = compared(piece.chosen(weeks, known), piece.recent(weeks), told=True)
            far = one.p_value < usual**_FURTHER
            found.append((one.p_value, -np.log10(one.p_value), far, weeks))
            best = one if best is None or one.p_value < best.p_value else best

    def far_in(number: int) -> bool:
        rows = before | (known & (week == number))
        return compared(rows, week == number).p_value < usual

    risen = _risen(best) if best is not None else ()
    told = _told(part, WORDS, piece, reference, known, found, far_in, lambda now, then: risen)
    return told, best


def _told(
    part: Part,
    measure: str,
    piece: Slice,
    reference: Span,
    known: Flags,
    found: Sequence[tuple[float, float, bool, int]],
    far_in: Callable[[int], bool],
    moved: Callable[[Flags, Flags], tuple[Moved, ...]],
) -> _Tested:
    before = known & (piece.week < 0)
    drift = Drift(part, measure, piece.name, Verdict.TOO_FEW)
    drift = replace(drift, persons_before=piece.persons(before))
    if not found:
        return _Tested(replace(drift, persons=piece.persons(known & piece.recent(1))))
    lasting = [one for one in found if one[3] > 1 or one[0] <= _SURE]
    p_value, statistic, far, weeks = min(lasting or found)
    # One week alone may be a lively one, unless it is beyond all doubt.
    far = far and bool(lasting)
    recent = known & piece.recent(weeks)
    drift = replace(
        drift,
        statistic=statistic,
        # The more telling of two looks counts, so both are paid for.
        p_value=min(1.0, p_value * len(found)),
        persons=piece.persons(recent),
        what=moved(recent, before),
    )
    if p_value > _UNSURE:
        return _Tested(drift, far)
    return _Tested(replace(drift, since=_since(piece, reference, weeks, far_in)), far)


def _since(piece: Slice, reference: Span, weeks: int, far_in: Callable[[int], bool]) -> int:
    """Return the first day of the weeks that one after another, up to now, were far away."""
    week = piece.last
    while week >= 0 and far_in(week):
        week -= 1
    first = week + 1 if week < piece.last else piece.last + 1 - weeks
    return reference.end + first * WEEK


def _risen(found: Wording) -> tuple[Moved, ...]:
    return tuple(Moved(one.word, one.before, one.after) for one in found.risen)


def _moved_classes(
    names: Sequence[str | None], who: Codes
) -> Callable[[Flags, Flags], tuple[Moved, ...]]:
    """Tell the classes that moved most, of those that several persons have: a name may be words."""
    told = np.array(["" if name is None else name for name in names])
    shared = [
        name for name in np.unique(told) if len(np.unique(who[told == name])) >= FEWEST_PERSONS
    ]

    def moved(now: Flags, then: Flags) -> tuple[Moved, ...]:
        shares = [
            Moved(str(name), float(np.mean(told[then] == name)), float(np.mean(told[now] == name)))
            for name in shared
        ]
        shares.sort(key=lambda one: (-abs((one.after or 0.0) - (one.before or 0.0)), one.name))
        return tuple(shares[:_MOST_TOLD])

    return moved


def _moved_number(name: str, values: Numbers) -> Callable[[Flags, Flags], tuple[Moved, ...]]:
    def moved(now: Flags, then: Flags) -> tuple[Moved, ...]:
        return (Moved(name, float(np.mean(values[then])), float(np.mean(values[now]))),)

    return moved
