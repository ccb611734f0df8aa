"""Candidates that are drawn -> rows of the review queue, in the order in which to look at them.

In: a candidate, the reason, what speaks for it. Out: rows that are not kept yet.
Not here: who is drawn (drawing), keeping rows (store).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from triage.records import Target
from triage.reviewing.gathering import Candidate
from triage.reviewing.scoring import Scored
from triage.reviewing.values import ASKED
from triage.store import ReviewReason, ReviewRow, ReviewSubject


@dataclass(frozen=True, slots=True)
class Day:
    """When it is drawn; the lot is of all that was sent from `since` to before `until`."""

    now: datetime
    since: datetime
    until: datetime

    @property
    def date(self) -> date:
        """The day, in UTC."""
        return self.now.astimezone(UTC).date()


def mixed(chosen: Sequence[ReviewRow], drawn: Sequence[ReviewRow]) -> list[ReviewRow]:
    """Spread what the lot drew evenly among the rest: a short day leaves out neither."""
    placed = [
        ((i + 0.5) / len(part), one) for part in (chosen, drawn) for i, one in enumerate(part)
    ]
    ordered = [one for _, one in sorted(placed, key=lambda pair: pair[0])]
    return [replace(one, place=place) for place, one in enumerate(ordered)]


def scored_row(
    one: Candidate, place: int, reason: ReviewReason, value: float, scored: Scored, day: Day
) -> ReviewRow:
    """Return the row of a candidate that was chosen, with what spoke for it."""
    given = one.found.get(reason)
    evidence = dict(given) if given is not None else scored.evidence(place, reason)
    targets = scored.targets(place, reason, one.targets)
    number = value if given is None or reason is ReviewReason.LABEL_ERROR else None
    return row_of(one, reason, day, targets=targets, evidence=evidence, value=number)


def row_of(
    one: Candidate,
    reason: ReviewReason,
    day: Day,
    *,
    targets: Sequence[Target] = ASKED,
    evidence: Mapping[str, Any] | None = None,
    value: float | None = None,
    propensity: float | None = None,
) -> ReviewRow:
    """Return the row of a candidate; `propensity` is of those that the lot drew."""
    return ReviewRow(
        id=_new_id(),
        subject=one.subject,
        subject_id=one.subject_id,
        reason=reason,
        targets=tuple(target.value for target in targets),
        drawn_on=day.date,
        drawn_at=day.now,
        place=0,
        model_version=one.model_version,
        said=one.said,
        evidence=evidence or {},
        simulated=one.simulated,
        score=value,
        propensity=propensity,
        lang=one.lang,
        product=one.product,
        ask_id=one.ask_id,
        question_id=one.question_id,
        case_id=one.case.id if one.case is not None else None,
    )


def bare_row(
    subject: ReviewSubject,
    subject_id: str,
    reason: ReviewReason,
    day: Day,
    *,
    burst_id: str | None = None,
    case_id: str | None = None,
) -> ReviewRow:
    """Return the row of something that has no labels: a burst, a proposal."""
    return ReviewRow(
        id=_new_id(),
        subject=subject,
        subject_id=subject_id,
        reason=reason,
        targets=(),
        drawn_on=day.date,
        drawn_at=day.now,
        place=0,
        model_version=None,
        said={},
        evidence={},
        burst_id=burst_id,
        case_id=case_id,
    )


def _new_id() -> str:
    return f"r_{secrets.token_hex(8)}"
