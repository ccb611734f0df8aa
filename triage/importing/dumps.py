"""A whole dump of another system, read from start to end -> kept in step.

In: rows of our formats with the line where each stands. Out: what became of them. A row that is as
it was when it was read last is passed over before anything is done to its text, so that a run that
was killed goes on where it was.
Not here: what a dump looks like (connect), sources that are asked item by item (reading).
"""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from triage import store
from triage.connect import Reading
from triage.connect.lines import Row, Rows
from triage.crypto.persons import HashPerson
from triage.errors import BadField, BadRecord
from triage.importing.keeper import Keeper, Read
from triage.importing.shelves import CaseShelf, Kept, Shelf, ThreadShelf
from triage.importing.values import Imported, Options, SourceName
from triage.knowledge import Knowledge
from triage.redaction import NO_REDACTION, Redaction
from triage.streams import chunks

Progress = Callable[[str], None]

# Rises when a row would be read as another record than before.
_READ_AS = 1
_BATCH = 200
_GONE = "gone"


def import_threads(
    knowledge: Knowledge,
    database: store.Database,
    forum_id: int,
    source: str,
    kind: str,
    rows: Rows,
    hash_person: HashPerson,
    reading: Reading,
    *,
    whole: bool,
    progress: Progress,
    note: store.Note | None = None,
    options: Options | None = None,
) -> Imported:
    """Keep the threads of a dump. `whole`: it holds all that the source has.

    A row of an `id` and `gone` alone says that the source has deleted it. `note` is called with
    the first change, and never where there is none.
    """
    shelf = ThreadShelf(knowledge, hash_person)
    name, how = SourceName(source, kind), options or Options()
    keeper = Keeper(database, forum_id, name, shelf, how, note=note)
    return _Dump(keeper, shelf, reading, progress).read(rows, whole)


def import_cases(
    database: store.Database,
    forum_id: int,
    source: str,
    kind: str,
    rows: Rows,
    hash_person: HashPerson,
    reading: Reading,
    *,
    whole: bool,
    progress: Progress,
    note: store.Note | None = None,
    redaction: Redaction = NO_REDACTION,
    options: Options | None = None,
) -> Imported:
    """Keep the cases of a dump, as `import_threads` does threads."""
    shelf = CaseShelf(database, forum_id, hash_person, redaction)
    name, how = SourceName(source, kind), options or Options()
    keeper = Keeper(database, forum_id, name, shelf, how, note=note)
    return _Dump(keeper, shelf, reading, progress).read(rows, whole)


class _Dump:
    """One run over a dump."""

    def __init__(
        self, keeper: Keeper[Any], shelf: Shelf[Kept], reading: Reading, progress: Progress
    ) -> None:
        self._keeper = keeper
        self._shelf: Shelf[Any] = shelf
        self._reading = reading
        self._progress = progress
        self._met: set[str] = set()

    def read(self, rows: Rows, whole: bool) -> Imported:
        """Read all rows; what is whole and was not met is removed."""
        imported = self._keeper.imported
        imported.reading, imported.whole = self._reading, whole
        for batch in chunks(self._good(rows), _BATCH):
            self._keep([read for read in batch if read is not None])
            self._progress(f"{self._reading.rows} rows read")
        if whole:
            self._remove_others()
        self._keeper.finish({})
        return imported

    def _good(self, rows: Rows) -> Iterator[Read | None]:
        """Give each row once; of two with one id the first counts, in this run as in the next."""
        for row in rows:
            if isinstance(row, BadRecord):
                self._reading.note_error(row)
                continue
            item_id = row.values.get("id")
            if not isinstance(item_id, str | int) or isinstance(item_id, bool) or item_id == "":
                self._bad(row, BadField("id", "is missing"))
                continue
            self._reading.rows += 1
            name = str(item_id)
            if name in self._met:
                self._reading.repeated += 1
                continue
            self._met.add(name)
            yield self._read(row, name)

    def _read(self, row: Row, name: str) -> Read | None:
        if row.values.get(_GONE) is True:
            self._keeper.remove(name)
            return None
        stamp = _stamp_of(row)
        if self._keeper.differs(name, stamp):
            try:
                # What is wrong with it is said with its line.
                self._shelf.record(row.values)
            except BadField as error:
                self._bad(row, error)
                self._reading.rows -= 1
                return None
        return Read(name, row.values, stamp)

    def _bad(self, row: Row, error: BadField) -> None:
        where = str(self._reading.path), row.line
        self._reading.note_error(BadRecord(*where, error.field, error.problem))

    def _keep(self, reads: list[Read]) -> None:
        wanted = set(self._keeper.wanted({read.item_id: read.stamp or "" for read in reads}))
        self._keeper.keep([read for read in reads if read.item_id in wanted])

    def _remove_others(self) -> None:
        """Remove what was not met, if all that there is could be read and it is not too much."""
        keeper, imported = self._keeper, self._keeper.imported
        missing = keeper.missing(self._met)
        allowed = keeper.options.may_go(len(missing), len(keeper.known))
        if missing and (self._reading.error_count or not allowed):
            imported.held_back, imported.removal_left_out = len(missing), True
            self._progress(f"{len(missing)} of {len(keeper.known)} are missing: left as they are")
            return
        for item_id in missing:
            keeper.remove(item_id)


def _stamp_of(row: Row) -> str:
    said = json.dumps([_READ_AS, row.values], sort_keys=True, separators=(",", ":"), default=str)
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]
