"""A forum's open questions -> who has how many of them, how old they are, and which are late.

In: a connection, how long others waited, the moment. Out: the questions, the latest first, and what
each owner has; no words of any of them.
Not here: what late means (lifecycle), questions themselves (reading), pages (api).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import store
from triage.lifecycle import Awaiting, Lateness, Limits, State, Waits, lateness
from triage.questions.rules import rules_of
from triage.records import Destination

# From which age on an open question counts in the next column, in days.
AGES = (1, 3, 7)
_DAY = timedelta(days=1)
_END_OF_TIME = timedelta.max


@dataclass(frozen=True, slots=True)
class Queued:
    """An open question, how late it is, and its age since it was received."""

    row: store.OpenRow
    lateness: Lateness
    late: bool
    age: timedelta

    @property
    def ours(self) -> bool:
        """Whether it waits for staff or community, and not for its customer."""
        return self.lateness.until is not None

    @property
    def age_class(self) -> int:
        """Which of the classes that `AGES` parts it is in, 0 the youngest."""
        return sum(self.age >= days * _DAY for days in AGES)


@dataclass(frozen=True, slots=True)
class Load:
    """What one owner has open, or all of them; `ages` counts by age, the youngest first."""

    owner: str | None
    open: int
    late: int
    with_customer: int
    ages: tuple[int, ...]
    oldest: timedelta | None


def queue_of(c: store.Connection, forum_id: int, waits: Waits, now: datetime) -> list[Queued]:
    """Return every open question: the latest first, then by deadline, the customers' turn last."""
    limits = rules_of(c, forum_id).limits
    found = [_queued(row, waits, limits, now) for row in store.open_rows(c, forum_id)]
    return sorted(found, key=lambda one: _order(one, now))


def count_late(c: store.Connection, forum_id: int, waits: Waits, now: datetime) -> int:
    """Return how many open questions have waited for us longer than they should."""
    return sum(one.late for one in queue_of(c, forum_id, waits, now))


def loads_of(queue: Sequence[Queued]) -> list[Load]:
    """Return what each owner has, whoever has most that is late first."""
    by_owner: defaultdict[str, list[Queued]] = defaultdict(list)
    for one in queue:
        by_owner[one.row.owner].append(one)
    found = [load_of(many, owner) for owner, many in by_owner.items()]
    return sorted(found, key=lambda load: (-load.late, -load.open, load.owner or ""))


def load_of(queue: Iterable[Queued], owner: str | None = None) -> Load:
    """Return what there is in a queue."""
    many = list(queue)
    ages = [one.age_class for one in many]
    return Load(
        owner,
        len(many),
        sum(one.late for one in many),
        sum(not one.ours for one in many),
        tuple(ages.count(number) for number in range(len(AGES) + 1)),
        max((one.age for one in many), default=None),
    )


def awaiting_of(row: store.OpenRow | store.QuestionRow) -> Awaiting:
    """Return what must be known of a question to say how late it is."""
    return Awaiting(
        State(row.state),
        Destination(row.destination),
        row.topic,
        row.kind,
        row.severity,
        row.received_at,
        row.since,
        answered=row.first_answer_at is not None,
    )


def _queued(row: store.OpenRow, waits: Waits, limits: Limits, now: datetime) -> Queued:
    found = lateness(awaiting_of(row), waits, limits)
    return Queued(row, found, found.is_late(now), max(timedelta(0), now - row.received_at))


def _order(one: Queued, now: datetime) -> tuple[bool, timedelta, str]:
    left = _END_OF_TIME if one.lateness.until is None else one.lateness.until - now
    return (one.lateness.until is None, left, one.row.question_id)
