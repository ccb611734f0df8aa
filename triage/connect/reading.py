"""A file -> its records, one by one, and an account of how the reading went.

In: a path and the function that hashes persons. Out: records, and a `Reading` that fills as they
are taken: what was read, what was bad, what nobody knows.
Not here: making text safe (text), keeping it (store).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from triage.connect import accounts, cases, judgements, threads
from triage.connect.lines import Row, Rows
from triage.connect.rows import is_table, rows_of
from triage.connect.tables import gather_answers
from triage.crypto.persons import HashPerson
from triage.errors import BadField, BadFile, BadRecord
from triage.records import Account, Case, Judgement, Query, Thread

Record = TypeVar("Record")

MOST_ERRORS_KEPT = 1000
_MOST_NAMES_KEPT = 1000
_MOST_COLUMNS_SAID = 30
OTHER_FIELDS = "(others)"


@dataclass
class Reading:
    """How the reading of one file went; complete once its records are all taken.

    `rows` counts the records that were read, `error_count` the lines that were not, of which the
    first 1,000 are kept. `repeated` counts records whose id came before in the file; both are
    passed on, so that the last one stays. With `strict` the first bad line is raised.
    """

    path: Path
    strict: bool = False
    rows: int = 0
    errors: list[BadRecord] = field(default_factory=list)
    error_count: int = 0
    unknown_fields: Counter[str] = field(default_factory=Counter)
    repeated: int = 0

    def note_error(self, error: BadRecord) -> None:
        """Count a bad line; raise it when reading strictly."""
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS_KEPT:
            self.errors.append(error)
        if self.strict:
            raise error

    def note_unknown(self, name: str) -> None:
        """Count a field that no format has; beyond 1,000 names they are counted together."""
        name = name[:100].encode(errors="replace").decode()
        if name not in self.unknown_fields and len(self.unknown_fields) >= _MOST_NAMES_KEPT:
            name = OTHER_FIELDS
        self.unknown_fields[name] += 1


def read_threads(path: Path, hash_person: HashPerson, reading: Reading) -> Iterator[Thread]:
    """Yield the threads of a file. Raises BadFile."""
    rows = gather_answers(_with_ids(path)) if is_table(path) else rows_of(path)
    for row, thread in _records(
        rows, lambda values: threads.thread_from(values, hash_person), lambda t: t.id, reading
    ):
        _note_unknown(row.values, threads.KNOWN_FIELDS, reading)
        _note_unknown_in_answers(row.values, reading)
        yield thread


def read_cases(path: Path, hash_person: HashPerson, reading: Reading) -> Iterator[Case]:
    """Yield the cases of a file. Raises BadFile."""
    yield from cases_of(_with_ids(path), hash_person, reading)


def cases_of(rows: Rows, hash_person: HashPerson, reading: Reading) -> Iterator[Case]:
    """Yield the cases of rows with our fields."""
    for row, case in _records(
        rows, lambda values: cases.case_from(values, hash_person), lambda c: c.id, reading
    ):
        _note_unknown(row.values, cases.KNOWN_FIELDS, reading)
        yield case


def read_accounts(path: Path, reading: Reading) -> Iterator[Account]:
    """Yield the accounts of a file. Raises BadFile."""
    for row, account in _records(_with_ids(path), accounts.account_from, lambda a: a.id, reading):
        _note_unknown(row.values, accounts.KNOWN_FIELDS, reading)
        yield account


def read_queries(path: Path, reading: Reading) -> Iterator[Query]:
    """Yield the queries of a file. Raises BadFile."""
    for row, query in _records(rows_of(path), judgements.query_from, lambda q: q.id, reading):
        _note_unknown(row.values, judgements.KNOWN_QUERY_FIELDS, reading)
        yield query


def read_judgements(path: Path, reading: Reading) -> Iterator[Judgement]:
    """Yield the judgements of a file. Raises BadFile."""
    for row, judgement in _records(
        rows_of(path), judgements.judgement_from, lambda j: f"{j.query_id}\n{j.doc_id}", reading
    ):
        _note_unknown(row.values, judgements.KNOWN_JUDGEMENT_FIELDS, reading)
        yield judgement


def no_id(names: Iterable[str]) -> str:
    """Say what to do with a file none of whose columns is called `id`."""
    there = ", ".join(list(names)[:_MOST_COLUMNS_SAID])
    return (
        f"none of its columns is called `id`: it has {there}. Name them as data/README.md does, or"
        " say in a map what each is (`ingest cases FILE --map MAP`)"
    )


def _with_ids(path: Path) -> Rows:
    """Return the rows of a file; a table without ids is refused once, and not row by row."""
    checked = not is_table(path)
    for row in rows_of(path):
        if not checked and isinstance(row, Row):
            if "id" not in row.values:
                raise BadFile(path, no_id(row.values))
            checked = True
        yield row


def _records(
    rows: Rows,
    record_from: Callable[[Mapping[str, object]], Record],
    key_of: Callable[[Record], str],
    reading: Reading,
) -> Iterator[tuple[Row, Record]]:
    # Hashes, not ids: a file of millions of records must fit.
    seen: set[int] = set()
    for row in rows:
        if isinstance(row, BadRecord):
            reading.note_error(row)
            continue
        try:
            record = record_from(row.values)
        except BadField as error:
            reading.note_error(BadRecord(str(reading.path), row.line, error.field, error.problem))
            continue
        key = hash(key_of(record))
        reading.repeated += key in seen
        seen.add(key)
        reading.rows += 1
        yield row, record


def _note_unknown(values: Mapping[str, object], known: frozenset[str], reading: Reading) -> None:
    for name in values.keys() - known:
        reading.note_unknown(name)


def _note_unknown_in_answers(values: Mapping[str, object], reading: Reading) -> None:
    answers = values.get("answers")
    for answer in answers if isinstance(answers, list) else ():
        for name in answer.keys() - threads.KNOWN_ANSWER_FIELDS:
            reading.note_unknown(f"answers.{name}")
