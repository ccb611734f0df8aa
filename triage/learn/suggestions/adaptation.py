"""Pairs -> an adaptation of the space, where questions that it has not seen gain by it.

In: pairs with their vectors. Out: the adaptation or why there is none, what it does to questions it
has not seen, and the numbers. Every question is judged by a map learnt without its duplicate
group; what is published then is learnt from all pairs.
Not here: where pairs come from (adaptation_pairs), the ranker that must agree with it (space).
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from triage.adapt import Adaptation
from triage.embedding import Progress
from triage.encode import Encoder
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.paired import Comparison, compare
from triage.learn.suggestions.adaptation_fit import (
    FactorOptions,
    Factors,
    Floats,
    adapted,
    fit_factors,
    rank_pairs,
    rank_unmoved,
)
from triage.learn.suggestions.adaptation_pairs import Pair, Pairs, Rows

# Ranking among all passages is what takes time; so many questions tell one strength from another.
_JUDGED = 500


@dataclass(frozen=True, slots=True)
class AdaptationOptions:
    """When an adaptation is tried and what it must show.

    `fewest` pairs in `fewest_groups` groups are needed to try; of the `strengths` of the penalty
    each fold takes the one that ranks a part of its own questions best. `certain` is the level of
    every test; a language or kind with `slice_from` pairs may not be worse at that level. Of more
    than `most_threads` a sample is learnt from.
    """

    fewest: int = 100
    fewest_groups: int = 20
    folds: int = 5
    strengths: tuple[float, ...] = (0.0005, 0.0015, 0.005, 0.015)
    certain: float = 0.05
    slice_from: int = 30
    most_threads: int = 15_000
    fit: FactorOptions = field(default_factory=FactorOptions)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """What came of it: None where it was not tried or is not better, and then why.

    `held_out` has, by thread, the map that was learnt without this thread's duplicate group.
    """

    adaptation: Adaptation | None
    held_out: Mapping[str, Adaptation] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def lacking(pairs: Sequence[Pair], options: AdaptationOptions) -> str:
    """Say what is missing to try at all; empty: nothing."""
    groups = len({p.group for p in pairs})
    if len(pairs) < options.fewest:
        return f"{len(pairs)} pairs of a question and what settles it; {options.fewest} are needed"
    if groups < options.fewest_groups:
        return f"all pairs are of {groups} duplicate groups; {options.fewest_groups} are needed"
    return ""


def counted(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """Count pairs by kind and by language."""
    return {
        "pairs": dict(sorted(Counter(p.kind.value for p in pairs).items())),
        "languages": dict(sorted(Counter(p.lang for p in pairs).items())),
    }


def learn_adaptation(
    pairs: Pairs, encoder: Encoder, options: AdaptationOptions, progress: Progress
) -> Learnt:
    """Learn an adaptation and keep it if held-out questions find what settles them better.

    Nothing may be `lacking`.
    """
    started = time.perf_counter()
    before, hardest = rank_unmoved(pairs)
    fold_of, folds = _cross_fit(pairs, hardest, options, progress)
    after = _rank_held_out(pairs, fold_of, [factors for factors, _ in folds])
    whole, slices = _compare(pairs, before, after, options)
    objection = _objection(whole, slices, options)
    fit = replace(options.fit, strength=_commonest([strength for _, strength in folds]))
    facts = {
        "kept": not objection,
        "why": objection or "held-out questions find what settles them better",
        **counted(pairs.pairs),
        "mrr": whole.facts(),
        "slices": {name: found.facts() for name, found in slices.items()},
        "strength": fit.strength,
        "rank": fit.rank,
    }
    progress(
        f"held-out questions: MRR {whole.before:.3f} -> {whole.after:.3f}, p {whole.p_better:.4f}"
    )
    learnt = Learnt(None, facts=facts)
    if not objection:
        final = fit_factors(pairs, np.arange(len(pairs.pairs)), hardest, fit)
        made = [_adaptation(f, pairs, encoder) for f in (final, *(f for f, _ in folds))]
        held_out = {p.thread_id: made[1 + fold_of[i]] for i, p in enumerate(pairs.pairs)}
        learnt = Learnt(made[0], held_out, facts)
    facts["seconds"] = round(time.perf_counter() - started, 1)
    return learnt


def _adaptation(factors: Factors, pairs: Pairs, encoder: Encoder) -> Adaptation:
    name = ", ".join(f"{n} {kind} pairs" for kind, n in counted(pairs.pairs)["pairs"].items())
    known = {p.lang in encoder.languages for p in pairs.pairs}
    return Adaptation(factors.down, factors.up, encoder.id, name, True in known, False in known)


def _rank_held_out(pairs: Pairs, fold_of: Rows, folds: Sequence[Factors]) -> Floats:
    """Return each pair's reciprocal rank by the map that was learnt without its group."""
    after = np.empty(len(pairs.pairs))
    for fold, factors in enumerate(folds):
        part = np.flatnonzero(fold_of == fold)
        after[part] = rank_pairs(pairs, part, adapted(factors, pairs.questions[part]))
    return after


