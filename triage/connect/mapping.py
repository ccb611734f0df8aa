"""A company's own map of an export -> which column and which value mean what.

In: a small TOML or JSON file. Out: a `CaseMap`, every entry of which can be what it says.
Not here: applying it to a file (mapped), showing what it makes of one (preview).
"""

import codecs
import json
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from triage.connect.cases import KNOWN_FIELDS, case_from
from triage.connect.lines import BOM, WIDE
from triage.errors import BadField, BadFile

DATES = frozenset({"created", "first_response", "closed"})
CLOSED = frozenset(
    "kind severity customer_severity destination tone escalated answer_public difficulty lang"
    "".split()
)
NAMED = frozenset({"topic", "product", "version", "account", "groups"})
# What stands between the columns of a field that takes several.
JOINTS = {"title": " ", "body": "\n\n", "answer": "\n\n", "topic": " / ", "groups": "\0"}
EPOCHS = {"seconds": 1, "milliseconds": 1000}

_SECTIONS = frozenset("file columns values constants dates lists same_names".split())
_LONGEST_FILE = 1_000_000
# What stands between lines and cells is looked for as it is in ASCII.
_PLAIN = 'a;b,"c"\n'
_SOME_DAY = datetime(2024, 5, 31, 14, 30, 15, tzinfo=UTC)

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class CaseMap:
    """Which columns make each field of a case, and what their values mean.

    `values` is by field and by `key_of` of the value; an empty text means unknown. A constant
    stands where the columns of its field say nothing. With `same_names` a column that is called
    like a field without columns of its own is that field. `encoding`: of the file, where its
    bytes do not show it.
    """

    path: Path
    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, Scalar]]
    constants: Mapping[str, Scalar]
    date_formats: tuple[str, ...] = ()
    zone: tzinfo | None = None
    separator: str = "|"
    same_names: bool = False
    encoding: str | None = None


def no_map(path: Path) -> CaseMap:
    """Return the map of a file that has our own columns."""
    return CaseMap(path, {}, {}, {}, same_names=True)


def key_of(value: str) -> str:
    """What makes two spellings of a name the same: case and spaces do not count."""
    return " ".join(unicodedata.normalize("NFC", value).split()).casefold()


@lru_cache(maxsize=10_000, typed=True)
def fits(field: str, value: Scalar) -> str | None:
    """Return None where the field takes this value, otherwise what is wrong with it."""
    try:
        case_from({"id": "x", "title": "x", field: value}, lambda person: person)
    except BadField as error:
        return error.problem
    return None


def open_map(path: Path, settled: frozenset[str] = frozenset()) -> CaseMap:
    """Read a map (.toml or .json). Raises BadFile, naming the entry that cannot be.

    `settled` are fields that what is read has anyhow, and that a map cannot change.
    """
    return _Sheet(path, settled).read()


