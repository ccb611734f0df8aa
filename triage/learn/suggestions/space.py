"""A forum's threads -> the ranker of its bundle, and the adaptation and the gate that go with it.

In: threads, and their vectors through the store's cache. Out: a ranker, an adaptation or none, with
the reason, and a gate for the probabilities of the two. A ranker weighs similarities, and an
adaptation changes them, so one is used only where duplicate links suffice to fit the ranker with
it. Those questions are moved by maps learnt without them: the final one has seen them and would
flatter itself. The gate is fitted on the same evidence.
Not here: learning the adaptation (adaptation), thresholds (gating, risk), publishing (training).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage import store
from triage.adapt import Adaptation
from triage.decide import settles
from triage.decide.gate import shipped_gate
from triage.embedding import Progress, embed, embed_units, matrix, places_by_role, space_of
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.learn.statistics.paired import compare
from triage.learn.suggestions.adaptation import (
    AdaptationOptions,
    Learnt,
    counted,
    lacking,
    learn_adaptation,
)
from triage.learn.suggestions.adaptation_pairs import Pair, PairKind, Pairs, Passages, collect
from triage.learn.suggestions.gating import Gated, GateOptions, cross_gate, kept
from triage.learn.suggestions.known import Fitted, Known, fit_from_pairs
from triage.learn.suggestions.ranking import FEWEST_PAIRS, Judged, chances, fit_ranker
from triage.learn.suggestions.remembering import RememberingEncoder
from triage.rank import REGIMES, Ranker, load_ranker, regime_of
from triage.records import Side, Thread
from triage.text import digest


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """What a bundle ranks with: `facts` say whether the space is adapted, why, and the numbers.

    `judged` is the evidence that the ranker was to be fitted on, moved where the space is.
    """

    ranker: Ranker
    adaptation: Adaptation | None
    facts: Mapping[str, Any]
    judged: Mapping[str, Judged]


def fit_space(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    known: Known,
    revision: int,
    options: AdaptationOptions | None,
    progress: Progress,
) -> Space:
    """Fit the ranker and learn an adaptation; without `options` or encoder the ranker alone.

    `revision` is the store's when `known` was read: what was deleted since leaves no vector.
    """
    if encoder is None or options is None:
        why = "there is no encoder" if encoder is None else "it was not asked for"
        plain = fit_from_pairs(known, encoder, progress)
        return Space(plain.ranker, None, {"kept": False, "why": why}, plain.judged)
    remembering = RememberingEncoder(encoder)
    found, passages = collect(_sample(known.threads, options), known.boilerplate)
    movable = _movable(found, encoder)
    why = lacking(movable, options)
    if why:
        progress(f"space not adapted: {why}")
        plain = fit_from_pairs(known, encoder, progress)
        facts = {"kept": False, "why": why, **counted(movable)}
        return Space(plain.ranker, None, facts, plain.judged)
    pairs = _encode(database, forum_id, remembering, movable, passages, revision, progress)
    learnt = learn_adaptation(pairs, encoder, options, progress)
    plain = fit_from_pairs(known, remembering, progress)
    if learnt.adaptation is None:
        return Space(plain.ranker, None, learnt.facts, plain.judged)
    moved = plain
    if plain.judged:
        moved = fit_from_pairs(known, remembering, progress, learnt.held_out)
    facts = _settled(pairs, learnt, plain, moved, encoder, options)
    progress(f"space {'' if facts['kept'] else 'not '}adapted: {facts['why']}")
    if facts["kept"]:
        return Space(moved.ranker, learnt.adaptation, facts, moved.judged)
    return Space(plain.ranker, None, facts, plain.judged)


def fit_gate_of(
    space: Space, threads: Sequence[Thread], options: GateOptions, progress: Progress
) -> Gated:
    """Fit the gate on what the ranker was fitted on, or keep the shipped one for a shipped ranker.

    Only questions count that a thread open to all settles: the share of those that nothing settles
    is the options', and others would come on top.
    """
    cold, base = load_ranker(), shipped_gate(options.risk)
    if space.ranker == cold:
        gated = kept(base, f"the ranker is the shipped one; {FEWEST_PAIRS} pairs needed")
    else:
        open_to_all = {t.id for t in threads if settles(t) and not t.groups}
        judged = [j for j in space.judged.values() if not j.right.isdisjoint(open_to_all)]
        name = space.ranker.fitted_on
        gated = cross_gate(judged, _again(space.ranker, cold), base, options, fitted_on=name)
    progress(f"gate {'fitted' if gated.fitted else 'not fitted'}: {gated.facts['why']}")
    return gated


def _again(whole: Ranker, cold: Ranker) -> Callable[[Sequence[Judged]], Ranker]:
    """Return how to fit on a part what `whole` was fitted on: the same regimes, however few."""
    fitted = [name for name in REGIMES if whole.regimes[name] != cold.regimes[name]]

    def fit(judged: Sequence[Judged]) -> Ranker:
        ranker = fit_ranker(judged, cold, fitted_on=whole.fitted_on, fewest=1)
        own = {name: ranker.regimes[name] for name in fitted}
        return replace(ranker, regimes={**cold.regimes, **own})

    return fit


def _sample(threads: Sequence[Thread], options: AdaptationOptions) -> Sequence[Thread]:
    """Take all threads, or of very many those of duplicate links and others drawn by chance."""
    if len(threads) <= options.most_threads:
        return threads
    linked = {name for t in threads if t.duplicate_of for name in (t.id, *t.duplicate_of)}
    drawn = np.random.default_rng(options.fit.seed).permutation(len(threads))
    first = sorted(drawn, key=lambda place: threads[place].id not in linked)
    # Every link stays: the ranker is fitted on all of them, and each needs its own map.
    return [threads[place] for place in sorted(first[: max(options.most_threads, len(linked))])]


def _movable(pairs: tuple[Pair, ...], encoder: Encoder) -> tuple[Pair, ...]:
    """Leave out questions in languages foreign to the encoder, or all others, if only the rest
    have the links that a ranker is fitted on; where none have, all may show what they would gain.
    """
    links = Counter(p.lang in encoder.languages for p in pairs if p.kind is PairKind.DUPLICATE)
    enough = {known for known, n in links.items() if n >= FEWEST_PAIRS} or {True, False}
    return tuple(p for p in pairs if (p.lang in encoder.languages) in enough)


def _encode(
    database: store.Database,
    forum_id: int,
    encoder: RememberingEncoder,
    pairs: tuple[Pair, ...],
    passages: Passages,
    revision: int,
    progress: Progress,
) -> Pairs:
    """Give pairs their vectors, and have the encoder remember these for the ranker."""
    asked = [p.text for p in pairs]
    questions = _asked_vectors(database, forum_id, encoder, asked, progress)
    units, where = passages.units, (database, forum_id, encoder)
    vectors = embed_units(*where, units, progress, revision=revision)
    encoder.know(asked, TextRole.QUERY, questions)
    for role, places in places_by_role(units).items():
        encoder.know([units[place].text for place in places], role, vectors[places])
    return Pairs(pairs, passages, questions, vectors)


def _asked_vectors(
    database: store.Database,
    forum_id: int,
    encoder: Encoder,
    texts: Sequence[str],
    progress: Progress,
) -> Vectors:
    """Encode threads' questions; nothing of them stays that a deleted thread would leave behind."""
    try:
        found = embed(database, forum_id, encoder, texts, TextRole.QUERY, progress)
    finally:
        space = space_of(encoder, TextRole.QUERY)
        with database.write() as c:
            store.drop_orphan_vectors(c, forum_id, space, [digest(t) for t in texts])
    return matrix(found, texts, encoder.dimension)


