"""Where what is imported is kept: threads with the knowledge, cases with the cases.

In: rows of our formats. Out: records; those that are not kept just so; what a put or removal did.
Text is made safe here, exactly as where a file is ingested.
Not here: which row belongs to which source (keeper).
"""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from triage import store
from triage.connect import case_from, thread_from
from triage.crypto.persons import HashPerson
from triage.forgotten import cases_left
from triage.forum_redaction import ForumRedaction
from triage.intake import keep_cases
from triage.knowledge import Knowledge
from triage.records import Case, Thread
from triage.redaction import NO_REDACTION, Redaction
from triage.review import as_settled
from triage.text import digest, prepare_case

Kept = TypeVar("Kept", Thread, Case)


class Shelf(Protocol[Kept]):
    """A kind of record and where it is kept."""

    @property
    def kind(self) -> str:
        """Name the table: `threads` or `cases`."""
        ...

    def record(self, row: Mapping[str, object]) -> Kept:
        """Read one row. Raises BadField."""
        ...

    def differing(self, records: Sequence[Kept]) -> list[Kept]:
        """Return, made safe, those that are not kept just so; nothing is written."""
        ...

    def put(self, records: Sequence[Kept], note: store.Note) -> store.PutCounts:
        """Keep what `differing` gave, in one transaction; `note` is called in it."""
        ...

    def remove(self, kept_as: str, note: store.Note) -> bool:
        """Remove one in one transaction; `note` is called in it where it was there."""
        ...


class ThreadShelf:
    """The threads of a forum, searchable."""

    kind = "threads"

    def __init__(self, knowledge: Knowledge, hash_person: HashPerson) -> None:
        self._knowledge = knowledge
        self._hash_person = hash_person

    def record(self, row: Mapping[str, object]) -> Thread:
        """Read one row. Raises BadField."""
        return thread_from(row, self._hash_person)

    def differing(self, records: Sequence[Thread]) -> list[Thread]:
        """Return, redacted, those that are not kept just so."""
        return self._knowledge.differing(records)

    def put(self, records: Sequence[Thread], note: store.Note) -> store.PutCounts:
        """Keep threads and make them searchable."""
        return self._knowledge.put_prepared(records, note)

    def remove(self, kept_as: str, note: store.Note) -> bool:
        """Take a thread out of store, vectors and index."""
        return self._knowledge.remove(kept_as, note)


class CaseShelf:
    """The cases of a forum, to be learnt from."""

    kind = "cases"

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        hash_person: HashPerson,
        redaction: Redaction = NO_REDACTION,
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._hash_person = hash_person
        self._redaction = ForumRedaction(database, forum_id, redaction)

    def record(self, row: Mapping[str, object]) -> Case:
        """Read one row. Raises BadField."""
        return case_from(row, self._hash_person)

    def differing(self, records: Sequence[Case]) -> list[Case]:
        """Return, redacted, those that are not kept just so, but for what a person decided."""
        own = self._redaction.now()
        prepared = [prepare_case(one, own) for one in records]
        with self._database.read() as c:
            left = cases_left(prepared, store.erased_persons(c, self._forum_id))
            settled = as_settled(c, self._forum_id, left)
            pairs = [(one, digest(one.text)) for one in settled]
            same = store.cases_kept_so(c, self._forum_id, pairs)
        return [one for one in left if one.id not in same]

    def put(self, records: Sequence[Case], note: store.Note) -> store.PutCounts:
        """Keep cases; their persons join the accounts that they name."""
        with self._database.write() as c:
            note(c)
            return keep_cases(c, self._forum_id, as_settled(c, self._forum_id, records))

    def remove(self, kept_as: str, note: store.Note) -> bool:
        """Remove a case, and the vector of its text where no other has the same."""
        with self._database.write() as c:
            if kept_as not in store.get_cases(c, self._forum_id, [kept_as]):
                return False
            # First, as where one is put: else two could each hold what the other waits for.
            note(c)
            gone = store.delete_case(c, self._forum_id, kept_as)
            if gone is not None:
                store.drop_orphan_vectors(c, self._forum_id, None, [gone])
            return gone is not None
