"""Hits -> calibrated probability that each thread settles the question, best first.

In: a question, the evidence per thread and the threads themselves. Out: matches.
A logistic model over few features, one set of weights per side of retrieval and per whether
the encoder knows the question's language; fitted by `learn.suggestions.ranking`, shipped cold.
Not here: what is shown (decide), how evidence is found (retrieve), fitting (learn).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage.records import Applicability, Hit, Match, Question, Reason, Side, Thread
from triage.versions import in_range

Features = NDArray[np.float64]

FEATURES = (
    "similarity_asked",
    "similarity_titled",
    "similarity_answered",
    "similarity_lead",
    "words",
    "words_lead",
    "grams",
    "grams_lead",
    "identifiers",
    "answer_quality",
    "same_language",
    "question_known",
    "recency",
)
_DENSE = slice(0, 4)
_LEXICAL = slice(4, 9)
# What is known of a thread whatever was found; it is no part of a side that is measured alone.
_KNOWN = slice(9, 13)

_YEAR = 365.25
_UNDATED = 0.5

COLD_START = Path(__file__).with_name("rank_cold_start.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: log-odds = bias + sum(weights * features)."""

    bias: float
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ranker:
    """Weights by `regime` (see regime_of) and what other products and versions cost in log-odds."""

    regimes: Mapping[str, Weights]
    fitted_on: str
    other_product: float = -1.0
    other_version: float = -1.5

    def probabilities(
        self,
        question: Question,
        hits: Sequence[Hit],
        threads: Mapping[str, Thread],
        *,
        side: Side,
        known_language: bool,
    ) -> Features:
        """Return P(this thread settles the question) per hit, shape (len(hits),).

        What another product or version costs is part of it. `threads` holds every hit's.
        """
        table = features_of(question, hits, threads, side)
        costs = self.costs(question, hits, threads)
        return self.weigh(table, costs, side=side, known_language=known_language)

    def weigh(
        self, table: Features, costs: Features, *, side: Side, known_language: bool
    ) -> Features:
        """Return the probability of each row of `features_of`, at these `costs`."""
        regime = self.regimes[regime_of(side, known_language)]
        odds: Features = table @ np.asarray(regime.weights) + regime.bias
        return _sigmoid(odds + costs)

    def costs(
        self, question: Question, hits: Sequence[Hit], threads: Mapping[str, Thread]
    ) -> Features:
        """Return the log-odds that each hit loses by another product or version, shape (n,)."""
        return np.array([self._cost(question, threads[h.thread_id]) for h in hits])

    def _cost(self, question: Question, thread: Thread) -> float:
        match applicability_of(question, thread):
            case Applicability.OTHER_PRODUCT:
                return self.other_product
            case Applicability.OTHER_VERSION:
                return self.other_version
            case _:
                return 0.0


def regime_of(side: Side, known_language: bool) -> str:
    """Name the set of weights: words do not care whether the encoder knows the language."""
    if side is Side.LEXICAL:
        return Side.LEXICAL.value
    return f"{side.value}-{'known' if known_language else 'foreign'}"


REGIMES = tuple(dict.fromkeys(regime_of(side, known) for side in Side for known in (True, False)))


def rank(
    ranker: Ranker,
    question: Question,
    hits: Sequence[Hit],
    threads: Mapping[str, Thread],
    *,
    side: Side,
    known_language: bool,
) -> list[Match]:
    """Return one match per hit whose thread is known, most probable first (ties by id)."""
    present = [h for h in hits if h.thread_id in threads]
    if not present:
        return []
    chances = ranker.probabilities(
        question, present, threads, side=side, known_language=known_language
    )
    matches = [
        _match(question, hit, threads[hit.thread_id], float(chance))
        for hit, chance in zip(present, chances, strict=True)
    ]
    return sorted(matches, key=lambda m: (-m.probability, m.thread_id))


