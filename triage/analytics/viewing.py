"""A forum and filters -> one reading of its asks, which a page's figures, charts and tables share.

In: a store, a forum, `Filters`. Out: a `View`.
Not here: what is counted of it (cards, slices, series), the columns (reports).

A view is read once and given again while nothing has changed: not the filters, not the columns,
and no more time has passed than nobody would notice.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from triage import store
from triage.analytics.filters import Filters
from triage.analytics.values import View
from triage.reports import fold, parts_of_forum

# As long may a view lie behind the clock: windows are of days.
STALE_AFTER = timedelta(seconds=60)
# So many asks are held in all views together; a view alone may be larger, and then none is held.
MOST_ASKS = 250_000

_Key = tuple[int, Filters]


@dataclass(frozen=True, slots=True)
class _Held:
    """A view, as of when it was read, and of which columns."""

    view: View
    as_of: datetime
    revision: str


class _Shelf:
    """The last views that were read of one store. One is read at a time."""

    def __init__(self) -> None:
        self.reading = threading.Lock()
        self._held: OrderedDict[_Key, _Held] = OrderedDict()

    def find(self, key: _Key, revision: str, now: datetime) -> View | None:
        """Return the view if it is of these columns and hardly older than `now`."""
        held = self._held.get(key)
        if held is None or held.revision != revision:
            return None
        if not timedelta() <= now - held.as_of <= STALE_AFTER:
            return None
        self._held.move_to_end(key)
        return held.view

    def put(self, key: _Key, held: _Held) -> None:
        """Hold a view, and let go of those that nobody can be given, or asked for longest."""
        for other, one in list(self._held.items()):
            outdated = other[0] == key[0] and one.revision != held.revision
            if other == key or outdated or held.as_of - one.as_of > STALE_AFTER:
                del self._held[other]
        self._held[key] = held
        total = sum(len(one.view.asks) for one in self._held.values())
        while total > MOST_ASKS:
            _, gone = self._held.popitem(last=False)
            total -= len(gone.view.asks)


_SHELVES: WeakKeyDictionary[store.Database, _Shelf] = WeakKeyDictionary()
_OPENING = threading.Lock()


def view_of(
    database: store.Database, forum_id: int, filters: Filters, now: datetime | None = None
) -> View:
    """Return a reading of the asks that the filters mean, their columns brought up to the events.

    It is as of `now`, or up to a minute before. Raises BadField for a topic or another property
    that no ask has.
    """
    now = now or datetime.now(UTC)
    with _OPENING:
        shelf = _SHELVES.setdefault(database, _Shelf())
    with shelf.reading:
        fold(database, forum_id)
        with database.read() as c:
            revision = store.columns_revision(c, forum_id)
            found = shelf.find((forum_id, filters), revision, now)
            if found is not None:
                return found
            report, parts = parts_of_forum(c, forum_id, filters.order(), now)
        view = View(filters, parts.asks, parts.kept, parts.settled, parts.who, report)
        shelf.put((forum_id, filters), _Held(view, now, revision))
    return view
