"""Files of threads, cases and accounts -> the store.

In: a file and a forum. Out: what was kept, and every bad line. Good lines are never lost to bad
ones; a run that was killed is continued by running it again.
Not here: what a line means (connect), what is done to its text (text).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from triage import store
from triage.answers.proposing import propose
from triage.connect import (
    CaseMap,
    Reading,
    Unmapped,
    read_accounts,
    read_cases,
    read_mapped_cases,
    read_threads,
)
from triage.crypto.persons import HashPerson
from triage.embedding import Progress
from triage.forgotten import cases_left
from triage.forum_redaction import ForumRedaction
from triage.knowledge import Knowledge
from triage.records import Case
from triage.redaction import NO_REDACTION, Redaction
from triage.review import as_settled
from triage.streams import chunks
from triage.text import digest, prepare_case

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one file did to the store, how its lines read, and the values that no map knew."""

    counts: store.PutCounts
    reading: Reading
    unmapped: Mapping[str, Counter[str]] = field(default_factory=dict)


def ingest_threads(
    knowledge: Knowledge,
    path: Path,
    hash_person: HashPerson,
    strict: bool,
    progress: Progress,
    note: store.Note | None = None,
) -> Ingested:
    """Keep the threads of a file. With `strict` the first bad line ends it (BadRecord).

    Here as below `note` is called with the first that is kept.
    """
    reading = Reading(path, strict=strict)
    threads = read_threads(path, hash_person, reading)
    return Ingested(knowledge.put(threads, progress, note), reading)


def ingest_cases(
    database: store.Database,
    forum_id: int,
    path: Path,
    hash_person: HashPerson,
    strict: bool,
    progress: Progress,
    case_map: CaseMap | None = None,
    note: store.Note | None = None,
    redaction: Redaction = NO_REDACTION,
) -> Ingested:
    """Keep the cases of a file, redacted; their persons join the accounts that they name.

    `case_map` says what the file's own columns and values mean. A label that a person has changed
    is not changed back.
    """
    own = ForumRedaction(database, forum_id, redaction).now()
    reading, unmapped = Reading(path, strict=strict), Unmapped()
    counts = store.PutCounts()
    if case_map is None:
        cases = read_cases(path, hash_person, reading)
    else:
        cases = read_mapped_cases(path, case_map, hash_person, reading, unmapped)
    for batch in chunks(cases, _BATCH):
        prepared = [prepare_case(c, own) for c in batch]
        with database.write() as c:
            if note is not None:
                note(c)
            note = None
            counts += keep_cases(c, forum_id, as_settled(c, forum_id, prepared))
        progress(f"{reading.rows} lines read")
    return Ingested(counts, reading, unmapped.values)


def keep_cases(c: store.Connection, forum_id: int, cases: Sequence[Case]) -> store.PutCounts:
    """Keep cases that are redacted already, but for those of erased persons."""
    cases = cases_left(cases, store.erased_persons(c, forum_id))
    for case in cases:
        if case.person and case.account:
            store.set_account_of(c, forum_id, case.person, case.account)
    counts = store.put_cases(c, forum_id, [(case, digest(case.text)) for case in cases])
    # What an expert answered may help others: a person decides.
    propose(c, forum_id, cases, datetime.now(UTC))
    return counts


def ingest_accounts(
    database: store.Database,
    forum_id: int,
    path: Path,
    strict: bool,
    note: store.Note | None = None,
) -> Ingested:
    """Keep the accounts of a file."""
    reading = Reading(path, strict=strict)
    accounts = list(read_accounts(path, reading))
    with database.write() as c:
        if note is not None:
            note(c)
        return Ingested(store.put_accounts(c, forum_id, accounts), reading)
