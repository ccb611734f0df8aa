"""Folders that are private to one process, and gone with it.

In: the folder of a forum. Out: an area to write in; what processes that died have left is removed.
A lock that the system lets go of tells who lives: process ids come again, and two containers on
one folder have the same ones.
Not here: what is written there (shelf, retrieve).
"""

import fcntl
import os
import secrets
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOCK = "lock"


@contextmanager
def locked(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold a folder's lock, alone or with others who only look. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield


class Area:
    """A folder of this process alone."""

    def __init__(self, works: Path) -> None:
        """Make one below `works`. Raises OSError."""
        with locked(works):
            _sweep(works)
            self.path = works / f"{os.getpid()}-{secrets.token_hex(4)}"
            self.path.mkdir(mode=0o700)
            lock = os.open(self.path / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Also at the end of a process that closes nothing.
        self._gone = weakref.finalize(self, _remove, self.path, lock)
        self._count = 0

    def folder(self) -> Path:
        """Return a new empty folder in it. Raises OSError."""
        self._count += 1
        made = self.path / str(self._count)
        made.mkdir()
        return made

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._gone()


def _remove(area: Path, lock: int) -> None:
    shutil.rmtree(area, ignore_errors=True)
    os.close(lock)


def _sweep(works: Path) -> None:
    """Remove the areas of processes that are gone."""
    for found in works.iterdir():
        if found.is_dir() and _is_left(found):
            shutil.rmtree(found, ignore_errors=True)


def _is_left(area: Path) -> bool:
    try:
        with (area / _LOCK).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except BlockingIOError:
        return False
    except OSError:
        # Its owner has just removed it, or it is somebody else's to look after.
        return not area.exists() or not (area / _LOCK).exists()
