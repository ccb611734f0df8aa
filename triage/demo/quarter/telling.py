"""What a made-up person does after a reply -> the events that a front end would have sent.

In: an ask, what becomes of its problem. Out: events with their times, none from after the quarter.
Not here: the posting itself and what others do (answering), that somebody asked (asking).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from triage import store
from triage.demo.quarter.asking import Asked
from triage.demo.quarter.lives import PLACES, Lives
from triage.demo.quarter.world import World
from triage.records import Arm, Event, EventType

_DAY = timedelta(days=1)
_SEEN_AFTER = timedelta(seconds=2)
_OPENED_AFTER = timedelta(seconds=18)
_EACH = timedelta(seconds=40)
_SAID_AFTER = timedelta(seconds=75)
_ARRIVES = timedelta(seconds=1)
# Nobody is asked before they have been silent for so long.
_ASKED_AFTER = timedelta(days=1, hours=3)
_NEEDS_HELP, _DISMISSES = 0.15, 0.1


class _Luck(IntEnum):
    """What each number of a life's luck decides."""

    SAYS_SO = 0
    SAYS_NO = 1
    DISHONEST = 2
    OTHER = 3
    SURVEYED = 4
    REPLIES = 5


def noted(events: Iterator[Event], end: datetime) -> list[store.Noted]:
    """Return events as they arrived, those left out that would come after the end."""
    found = [store.Noted(one, one.occurred_at + _ARRIVES) for one in events]
    return [one for one in found if one.received_at < end]


def shown(asked: Asked, looked: Sequence[bool]) -> Iterator[store.Noted]:
    """Give that each suggestion was shown, and whether it was in sight."""
    at = asked.last_typed + _SEEN_AFTER
    for place, one in enumerate(asked.served):
        event = asked.tell(
            EventType.SHOWN,
            one.thread_id,
            at,
            thread_id=one.thread_id,
            rank=one.rank,
            # What is at the top is always in sight, whoever looks.
            visible=place == 0 or bool(looked[place]) if place < PLACES else False,
            probability=one.probability,
            propensity=one.propensity,
        )
        drawn = one.propensity < 1.0 and one.own_rank is not None
        yield store.Noted(event, at + _ARRIVES, {"own_rank": one.own_rank} if drawn else None)


def done(world: World, asked: Asked, lives: Lives, place: int) -> Iterator[Event]:
    """Give what somebody does with suggestions before they post, or fall silent."""
    at, luck = asked.last_typed + _OPENED_AFTER, lives.luck[place]
    opened = [one for one in asked.served[:PLACES] if lives.opened[place, one.rank - 1]]
    for one in opened:
        more = {"thread_id": one.thread_id, "rank": one.rank}
        yield asked.tell(EventType.OPENED, one.thread_id, at, **more)
        at += _EACH
    posts = bool(lives.posts_after[place] < float("inf"))
    kind = _word(world, asked, lives, place)
    if kind is not None and opened:
        last = opened[-1].thread_id
        yield asked.tell(kind, last, at + _SAID_AFTER, thread_id=last)
    elif posts and asked.served and luck[_Luck.OTHER] < _NEEDS_HELP:
        yield asked.tell(EventType.STILL_NEED_HELP, "", at + _SAID_AFTER)
    elif asked.served and not opened and luck[_Luck.OTHER] > 1 - _DISMISSES:
        first = asked.served[0].thread_id
        yield asked.tell(EventType.DISMISSED, first, at, thread_id=first)


def _word(world: World, asked: Asked, lives: Lives, place: int) -> EventType | None:
    luck = lives.luck[place]
    if lives.settled[place]:
        return EventType.SOLVED if luck[_Luck.SAYS_SO] < world.says_so else None
    if luck[_Luck.DISHONEST] < world.dishonest:
        return EventType.SOLVED
    return EventType.NOT_SOLVED if luck[_Luck.SAYS_NO] < world.says_no else None


def said_later(
    world: World, asked: Asked, lives: Lives, place: int, *, spoke: bool
) -> Iterator[Event]:
    """Give what somebody who fell silent replies when they are asked, where they are drawn."""
    after = min(lives.posts_after[place], lives.returns_after[place])
    silent = not spoke and after > _ASKED_AFTER / _DAY
    luck = lives.luck[place]
    treated = asked.row.arm is Arm.TREATMENT and bool(asked.served)
    if not treated or not silent or luck[_Luck.SURVEYED] >= world.surveyed:
        return
    at = asked.row.last_at + _ASKED_AFTER
    drawn = {"probability": world.surveyed}
    yield asked.tell(EventType.SURVEY_REPLY, "asked", at, **drawn)
    if luck[_Luck.REPLIES] < world.replies:
        said = "yes" if lives.settled[place] else "no"
        at += _DAY * (0.1 + float(luck[_Luck.OTHER]))
        yield asked.tell(EventType.SURVEY_REPLY, "said", at, value=said, **drawn)
