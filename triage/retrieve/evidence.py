"""A thread's units, each with its evidence -> one hit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.records import Hit, UnitKind

# What an answer is worth by itself, beside a cosine and a share of the best relevance, when one of
# several is named. It decides between answers that speak to the question about equally.
_QUALITY_SHARE = 0.5
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class UnitEvidence:
    """One passage: cosine to the question, and BM25 over words and n-grams (None: not asked)."""

    kind: UnitKind
    answer_id: str | None
    similarity: float | None
    words: float | None
    grams: float | None


def gather(
    thread_id: str,
    units: Sequence[UnitEvidence],
    identifiers: float | None = None,
    qualities: Mapping[str, float] | None = None,
) -> Hit:
    """Take the best of each kind; the answer named is the one with most evidence of both sides."""
    nearest: dict[UnitKind, float] = {}
    words = grams = None
    # One pass without generators: this is done for every thread that is looked at.
    for unit in units:
        if unit.similarity is not None:
            best = nearest.get(unit.kind)
            if best is None or unit.similarity > best:
                nearest[unit.kind] = unit.similarity
        if unit.words is not None and (words is None or unit.words > words):
            words = unit.words
        if unit.grams is not None and (grams is None or unit.grams > grams):
            grams = unit.grams
    worth = qualities or {}
    answer_id, passage = _best_answer(units, worth)
    return Hit(
        thread_id,
        nearest.get(UnitKind.TITLE),
        nearest.get(UnitKind.QUESTION),
        nearest.get(UnitKind.ANSWER),
        words,
        grams,
        answer_id,
        identifiers,
        passage,
        worth.get(answer_id or ""),
    )


def agreement(asked: frozenset[str], held: frozenset[str]) -> float | None:
    """Return the share of the asked identifiers that are held; -1 where only their like are.

    None when none are asked for. KV-1043 is the like of KV-1042: a thread that names only other
    codes of the same make is about another trouble, however similar it reads.
    """
    if not asked:
        return None
    share = len(asked & held) / len(asked)
    if share == 0.0 and {_make(name) for name in asked} & {_make(name) for name in held}:
        return -1.0
    return share


def _make(identifier: str) -> str:
    return _NUMBER.sub("0", identifier)


def _best_answer(
    units: Sequence[UnitEvidence], qualities: Mapping[str, float]
) -> tuple[str | None, int | None]:
    """Return the answer that says most to the question, and which of its passages does."""
    answers = [u for u in units if u.kind is UnitKind.ANSWER]
    if not answers:
        return None, None
    if len(answers) == 1:
        return answers[0].answer_id, 0
    top = max((_relevance(u) for u in answers), default=0.0) or 1.0

    def worth(unit: UnitEvidence) -> float:
        own = qualities.get(unit.answer_id or "", 0.0)
        return (unit.similarity or 0.0) + _relevance(unit) / top + _QUALITY_SHARE * own

    best = max(answers, key=worth)
    passages = [u for u in answers if u.answer_id == best.answer_id]
    return best.answer_id, next(n for n, u in enumerate(passages) if u is best)


def _relevance(unit: UnitEvidence) -> float:
    return (unit.words or 0.0) + (unit.grams or 0.0)
