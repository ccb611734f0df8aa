"""Questions whose right threads are known -> the gate that decides what their forum is shown.

In: judged questions, and how their ranker is fitted. Out: a gate and its facts, among them how far
the probabilities can be believed. What is looked at is what serving would look at: the candidates
that `decide` could offer, with probabilities of a ranker that was fitted without the question and
all that ask the same. Drafts that nobody has answered come in as well; a share of the questions,
settled before anything is looked at, is asked as if their right threads did not exist.
Not here: choosing thresholds (risk), finding evidence (judging), where questions come from (space).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from triage.decide import settles
from triage.decide.gate import RISK, Gate
from triage.errors import NotEnoughData
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.reliability import reliability
from triage.learn.suggestions.ranking import Judged, chances
from triage.learn.suggestions.risk import CONFIDENCE, MOST_SHOWN, Shown, fit_gate
from triage.rank import Ranker
from triage.records import Side

Fit = Callable[[Sequence[Judged]], Ranker]

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class GateOptions:
    """What a gate promises, and of which questions.

    At most `risk` wrong among the up to `most_shown` that a draft is shown, at `confidence`; the
    share `unanswered` of the drafts has no right thread. `side` is the one that serving ranks with:
    the lexical one where there is no encoder.
    """

    risk: float = RISK
    confidence: float = CONFIDENCE
    most_shown: int = MOST_SHOWN
    folds: int = 5
    unanswered: float = 0.5
    seed: int = 0
    side: Side = Side.BOTH


@dataclass(frozen=True, slots=True, eq=False)
class Gated:
    """The gate to serve with and whether it was fitted; what was found, for the manifest.

    `reliability` is of the candidates that could be shown, whatever the gate makes of them.
    """

    gate: Gate
    fitted: bool
    facts: Mapping[str, Any]
    reliability: Mapping[str, Any]


def cross_gate(
    judged: Sequence[Judged],
    fit: Fit,
    base: Gate,
    options: GateOptions = GateOptions(),
    *,
    fitted_on: str = "duplicate links",
) -> Gated:
    """Fit a gate on probabilities of rankers that have not seen the questions.

    `fit` must make of a part of the questions such a ranker as it makes of all. Of each group one
    question counts, the first by id, so that they are independent. The base is kept where `fit`
    has not enough with one of the folds left out.
    """
    if not judged:
        return kept(base, "there is no question whose right thread is known")
    counted = _counted(judged)
    try:
        shown = ask_unseen(judged, fit, options)
    except NotEnoughData:
        why = (
            f"the {len(judged)} questions whose right threads are known are too few to fit the"
            " ranker without those that it is tried on"
        )
        return kept(base, why, len(counted))
    gate = _fit(shown, base, options, options.most_shown, fitted_on)
    one = _fit(shown, base, options, 1, fitted_on)
    facts = {
        "fitted": True,
        "why": "chosen on questions that the ranker had not seen",
        "questions": len(shown),
        **asdict(options),
        **_told(gate, one, shown),
        "measured": _measured(gate, shown, options),
    }
    return Gated(gate, True, facts, _believed(shown, options))


def kept(base: Gate, why: str, questions: int = 0) -> Gated:
    """Keep a gate that was not fitted here, and say why."""
    return Gated(base, False, {"fitted": False, "why": why, "questions": questions}, {})


def _counted(judged: Sequence[Judged]) -> list[Judged]:
    """Return one question of every group, the first by id."""
    first: dict[str, Judged] = {}
    for one in sorted(judged, key=lambda j: j.query_id):
        first.setdefault(_group(one), one)
    return list(first.values())


def ask_unseen(judged: Sequence[Judged], fit: Fit, options: GateOptions) -> list[Shown]:
    """Ask one question of every group of a ranker that was fitted on the other folds.

    Raises what `fit` raises where a fold's rest is too little for it.
    """
    counted = _counted(judged)
    labels, groups = [j.lang for j in judged], [_group(j) for j in judged]
    fold_of = assign_folds(labels, groups, options.folds, options.seed)
    fold_by = dict(zip(groups, fold_of.tolist(), strict=True))
    gone = _unanswered(counted, options)
    shown = []
    for fold in sorted({fold_by[_group(j)] for j in counted}):
        ranker = fit([j for j in judged if fold_by[_group(j)] != fold])
        for one in (j for j in counted if fold_by[_group(j)] == fold):
            asked = one.without(one.right) if _group(one) in gone else one
            shown.append(_shown(ranker, asked, options.side))
    return shown


def _unanswered(counted: Sequence[Judged], options: GateOptions) -> frozenset[str]:
    """Draw the groups whose right threads are taken away: of every language the same share."""
    rng = np.random.default_rng([options.seed, len(counted)])
    order = sorted(
        zip(counted, rng.permutation(len(counted)).tolist(), strict=True),
        key=lambda drawn: (drawn[0].lang, drawn[1]),
    )
    share = options.unanswered
    return frozenset(
        _group(one)
        for place, (one, _) in enumerate(order)
        if int((place + 1) * share) > int(place * share)
    )


def _shown(ranker: Ranker, judged: Judged, side: Side) -> Shown:
    """Return a question's candidates as `decide` would go through them."""
    found = zip(judged.hits, chances(ranker, judged, side).tolist(), strict=True)
    best = sorted(
        (
            (chance, hit.thread_id)
            for hit, chance in found
            if settles(judged.threads[hit.thread_id])
        ),
        key=lambda candidate: (-candidate[0], candidate[1]),
    )
    return Shown(
        judged.lang,
        tuple(chance for chance, _ in best),
        tuple(thread_id in judged.right for _, thread_id in best),
    )


