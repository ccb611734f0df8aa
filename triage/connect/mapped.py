"""A file with a company's own columns -> cases.

In: a file, its `CaseMap` and the function that hashes persons. Out: cases, and an account of the
values that the map does not know. A value that a closed field cannot take leaves that field
unknown; the case is kept.
Not here: what a map may say (mapping), keeping cases (store).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from triage.connect.cases import KNOWN_FIELDS
from triage.connect.lines import Row, Rows
from triage.connect.mapping import (
    CLOSED,
    DATES,
    EPOCHS,
    JOINTS,
    CaseMap,
    Scalar,
    fits,
    key_of,
)
from triage.connect.reading import OTHER_FIELDS, Reading, cases_of, no_id
from triage.connect.rows import is_table, rows_of
from triage.crypto.persons import HashPerson
from triage.errors import BadFile, BadRecord
from triage.records import Case

LONG_TEXT = "(a long text)"

_DEEPEST = 6
_LONGEST_SHOWN = 60
_MOST_VALUES = 200
_DIGITS = str.maketrans("0123456789", "9" * 10)

Values = Mapping[str, object]


@dataclass
class Unmapped:
    """The values that a map does not know, by field, each with how often it stands there.

    Of a date only its shape is kept; a value as long as a sentence is not kept, since the column
    of a question may have been taken for one of labels.
    """

    values: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, name: str, value: str) -> None:
        """Count a value; beyond 200 of a field they are counted together."""
        value = " ".join(value.split())
        if name in DATES:
            value = value.translate(_DIGITS)
        value = LONG_TEXT if len(value) > _LONGEST_SHOWN else value
        seen = self.values[name]
        seen[value if value in seen or len(seen) < _MOST_VALUES else OTHER_FIELDS] += 1


def read_mapped_cases(
    path: Path, case_map: CaseMap, hash_person: HashPerson, reading: Reading, unmapped: Unmapped
) -> Iterator[Case]:
    """Yield the cases of a file, read through a map.

    Raises BadFile, before any case, where the map names a column that the file does not have.
    """
    fitted = fit_map(path, case_map)
    yield from cases_of(mapped_rows(path, fitted, reading, unmapped), hash_person, reading)


def mapped_rows(path: Path, fitted: CaseMap, reading: Reading, unmapped: Unmapped) -> Rows:
    """Yield the rows of a file with our fields; columns that the map does not use are noted."""
    used = {name for names in fitted.columns.values() for name in names}
    for row in rows_of(path, fitted.encoding):
        if isinstance(row, BadRecord):
            yield row
            continue
        cells = flat(row.values)
        for name, value in cells.items():
            if name not in used and _said(value):
                reading.note_unknown(name)
        yield Row(row.line, fields_of(cells, fitted, unmapped))


def fit_map(path: Path, case_map: CaseMap) -> CaseMap:
    """Return the map with the columns as the file spells them."""
    there = _columns_of(path, case_map.encoding)
    if not there:
        return case_map
    by_key = {key_of(name): name for name in reversed(there)}
    columns: dict[str, tuple[str, ...]] = {}
    for one, names in case_map.columns.items():
        found = tuple(name if name in there else by_key.get(key_of(name)) for name in names)
        for name, place in zip(names, found, strict=True):
            if place is None:
                raise BadFile(case_map.path, _no_column(one, name, path, there))
        columns[one] = tuple(name for name in found if name is not None)
    if case_map.same_names:
        same = {name: (by_key[name],) for name in KNOWN_FIELDS if name in by_key}
        columns = {**same, **columns}
    if "id" not in columns:
        raise BadFile(path, no_id(there))
    for one in case_map.values.keys() - columns.keys():
        problem = f"its entry `values.{one}` has no column: add `columns.{one}`"
        raise BadFile(case_map.path, problem)
    return replace(case_map, columns=columns)


def _no_column(one: str, name: str, path: Path, there: Mapping[str, None]) -> str:
    near = get_close_matches(name, there, n=1, cutoff=0.5)
    hint = f"`{near[0]}` may be meant" if near else f"it has {', '.join(list(there)[:30])}"
    return f"its entry `columns.{one}` names `{name}`, which {path.name} does not have; {hint}"


def _columns_of(path: Path, encoding: str | None) -> dict[str, None]:
    """Return every column of a file in its order; of objects on lines, that of any line."""
    there: dict[str, None] = {}
    for row in rows_of(path, encoding):
        if isinstance(row, BadRecord):
            continue
        there.update(dict.fromkeys(flat(row.values)))
        if is_table(path):  # all of its rows have the same
            break
    return there


def flat(values: Values, before: str = "", depth: int = 0) -> dict[str, object]:
    """Name what lies inside objects by its path: `fields.priority.name`."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            found |= flat(value, f"{before}{name}.", depth + 1)
        else:
            found[f"{before}{name}"] = value
    return found


def _said(value: object) -> bool:
    return value is not None and value != [] and (not isinstance(value, str) or bool(value.strip()))


def fields_of(cells: Values, fitted: CaseMap, unmapped: Unmapped) -> dict[str, object]:
    """Return our fields of what stands in columns; one whose columns are empty is a constant."""
    values: dict[str, object] = dict(fitted.constants)
    for name, columns in fitted.columns.items():
        said = [cells.get(column) for column in columns if _said(cells.get(column))]
        if said:
            values[name] = _meaning(name, said, fitted, unmapped)
    return values


def _meaning(name: str, said: list[object], fitted: CaseMap, unmapped: Unmapped) -> object:
    if name == "groups":
        return _groups(said, fitted)
    if len(said) == 1 and not isinstance(said[0], list) and name not in CLOSED | DATES:
        return _looked_up(name, _text(said[0]), fitted) if name in fitted.values else said[0]
    text = JOINTS.get(name, "|").join(_text(one) for one in said)
    if name in DATES:
        moment = _moment(text, fitted)
        if moment is None:
            unmapped.note(name, text)
        return moment
    meaning = _looked_up(name, text, fitted)
    if name in CLOSED and fits(name, meaning) is not None:
        unmapped.note(name, text)
        return None
    return meaning


def _looked_up(name: str, text: str, fitted: CaseMap) -> Scalar:
    table = fitted.values.get(name)
    return text if table is None else table.get(key_of(text), text)


def _groups(said: list[object], fitted: CaseMap) -> list[object]:
    """Return every group that a row names; a blank one stays, so that the row is refused."""
    members = [m for one in said for m in (one if isinstance(one, list) else [one])]
    names = [n for m in members for n in _text(m).split(fitted.separator)]
    return [_looked_up("groups", name, fitted) for name in names]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(_text(one) for one in value)
    return "" if value is None else str(value)


def _moment(text: str, fitted: CaseMap) -> str | None:
    """Return a date as ISO 8601 with its zone, or None where no format reads it."""
    text = text.strip()
    for one in fitted.date_formats:
        try:
            if one in EPOCHS:
                return datetime.fromtimestamp(float(text) / EPOCHS[one], UTC).isoformat()
            return _placed(datetime.strptime(text, one), fitted)
        except (ValueError, OverflowError, OSError):
            continue
    if fits("created", text) is not None:
        return None
    try:
        return _placed(datetime.fromisoformat(text), fitted)
    except ValueError:
        return text  # written as only our own reader takes it, with its zone


def _placed(moment: datetime, fitted: CaseMap) -> str | None:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=fitted.zone or UTC)
    written = moment.isoformat()
    return written if fits("created", written) is None else None
