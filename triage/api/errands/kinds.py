"""What the process beside the server may be sent to do.

In: rows of the store. Out: errands, one at a time, and what became of each.
Not here: the process (child), whose turn it is (background).
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Errand:
    """A command of `python -m triage` for one forum."""

    forum_id: int
    forum: str
    arguments: tuple[str, ...]


class Work(Protocol):
    """One kind of errand. Everything here may raise a TriageError while the store is missing."""

    def due(self) -> Errand | None:
        """Return what is to be done now, if anything is."""

    def is_unwanted(self, errand: Errand) -> bool:
        """Say whether its process is to be ended although it has not ended by itself."""

    def ended(self, errand: Errand, code: int, *, stopping: bool) -> None:
        """Hear that its process has ended; `stopping` because the server stops."""
