"""What the folds of a fit said of cases that they had not seen -> what a bundle keeps of it.

In: the material, the report of the fit, what earlier versions remember. Out: an Evaluation: how far
confidences can be believed, what each threshold would give, which labels are taken for which, how
each slice does, and the same cases as earlier versions answered them.
Cases of one set of twins are one piece of evidence, in every interval.
Not here: the verdict (contest), keeping it (registry.evaluation), drawing it (api).
"""

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from triage.learn.contest.holding import said_by_folds
from triage.learn.contest.said import answers_of
from triage.learn.contest.seen import Seen
from triage.learn.heads.fitting import FitReport, Unseen
from triage.learn.heads.material import Material
from triage.learn.statistics.reliability import reliability
from triage.learn.statistics.slices import slices_of
from triage.outcomes.intervals import CONFIDENCE, mean_share
from triage.records import HEADS, Labels, Target
from triage.registry.evaluation import (
    Confused,
    CurvePoint,
    Evaluation,
    HeadMeasures,
    Paired,
    ReliabilityBin,
    SliceMeasure,
    Within,
)

Places = NDArray[np.int64]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

_BINS = 10
_POINTS = 60
# Of more labels than anybody reads, those are kept that are mixed up most often.
_MOST_CONFUSED = 4_000
# By folds the newest: more would take longer and say little more.
_MOST_PAIRED = 10_000


def evaluation_of(material: Material, report: FitReport, earlier: Mapping[str, Seen]) -> Evaluation:
    """Return what is kept of a fit; `earlier` is what versions before it remember, by version."""
    surely = {t: head.abstain_below for t, head in report.classifier.heads.items()}
    heads = {
        target.value: _measured(material, report.unseen[target], np.array(surely[target]))
        for target in HEADS
        if target in report.unseen
    }
    against = {version: _paired(material, report, seen) for version, seen in earlier.items()}
    return Evaluation(heads, {version: found for version, found in against.items() if found})


def _measured(material: Material, unseen: Unseen, sure_from: Numbers) -> HeadMeasures:
    guess = unseen.probabilities.argmax(axis=1)
    confidence = unseen.probabilities.max(axis=1)
    right, spoken = guess == unseen.truth, confidence >= sure_from[guess]
    sets = material.sets[unseen.places]
    return HeadMeasures(
        len(guess),
        unseen.classes,
        float(spoken.mean()),
        _within(right[spoken], sets[spoken]),
        _bins(confidence, right, sets),
        _curve(confidence, right, sets),
        _confusion(unseen, guess, spoken),
        _slices(material, unseen.places, right, spoken, sets),
    )


def _bins(confidence: Numbers, right: Mask, sets: Places) -> tuple[ReliabilityBin, ...]:
    """Cut as `reliability` cuts, so that a point is that of the error that is told of it."""
    points = reliability(confidence, right, _BINS).bins
    parts = np.array_split(np.argsort(confidence, kind="stable"), len(points))
    found = (_within(right[part], sets[part]) for part in parts)
    return tuple(
        ReliabilityBin(point.mean_probability, within)
        for point, within in zip(points, found, strict=True)
        if within is not None
    )


def _curve(confidence: Numbers, right: Mask, sets: Places) -> tuple[CurvePoint, ...]:
    """Walk from the surest guess to the least sure; equal confidences stand or fall together."""
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    ends = np.unique(np.ceil(np.arange(1, _POINTS + 1) / _POINTS * len(order)).astype(np.int64))
    last = np.unique(np.searchsorted(-ranked, -ranked[ends - 1], side="right"))
    points = []
    for many in last.tolist():
        within = _within(right[order[:many]], sets[order[:many]])
        if within is not None:
            share = many / len(order)
            points.append(CurvePoint(float(ranked[many - 1]), share, within))
    return tuple(points)


