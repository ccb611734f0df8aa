"""Follow-ups of an ask, and everything that reads or changes them."""

from datetime import datetime, timedelta
from typing import Any

from triage.records import ApiKey
from triage.store import (
    Connection,
    Drawable,
    FollowUpRow,
    answered_drawable,
    arrivals,
    chances_taken,
    changed_after,
    count_follow_ups,
    due_follow_ups,
    get_follow_up,
    has_opted_out,
    helpers,
    hold_draw,
    iter_case_times,
    iter_sent,
    iter_steps,
    note_reply,
    note_shown,
    opt_in,
    opt_out,
    put_follow_up,
    silent_drawable,
    staff_times,
    steps_of,
)

from .samples import NOON

_DAY = timedelta(days=1)


def follow(c: Connection, forum_id: int, mark: str, ask_id: str = "a1") -> None:
    """Have an ask drawn, and somebody want to be left alone."""
    hold_draw(c, forum_id)
    row = FollowUpRow(ask_id, mark, "suggestions", True, 0.5, NOON, NOON + _DAY)
    put_follow_up(c, forum_id, row)
    opt_out(c, forum_id, [f"somebody of {mark}"], NOON)


def followed(c: Connection, forum_id: int, mark: str, key_id: int) -> dict[str, Any]:
    """Read all of it."""
    ask = Drawable("other", "r1", None, "s")
    return {
        "follow_ups": (
            get_follow_up(c, forum_id, mark),
            due_follow_ups(c, forum_id, key_id, None, "s", NOON),
            chances_taken(c, forum_id, ask, NOON - _DAY),
            count_follow_ups(c, forum_id),
            has_opted_out(c, forum_id, [f"somebody of {mark}"]),
            silent_drawable(c, forum_id, NOON - _DAY, NOON + _DAY, 9),
            answered_drawable(c, forum_id, NOON - _DAY, NOON + _DAY, 9),
            list(iter_sent(c, forum_id, None, NOON + _DAY)),
            list(iter_steps(c, forum_id, NOON - _DAY, NOON + _DAY, NOON + _DAY)),
            list(iter_case_times(c, forum_id, NOON - _DAY, NOON + _DAY)),
            list(steps_of(c, forum_id, ["q1", "none"], NOON + _DAY)),
            arrivals(c, forum_id, NOON - _DAY, NOON + _DAY),
            changed_after(c, forum_id, NOON - _DAY),
            helpers(c, forum_id, NOON - _DAY, NOON + _DAY),
            staff_times(c, forum_id, NOON - _DAY, NOON + _DAY),
        )
    }


def change_follow_ups(c: Connection, key: ApiKey) -> None:
    """Do all that changes them."""
    forum_id, late = key.forum.id, datetime(2026, 3, 3, tzinfo=NOON.tzinfo)
    for mark in ("bikes", "rowing"):
        note_shown(c, forum_id, [mark], late)
        note_reply(c, forum_id, mark, "yes", late)
        opt_in(c, forum_id, [f"somebody of {mark}"])
