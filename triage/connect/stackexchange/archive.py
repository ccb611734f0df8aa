"""A dump as it is downloaded, a 7z file -> the tables that are read, as files.

In: the path of a 7z file, and a folder of ours. Out: the paths of its tables there. Names within
the archive choose what is read and never where it is written; no more is written than the archive
said beforehand, and not what there is no room for.
Not here: reading the tables (tables).
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from py7zr import FileInfo, SevenZipFile
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from triage.errors import BadFile

# Dumps of text shrink to a seventh or a tenth.
MOST_TIMES_LARGER = 200
# Smaller ones do no harm, however often they repeat themselves.
_HARMLESS = 1_000_000_000
_SPARE_BYTES = 100_000_000


class _Written(Py7zIO):
    """One table while it is unpacked into a file of ours."""

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("wb")

    def write(self, s: bytes | bytearray) -> int:
        return self._file.write(s)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return offset

    def flush(self) -> None:
        self._file.flush()

    def size(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()


class _Writers(WriterFactory):
    """Opens a file of ours for each table; of its name in the archive the last part counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.opened: list[_Written] = []

    def create(self, filename: str) -> Py7zIO:
        writer = _Written(self._folder / PurePosixPath(filename).name.lower())
        self.opened.append(writer)
        return writer


def unpacked(path: Path, tables: frozenset[str], folder: Path) -> Mapping[str, Path]:
    """Unpack those of the tables that the archive has; their names are in lower case.

    They may lie in a folder of the archive. Raises BadFile.
    """
    writers = _Writers(folder)
    try:
        # Given as an open file it is read in one thread.
        with path.open("rb") as file, SevenZipFile(file) as archive:
            members = archive.list()
            wanted = _wanted(path, members, tables)
            _check_size(path, members, list(wanted.values()), folder)
            archive.extract(targets=[one.filename for one in wanted.values()], factory=writers)
    except PasswordRequired as error:
        raise BadFile(path, "it is locked with a password") from error
    except UnsupportedCompressionMethodError as error:
        raise BadFile(path, "it is packed in a way that is not read; unpack it yourself") from error
    except OSError as error:
        raise BadFile(path, error.strerror or "it cannot be opened") from error
    except BadFile:
        raise
    except Exception as error:  # of a file that somebody has bent the library raises anything
        raise BadFile(path, "it is no complete 7z file") from error
    finally:
        for writer in writers.opened:
            writer.close()
    for name, one in wanted.items():
        there = folder / name
        if not there.is_file() or there.stat().st_size != one.uncompressed:
            raise BadFile(path, "it is no complete 7z file")
    return {name: folder / name for name in wanted}


def _wanted(path: Path, members: Sequence[FileInfo], tables: frozenset[str]) -> dict[str, FileInfo]:
    """Return the members that are tables, by their names in lower case."""
    found: dict[str, FileInfo] = {}
    for one in members:
        parts = PurePosixPath(one.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in one.filename:
            raise BadFile(path, "it names files outside of itself; no dump does, so it is not read")
        name = parts.name.lower()
        if name not in tables or not one.is_file:
            continue
        if name in found:
            raise BadFile(path, f"it has more than one {name}")
        found[name] = one
    return found


def _check_size(
    path: Path, members: Sequence[FileInfo], wanted: Sequence[FileInfo], folder: Path
) -> None:
    """Refuse what would fill the disk. No more is written of a table than is said here."""
    there, whole = path.stat().st_size, sum(one.uncompressed for one in members)
    if whole > max(_HARMLESS, there * MOST_TIMES_LARGER):
        problem = f"its {there} bytes would become {whole}, which no dump does; unpack it yourself"
        raise BadFile(path, problem)
    # What is unpacked is sorted into files beside it.
    needed = 2 * sum(one.uncompressed for one in wanted) + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if needed > free:
        problem = f"unpacking it needs {needed} bytes and {free} are free; TMPDIR can name a place"
        raise BadFile(path, problem)