def features_of(
    question: Question, hits: Sequence[Hit], threads: Mapping[str, Thread], side: Side
) -> Features:
    """Return the features of each hit among its rivals, shape (len(hits), len(FEATURES)).

    A `lead` is how far a hit is ahead of the best other one (negative: behind): being alone at
    the top is evidence that no single value shows. Values of a side not used are zero, and so is
    what a question without identifiers could share.
    """
    asked = _column(_first(h.similarity_question, h.similarity_title, h.similarity) for h in hits)
    titled = _column(_first(h.similarity_title, h.similarity) for h in hits)
    answered = _column(_first(h.similarity_answer, h.similarity) for h in hits)
    words, grams = _column(h.words for h in hits), _column(h.grams for h in hits)
    nearest = np.maximum(asked, titled)
    table = np.column_stack(
        [
            nearest,
            # By itself as well: a question is encoded in another role, and lies nearer for it.
            titled,
            answered,
            _lead(np.maximum(nearest, answered)),
            words,
            _lead(words),
            grams,
            _lead(grams),
            _column(h.identifiers for h in hits),
            _column(h.quality for h in hits),
            _column(float(threads[h.thread_id].lang == question.lang) for h in hits),
            _column(float(_asks(threads[h.thread_id])) for h in hits),
            _recency([threads[h.thread_id] for h in hits]),
        ]
    )
    if side is Side.DENSE:
        table[:, _LEXICAL] = 0.0
    if side is Side.LEXICAL:
        table[:, _DENSE] = 0.0
    if side is not Side.BOTH:
        table[:, _KNOWN] = 0.0
    return table


def _recency(threads: Sequence[Thread]) -> Features:
    """Return how near each thread is to the newest of its rivals, in (0, 1]; half at a year.

    Compared with rivals and not with today: an old answer that nobody replaced still holds.
    """
    dates = [_last_touched(t) for t in threads]
    newest = max((d for d in dates if d is not None), default=None)
    if newest is None:
        return np.full(len(threads), _UNDATED)
    return np.array([_UNDATED if d is None else 1 / (1 + (newest - d).days / _YEAR) for d in dates])


def _last_touched(thread: Thread) -> datetime | None:
    answered = (a.updated or a.created for a in thread.answers)
    dates = [d for d in (thread.updated, thread.created, *answered) if d is not None]
    return max(dates, default=None)


def _asks(thread: Thread) -> bool:
    """Whether a thread has a question at all: a bare answer shows less of what it settles."""
    return bool(thread.title or thread.body)


def applicability_of(question: Question, thread: Thread) -> Applicability:
    """Say whether the thread is about the asker's product and version, as far as both are known."""
    if question.product and thread.product and question.product != thread.product:
        return Applicability.OTHER_PRODUCT
    if not question.version or not thread.valid_versions:
        return Applicability.UNKNOWN
    match in_range(question.version, thread.valid_versions):
        case True:
            return Applicability.FITS
        case False:
            return Applicability.OTHER_VERSION
        case None:
            return Applicability.UNKNOWN


def load_ranker(path: Path = COLD_START) -> Ranker:
    """Read a ranker from its file; the shipped one by default.

    A feature that a ranker of an older release did not know counts for nothing in it.
    """
    row = json.loads(path.read_text(encoding="utf-8"))

    def weights(written: Sequence[float]) -> tuple[float, ...]:
        by_name = dict(zip(row["features"], written, strict=True))
        return tuple(float(by_name.get(name, 0.0)) for name in FEATURES)

    regimes = {
        name: Weights(float(w["bias"]), weights(w["weights"])) for name, w in row["regimes"].items()
    }
    return Ranker(regimes, row["fitted_on"], row["other_product"], row["other_version"])


def save_ranker(ranker: Ranker, path: Path) -> None:
    """Write a ranker as a file that people can read."""
    row = {"features": list(FEATURES), **asdict(ranker)}
    path.write_text(json.dumps(row, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _match(question: Question, hit: Hit, thread: Thread, chance: float) -> Match:
    applicability = applicability_of(question, thread)
    reasons = tuple(_reasons(hit, thread))
    return Match(hit.thread_id, chance, hit.answer_id, hit.passage, applicability, reasons)


def _reasons(hit: Hit, thread: Thread) -> Iterable[Reason]:
    if thread.verified_by:
        yield Reason("staff_verified")
    best = next((a for a in thread.answers if a.id == hit.answer_id), None)
    if best is not None and best.accepted:
        yield Reason("accepted_answer")
    if best is not None and best.staff:
        yield Reason("staff_answer")


def _first(*values: float | None) -> float | None:
    return next((v for v in values if v is not None), None)


def _column(values: Iterable[float | None]) -> Features:
    return np.asarray([0.0 if v is None else v for v in values], dtype=np.float64)


def _lead(values: Features) -> Features:
    if len(values) < 2:
        return values.copy()
    order = np.argsort(values)
    rival = np.full(len(values), values[order[-1]])
    rival[order[-1]] = values[order[-2]]
    lead: Features = values - rival
    return lead


def _sigmoid(odds: Features) -> Features:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))))
