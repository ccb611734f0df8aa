"""What an import is told, and what became of it.

In: nothing. Out: plain values.
Not here: any reading (reading, dumps), any keeping (keeper).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from triage import store
from triage.connect import Reading

# So many failures are named; all are counted.
MOST_NAMED = 1_000
# So few may go at once, however large their share.
FEW = 10


@dataclass(frozen=True, slots=True)
class SourceName:
    """A source of a forum: `discourse:ch_1`, of the kind `discourse`."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Options:
    """How an import goes about it.

    `most_removed` is the share of a source that may go at once; `remove_all` lets any share go.
    `adopt` takes over what is there already by somebody else; `again` reads what has its old
    stamp, too.
    """

    most_removed: float = 0.2
    remove_all: bool = False
    adopt: bool = False
    again: bool = False

    def may_go(self, missing: int, known: int) -> bool:
        """Whether so many of a source may go at once."""
        return self.remove_all or missing <= max(FEW, self.most_removed * known)


@dataclass
class Imported:
    """What became of a source; it fills while it is read.

    `counts.unchanged` includes what was not read again. `failed` names what could not be read, with
    a code; it is tried next time. `held_back` could have been removed and was not. `stopped` is the
    code for which the run ended before its end.
    """

    counts: store.PutCounts = field(default_factory=store.PutCounts)
    removed: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    failed_count: int = 0
    held_back: int = 0
    left_out: tuple[str, ...] = ()
    whole: bool = False
    stopped: str | None = None
    reading: Reading | None = None
    removal_left_out: bool = False

    @property
    def complete(self) -> bool:
        """Whether all was read and done that there was."""
        bad = self.reading.error_count if self.reading is not None else 0
        return not (self.failed_count or self.stopped or self.removal_left_out or bad)

    def fail(self, item_id: str, code: str) -> None:
        """Count what could not be read, and name it."""
        self.failed_count += 1
        if len(self.failed) < MOST_NAMED:
            self.failed[item_id] = code

    def changed(self) -> Mapping[str, int]:
        """Return what this run changed, as it is noted with the source."""
        done = {"created": self.counts.created, "updated": self.counts.updated}
        return {**done, "removed": self.removed, "failed": self.failed_count}

    def told(self) -> dict[str, Any]:
        """Return the whole of it as a command says it."""
        return {
            **self.changed(),
            "unchanged": self.counts.unchanged,
            "held_back": self.held_back,
            "whole": self.whole,
            "left_out": list(self.left_out),
            "failures": dict(list(self.failed.items())[:20]),
            "stopped": self.stopped,
        }