def _confusion(unseen: Unseen, guess: Places, spoken: Mask) -> tuple[Confused, ...]:
    pairs = list(zip(unseen.truth.tolist(), guess.tolist(), strict=True))
    every = Counter(pairs)
    surely = Counter(pair for pair, said in zip(pairs, spoken.tolist(), strict=True) if said)
    ranked = sorted(every, key=lambda pair: (pair[0] == pair[1], -every[pair], pair))
    right = [pair for pair in ranked if pair[0] == pair[1]]
    wrong = [pair for pair in ranked if pair[0] != pair[1]][:_MOST_CONFUSED]
    names = unseen.classes
    return tuple(
        Confused(names[truth], names[said], every[truth, said], surely[truth, said])
        for truth, said in sorted([*right, *wrong])
    )


def _slices(
    material: Material, places: Places, right: Mask, spoken: Mask, sets: Places
) -> tuple[SliceMeasure, ...]:
    chosen = places.tolist()
    cases = material.cases
    kinds = material.filed[Target.KIND]
    found = slices_of(
        [cases[i] for i in chosen],
        [material.facts[i] for i in chosen],
        [kinds[i] for i in chosen],
    )
    rows = []
    for name, inside in found.items():
        all_of_it = _within(right[inside], sets[inside])
        said = inside[spoken[inside]]
        if all_of_it is not None:
            share = float(spoken[inside].mean())
            rows.append(SliceMeasure(name, all_of_it, share, _within(right[said], sets[said])))
    return tuple(rows)


def _paired(material: Material, report: FitReport, seen: Seen) -> Mapping[str, tuple[Paired, ...]]:
    """Put beside each other what both said, out of fold, of the cases that both learnt from."""
    both = [i for i, row in enumerate(material.rows) if seen.remembers(row)][-_MOST_PAIRED:]
    places = np.array(both, dtype=np.int64)
    before = [seen.labels_of(material.rows[i]) for i in both]
    after = said_by_folds(places, report)
    part = material.part(places)
    found = slices_of(part.cases, part.facts, part.filed[Target.KIND])
    compared = {t.value: _head_paired(part, t, before, after, found) for t in HEADS}
    return {target: rows for target, rows in compared.items() if rows}


def _head_paired(
    part: Material,
    target: Target,
    before: list[Labels],
    after: list[Labels],
    slices: Mapping[str, Places],
) -> tuple[Paired, ...]:
    filed = part.filed[target]
    one, other = answers_of(before, target, filed).right, answers_of(after, target, filed).right
    both = ~np.isnan(one) & ~np.isnan(other)
    rows = []
    for name, inside in slices.items():
        chosen = inside[both[inside]]
        if len(chosen):
            rows.append(_compared(name, one[chosen], other[chosen], part.sets[chosen]))
    return tuple(rows)


def _compared(name: str, before: Numbers, after: Numbers, sets: Places) -> Paired:
    """Return the difference with an interval that half a win and half a loss more would have.

    So that five cases without a difference do not prove that there is none (Agresti and Min,
    "Effects and non-effects of paired identical observations", 2005).
    """
    gains = after - before
    n, mean = len(gains), float(gains.mean())
    _, member_of = np.unique(sets, return_inverse=True)
    sizes = np.bincount(member_of).astype(np.float64)
    apart = np.bincount(member_of, gains) - mean * sizes
    freedom = max(1.0, n**2 / float((sizes**2).sum()) - 1)
    spread = float((apart**2).sum()) * (1 + 1 / freedom) + 1
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * math.sqrt(spread) / n
    return Paired(
        name,
        n,
        float(before.mean()),
        float(after.mean()),
        max(-1.0, mean - half),
        min(1.0, mean + half),
        int((gains > 0).sum()),
        int((gains < 0).sum()),
    )


def _within(right: Mask, sets: Places) -> Within | None:
    """Return the share of right ones; None of no cases."""
    found = mean_share(right.astype(np.float64), sets)
    return None if found is None else Within(found.value, found.low, found.high, len(right))
