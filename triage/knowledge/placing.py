"""Where an index lies: in memory, or in a folder of this process, opened from a snapshot.

In: a shelf of snapshots, what builds. Out: an index made the fastest way there is; snapshots of it
written when they are due. Where the folder cannot be used the index is in memory, and that is told.
Not here: how snapshots are kept (snapshots), which index is searched now (holding).
"""

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from triage.knowledge.building import Builder, Standing
from triage.retrieve import LocalIndex
from triage.snapshots import Manifest, Shelf

_log = logging.getLogger(__name__)
SAVED_EVERY = timedelta(hours=1)
# What is found by nobody any more is out of all files after so long.
LEFT_AT_MOST = timedelta(hours=24)
_RETRY_SECONDS = 600.0
# A start reads what has changed since the last snapshot: never more than about this.
_MANY, _MANY_SHARE = 500, 0.02
# What an index raises where its files cannot be read or written.
UNUSABLE = (OSError, ValueError)

T = TypeVar("T")


class Placing:
    """Places the index of one forum; without a shelf it is always in memory."""

    def __init__(self, builder: Builder, shelf: Shelf | None) -> None:
        self._builder = builder
        self._shelf = shelf
        self._trouble: str | None = None
        self._tried_at = 0.0

    @property
    def trouble(self) -> str | None:
        """Why nothing is on disk although it should be, in a word; None where all is well."""
        return self._trouble

    def is_large(self, threads: int) -> bool:
        """Say whether an index of so many threads belongs on disk."""
        return self._shelf is not None and threads >= self._shelf.fewest

    def make(self, *, anew: bool = False) -> Standing:
        """Return an index that agrees with the store: of a snapshot, else built from the store.

        With `anew` no snapshot is looked at.
        """
        if self._shelf is None or not self.is_large(self._builder.count()) or self._rests():
            return self._builder.build(self._builder.in_memory())
        found = None if anew else self._tried(self._of_snapshot)
        if found is None and not self._rests():
            found = self._tried(self._on_disk)
            saved = self.save(found) if found is not None else None
            found = replace(found, saved=saved) if found is not None else None
        return found or self._builder.build(self._builder.in_memory())

    def rebuild(self) -> Manifest | None:
        """Write a snapshot that is made from the store alone. None where none is to be.

        Raises OSError, ValueError.
        """
        if self._shelf is None or not self.is_large(self._builder.count()):
            return None
        index, folder = self._shelf.empty(self._builder.dimension)
        try:
            return self._save(self._shelf, self._builder.build(index, folder))
        finally:
            index.close()
            self._shelf.let_go(folder)

    def is_due(self, standing: Standing, now: datetime) -> bool:
        """Say whether a snapshot is to be written of it."""
        shelf = self._shelf
        if shelf is None or standing.folder is None or self._rests():
            return False
        if not self.is_large(len(standing.index)) or standing.built < self._outdated(shelf):
            return False
        made, last = self._builder.made_with(), shelf.newest()
        if made != self._builder.made_with(standing.boilerplate):
            # One with the other boilerplate is on its way.
            return False
        if last is None or last.made_with != made:
            return True
        if last.built > standing.built or not standing.unsaved:
            return False
        many = max(_MANY, int(_MANY_SHARE * len(standing.index)))
        return standing.unsaved >= many or now - last.saved_at >= SAVED_EVERY

    def save(self, standing: Standing) -> Manifest | None:
        """Write a snapshot; where that cannot be it is told, and tried again later."""
        if standing.folder is None:
            return None
        return self._tried(lambda shelf: self._save(shelf, standing))

    def taken_over(self, standing: Standing) -> Standing | None:
        """Return the newest snapshot, opened, where it is to take the place of what stands."""
        shelf = self._shelf
        if shelf is None or self._rests():
            return None
        last = shelf.newest()
        if last is None or last.made_with != self._builder.made_with():
            return None
        to_disk = standing.folder is None and self.is_large(len(standing.index))
        if last.built > standing.built or to_disk:
            return self._tried(self._of_snapshot)
        return None

    def is_worn(self, standing: Standing, now: datetime) -> bool:
        """Say whether it is to be built from the store alone, by a process that has the time."""
        shelf = self._shelf
        if shelf is None or not self.is_large(len(standing.index)) or self._rests():
            return False
        last, since, made = shelf.newest(), standing.leftovers_since, self._builder.made_with()
        if last is not None and last.made_with == made and last.built > standing.built:
            # It is there, and about to be taken over.
            return False
        if standing.folder is None:
            return last is None or last.made_with != made
        other = made != self._builder.made_with(standing.boilerplate)
        if other or standing.built < self._outdated(shelf):
            return True
        old = since is not None and now - since >= LEFT_AT_MOST
        return old or (isinstance(standing.index, LocalIndex) and standing.index.worn)

    def newest(self) -> Manifest | None:
        """Return what the newest snapshot says of itself."""
        return self._shelf.newest() if self._shelf is not None else None

    def let_go(self, standing: Standing) -> None:
        """Remove the folder of an index that nobody searches any more."""
        if isinstance(standing.index, LocalIndex) and standing.folder is not None:
            standing.index.close()
            if self._shelf is not None:
                self._shelf.let_go(standing.folder)

    def lost(self, error: Exception) -> None:
        """Note that the folder cannot be used; it is tried again later."""
        self._trouble, self._tried_at = type(error).__qualname__, time.monotonic()
        if isinstance(error, OSError) and error.errno is not None:
            self._trouble = f"{self._trouble}_{error.errno}"
        _log.error("index_folder_unusable problem=%s", self._trouble)

    def close(self) -> None:
        """Remove what is private to this process."""
        if self._shelf is not None:
            self._shelf.close()

    def _of_snapshot(self, shelf: Shelf) -> Standing | None:
        opened = shelf.open(self._builder.made_with())
        if opened is None:
            return None
        standing = None
        try:
            standing = self._builder.catch_up(opened)
        finally:
            if standing is None:
                opened.index.close()
                shelf.let_go(opened.folder)
        return standing

    def _on_disk(self, shelf: Shelf) -> Standing:
        index, folder = shelf.empty(self._builder.dimension)
        standing = None
        try:
            standing = self._builder.build(index, folder)
        finally:
            if standing is None:
                index.close()
                shelf.let_go(folder)
        return standing

    def _save(self, shelf: Shelf, standing: Standing) -> Manifest | None:
        index = standing.index
        assert isinstance(index, LocalIndex)
        manifest = Manifest(
            self._builder.made_with(standing.boilerplate),
            standing.revision,
            standing.built,
            standing.leftovers_since,
            datetime.now(UTC),
            len(index),
            {},
        )
        threads = self._builder.unchanged_since(standing.revision)
        return shelf.write(index.save, manifest, threads)

    def _tried(self, act: Callable[[Shelf], T | None]) -> T | None:
        """Do what needs the folder; None where it cannot be used, which is noted."""
        assert self._shelf is not None
        try:
            found = act(self._shelf)
        except UNUSABLE as error:
            self.lost(error)
            return None
        self._trouble = None
        return found

    def _outdated(self, shelf: Shelf) -> int:
        """Return before which revision nothing may have been made; unknown, that is all."""
        try:
            return shelf.outdated()
        except OSError as error:
            self.lost(error)
            return sys.maxsize

    def _rests(self) -> bool:
        """Say whether the folder could not be used a moment ago."""
        return self._trouble is not None and time.monotonic() - self._tried_at < _RETRY_SECONDS