class _Sheet:
    """A map file while it is read: what is wrong is said of its file and its entry."""

    def __init__(self, path: Path, settled: frozenset[str]) -> None:
        self._path = path
        self._settled = settled

    def read(self) -> CaseMap:
        given = self._parse()
        for name in given.keys() - _SECTIONS:
            raise self._wrong(name, f"is no part of a map{_hint(name, _SECTIONS)}")
        columns = {
            field: self._columns(field, value)
            for field, value in self._section(
                given, "columns", KNOWN_FIELDS - self._settled
            ).items()
        }
        same_names = given.get("same_names", False)
        if not isinstance(same_names, bool):
            raise self._wrong("same_names", "is neither true nor false")
        if same_names and self._settled:
            raise self._wrong("same_names", "cannot be given here: name each column")
        if "id" not in columns and not same_names and "id" not in self._settled:
            raise self._wrong("columns.id", "is missing: every case needs an id")
        formats, zone = self._dates(self._section(given, "dates", {"format", "zone"}))
        values = self._section(given, "values", CLOSED | NAMED)
        return CaseMap(
            self._path,
            columns,
            {field: self._table(field, table) for field, table in values.items()},
            self._constants(
                self._section(given, "constants", KNOWN_FIELDS - {"id", "user"} - self._settled)
            ),
            formats,
            zone,
            self._separator(self._section(given, "lists", {"separator"})),
            same_names,
            self._encoding(self._section(given, "file", {"encoding"})),
        )

    def _parse(self) -> dict[str, Any]:
        parsers: dict[str, Callable[[str], Any]] = {".toml": tomllib.loads, ".json": json.loads}
        parse = parsers.get(self._path.suffix.lower())
        if parse is None:
            raise BadFile(self._path, "the name of a map must end with .toml or .json")
        try:
            with self._path.open("rb") as file:
                text = file.read(_LONGEST_FILE + 1)
            if len(text) > _LONGEST_FILE:
                raise BadFile(self._path, f"a map is no longer than {_LONGEST_FILE} bytes")
            given = parse(text.decode("utf-8-sig"))
        except OSError as error:
            raise BadFile(self._path, error.strerror or "it cannot be opened") from error
        except (ValueError, RecursionError) as error:
            raise BadFile(self._path, f"it is no {self._path.suffix[1:]}: {error}") from error
        if not isinstance(given, dict):
            raise BadFile(self._path, "a map is one object of sections")
        return given

    def _section(
        self, given: Mapping[str, Any], name: str, known: frozenset[str] | set[str]
    ) -> dict[str, Any]:
        section = given.get(name, {})
        if not isinstance(section, dict):
            raise self._wrong(name, "is no section with entries")
        for entry in section.keys() - known:
            can_be = "cannot be given here" if entry in KNOWN_FIELDS else "is unknown here"
            raise self._wrong(f"{name}.{entry}", f"{can_be}{_hint(entry, known)}")
        return section

    def _columns(self, field: str, value: object) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        if not names or not all(isinstance(n, str) and n.strip() for n in names):
            raise self._wrong(f"columns.{field}", "is no name of a column, nor a list of such")
        if len(names) > 1 and field not in JOINTS:
            joined = ", ".join(sorted(JOINTS))
            raise self._wrong(f"columns.{field}", f"takes one column; several make {joined}")
        return tuple(names)

    def _table(self, field: str, table: object) -> dict[str, Scalar]:
        if not isinstance(table, dict):
            raise self._wrong(f"values.{field}", "is no table of values")
        meanings: dict[str, Scalar] = {}
        for written, meaning in table.items():
            entry = f"values.{field}.{written}"
            self._check(entry, field, meaning)
            if meanings.setdefault(key_of(written), meaning) != meaning:
                raise self._wrong(entry, "stands there twice and means two things")
        return meanings

    def _constants(self, given: Mapping[str, Any]) -> dict[str, Scalar]:
        for field, value in given.items():
            self._check(f"constants.{field}", field, value)
        return dict(given)

    def _check(self, entry: str, field: str, value: object) -> None:
        """Refuse a value that its field cannot take; an empty text is no value."""
        if not isinstance(value, Scalar):
            raise self._wrong(entry, "is no text, number, true or false")
        problem = fits(field, value)
        if problem is not None:
            raise self._wrong(entry, problem)

    def _dates(self, given: Mapping[str, Any]) -> tuple[tuple[str, ...], tzinfo | None]:
        formats = given.get("format", [])
        formats = formats if isinstance(formats, list) else [formats]
        for one in formats:
            if not isinstance(one, str) or not (one in EPOCHS or _is_date_format(one)):
                kinds = " or ".join(EPOCHS)
                problem = f"is no format of dates, such as %d.%m.%Y %H:%M, nor {kinds}"
                raise self._wrong("dates.format", problem)
        name = given.get("zone")
        if name is None:
            return tuple(formats), None
        try:
            return tuple(formats), ZoneInfo(str(name))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            problem = "is no time zone, such as Europe/Stockholm"
            raise self._wrong("dates.zone", problem) from error

    def _encoding(self, given: Mapping[str, Any]) -> str | None:
        name = given.get("encoding")
        if name is None:
            return None
        try:
            # Some codecs are of no texts.
            plain = _PLAIN.encode(str(name))
        except (LookupError, ValueError) as error:
            problem = "is no encoding, such as utf-8, utf-16 or windows-1252"
            raise self._wrong("file.encoding", problem) from error
        found = codecs.lookup(str(name)).name
        if not found.startswith(WIDE) and plain.removeprefix(BOM) != _PLAIN.encode():
            raise self._wrong("file.encoding", "is one in which no ends of lines are found")
        return found

    def _separator(self, given: Mapping[str, Any]) -> str:
        separator = given.get("separator", "|")
        if not isinstance(separator, str) or not separator:
            raise self._wrong("lists.separator", "is no text")
        return separator

    def _wrong(self, entry: str, problem: str) -> BadFile:
        return BadFile(self._path, f"its entry `{entry}` {problem}")


def _is_date_format(one: str) -> bool:
    """Say whether a format reads back at least the year and the day that it writes."""
    try:
        read = datetime.strptime(_SOME_DAY.strftime(one), one)
    except ValueError:
        return False
    return read.date() == _SOME_DAY.date()


def _hint(name: str, known: frozenset[str] | set[str]) -> str:
    near = get_close_matches(name.lower(), sorted(known), n=1)
    return f"; `{near[0]}` may be meant" if near else f"; there are {', '.join(sorted(known))}"