def _cross_fit(
    pairs: Pairs, hardest: Rows, options: AdaptationOptions, progress: Progress
) -> tuple[Rows, list[tuple[Factors, float]]]:
    """Return each pair's fold, and per fold the map learnt from the others with its strength."""
    every = np.arange(len(pairs.pairs))
    fold_of = _deal(pairs, every, options.folds, options.fit.seed)
    found = []
    for fold in range(options.folds):
        learning = np.flatnonzero(fold_of != fold)
        strength = _choose(pairs, learning, hardest, options)
        fit = replace(options.fit, strength=strength)
        found.append((fit_factors(pairs, learning, hardest, fit), strength))
        progress(f"adapting the space: part {fold + 1} of {options.folds}, strength {strength}")
    return fold_of, found


def _choose(pairs: Pairs, learning: Rows, hardest: Rows, options: AdaptationOptions) -> float:
    """Return the strength whose map, learnt from most of the pairs, ranks the rest best."""
    folds = max(options.folds, len(learning) // _JUDGED)
    part = _deal(pairs, learning, folds, options.fit.seed + 1) == 0
    rest, judged = learning[~part], learning[part]

    def reached(strength: float) -> float:
        factors = fit_factors(pairs, rest, hardest, replace(options.fit, strength=strength))
        return float(rank_pairs(pairs, judged, adapted(factors, pairs.questions[judged])).mean())

    # The stronger of equals: it moves questions less.
    return max(sorted(options.strengths, reverse=True), key=reached)


def _deal(pairs: Pairs, chosen: Rows, folds: int, seed: int) -> Rows:
    """Deal pairs into folds: kinds and languages evenly, a duplicate group never split."""
    dealt = [pairs.pairs[i] for i in chosen]
    labels = [f"{p.kind} {p.lang}" for p in dealt]
    return assign_folds(labels, [p.group for p in dealt], folds, seed)


def _compare(
    pairs: Pairs, before: Floats, after: Floats, options: AdaptationOptions
) -> tuple[Comparison, dict[str, Comparison]]:
    """Compare all pairs, and every kind and language that has enough of them."""
    groups = [p.group for p in pairs.pairs]
    seed = options.fit.seed
    whole = compare(before, after, groups, seed)
    named = [(p.kind.value, p.lang) for p in pairs.pairs]
    slices = {}
    for name in sorted({n for names in named for n in names}):
        part = [i for i, names in enumerate(named) if name in names]
        if name and options.slice_from <= len(part) < len(named):
            slices[name] = compare(before[part], after[part], [groups[i] for i in part], seed)
    return whole, slices


def _objection(
    whole: Comparison, slices: Mapping[str, Comparison], options: AdaptationOptions
) -> str:
    """Say why the adaptation is not kept; empty: it is."""
    if whole.after <= whole.before or whole.p_better > options.certain:
        return f"held-out questions gain nothing certain (p {whole.p_better:.4f})"
    worse = [name for name, found in slices.items() if found.p_worse <= options.certain]
    if worse:
        return f"held-out questions lose in {', '.join(worse)}"
    return ""


def _commonest(strengths: Sequence[float]) -> float:
    """Return the most frequent strength, the stronger of equally frequent ones."""
    counts = Counter(strengths)
    return max(counts, key=lambda s: (counts[s], s))
