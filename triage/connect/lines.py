"""A file, gzipped or not -> its lines, one by one.

In: a path. Out: `Line`s; one that is too long or not UTF-8 says so and the next ones follow.
Not here: what a line holds (rows, tables).
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from triage.errors import BadFile, BadRecord

LONGEST_LINE = 10_000_000

BOM = b"\xef\xbb\xbf"


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


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the lines of a file. A line that is too long is read over, not kept.

    Raises BadFile, when first asked or where the file breaks off, for a file that cannot be
    opened or is not the complete gzip that its name says.
    """
    with opened(path) as file:
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = file.readline(LONGEST_LINE)
                yield Line(number, "", f"is longer than {LONGEST_LINE} bytes")
                continue
            if number == 1:
                raw = raw.removeprefix(BOM)
            try:
                yield Line(number, raw.decode("utf-8").rstrip("\r\n"))
            except UnicodeDecodeError as error:
                yield Line(number, "", f"is not UTF-8 at byte {error.start + 1}")
