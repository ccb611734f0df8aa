"""When each errand of this server was last run, and what went wrong since it last went well.

In: that one went well, or did not. Out: marks, for whoever asks whether all is alive.
Not here: the errands themselves. What another server of the same store does, it knows of itself.
"""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime

_Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """One errand, of one forum or of all: when it last went well, and when it last did not.

    `code` says why, and is empty once it has gone well again. `every_seconds` is how often it is
    due; None for what is done when somebody asks for it.
    """

    name: str
    forum: str | None
    every_seconds: float | None = None
    well_at: datetime | None = None
    failed_at: datetime | None = None
    code: str = ""


class Marks:
    """The marks of one server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._marks: dict[_Key, Mark] = {}

    def due(self, name: str, every_seconds: float) -> None:
        """Say that an errand is run every so often, before it first is."""
        with self._lock:
            self._marks[name, None] = Mark(name, None, every_seconds)

    def well(self, name: str, forum: str | None = None) -> None:
        """Say that it went well just now."""
        with self._lock:
            mark = self._mark(name, forum)
            self._marks[name, forum] = replace(mark, well_at=datetime.now(UTC), code="")

    def failed(self, name: str, code: str, forum: str | None = None) -> None:
        """Say that it did not go well just now, and why."""
        with self._lock:
            mark = self._mark(name, forum)
            self._marks[name, forum] = replace(mark, failed_at=datetime.now(UTC), code=code)

    def of(self, forum: str) -> list[Mark]:
        """Return the marks that a forum is concerned by: its own, else those of all forums."""
        with self._lock:
            names = sorted({name for name, of in self._marks if of in (None, forum)})
            found = [self._marks.get((name, forum)) or self._marks[name, None] for name in names]
        return found

    def _mark(self, name: str, forum: str | None) -> Mark:
        known = self._marks.get((name, forum))
        if known is not None:
            return known
        every = self._marks.get((name, None))
        return Mark(name, forum, every.every_seconds if every else None)
