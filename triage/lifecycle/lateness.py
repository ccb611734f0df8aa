"""How long a question has waited for us -> by when it should have been answered. Pure.

In: where a question stands, how long others waited, a forum's limits, the moment. Out: since when
it waits, its deadline and on what that rests. What waits for its customer has none: it is not ours.
Not here: what is done when a limit has passed (sweeping), how long others waited (waiting).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage.lifecycle.sweeping import Limits, is_pressing, patience
from triage.lifecycle.values import OPEN, State
from triage.lifecycle.waiting import Waits
from triage.records import Destination


class Basis(StrEnum):
    """What a deadline rests on."""

    # Nine in ten questions like it had an answer by then.
    OTHERS = "others"
    # Nothing is known of others: as long as the forum lets a question stay where it is.
    LIMIT = "limit"
    # A complaint, or severe.
    PRESSING = "pressing"
    # It waits for its customer, or for nobody.
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Awaiting:
    """What must be known of a question to say how late it is.

    `since` is when it came into its state; `answered` says that it had an answer before.
    """

    state: State
    destination: Destination
    topic: str | None
    kind: str | None
    severity: int | None
    received_at: datetime
    since: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Lateness:
    """Since when a question waits, and until when it should; None: nobody waits for us."""

    begins: datetime
    until: datetime | None
    basis: Basis

    def waited(self, now: datetime) -> timedelta:
        """Return how long it has waited."""
        return max(timedelta(0), now - self.begins)

    def over(self, now: datetime) -> timedelta | None:
        """Return by how much it is late, negative where there is time left."""
        return None if self.until is None else now - self.until

    def is_late(self, now: datetime) -> bool:
        """Say whether its deadline has passed."""
        return self.until is not None and self.until < now


def lateness(one: Awaiting, waits: Waits, limits: Limits) -> Lateness:
    """Return since when a question waits for us and until when it should.

    Before its first answer that is by when nine in ten such questions had one, counted from when it
    was received, as its asker was told; for a complaint or a severe one never later than the limit
    for those. Where others tell nothing, and after a first answer, the limit of its state counts,
    from when it came there.
    """
    pressing = is_pressing(one.kind, one.severity)
    if one.state not in OPEN or one.state is State.WAITING_FOR_CUSTOMER:
        return Lateness(one.since, None, Basis.NOT_OURS)
    limit = patience(one.state, one.destination, one.topic, limits, pressing=pressing)
    assert limit is not None, "every open state has a limit"
    stays = one.since + limit
    begins = one.since if one.answered else one.received_at
    most = None if one.answered else waits.expect(one.destination, one.topic).most
    if most is None:
        return Lateness(begins, stays, Basis.PRESSING if pressing else Basis.LIMIT)
    usual = one.received_at + most
    if pressing and stays < usual:
        return Lateness(begins, stays, Basis.PRESSING)
    return Lateness(begins, usual, Basis.OTHERS)
