"""One attempt to deliver, and what became of it.

In: what is due, what sends it. Out: an outcome for the store, and what it says of the channel.
Not here: how many at once (lanes), writing it down (engine, store.settling).
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from triage.delivering.due import Due, Send
from triage.delivering.lanes import Lane
from triage.delivering.schedule import LONGEST_ASKED, rest_after, wait_after
from triage.errors import SendFailed, TriageError
from triage.records import DeliveryState
from triage.store import RESTS_AFTER, Outcome

_log = logging.getLogger(__name__)
# With less than that left of a claim nothing is begun: another may take it over.
_LEAST_LEFT = timedelta(seconds=30)

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Done:
    """An attempt that has ended; `rest_until` and `gone` are what its receiver said of itself."""

    due: Due
    outcome: Outcome
    rest_until: datetime | None = None
    gone: bool = False


async def attempt(due: Due, send: Send, lane: Lane, now: Now, chance: Random) -> Done:
    """Send one message, when the channel has room for it; never raises but when cancelled."""
    async with lane.slots:
        if lane.is_halted or due.until - now() < _LEAST_LEFT:
            return given_back(due, now())
        at, started = now(), time.monotonic()
        try:
            status = await send(due)
        except Exception as error:
            lane.failed()
            seconds = time.monotonic() - started
            return _failed(due, _failure(due, error), at, now(), seconds, chance)
        seconds = time.monotonic() - started
        lane.arrived(seconds)
        return Done(due, _arrived(due, at, status, seconds))


def given_back(due: Due, at: datetime) -> Done:
    """Return that nothing was done: whoever comes next takes it."""
    return Done(due, Outcome(delivery_id=due.delivery_id, at=at))


def _failure(due: Due, error: Exception) -> SendFailed:
    if isinstance(error, SendFailed):
        return error
    if isinstance(error, TriageError):
        return SendFailed(error.code)
    # Its message may quote what nobody is to read in a log.
    _log.error(
        "delivery_broke channel=%s message=%s class=%s",
        due.channel.channel_id,
        due.message.message_id,
        type(error).__qualname__,
    )
    return SendFailed("internal_error")


def _arrived(due: Due, at: datetime, status: int | None, seconds: float) -> Outcome:
    _log.debug(
        "delivered channel=%s message=%s attempt=%d",
        due.channel.channel_id,
        due.message.message_id,
        due.attempt,
    )
    return Outcome(
        delivery_id=due.delivery_id,
        at=at,
        state=DeliveryState.DELIVERED,
        status=status,
        milliseconds=_milliseconds(seconds),
    )


def _failed(
    due: Due, failure: SendFailed, at: datetime, now: datetime, seconds: float, chance: Random
) -> Done:
    put_off = failure.code == "rate_limited"
    rest_until = _rest_until(failure, now)
    wait = wait_after(due.attempt, chance)
    if failure.gone or (put_off and wait is None):
        wait = timedelta()
    _tell(due, failure, dead=wait is None)
    again = None if wait is None else max(now + wait, rest_until or now)
    outcome = Outcome(
        delivery_id=due.delivery_id,
        at=at,
        state=DeliveryState.DEAD if again is None else DeliveryState.PENDING,
        due_at=again,
        status=failure.status,
        code=failure.code,
        milliseconds=_milliseconds(seconds),
        put_off=put_off,
        probing=due.channel.failures >= RESTS_AFTER,
    )
    return Done(due, outcome, rest_until, failure.gone)


def _rest_until(failure: SendFailed, now: datetime) -> datetime | None:
    """Return until when the receiver wants to be let alone, if it said so."""
    if failure.retry_after is not None:
        return now + min(failure.retry_after, LONGEST_ASKED)
    return now + rest_after(0) if failure.code == "rate_limited" else None


def _tell(due: Due, failure: SendFailed, *, dead: bool) -> None:
    level = logging.WARNING if dead or failure.gone else logging.INFO
    _log.log(
        level,
        "%s channel=%s message=%s attempt=%d code=%s",
        "delivery_dead" if dead else "delivery_failed",
        due.channel.channel_id,
        due.message.message_id,
        due.attempt,
        failure.code,
    )


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
