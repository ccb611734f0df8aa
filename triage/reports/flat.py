"""One row an ask, with all that is known of it: what programs for charts and tables read best.

In: a store, a forum, a period; columns that are up to the events (fold). Out: rows as tuples.
Not here: the tables that it joins (rows), the measures (outcomes), writing files (writing).

What an ask can be chosen by stands as its first call said it, and `counted` and `outcome` as a
report of the same period has them: counting rows gives the figures of the report.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage import store
from triage.outcomes import Asks, Settled, settle
from triage.outcomes.asks import Flags, Floats, Ints, Names
from triage.outcomes.bounds import offered_asks, seen_asks
from triage.outcomes.exclusion import barred_asks, counting
from triage.outcomes.outcome import OUTCOMES, POSTING, SOLVING
from triage.outcomes.told import Barred
from triage.records import EventType
from triage.reports.reading import asks_of_forum
from triage.reports.routing import routed_of
from triage.reports.values import Column, Period, Row
from triage.streams import chunks

COLUMNS: tuple[Column, ...] = (
    Column("ask_id", "text", "one person's one problem; the same in all tables"),
    Column("opened_at", "moment", "its first call"),
    Column("submitted_at", "moment", "when the draft was handed in; empty: never"),
    Column("person", "text", "keyed hash of who asked; empty: nobody known, or too old"),
    Column("session", "text", "keyed hash of the visit"),
    Column("account", "text", "the account that asked, as the forum names it"),
    Column("arm", "text", "`treatment` or `holdout`; empty: in no experiment"),
    Column("unit", "text", "what was assigned: `person` or `session`"),
    Column("share", "number", "how likely the holdout was when it was assigned"),
    Column("counted", "yes", "counts in the measures of this period"),
    Column("left_out", "text", "why not: `bot`, `staff`, `test`, `burst`, or `held`: put aside"),
    Column("simulated", "yes", "made up for a demo"),
    Column("lang", "text", "its language"),
    Column("product", "text", "the product it is about, as the forum names it"),
    Column("topic", "text", "its topic, as the model labels it"),
    Column("newcomer", "yes", "the person had never asked or answered before"),
    Column("destination", "text", "who should answer, as was decided: `community` or `expert`"),
    Column("severity", "whole", "1 (worst) to 4"),
    Column("sensitive", "yes", "something in it was not for everybody"),
    Column("calls", "whole", "how many replies it got while it was typed"),
    Column("offered", "yes", "something was offered to it, in the treatment"),
    Column("seen", "yes", "a suggestion was seen"),
    Column("shown", "whole", "how many threads were shown"),
    Column("first_thread_id", "text", "the thread that was shown at the first place, the last one"),
    Column("first_probability", "number", "of that thread, that it settles the question"),
    Column("opened", "whole", "how many threads were opened"),
    Column("opened_thread_id", "text", "the thread that was opened first"),
    Column("solved", "yes", "somebody said that it is solved"),
    Column("solved_thread_id", "text", "by which thread, as was said last"),
    Column("not_solved", "yes", "somebody said of a thread that it does not solve it"),
    Column("still_need_help", "yes", 'pressed "I still need help"'),
    Column("outcome", "text", "`posted`, `confirmed`, `contradicted` or `silent`"),
    Column("open", "yes", "its window was not over: the outcome so far"),
    Column("days_to_post", "number", "until it was posted or escalated; empty: not yet"),
    Column("days_to_solved", "number", "until somebody said that it is solved"),
    Column("followed_days", "number", "how many days were known of what came after"),
    Column("first_ask_id", "text", "the first ask of the same problem, or itself"),
    Column("question_id", "text", "the question that it was posted as"),
    Column("question_destination", "text", "who is to answer that, as it stands now"),
    Column("question_state", "text", "where that stands now"),
    Column("hours_to_answer", "number", "from its posting until its first answer"),
    Column("hours_to_accepted", "number", "from its posting until an answer was accepted"),
    Column("settled_by", "text", "whose answer settled it: `community` or `expert`"),
    Column("survey", "yes", "the reply to the follow-up: is it settled"),
    Column("staff_minutes", "number", "what staff told that it took them"),
    Column("model_version", "text", "the model of the last reply; empty: none"),
    Column("index_version", "text", "the index of the last reply"),
    Column("mode", "text", "how the last reply was made: `hybrid`, `lexical` or `degraded`"),
)
_NAMES = tuple(column.name for column in COLUMNS)
_HOUR = 3600.0


def flat_rows(c: store.Connection, forum_id: int, period: Period) -> Iterator[Row]:
    """Give one row for each ask that began in a period, in the order they began."""
    measured = _measured(c, forum_id, period)
    bounds = {"since": period.since, "until": period.until}
    asks = store.iter_asks(c, forum_id, **bounds, include_test=True)
    for some in chunks(asks):
        ids = [ask.ask_id for ask in some]
        deeds = store.deeds_of_asks(c, forum_id, ids, period.as_of)
        calls = store.calls_of_asks(c, forum_id, ids, period.as_of)
        posted = store.questions_of_asks(c, forum_id, ids, period.as_of)
        for ask in some:
            values = {
                **_asked(ask),
                **measured.of(ask.ask_id),
                **_done(deeds.get(ask.ask_id, ())),
                **_posted(posted.get(ask.ask_id)),
                **_made(calls.get(ask.ask_id)),
            }
            yield tuple(values[name] for name in _NAMES)


@dataclass(frozen=True, slots=True)
class _Measured:
    """What measures make of the asks, by the place of each."""

    asks: Asks
    settled: Settled
    place_of: Mapping[str, int]
    kept: Flags
    barred: Ints
    offered: Flags
    seen: Flags
    posted: Floats
    solved: Floats

    def of(self, ask_id: str) -> dict[str, Any]:
        """Return what they make of one ask; of one that is put aside, that it is."""
        place = self.place_of.get(ask_id)
        if place is None:
            return _UNMEASURED
        asks, newcomer = self.asks, int(self.asks.newcomer[place])
        return {
            **{name: _word(getattr(asks, name), place) for name in _CHOSEN_BY},
            "newcomer": bool(newcomer) if newcomer >= 0 else None,
            "simulated": bool(asks.simulated[place]),
            "counted": bool(self.kept[place]),
            "left_out": None if self.kept[place] else _why(int(self.barred[place])),
            "offered": bool(self.offered[place]),
            "seen": bool(self.seen[place]),
            "outcome": OUTCOMES[self.settled.outcome[place]].value,
            "open": bool(self.settled.open[place]),
            "days_to_post": _days(self.posted[place]),
            "days_to_solved": _days(self.solved[place]),
            "followed_days": float(asks.followed[place]),
            "first_ask_id": asks.ids[int(asks.root[place])],
        }


_CHOSEN_BY = ("lang", "product", "topic", "account", "destination")
_UNMEASURED: dict[str, Any] = {
    "counted": False,
    "left_out": "held",
    **dict.fromkeys(("offered", "seen", "outcome", "open", "days_to_post", "days_to_solved")),
    **dict.fromkeys(("followed_days", "first_ask_id")),
}


def _measured(c: store.Connection, forum_id: int, period: Period) -> _Measured:
    asks = asks_of_forum(c, forum_id, period.as_of)
    since, until = (None if at is None else at.timestamp() for at in (period.since, period.until))
    n, everything = len(asks), np.ones(len(asks), dtype=bool)
    return _Measured(
        asks=asks,
        settled=settle(asks, period.window_days),
        place_of={ask_id: place for place, ask_id in enumerate(asks.ids)},
        kept=counting(asks, since, until).kept,
        barred=barred_asks(asks),
        offered=offered_asks(asks, everything),
        seen=seen_asks(asks, everything),
        posted=asks.followings.of(*POSTING).first(n),
        solved=asks.followings.of(*SOLVING).first(n),
    )


def _asked(ask: store.AskRow) -> dict[str, Any]:
    values = {name: getattr(ask, name) for name in _NAMES if hasattr(ask, name)}
    arm = None if ask.arm is None else ask.arm.value
    return {**values, "arm": arm, "simulated": bool(ask.simulated)}


def _done(deeds: Sequence[store.Deed]) -> dict[str, Any]:
    """Return what the person did, from the events of an ask, oldest first."""
    shown, opened, solved, said, minutes = (
        [deed for deed in deeds if deed.type == kind.value]
        for kind in (
            *(EventType.SHOWN, EventType.OPENED, EventType.SOLVED),
            *(EventType.SURVEY_REPLY, EventType.STAFF_TIME),
        )
    )
    kinds = {deed.type for deed in deeds}
    first = [deed for deed in shown if deed.rank == 1][-1:]
    replies = [deed.said for deed in said if deed.said is not None]
    return {
        "shown": len({deed.thread_id for deed in shown if deed.visible is not False}),
        "first_thread_id": first[0].thread_id if first else None,
        "first_probability": first[0].probability if first else None,
        "opened": len({deed.thread_id for deed in opened}),
        "opened_thread_id": opened[0].thread_id if opened else None,
        "solved": bool(solved),
        "solved_thread_id": solved[-1].thread_id if solved else None,
        "not_solved": EventType.NOT_SOLVED.value in kinds,
        "still_need_help": EventType.STILL_NEED_HELP.value in kinds,
        "survey": replies[-1] if replies else None,
        "staff_minutes": sum(deed.number or 0.0 for deed in minutes) if minutes else None,
    }


def _posted(question: store.PostedQuestion | None) -> dict[str, Any]:
    if question is None:
        return _NEVER_POSTED
    routed = routed_of(question.sent, question.steps)
    return {
        "question_id": routed.question_id,
        "question_destination": question.destination,
        "question_state": question.state,
        "hours_to_answer": _hours(routed.received, routed.first_answer),
        "hours_to_accepted": _hours(routed.received, routed.accepted),
        "settled_by": None if routed.settled_by is None else routed.settled_by.value,
    }


_NEVER_POSTED: dict[str, Any] = {
    **dict.fromkeys(("question_id", "question_destination", "question_state")),
    **dict.fromkeys(("hours_to_answer", "hours_to_accepted", "settled_by")),
}


def _made(calls: store.Calls | None) -> dict[str, Any]:
    return {
        "calls": 0 if calls is None else calls.number,
        "model_version": None if calls is None else calls.model_version,
        "index_version": None if calls is None else calls.index_version,
        "mode": None if calls is None else calls.mode,
    }


def _why(barred: int) -> str:
    """Say why an ask of the period does not count: it is marked, or one of a burst."""
    why = Barred(barred)
    return "burst" if why is Barred.NOT else why.name.lower()


def _word(names: Names, place: int) -> str | None:
    code = int(names.code[place])
    return names.names[code] if code >= 0 else None


def _days(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _hours(begin: float, end: float | None) -> float | None:
    return None if end is None else (end - begin) / _HOUR
