"""Files of threads, cases and accounts -> the store.

In: a file and a forum. Out: what was kept, and every bad line. Good lines are never lost to bad
ones; a run that was killed is continued by running it again.
Not here: what a line means (connect), what is done to its text (text).
"""

from dataclasses import dataclass
from pathlib import Path

from triage import store
from triage.connect import Reading, read_accounts, read_cases, read_threads
from triage.embedding import Progress
from triage.knowledge import Knowledge
from triage.persons import HashPerson
from triage.streams import chunks
from triage.text import digest, prepare_case

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one file did to the store, and how its lines read."""

    counts: store.PutCounts
    reading: Reading


def ingest_threads(
    knowledge: Knowledge, path: Path, hash_person: HashPerson, strict: bool, progress: Progress
) -> Ingested:
    """Keep the threads of a file. With `strict` the first bad line ends it (BadRecord)."""
    reading = Reading(path, strict=strict)
    threads = read_threads(path, hash_person, reading)
    return Ingested(knowledge.put(threads, progress), reading)


def ingest_cases(
    database: store.Database,
    forum_id: int,
    path: Path,
    hash_person: HashPerson,
    strict: bool,
    progress: Progress,
) -> Ingested:
    """Keep the cases of a file, redacted; their persons join the accounts that they name."""
    reading = Reading(path, strict=strict)
    counts = store.PutCounts()
    cases = read_cases(path, hash_person, reading)
    for batch in chunks(cases, _BATCH):
        prepared = [prepare_case(c) for c in batch]
        with database.write() as c:
            counts += store.put_cases(c, forum_id, [(p, digest(p.text)) for p in prepared])
            for case in prepared:
                if case.person and case.account:
                    store.set_account_of(c, forum_id, case.person, case.account)
        progress(f"{reading.rows} lines read")
    return Ingested(counts, reading)


def ingest_accounts(database: store.Database, forum_id: int, path: Path, strict: bool) -> Ingested:
    """Keep the accounts of a file."""
    reading = Reading(path, strict=strict)
    accounts = list(read_accounts(path, reading))
    with database.write() as c:
        return Ingested(store.put_accounts(c, forum_id, accounts), reading)
