"""Counts of the time before the service -> how many questions a day there were, beside those now.

In: periods with how many questions each had. Out: rates with intervals.
Not here: what the service prevented. Before and after differ in more than the service: season,
products, customers. Only the holdout tells what the service did (lift).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaincinv, stdtrit

from triage.outcomes.intervals import CONFIDENCE

# Fewer periods say nothing of how much they differ.
_FEWEST_PERIODS = 3
_TAIL = (1 - CONFIDENCE) / 2


@dataclass(frozen=True, slots=True)
class Before:
    """What was counted in one period before the service; what nobody counted is None."""

    days: float
    questions: int
    cases: int | None = None
    persons: int | None = None
    seconds_to_answer: float | None = None


def before_told(periods: Sequence[Before], posted: int, days: float | None) -> dict[str, Any]:
    """Return the rates before, and beside them that of a report's period; there must be some."""
    questions = [(p.days, p.questions) for p in periods]
    cases = [(p.days, p.cases) for p in periods if p.cases is not None]
    waits = [(p.questions, p.seconds_to_answer) for p in periods if p.seconds_to_answer is not None]
    low, high = rate_interval(questions)
    rate = _rate(questions)
    now = posted / days if days else None
    return {
        "periods": len(periods),
        "days": sum(p.days for p in periods),
        "questions": sum(p.questions for p in periods),
        "questions_per_day": rate,
        "questions_per_day_low": low,
        "questions_per_day_high": high,
        "cases_per_day": _rate(cases) if cases else None,
        "seconds_to_answer": _mean(waits),
        "posted_per_day": now,
        "change": now / rate - 1 if now is not None and rate > 0 else None,
    }


def rate_interval(counts: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Return the 95 % interval of a rate a day, from days and counts of some periods.

    Of three periods or more their own spread tells how sure it is; of fewer, that of rare things
    (Garwood, 1936).
    """
    days, total = sum(d for d, _ in counts), sum(n for _, n in counts)
    if len(counts) < _FEWEST_PERIODS:
        low = float(gammaincinv(total, _TAIL)) if total else 0.0
        return low / days, float(gammaincinv(total + 1, 1 - _TAIL)) / days
    rate = total / days
    apart = np.array([n - rate * d for d, n in counts])
    many = len(counts)
    error = math.sqrt(many / (many - 1) * float(np.sum(np.square(apart)))) / days
    half = float(stdtrit(many - 1, 1 - _TAIL)) * error
    return max(0.0, rate - half), rate + half


def _rate(counts: Sequence[tuple[float, int]]) -> float:
    return sum(n for _, n in counts) / sum(d for d, _ in counts)


def _mean(waits: Sequence[tuple[int, float]]) -> float | None:
    questions = sum(n for n, _ in waits)
    return sum(n * seconds for n, seconds in waits) / questions if questions else None
