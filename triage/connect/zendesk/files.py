"""The files of an export -> what they tell of, one by one.

In: a file of tickets, or a folder with one or more; beside them files of users, organizations,
groups, fields and comments. Out: `Told`s: one object a line, or all that a page holds, as the
incremental export gives them (`{"tickets": [...], "users": [...], "count": 2, "end_time": ...}`).
Not here: what an object means (people, tickets).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.connect.lines import BOM, LONGEST_LINE, Row, Rows, opened
from triage.connect.rows import json_rows
from triage.errors import BadFile, BadRecord

# What is no file of one object a line is held in memory as a whole.
MOST_BYTES = 256_000_000

KINDS = frozenset({"tickets", "users", "organizations", "groups", "ticket_fields", "comments"})
_NAME = re.compile(
    r"(?:ticket_)?(tickets|users|organizations|groups|comments|fields)(?:[-_. ].*)?"
    r"\.(?:json|jsonl|ndjson)(?:\.gz)?"
)


@dataclass(frozen=True, slots=True)
class Told:
    """An object of an export, and where it stands."""

    kind: str
    file: Path
    line: int
    values: Mapping[str, Any]


def files_of(path: Path) -> list[tuple[str, Path]]:
    """Return the files of an export with what each is of, those of tickets last. Raises BadFile."""
    folder = path if path.is_dir() else path.parent
    try:
        members = sorted(one for one in folder.iterdir() if one.is_file())
    except OSError as error:
        raise BadFile(folder, error.strerror or "it cannot be opened") from error
    named = [(kind, one) for one in members if (kind := _kind_of(one)) is not None]
    beside = [(kind, one) for kind, one in named if kind != "tickets" and one != path]
    if not path.is_dir():
        return [*beside, ("tickets", path)]
    tickets = [(kind, one) for kind, one in named if kind == "tickets"]
    if not tickets:
        raise BadFile(path, "it has no file of tickets, such as tickets.json")
    return [*beside, *tickets]


def _kind_of(path: Path) -> str | None:
    found = _NAME.fullmatch(path.name.lower())
    if found is None:
        return None
    kind = "ticket_fields" if found[1] == "fields" else found[1]
    return kind if kind in KINDS else None


def told(kind: str, path: Path) -> Iterator[Told | BadRecord]:
    """Yield what a file tells of; a line that cannot be read costs that line. Raises BadFile."""
    for row in _rows(path):
        if isinstance(row, BadRecord):
            yield row
            continue
        values: Mapping[str, Any] = row.values
        pages = {name: values[name] for name in KINDS if isinstance(values.get(name), list)}
        # A ticket has comments of its own; a page has no id.
        if not pages or "id" in values:
            yield Told(kind, path, row.line, values)
            continue
        for name, members in pages.items():
            for one in members:
                if isinstance(one, dict):
                    yield Told(name, path, row.line, one)
                else:
                    yield BadRecord(str(path), row.line, name, "has a member that is no object")


def _rows(path: Path) -> Rows:
    """Return the objects of a file: one a line, or one document over all of its lines."""
    with opened(path) as file:
        start = file.readline(LONGEST_LINE + 1)
        if isinstance(_parsed(start.removeprefix(BOM)), dict):
            return json_rows(path)
        start += file.read(max(0, MOST_BYTES - len(start)) + 1)
    whole = _parsed(start.removeprefix(BOM)) if len(start) <= MOST_BYTES else None
    if whole is None:
        # Said of each line what is wrong with it.
        return json_rows(path)
    return (
        Row(1, one)
        if isinstance(one, dict)
        else BadRecord(str(path), 1, None, "is not a JSON object")
        for one in (whole if isinstance(whole, list) else [whole])
    )


def _parsed(text: bytes) -> list[Any] | dict[str, Any] | None:
    """Return the object or the list that a text is, None where it is neither."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list | dict) else None
