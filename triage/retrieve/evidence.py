"""A thread's units, each with its evidence -> one hit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triage.records import Hit, UnitKind


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """One passage: cosine to the question, and BM25 over words and n-grams (None: not asked)."""

    kind: UnitKind
    answer_id: str | None
    similarity: float | None
    words: float | None
    grams: float | None


def gather(thread_id: str, units: Sequence[UnitEvidence]) -> Hit:
    """Take the best of each kind; the answer named is the one with most evidence of both sides."""
    nearest = {kind: _best(u.similarity for u in units if u.kind is kind) for kind in UnitKind}
    return Hit(
        thread_id,
        nearest[UnitKind.TITLE],
        nearest[UnitKind.QUESTION],
        nearest[UnitKind.ANSWER],
        _best(u.words for u in units),
        _best(u.grams for u in units),
        _best_answer(units),
    )


def _best(values: Iterable[float | None]) -> float | None:
    return max((v for v in values if v is not None), default=None)


def _best_answer(units: Sequence[UnitEvidence]) -> str | None:
    answers = [u for u in units if u.kind is UnitKind.ANSWER]
    if not answers:
        return None
    top = max((_relevance(u) for u in answers), default=0.0) or 1.0
    best = max(answers, key=lambda u: (u.similarity or 0.0) + _relevance(u) / top)
    return best.answer_id


def _relevance(unit: UnitEvidence) -> float:
    return (unit.words or 0.0) + (unit.grams or 0.0)