def _fit(
    shown: Sequence[Shown], base: Gate, options: GateOptions, most_shown: int, fitted_on: str
) -> Gate:
    return fit_gate(
        shown,
        base,
        fitted_on=fitted_on,
        risk=options.risk,
        confidence=options.confidence,
        most_shown=most_shown,
    )


def _told(gate: Gate, one: Gate, shown: Sequence[Shown]) -> dict[str, Any]:
    """Return the thresholds, and where `one` suggestion could be guaranteed but not several.

    Of a language that goes by the pooled threshold, `questions` are its own.
    """
    languages = sorted(Counter(s.lang for s in shown).items())
    rows = {
        lang: {**asdict(gate.threshold_for(lang)), "questions": n, "own": lang in gate.by_language}
        for lang, n in languages
    }
    for lang, row in rows.items():
        alone = one.threshold_for(lang).guaranteed
        row["one_would_be_guaranteed"] = alone and not row["guaranteed"]
    alone = one.pooled.guaranteed and not gate.pooled.guaranteed
    return {
        "pooled": {**asdict(gate.pooled), "one_would_be_guaranteed": alone},
        "languages": rows,
    }


def _measured(gate: Gate, shown: Sequence[Shown], options: GateOptions) -> dict[str, float | int]:
    """Count what the gate lets through of the questions it was chosen on, which flatters it.

    `right_found` have a right thread among their candidates.
    """
    passed = [
        [
            right
            for p, right in zip(s.probabilities, s.right, strict=True)
            if gate.passes(p, s.lang)
        ][: options.most_shown]
        for s in shown
    ]
    suggestions = sum(map(len, passed))
    wrong = sum(each.count(False) for each in passed)
    found = [each for each, s in zip(passed, shown, strict=True) if any(s.right)]
    return {
        "offered": _share(sum(map(bool, passed)), len(passed)),
        "right_found": len(found),
        "offered_of_right_found": _share(sum(map(bool, found)), len(found)),
        "suggestions": suggestions,
        "wrong_among_shown": _share(wrong, suggestions),
    }


def _believed(shown: Sequence[Shown], options: GateOptions) -> dict[str, Any]:
    """Return how far the probabilities of each question's best candidates can be believed."""
    pairs = [
        pair
        for s in shown
        for pair in list(zip(s.probabilities, s.right, strict=True))[: options.most_shown]
    ]
    if not pairs:
        return {}
    probabilities, right = zip(*pairs, strict=True)
    found = reliability(np.asarray(probabilities), np.asarray(right, dtype=np.bool_))
    return {
        "n": len(pairs),
        "ece": round(found.ece, _DIGITS),
        "brier": round(found.brier, _DIGITS),
        "log_loss": round(found.log_loss, _DIGITS),
        "bins": [
            {name: round(value, _DIGITS) for name, value in asdict(each).items()}
            for each in found.bins
        ],
    }


def _share(some: int, of: int) -> float:
    return round(some / max(1, of), _DIGITS)


def _group(judged: Judged) -> str:
    return judged.group or judged.query_id