def _settled(
    pairs: Pairs,
    learnt: Learnt,
    plain: Fitted,
    moved: Fitted,
    encoder: Encoder,
    options: AdaptationOptions,
) -> dict[str, Any]:
    """Say whether an adaptation that helps the vectors is used, with the ranking it leads to."""
    cold = load_ranker().regimes
    regimes = {regime_of(Side.BOTH, p.lang in encoder.languages) for p in pairs.pairs}
    if any(moved.ranker.regimes[name] == cold[name] for name in regimes):
        why = (
            "it would help, but the ranker cannot be fitted with it:"
            f" {FEWEST_PAIRS} pairs whose right thread is found are needed"
        )
        return {**learnt.facts, "kept": False, "why": why}
    group_of = {p.thread_id: p.group for p in pairs.pairs}
    served = compare(
        _served_ranks(plain),
        _served_ranks(moved),
        [group_of.get(asked, asked) for asked in plain.judged],
        options.fit.seed,
    )
    facts = {**learnt.facts, "served": served.facts()}
    if served.p_worse <= options.certain:
        return {**facts, "kept": False, "why": "the ranking that would be served loses by it"}
    return facts


def _served_ranks(fitted: Fitted) -> NDArray[np.float64]:
    """Return the reciprocal rank of every duplicate's original as the fitted ranker orders them."""
    found = []
    for judged in fitted.judged.values():
        order = np.argsort(-chances(fitted.ranker, judged), kind="stable")
        right = judged.labels[order].tolist()
        found.append(1 / (1 + right.index(True)) if True in right else 0.0)
    return np.asarray(found)
