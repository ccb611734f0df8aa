"""The snapshots of one forum's index: written beside, checked, switched by one name.

In: an index and what it agrees with. Out: the newest snapshot that is whole and made alike, opened
as a private copy; the two newest are kept. What is broken, foreign or too old is refused, said in
the log, and never served.
Not here: when one is due and what has changed since (knowledge).
"""

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from triage.retrieve import LocalIndex
from triage.snapshots.areas import Area, locked
from triage.snapshots.known import Marks, keep_marks, marks_of, read_marks
from triage.snapshots.manifest import (
    Broken,
    Digests,
    MadeWith,
    Manifest,
    check_files,
    described,
    read_manifest,
    write_manifest,
)

_log = logging.getLogger(__name__)
# A forum of fewer threads is indexed in a few seconds, so nothing of it is written to disk.
FEWEST = 2_000
_KEPT = 2
_INDEX, _WORKS, _OUTDATED = "index", "work", "outdated.json"


@dataclass(frozen=True, slots=True)
class Opened:
    """A private copy of a snapshot, what the snapshot says of itself, and which threads it has."""

    index: LocalIndex
    folder: Path
    manifest: Manifest
    known: Marks


class Shelf:
    """The snapshots of one forum, and this process's own folders beside them."""

    def __init__(self, root: Path, forum: str, fewest: int | None = None) -> None:
        """Name the folder; nothing is made before it is used."""
        self.fewest = FEWEST if fewest is None else fewest
        self._forum = forum
        self._folder = root / forum
        self._digests: Digests = {}
        self._refused: set[int] = set()
        self._area: Area | None = None

    def empty(self, dimension: int | None) -> tuple[LocalIndex, Path]:
        """Return an empty index in a folder of this process. Raises OSError, ValueError."""
        folder = self._private()
        return LocalIndex(dimension, folder), folder

    def open(self, made: MadeWith) -> Opened | None:
        """Open the newest snapshot that is whole and made so. Raises OSError."""
        if not self._folder.exists():
            return None
        with locked(self._folder, shared=True):
            oldest = self.outdated()
            for number in self._numbers():
                try:
                    return self._opened(self._folder / str(number), made, oldest)
                except (Broken, OSError, ValueError, KeyError) as error:
                    self._refuse(number, error)
        return None

    def newest(self) -> Manifest | None:
        """Return what the newest snapshot says of itself, unchecked. None without one."""
        with suppress(OSError):
            for number in self._numbers():
                with suppress(Broken, OSError):
                    return read_manifest(self._folder / str(number))
        return None

    def outdated(self) -> int:
        """Return the revision before which no snapshot may have been made from nothing."""
        try:
            told = json.loads((self._folder / _OUTDATED).read_text(encoding="utf-8"))
            return int(told["before"])
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OSError(f"{_OUTDATED} of the forum's index cannot be read") from error

    def write(
        self,
        save: Callable[[Path], None],
        manifest: Manifest,
        threads: Iterable[tuple[str, str]],
    ) -> Manifest | None:
        """Keep a snapshot; `save` writes the index, `threads` are ids and digests of what it has.

        None where words that must be gone could be in it. Raises OSError, ValueError.
        """
        beside = self._private()
        try:
            index = beside / _INDEX
            index.mkdir()
            save(index)
            keep_marks(beside, marks_of(threads))
            whole = replace(
                manifest, saved_at=datetime.now(UTC), files=described(beside, self._digests)
            )
            write_manifest(beside, whole)
            _settle(beside)
            with locked(self._folder):
                # Asked under the lock: somebody may be erased at this moment.
                if manifest.built < self.outdated():
                    return None
                self._place(beside)
                self._prune(whole)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return whole

    def drop(self, before: int) -> None:
        """Remove every snapshot, and refuse all that were made from nothing before a revision.

        Raises OSError where something stays.
        """
        if not self._folder.exists():
            return
        with locked(self._folder):
            fresh = self._folder / f"{_OUTDATED}.new"
            fresh.write_text(json.dumps({"before": max(before, self.outdated())}))
            _sync(fresh)
            fresh.replace(self._folder / _OUTDATED)
            for number in self._numbers():
                shutil.rmtree(self._folder / str(number))
            _sync(self._folder)

    def let_go(self, folder: Path) -> None:
        """Remove a folder that `empty` or `open` has made, once its index is not used any more."""
        shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove what is private to this process."""
        area, self._area = self._area, None
        if area is not None:
            area.close()

    def _opened(self, snapshot: Path, made: MadeWith, oldest: int) -> Opened:
        manifest = read_manifest(snapshot)
        if manifest.made_with != made:
            raise Broken("it was made with another encoder, boilerplate or version")
        if manifest.built < oldest:
            raise Broken("words may stand in it that have to be gone")
        check_files(snapshot, manifest, self._digests)
        known, folder = read_marks(snapshot), self._private()
        try:
            return Opened(LocalIndex.open(snapshot / _INDEX, folder), folder, manifest, known)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _refuse(self, number: int, error: Exception) -> None:
        self._refused.add(number)
        problem = str(error) if isinstance(error, Broken) else type(error).__qualname__
        _log.warning("snapshot_refused forum=%s snapshot=%d: %s", self._forum, number, problem)

    def _private(self) -> Path:
        if self._area is None or not self._area.path.exists():
            self._area = Area(self._folder / _WORKS)
        return self._area.folder()

    def _place(self, beside: Path) -> None:
        number = max(self._numbers(), default=0) + 1
        self._refused.discard(number)
        beside.rename(self._folder / str(number))
        _sync(self._folder)

    def _prune(self, newest: Manifest) -> None:
        """Keep the two newest that are good; none with words that are gone from the newest."""
        kept = 0
        for number in self._numbers():
            folder = self._folder / str(number)
            try:
                good = kept < _KEPT and number not in self._refused
                good = good and read_manifest(folder).built >= newest.built
            except (Broken, OSError):
                good = False
            kept += good
            if not good:
                shutil.rmtree(folder, ignore_errors=True)

    def _numbers(self) -> list[int]:
        """Return the snapshots there are, newest first."""
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)


def _settle(folder: Path) -> None:
    """Have all of a folder on the disk before anything names it."""
    for path in _all_of(folder):
        _sync(path)


def _all_of(folder: Path) -> Iterator[Path]:
    yield from (path for path in folder.rglob("*") if not path.is_symlink())
    yield folder


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
