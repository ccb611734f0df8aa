"""A file, gzipped or not -> its lines, one by one.

In: a path, and its encoding where that is not UTF-8. Out: `Line`s; one that is too long or not in
that encoding says so and the next ones follow.
Not here: what a line holds (rows, tables).
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from triage.errors import BadFile, BadRecord

LONGEST_LINE = 10_000_000

BOM = b"\xef\xbb\xbf"
UTF_8 = "utf-8"
# Their ends of lines are more than one byte.
WIDE = ("utf-16", "utf-32")


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one record and the line on which it begins."""

    line: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """One line without its end; `problem` says why it cannot be read."""

    number: int
    text: str
    problem: str | None = None


Rows = Iterator[Row | BadRecord]


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file for its bytes. Raises BadFile, also where a gzip file breaks off in reading."""
    try:
        is_gzip = path.name.lower().endswith(".gz")
        with gzip.open(path) if is_gzip else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadFile(path, "it is no complete gzip file") from error
    except OSError as error:
        raise BadFile(path, error.strerror or "it cannot be opened") from error


def encoding_shown(path: Path) -> str:
    """Name the encoding that the first bytes of a text show: UTF-16, or else UTF-8."""
    with opened(path) as file:
        start = file.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    # Nothing that we read begins with the character of that number.
    if b"\0" in start:
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return UTF_8


def lines_of(path: Path, encoding: str = UTF_8) -> Iterator[Line]:
    """Yield the lines of a file. A line that is too long is read over, not kept.

    Raises BadFile, when first asked or where the file breaks off, for a file that cannot be
    opened, is not the complete gzip that its name says, or not the UTF-16 that it seems to be.
    """
    with opened(path) as file:
        wide = codecs.lookup(encoding).name.startswith(WIDE)
        source = _Recoded(file, path, encoding) if wide else file
        known = UTF_8 if wide else encoding
        number = 0
        while raw := source.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = source.readline(LONGEST_LINE)
                yield Line(number, "", f"is longer than {LONGEST_LINE} bytes")
                continue
            if number == 1:
                raw = raw.removeprefix(BOM)
            try:
                yield Line(number, raw.decode(known).rstrip("\r\n"))
            except UnicodeDecodeError as error:
                yield Line(number, "", f"is not {known.upper()} at byte {error.start + 1}")


class _Recoded:
    """A file of wide characters, read as UTF-8."""

    def __init__(self, file: BinaryIO, path: Path, encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, newline="\n")
        self._path, self._encoding = path, encoding

    def readline(self, most: int) -> bytes:
        try:
            return self._text.readline(most).encode(UTF_8)
        except UnicodeError as error:
            raise BadFile(self._path, f"it is not whole as {self._encoding.upper()}") from error
