"""What an export of the store holds: its tables, their columns with types and meaning, the rows.

In: a store, a forum, a period. Out: rows as tuples, in the order of the columns.
Not here: the flat view (flat), writing files (writing), what the measures are (outcomes).

Persons and sessions are keyed hashes, as everywhere; no column holds what anybody wrote.
"""

from collections.abc import Callable, Iterator, Sequence, Set
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from triage import store
from triage.outcomes import settle
from triage.outcomes.bounds import offered_asks, seen_asks
from triage.outcomes.exclusion import counting
from triage.outcomes.outcome import OUTCOMES, POSTING, SOLVING
from triage.outcomes.told import HOLDOUT, TREATMENT
from triage.reports import flat
from triage.reports.reading import asks_of_forum
from triage.reports.values import VERSION as VERSION
from triage.reports.values import Column as Column
from triage.reports.values import Kind as Kind
from triage.reports.values import Period as Period
from triage.reports.values import Row as Row
from triage.reports.values import columns_lines


class Table(StrEnum):
    """What can be exported."""

    ASKS = "asks"
    EVENTS = "events"
    OUTCOMES = "outcomes"
    FLAT = "flat"


_WHO = (
    Column("person", "text", "keyed hash of who asked; empty: nobody known, or too old"),
    Column("session", "text", "keyed hash of the visit"),
)
_ASK = Column("ask_id", "text", "one person's one problem; the same in all tables")

COLUMNS: dict[Table, tuple[Column, ...]] = {
    Table.ASKS: (
        _ASK,
        Column("opened_at", "moment", "its first call"),
        Column("last_at", "moment", "its last call"),
        Column("submitted_at", "moment", "when the draft was handed in; empty: never"),
        *_WHO,
        Column("arm", "text", "`treatment` or `holdout`; empty: in no experiment"),
        Column("unit", "text", "what was assigned: `person` or `session`"),
        Column("share", "number", "how likely the holdout was when it was assigned"),
        Column("offered", "yes", "something was offered, or in the holdout would have been"),
        Column("lang", "text", "its language"),
        Column("product", "text", "the product it is about, as the forum names it"),
        Column("topic", "text", "its topic, as the model labels it"),
        Column("newcomer", "yes", "the person had never asked or answered before"),
        Column("severity", "whole", "1 (worst) to 4"),
        Column("sensitive", "yes", "something in it was not for everybody"),
        Column("barred", "text", "`bot` or `staff`: counts in no measure"),
        Column("test", "yes", "came by a test key: counts in no measure"),
        Column("return_of", "text", "the earlier ask that it comes back to"),
        Column("account", "text", "the customer company, as the forum names it; empty: none known"),
        Column("destination", "text", "`community` or `expert`, as the last call was decided"),
        Column("simulated", "yes", "made up, to show what pages show; empty: somebody asked"),
    ),
    Table.EVENTS: (
        Column("event_id", "text", "each event is there once"),
        Column("type", "text", "what happened, as in the event contract"),
        _ASK,
        Column("triage_id", "text", "the reply that it followed"),
        Column("occurred_at", "moment", "when it happened, by the sender's clock"),
        Column("received_at", "moment", "when it arrived"),
        *_WHO,
        Column("thread_id", "text", "the thread that it is about"),
        Column("rank", "whole", "at which place the thread was shown"),
        Column("visible", "yes", "it was in the part of the page that is seen"),
        Column("probability", "number", "of `shown`, that it settles; of a survey, of being drawn"),
        Column("propensity", "number", "how likely the thread was to be shown at that place"),
        Column("answer", "yes", "of `survey_reply`: is it settled"),
        Column("number", "number", "of `rated` and `staff_time`: how much"),
        Column("held", "yes", "put aside with a burst: counts in no measure"),
        Column("test", "yes", "came by a test key: counts in no measure"),
        Column("own_rank", "whole", "where a place was drawn by lot: the place by probability"),
    ),
    Table.OUTCOMES: (
        _ASK,
        Column("started_at", "moment", "its first `asked` event"),
        Column("arm", "text", "as it was assigned"),
        Column("counted", "yes", "no bot, staff, test or burst"),
        Column("offered", "yes", "something was offered to it, in the treatment"),
        Column("seen", "yes", "a suggestion was seen"),
        Column("outcome", "text", "`posted`, `confirmed`, `contradicted` or `silent`"),
        Column("open", "yes", "its window was not over: the outcome so far"),
        Column("days_to_post", "number", "until it was posted or escalated; empty: not yet"),
        Column("days_to_solved", "number", "until somebody said that it is solved"),
        Column("first_ask_id", "text", "the first ask of the same problem, or itself"),
        Column("followed_days", "number", "how many days were known of what came after"),
    ),
    Table.FLAT: flat.COLUMNS,
}


