"""The port of every place that is read from again and again.

In: where the last reading ended. Out: what there is, each with a stamp that changes when it does,
and any one of it in the threads or cases format (data/README.md).
Not here: any one place (discourse), comparing and keeping (importing).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source says that it has: stamps by item, in the order in which they are to be read.

    `complete`: it has nothing else. `cursor` is where the next listing begins. `left_out` names
    what is not read on purpose. `readers` names the member of `cursor` that tells who may read
    what, if one does.
    """

    stamps: Mapping[str, str]
    complete: bool
    cursor: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    readers: str = ""


class Source(Protocol):
    """A place that is read item by item."""

    async def listed(self, cursor: Mapping[str, Any] | None, told: Told) -> Listing:
        """List what changed since a cursor, or everything. Raises SendFailed."""
        ...

    async def fetch(self, item_id: str) -> Mapping[str, object] | None:
        """Return an item in our format; None: it is confirmed gone, or nobody's to read.

        Raises SendFailed.
        """
        ...
