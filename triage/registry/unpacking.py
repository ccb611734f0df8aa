"""A gzipped tar that anybody may have made -> the plain files of one version, in a folder.

In: a file, an empty folder. Out: the version's name; its files lie in a folder of that name. Names
that lead elsewhere, links, devices, repeated names and more than a model can have are refused, and
how much there is is counted while it is read, since what an archive says of itself may be untrue.
Not here: whether the files are what their manifest says (archive).
"""

import gzip
import re
import tarfile
import zlib
from pathlib import Path
from typing import IO, cast

from triage.errors import BadFile
from triage.registry.base import VERSION

MOST_FILES = 40
MOST_BYTES = 2**30
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\.[a-z]{2,6}")
_AT_ONCE = 2**20


def unpack(file: Path, room: Path, *, most_bytes: int = MOST_BYTES) -> str:
    """Write the version in `file` under `room`, and return its name. Raises BadFile."""
    try:
        with gzip.open(file) as raw:
            counted = _Counted(file, raw, most_bytes)
            with tarfile.open(fileobj=cast(IO[bytes], counted), mode="r|") as tar:
                return _take_out(file, tar, room)
    except OSError as error:
        raise BadFile(file, f"it cannot be read ({error.strerror or error})") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise BadFile(file, "it is no whole gzipped tar") from error


class _Counted:
    """A stream that ends in a refusal where more comes out of it than may."""

    def __init__(self, file: Path, raw: gzip.GzipFile, most_bytes: int) -> None:
        self._file, self._raw, self._left = file, raw, most_bytes

    def read(self, size: int) -> bytes:
        """Read on. Raises BadFile."""
        content = self._raw.read(size)
        self._left -= len(content)
        if self._left < 0:
            raise BadFile(self._file, "it holds more than a model can have")
        return content


def _take_out(file: Path, tar: tarfile.TarFile, room: Path) -> str:
    version: str | None = None
    seen: set[str] = set()
    for entry in tar:
        folder, slash, name = entry.name.partition("/")
        if not entry.isreg() or not slash or not _NAME.fullmatch(name):
            raise BadFile(file, "it holds what is no plain file of a version")
        if not VERSION.fullmatch(folder) or version not in (None, folder):
            raise BadFile(file, "its files are not in one folder that is named as a version")
        if name in seen or len(seen) == MOST_FILES:
            raise BadFile(file, "it holds a file twice, or more files than a version has")
        version = folder
        seen.add(name)
        content = tar.extractfile(entry)
        assert content is not None
        (room / folder).mkdir(exist_ok=True)
        with (room / folder / name).open("xb") as out:
            while block := content.read(_AT_ONCE):
                out.write(block)
    if version is None:
        raise BadFile(file, "it is empty")
    return version