def asks_meant(c: store.Connection, forum_id: int, period: Period) -> Set[str] | None:
    """Return which asks a period is of, where it is of some alone; None for all of them.

    The columns must be up to the events (fold). Raises BadField for what no ask ever had.
    """
    if not period.only.told:
        return None
    asks = asks_of_forum(c, forum_id, period.as_of)
    return {asks.ids[place] for place in np.flatnonzero(period.only.among(asks)).tolist()}


def rows_of(
    c: store.Connection,
    forum_id: int,
    table: Table,
    period: Period,
    meant: Set[str] | None = None,
) -> Iterator[Row]:
    """Give the rows of a table, of the `meant` asks alone where that is not None.

    For outcomes and the flat view the columns must be up to the events (fold).
    """
    rows = _ROWS[table](c, forum_id, period)
    if meant is None:
        return rows
    place = names_of(table).index(_ASK.name)
    return (row for row in rows if row[place] in meant)


def _asks(c: store.Connection, forum_id: int, period: Period) -> Iterator[Row]:
    names = [column.name for column in COLUMNS[Table.ASKS]]
    bounds = {"since": period.since, "until": period.until}
    for row in store.iter_asks(c, forum_id, **bounds, include_test=True):
        values = (getattr(row, name) for name in names)
        yield tuple(value.value if isinstance(value, StrEnum) else value for value in values)


def _events(c: store.Connection, forum_id: int, period: Period) -> Iterator[Row]:
    yield from store.export_events(c, forum_id, period.since, period.until, period.as_of)


def _outcomes(c: store.Connection, forum_id: int, period: Period) -> Iterator[Row]:
    asks = asks_of_forum(c, forum_id, period.as_of)
    since, until = (None if at is None else at.timestamp() for at in (period.since, period.until))
    inside = counting(asks, since, until)
    settled = settle(asks, period.window_days)
    n, everything = len(asks), np.ones(len(asks), dtype=bool)
    posted = asks.followings.of(*POSTING).first(n)
    solved = asks.followings.of(*SOLVING).first(n)
    offered, seen = offered_asks(asks, everything), seen_asks(asks, everything)
    arms = {TREATMENT: "treatment", HOLDOUT: "holdout"}
    wanted = everything.copy()
    if since is not None:
        wanted &= asks.start >= since
    if until is not None:
        wanted &= asks.start < until
    for place in np.flatnonzero(wanted).tolist():
        yield (
            asks.ids[place],
            datetime.fromtimestamp(float(asks.start[place]), UTC),
            arms.get(int(asks.arm[place])),
            bool(inside.kept[place]),
            bool(offered[place]),
            bool(seen[place]),
            OUTCOMES[settled.outcome[place]].value,
            bool(settled.open[place]),
            _days(posted[place]),
            _days(solved[place]),
            asks.ids[int(asks.root[place])],
            float(asks.followed[place]),
        )


def _days(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


_ROWS: dict[Table, Callable[[store.Connection, int, Period], Iterator[Row]]] = {
    Table.ASKS: _asks,
    Table.EVENTS: _events,
    Table.OUTCOMES: _outcomes,
    Table.FLAT: flat.flat_rows,
}


def columns_table() -> str:
    """Return the columns of all tables as the documents have them."""
    lines: list[str] = []
    for table, columns in COLUMNS.items():
        lines += [f"### {table.value}", "", *columns_lines(columns), ""]
    return "\n".join(lines)


def names_of(table: Table) -> Sequence[str]:
    """Return the names of a table's columns, in order."""
    return [column.name for column in COLUMNS[table]]
