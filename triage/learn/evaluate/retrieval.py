"""Threads, queries and judgements -> how well the served pipeline finds the right thread.

In: files of an evaluation set (and of a separate fitting set). Out: a table of numbers.
What is fitted is fitted on the fitting set, or on the folds of the set that a query is not in;
where neither is given, the shipped weights rank and the shipped gate decides.
Not here: asking the pipeline (judging), the measures themselves (measures), printing (cli).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from triage.decide.gate import RISK, Gate, shipped_gate
from triage.embedding import Progress
from triage.encode import Encoder
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.intervals import bootstrap_mean
from triage.learn.statistics.measures import QueryMeasures, measure, published, summarise
from triage.learn.suggestions.gating import GateOptions, cross_gate
from triage.learn.suggestions.judging import Asking, EvaluationSet, Gains, drop_gold, judge
from triage.learn.suggestions.ranking import FEWEST_PAIRS, Judged, fit_ranker
from triage.learn.suggestions.showing import reliable, shares_shown
from triage.rank import FEATURES, REGIMES, Ranker, Weights, load_ranker, rank
from triage.records import Match, Side

# Parts of the evidence that an ablation leaves out, by what it is of.
GROUPS = {
    "question": ("similarity_asked",),
    "title": ("similarity_titled",),
    "answer": ("similarity_answered",),
    "dense": ("similarity_asked", "similarity_titled", "similarity_answered", "similarity_lead"),
    "words": ("words", "words_lead"),
    "grams": ("grams", "grams_lead"),
    "lexical": ("words", "words_lead", "grams", "grams_lead", "identifiers"),
    "leads": ("similarity_lead", "words_lead", "grams_lead"),
    "identifiers": ("identifiers",),
    "quality": ("answer_quality",),
    "language": ("same_language",),
    "bare": ("question_known",),
    "age": ("recency",),
}


@dataclass(frozen=True, slots=True)
class RetrievalOptions:
    """How to run: see `python -m triage evaluate retrieval --help`."""

    asking: Asking = field(default_factory=Asking)
    gated: bool = False
    drop_gold: float = 0.0
    folds: int = 0
    without: tuple[str, ...] = ()
    risk: float = RISK
    seed: int = 0

    @property
    def side(self) -> Side:
        """The side of retrieval that is measured."""
        return self.asking.side


@dataclass(frozen=True, slots=True)
class Measured:
    """One query, the documents that are right for it, and how well they were ranked."""

    judged: Judged
    measures: QueryMeasures


@dataclass(frozen=True, slots=True)
class Judge:
    """What decides about a query: a ranker and a gate that have not seen it."""

    ranker: Ranker
    gate: Gate


def evaluate_retrieval(
    tested: EvaluationSet,
    encoder: Encoder | None,
    options: RetrievalOptions,
    *,
    fitted_on: EvaluationSet | None = None,
    progress: Progress,
) -> dict[str, float | int | str]:
    """Return the measures of one set under the keys of docs/benchmarks.md.

    With `fitted_on` ranker and gate are fitted on that set, with folds on the other folds of the
    set itself; without either the shipped ones are measured.
    """
    started = time.perf_counter()
    if options.side is Side.LEXICAL:
        encoder = None
    base = load_ranker()
    if options.drop_gold:
        tested = drop_gold(tested, options.drop_gold, options.seed)
    judged = judge(tested, encoder, base, options.asking, progress)
    known = None
    if fitted_on is not None:
        progress("asking the queries of the fitting set")
        known = _fitting(fitted_on, encoder, base, options.asking, progress)
    summary = evaluate_judged(judged, tested.gains, options, known, progress)
    return {**summary, "seconds": round(time.perf_counter() - started, 3)}


def evaluate_judged(
    judged: Sequence[Judged],
    gains: Gains,
    options: RetrievalOptions,
    known: Sequence[Judged] | None,
    progress: Progress,
) -> dict[str, float | int | str]:
    """Fit as the options say and measure, from evidence that has been collected."""
    judges = judges_of(judged, options, known, progress)
    orders = [ranked(j, by.ranker, options.side) for j, by in zip(judged, judges, strict=True)]
    measures = [
        measure([m.thread_id for m in matches], gains.get(j.query_id, {}))
        for j, matches in zip(judged, orders, strict=True)
    ]
    summary: dict[str, float | int | str] = dict(summarise(measures))
    summary |= _intervals(judged, measures)
    if options.gated:
        summary |= shares_shown(judged, orders, [by.gate for by in judges])
        summary |= reliable(judged, [by.ranker for by in judges], options.side)
    summary["ranker"] = (judges[0].ranker if judges else load_ranker()).fitted_on
    return summary


def judges_of(
    judged: Sequence[Judged],
    options: RetrievalOptions,
    known: Sequence[Judged] | None,
    progress: Progress,
) -> list[Judge]:
    """Return what decides about each query, fitted as the options say and never on that query."""
    base = _left_out(load_ranker(), options)
    if known is not None:
        return [_fitted(known, base, options, 0.5)] * len(judged)
    if options.folds:
        return _cross_fitted(judged, base, options, progress)
    return [Judge(base, shipped_gate(options.risk))] * len(judged)


def measured(judged: Sequence[Judged], gains: Gains, ranker: Ranker, side: Side) -> list[Measured]:
    """Rank every query by one ranker and measure each: what a paired test needs."""
    return [
        Measured(j, measure(_order(j, ranker, side), gains.get(j.query_id, {}))) for j in judged
    ]


def unfitted(feature: str) -> Ranker:
    """Return a ranker that orders by one feature alone.

    Fitted weights suit the encoder they were fitted with; where vector spaces are compared, all
    of them are ranked by `similarity_lead`: the thread with the nearest passage first.
    """
    place = FEATURES.index(feature)
    alone = Weights(0.0, tuple(float(n == place) for n in range(len(FEATURES))))
    return Ranker(dict.fromkeys(REGIMES, alone), f"nothing, {feature} alone", 0.0, 0.0)


def fit_on(
    known: EvaluationSet,
    encoder: Encoder | None,
    base: Ranker,
    asking: Asking,
    progress: Progress,
) -> Ranker:
    """Fit a ranker on a set whose right threads are known, with candidates as `asking` says.

    For the side that is asked for alone: so does the command.
    """
    found = _fitting(known, encoder, base, asking, progress)
    return fit_ranker(found, base, fitted_on="fit files", sides=(asking.side,))


def _fitting(
    known: EvaluationSet,
    encoder: Encoder | None,
    base: Ranker,
    asking: Asking,
    progress: Progress,
) -> list[Judged]:
    """Collect the evidence of the fitting set, whose candidates are chosen as the tested set's.

    Where only right documents are judged there is nothing to tell them from: then all threads
    are candidates.
    """
    contrasted = any(j.gain == 0 for j in known.judgements)
    rerank = asking.rerank_judged and contrasted
    everything = replace(asking, side=Side.BOTH, where=None, rerank_judged=rerank)
    return judge(known, encoder, base, everything, progress)


def _fitted(
    judged: Sequence[Judged], base: Ranker, options: RetrievalOptions, unanswered: float
) -> Judge:
    """Fit a ranker, and where it is asked for a gate; `unanswered` lose their right threads."""
    gone, sides = _columns(options), (options.side,)

    def fit(rows: Sequence[Judged], fewest: int = 1) -> Ranker:
        return fit_ranker(
            rows, base, fitted_on="fit files", fewest=fewest, left_out=gone, sides=sides
        )

    # Where the whole is enough, so are the parts that the gate is tried on.
    ranker = fit(judged, FEWEST_PAIRS)
    if not options.gated:
        return Judge(ranker, shipped_gate(options.risk))
    how = GateOptions(
        risk=options.risk, unanswered=unanswered, seed=options.seed, side=options.side
    )
    return Judge(ranker, cross_gate(judged, fit, shipped_gate(options.risk), how).gate)


def _cross_fitted(
    judged: Sequence[Judged], base: Ranker, options: RetrievalOptions, progress: Progress
) -> list[Judge]:
    """Fit once per fold on all the others; return what decides about each query."""
    labels = [j.lang for j in judged]
    groups = [j.group or j.query_id for j in judged]
    fold_of = assign_folds(labels, groups, options.folds, options.seed)
    # A set whose right threads are gone already has its share of unanswered questions.
    unanswered = 0.0 if options.drop_gold else 0.5
    fitted = []
    for fold in range(options.folds):
        rest = [j for j, f in zip(judged, fold_of, strict=True) if f != fold]
        fitted.append(_fitted(rest, base, options, unanswered))
        progress(f"fitted {fold + 1} of {options.folds} folds")
    return [fitted[fold] for fold in fold_of]


def _left_out(ranker: Ranker, options: RetrievalOptions) -> Ranker:
    """Take away the weights of what an ablation leaves out."""
    gone = _columns(options)
    if not gone:
        return ranker
    regimes = {
        name: Weights(
            w.bias,
            tuple(0.0 if f in gone else x for f, x in zip(FEATURES, w.weights, strict=True)),
        )
        for name, w in ranker.regimes.items()
    }
    return replace(ranker, regimes=regimes, fitted_on=f"{ranker.fitted_on}, without {sorted(gone)}")


def _columns(options: RetrievalOptions) -> frozenset[str]:
    return frozenset(name for group in options.without for name in GROUPS[group])


def _order(judged: Judged, ranker: Ranker, side: Side) -> list[str]:
    return [m.thread_id for m in ranked(judged, ranker, side)]


def ranked(judged: Judged, ranker: Ranker, side: Side) -> list[Match]:
    """Return a query's matches by a ranker, best first."""
    return rank(
        ranker,
        judged.question,
        judged.hits,
        judged.threads,
        side=side,
        known_language=judged.known_language,
    )


def _intervals(
    judged: Sequence[Judged], measures: Sequence[QueryMeasures]
) -> dict[str, float | int | str]:
    """Return between what two of the means lie; wordings of one question are drawn together."""
    groups = {j.query_id: " ".join(sorted(j.right)) or j.query_id for j in judged}
    rows = {j.query_id: published(m) for j, m in zip(judged, measures, strict=True)}
    found: dict[str, float | int | str] = {}
    for name in ("mrr@10", "map"):
        if rows:
            mean = bootstrap_mean({query: row[name] for query, row in rows.items()}, groups)
            found |= {f"{name}_low": mean.low, f"{name}_high": mean.high}
    return found
