"""Asks that changed -> their columns anew, day by day, in small steps.

In: a store, a forum. Out: how many asks were folded; columns that hold what the events say.
Not here: what columns are (outcomes), who is behind (the store's triggers note it), the figures.

An ask is always made anew of all its events, so that it does not matter in which order they came,
how often it is done, or whether events were added, changed or taken away.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from triage import store
from triage.errors import BadField
from triage.outcomes import Gathering
from triage.outcomes.columns import Columns, columns_of, joined, number_of, without
from triage.outcomes.packing import pack, unpack
from triage.reports.contract import contract_event

# So many asks in one transaction: others wait while one writes.
MOST = 4000

Told = Callable[[int, int], None]


def fold(database: store.Database, forum_id: int, tell: Told = lambda done, total: None) -> int:
    """Bring the columns of a forum up to its events; return how many asks were behind."""
    with database.read() as c:
        total = store.count_stale(c, forum_id)
        outdated = _outdated(c, forum_id)
    if outdated:
        with database.write() as c:
            store.drop_ask_days(c, forum_id)
            total = store.count_stale(c, forum_id)
    done = 0
    # What changes meanwhile is folded too, but nobody runs after it for ever.
    while done < total:
        with database.write() as c:
            stale = store.some_stale(c, forum_id, MOST)
            _fold(c, forum_id, stale)
        if not stale:
            break
        done += len(stale)
        tell(done, max(done, total))
    return done


def forget_gone(c: store.Connection, forum_id: int) -> int:
    """Take asks that are no more out of the columns, within the caller's transaction.

    Columns of another version nobody here can read: all of them go, and are made anew by `fold`.
    """
    gone = store.gone_stale(c, forum_id)
    if _outdated(c, forum_id, sorted({one.day for one in gone if one.day is not None})):
        store.drop_ask_days(c, forum_id)
    else:
        _fold(c, forum_id, gone)
    return len(gone)


def _outdated(c: store.Connection, forum_id: int, days: Sequence[str] | None = None) -> bool:
    """Say whether the columns, or those of some days, are of another version of this code."""
    for day in store.ask_days(c, forum_id, days):
        try:
            unpack(day.packed)
        except BadField:
            return True
        # All of them are written by one version, or are made anew by the first that differs.
        return False
    return False


def _fold(c: store.Connection, forum_id: int, stale: Sequence[store.StaleAsk]) -> None:
    """Make the columns of some asks anew and say so."""
    ids = [one.ask_id for one in stale]
    asks = store.told_asks(c, forum_id, ids)
    days: dict[str, list[str]] = defaultdict(list)
    for one in stale:
        row = asks.get(one.ask_id)
        day = one.day if row is None else row["opened_at"].date().isoformat()
        # Nobody knows the day of an ask that was gone before it was ever folded.
        if day is not None:
            days[day].append(one.ask_id)
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in store.told_events(c, forum_id, list(asks)):
        events[event["ask_id"]].append(event)
    before = {row.day: row for row in store.ask_days(c, forum_id, sorted(days))}
    for day, names in days.items():
        fresh = _columns(names, asks, events)
        store.put_ask_day(c, forum_id, _changed(day, before.get(day), names, fresh))
    store.forget_stale(c, forum_id, stale)


def _changed(
    day: str, before: store.AskDay | None, names: Sequence[str], fresh: Columns
) -> store.AskDay:
    """Return a day in which some asks are as they are now."""
    columns = fresh
    if before is not None:
        columns = joined([without(unpack(before.packed), map(number_of, names)), fresh])
    arrays = columns.arrays
    events = sum(len(arrays[name]) for name in ("ask", "f_ask", "o_key"))
    return store.AskDay(day, pack(columns), len(columns), events)


def _columns(
    names: Sequence[str],
    asks: Mapping[str, Mapping[str, Any]],
    events: Mapping[str, Sequence[dict[str, Any]]],
) -> Columns:
    gathering = Gathering(places=True)
    for name in names:
        mine = events.get(name, ())
        # An ask of which something is put aside with a burst counts for nothing until somebody has
        # looked at it: without its deeds it would be one that fell silent.
        if all(event["held"] is None for event in mine):
            for event in mine:
                gathering.take(contract_event(event, asks[name]))
    told = ((name, asks[name]["share"]) for name in names if name in asks)
    shares = {name: share for name, share in told if share is not None}
    return columns_of(gathering.log(), shares)


def asks_by_day(c: store.Connection, forum_id: int) -> Iterator[Columns]:
    """Give the columns of a forum, a day each, oldest first."""
    for day in store.ask_days(c, forum_id):
        yield unpack(day.packed)
