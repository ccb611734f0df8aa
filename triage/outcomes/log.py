"""Events, one by one in any order, with replays -> a log of arrays in which each counts once.

In: mappings with the fields of the event contract. Out: an `EventLog`, and counts of what was
repeated or strange.
Not here: reading files (connect), what became of an ask (asks, outcome).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triage.errors import BadField
from triage.outcomes.placings import ABOUT_THREADS, Placed, placed
from triage.outcomes.told import (
    ASKED,
    CODE_OF,
    UNSEEN,
    AskedRow,
    asked_row,
    identity,
    moment,
    probability,
    said,
    seconds,
)
from triage.records import EventType

_SURVEY = CODE_OF[EventType.SURVEY_REPLY]
_SHOWN = CODE_OF[EventType.SHOWN]
_BY_TRIAGE = "triage:"


@dataclass(frozen=True, slots=True)
class EventLog:
    """Every event once. `ask` is a place in `ask_ids`, `at` seconds since 1970 UTC.

    `received` is nan where nobody says when an event arrived. `answer` is the yes (1) or no (0)
    of a survey reply. `asked` has the row of each `asked` event by its place in the arrays,
    `probability` by theirs with which the ask of a survey's event was drawn, where that is said,
    `placed` what is said of threads, where that was gathered.
    """

    ask_ids: tuple[str, ...]
    ask: NDArray[np.int64]
    type: NDArray[np.int8]
    at: NDArray[np.float64]
    received: NDArray[np.float64]
    answer: NDArray[np.int8]
    asked: Mapping[int, AskedRow]
    probability: Mapping[int, float] = field(default_factory=dict)
    placed: Mapping[int, Placed] = field(default_factory=dict)

    def drawn(
        self, known: NDArray[np.bool_], new_place: NDArray[np.int64], asks: int
    ) -> NDArray[np.float64]:
        """Return with which probability each ask was drawn for the survey: the least of several.

        Of the `known` events alone; `new_place` is where the asks of the log stand.
        """
        drawn = np.full(asks, np.nan)
        for place, told in self.probability.items():
            ask = new_place[self.ask[place]]
            if known[place] and ask >= 0:
                drawn[ask] = np.fmin(drawn[ask], told)
        return drawn


@dataclass
class Gathering:
    """Takes events and forgets none; the same event again changes nothing.

    Two events of one id that differ are one: the earlier counts, so that a resent event with the
    clock of its sending moves nothing, whichever arrived first. `places`: what events say of single
    threads is gathered too, which takes as much memory again.
    """

    events: int = 0
    duplicates: int = 0
    conflicts: int = 0
    unknown_types: Counter[str] = field(default_factory=Counter)
    _place_of: dict[object, int] = field(default_factory=dict)
    _ask_of: dict[str, int] = field(default_factory=dict)
    _ask_ids: list[str] = field(default_factory=list)
    _ask_of_triage: dict[str, str] = field(default_factory=dict)
    _ask: list[int] = field(default_factory=list)
    _type: list[int] = field(default_factory=list)
    _at: list[float] = field(default_factory=list)
    _received: dict[int, float] = field(default_factory=dict)
    _answer: dict[int, int] = field(default_factory=dict)
    _asked: dict[int, AskedRow] = field(default_factory=dict)
    _probability: dict[int, float] = field(default_factory=dict)
    places: bool = False
    _placed: dict[int, Placed] = field(default_factory=dict)

    def take(self, values: Mapping[str, object]) -> None:
        """Take one event. Raises BadField for one that cannot be read, which changes nothing."""
        kind = values.get("type")
        if not isinstance(kind, str):
            raise BadField("type", "is missing")
        if (code := CODE_OF.get(kind)) is None:
            self.unknown_types[kind[:100]] += 1
            return
        received = values.get("received_at")
        arrived = None if received is None else seconds(received, "received_at")
        # Nothing arrives before it happened: then the sender's clock runs ahead.
        at = moment(values) if arrived is None else min(moment(values), arrived)
        ask_id = identity(values.get("ask_id")) or self._by_triage(values)
        row = asked_row(values, at) if code == ASKED else None
        if code == _SHOWN and values.get("visible") is False:
            code = UNSEEN
        answer, drawn = _survey(values) if code == _SURVEY else (-1, None)
        self.events += 1
        event_id = identity(values.get("event_id"))
        key: object = event_id or (code, ask_id, at, identity(values.get("thread_id")))
        new = len(self._at)
        place = self._place_of.setdefault(key, new)
        if arrived is not None:
            self._received[place] = min(arrived, self._received.get(place, arrived))
        if place == new:
            self._ask.append(self._ask_place(ask_id))
            self._type.append(code)
            self._at.append(at)
        elif self._replaces(place, (at, code, ask_id, row or (), answer, drawn or 0.0)):
            self._ask[place], self._type[place], self._at[place] = self._ask_place(ask_id), code, at
            for told in (self._asked, self._answer, self._probability, self._placed):
                told.pop(place, None)
        else:
            return
        if row is not None:
            self._asked[place] = row
            self._name_triage(values)
        elif code == _SURVEY:
            self._note_survey(place, answer, drawn)
        else:
            self._note_thread(place, code, values)

    def log(self) -> EventLog:
        """Return what was taken. Events without an `ask_id` join the ask of their triage."""
        ask_ids = tuple(self._ask_ids)
        home = np.arange(len(ask_ids))
        for place, ask_id in enumerate(ask_ids):
            if ask_id.startswith(_BY_TRIAGE):
                named = self._ask_of_triage.get(ask_id.removeprefix(_BY_TRIAGE))
                home[place] = place if named is None else self._ask_of[named]
        n = len(self._at)
        received = np.full(n, np.nan)
        received[list(self._received)] = list(self._received.values())
        answer = np.full(n, -1, dtype=np.int8)
        answer[list(self._answer)] = list(self._answer.values())
        return EventLog(
            ask_ids,
            home[np.array(self._ask, dtype=np.int64)],
            np.array(self._type, dtype=np.int8),
            np.array(self._at, dtype=np.float64),
            received,
            answer,
            dict(self._asked),
            dict(self._probability),
            dict(self._placed),
        )

    def _note_survey(self, place: int, answer: int, drawn: float | None) -> None:
        if answer >= 0:
            self._answer[place] = answer
        if drawn is not None:
            self._probability[place] = drawn

    def _note_thread(self, place: int, code: int, values: Mapping[str, object]) -> None:
        about = self.places and code in ABOUT_THREADS
        if about and (found := placed(values)) is not None:
            self._placed[place] = found

    def _by_triage(self, values: Mapping[str, object]) -> str:
        triage_id = identity(values.get("triage_id"))
        if not triage_id:
            raise BadField("ask_id", "is missing")
        return _BY_TRIAGE + triage_id

    def _ask_place(self, ask_id: str) -> int:
        place = self._ask_of.setdefault(ask_id, len(self._ask_ids))
        if place == len(self._ask_ids):
            self._ask_ids.append(ask_id)
        return place

    def _replaces(self, place: int, new: tuple[object, ...]) -> bool:
        """Say whether a repeated event is another than the one taken, and goes before it."""
        ask_id = self._ask_ids[self._ask[place]]
        drawn = self._probability.get(place, 0.0)
        more = (self._asked.get(place, ()), self._answer.get(place, -1), drawn)
        old = (self._at[place], self._type[place], ask_id, *more)
        self.duplicates += 1
        self.conflicts += new != old
        return new < old

    def _name_triage(self, values: Mapping[str, object]) -> None:
        """Note whose triage an `asked` event is, for events that name the triage alone."""
        triage_id, ask_id = identity(values.get("triage_id")), identity(values.get("ask_id"))
        if triage_id and ask_id:
            known = self._ask_of_triage.setdefault(triage_id, ask_id)
            self._ask_of_triage[triage_id] = min(known, ask_id)


def _survey(values: Mapping[str, object]) -> tuple[int, float | None]:
    """Return what a survey's event says, and with which probability its ask was drawn."""
    return said(values.get("value")), probability(values)
