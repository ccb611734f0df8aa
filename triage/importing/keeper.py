"""One source of one forum: what is known of it, and what is read of it kept.

In: rows by the source's own ids. Out: the store, changed only where something is other than it
was. What is kept and the note that it has been read are one transaction, so that a run can be
killed at any moment. Only what this source has put here is ever changed or removed.
Not here: reading (reading, dumps).
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic

from triage import store
from triage.errors import BadField, TriageError
from triage.importing.shelves import Kept, Shelf
from triage.importing.values import Imported, Options, SourceName
from triage.store import SourceItem, SourceRow

TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Read:
    """One item as it was read; without a stamp it keeps the one that it has."""

    item_id: str
    row: Mapping[str, object]
    stamp: str | None = None


class _Overtaken(TriageError):
    """Somebody else has read the same meanwhile, and later."""

    def __init__(self, item_ids: Collection[str]) -> None:
        self.item_ids = item_ids
        super().__init__("These items were read by somebody else meanwhile.")


class Keeper(Generic[Kept]):
    """Keeps what one run reads of a source. With `only`, the run is about these items alone."""

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        source: SourceName,
        shelf: Shelf[Kept],
        options: Options,
        *,
        note: store.Note | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        self.imported = Imported()
        self.options = options
        self._database = database
        self._forum_id = forum_id
        self._source = source
        self._shelf: Shelf[Kept] = shelf
        self._note = note
        self._only = only
        self._began: datetime | None = None
        with database.read() as c:
            self._row = store.get_source(c, forum_id, source.name)
            self.known = store.source_items_of(c, forum_id, source.name, only)

    @property
    def cursor(self) -> Mapping[str, Any] | None:
        """Where the last run that came to its end left off; None: none did."""
        return self._row.cursor if self._row is not None and self._row.cursor else None

    def wanted(self, stamps: Mapping[str, str]) -> list[str]:
        """Return which of these items are to be read; the others are counted as they were."""
        wanted = [item_id for item_id, stamp in stamps.items() if self.differs(item_id, stamp)]
        self.imported.counts += store.PutCounts(unchanged=len(stamps) - len(wanted))
        return wanted

    def differs(self, item_id: str, stamp: str) -> bool:
        """Whether an item is to be read: it is new, or has another stamp."""
        item = self.known.get(item_id)
        return self.options.again or item is None or item.stamp != stamp

    def unread(self) -> list[str]:
        """Return what could not be read before."""
        return [item_id for item_id, item in self.known.items() if not item.stamp]

    def missing(self, stamps: Collection[str]) -> list[str]:
        """Return what was read of the source before, and is not listed any more."""
        return [item_id for item_id in self.known if item_id not in stamps]

    def keep(self, batch: Iterable[Read]) -> None:
        """Keep what was read, but for what cannot be; of that the reason is noted."""
        records: dict[str, tuple[Read, Kept]] = {}
        for read in batch:
            try:
                records[read.item_id] = read, self._shelf.record(read.row)
            except BadField as error:
                self.fail(read.item_id, f"{error.code}: {error.field}")
        self._without_taken(records)
        while records:
            try:
                self._put(records)
                return
            except _Overtaken as error:
                for item_id in error.item_ids:
                    del records[item_id]

    def fail(self, item_id: str, code: str) -> None:
        """Note that an item could not be read; it is tried again by the next run."""
        self.imported.fail(item_id, code)
        before = self.known.get(item_id)
        self._put_items({item_id: SourceItem(before.kept_as if before else "", "")})

    def remove(self, item_id: str) -> None:
        """Remove what is gone from the source, if the source has put it here."""
        item = self.known.get(item_id)
        if item is None:
            return
        with self._database.read() as c:
            shared = store.kept_by_others(c, self._forum_id, self._source.name, item.kept_as)

        def forget(c: store.Connection) -> None:
            self._check(c, [item_id])
            store.drop_source_item(c, self._forum_id, self._source.name, item_id)

        def removed(c: store.Connection) -> None:
            forget(c)
            self._noted(c)

        self._begin()
        with suppress(_Overtaken):
            if item.kept_as and not shared and self._shelf.remove(item.kept_as, removed):
                self.imported.removed += 1
                self._note = None
            else:
                with self._database.write() as c:
                    forget(c)
            del self.known[item_id]

    def finish(self, cursor: Mapping[str, Any]) -> None:
        """Note where the next run begins, if that or anything else has changed."""
        row, now = self._row, datetime.now(UTC)
        as_it_was = row is not None and row.finished_at is not None and row.cursor == cursor
        if as_it_was and self._began is None:
            return
        whole_at = now if self.imported.whole else row.whole_at if row is not None else None
        self._write_source(
            SourceRow(
                source=self._source.name,
                kind=self._source.kind,
                started_at=self._began or now,
                cursor=cursor,
                finished_at=now,
                whole_at=whole_at,
                counts=self.imported.changed(),
            )
        )

    def _without_taken(self, records: dict[str, tuple[Read, Kept]]) -> None:
        """Refuse what would overwrite what somebody else has put here."""
        if self.options.adopt:
            return
        ids = [record.id for _, record in records.values()]
        with self._database.read() as c:
            name = self._source.name
            taken = store.not_of_source(c, self._forum_id, name, self._shelf.kind, ids)
        for item_id in [i for i, (_, record) in records.items() if record.id in taken]:
            del records[item_id]
            self.fail(item_id, TAKEN)

    def _put(self, records: Mapping[str, tuple[Read, Kept]]) -> None:
        self._remove_renamed(records)
        changed = self._shelf.differing([record for _, record in records.values()])
        names = {record.id for record in changed}
        items = {}
        for item_id, (read, record) in records.items():
            item = SourceItem(record.id, self._stamp(read, record.id in names))
            if self.known.get(item_id) != item:
                items[item_id] = item
        counts = store.PutCounts()
        if changed:
            self._begin()
            counts = self._shelf.put(changed, lambda c: self._read(c, records, items, acts=True))
            self._note = None
        elif items:
            self._begin()
            with self._database.write() as c:
                self._read(c, records, items, acts=False)
        self.known |= items
        done = counts.created + counts.updated
        self.imported.counts += replace(counts, unchanged=len(records) - done)

    def _stamp(self, read: Read, changed: bool) -> str:
        before = self.known.get(read.item_id)
        if read.stamp is not None:
            return read.stamp
        if before is not None and before.stamp and not changed:
            return before.stamp
        # Of its own kind: whoever read before that sees that it was overtaken.
        return f"read {datetime.now(UTC).isoformat()}"

    def _read(
        self,
        c: store.Connection,
        records: Collection[str],
        items: Mapping[str, SourceItem],
        *,
        acts: bool,
    ) -> None:
        """Note in an open transaction what has been read."""
        self._check(c, records)
        if self.options.adopt:
            taken = [item.kept_as for item in items.values()]
            store.disown(c, self._forum_id, self._source.name, taken)
        store.put_source_items(c, self._forum_id, self._source.name, items)
        if acts:
            self._noted(c)

    def _check(self, c: store.Connection, item_ids: Collection[str]) -> None:
        """Raise _Overtaken where somebody else has read any of these since this run began."""
        # One after another: else two could both find that nobody was here.
        store.get_source(c, self._forum_id, self._source.name, lock=True)
        now = store.source_items_of(c, self._forum_id, self._source.name, item_ids)
        overtaken = [i for i in item_ids if now.get(i) != self.known.get(i)]
        if overtaken:
            raise _Overtaken(overtaken)

    def _remove_renamed(self, records: Mapping[str, tuple[Read, Kept]]) -> None:
        """Remove what an item was kept as before, where it is kept as something else now."""
        for item_id, (_, record) in records.items():
            before = self.known.get(item_id)
            if before is not None and before.kept_as not in ("", record.id):
                self.remove(item_id)

    def _put_items(self, items: Mapping[str, SourceItem]) -> None:
        fresh = {i: item for i, item in items.items() if self.known.get(i) != item}
        if not fresh:
            return
        self._begin()
        with self._database.write() as c:
            store.put_source_items(c, self._forum_id, self._source.name, fresh)
        self.known |= fresh

    def _noted(self, c: store.Connection) -> None:
        if self._note is not None:
            self._note(c)

    def _begin(self) -> None:
        """Say that a run is under way, before it writes anything else."""
        if self._began is not None or (self._only is not None and self._row is not None):
            return
        now, row = datetime.now(UTC), self._row
        begun = SourceRow(source=self._source.name, kind=self._source.kind, started_at=now)
        if row is not None:
            begun = replace(begun, cursor=row.cursor, whole_at=row.whole_at)
        self._write_source(begun)
        self._began = now

    def _write_source(self, row: SourceRow) -> None:
        with self._database.write() as c:
            store.put_source(c, self._forum_id, row)
        self._row = row
