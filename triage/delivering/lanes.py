"""How much may be under way through one channel: a slow receiver holds up nobody else.

In: what was begun, and how it ended. Out: how much more may be taken.
Not here: sending (attempts), rest from one process to the next (store.settling).
"""

import asyncio
from collections.abc import Mapping

# Of a channel that nothing is known of, that is quick, and that takes its time.
_FIRST, _QUICK, _SLOW = 8, 128, 2
# More connections than that help no receiver.
_CONNECTIONS = 32
_QUICK_SECONDS, _SLOW_SECONDS = 1.0, 5.0
_ENOUGH = 3
_MOST_LANES = 10_000


class Lane:
    """One channel."""

    def __init__(self) -> None:
        self.taken = 0
        self.slots = asyncio.Semaphore(_CONNECTIONS)
        self._most = _FIRST
        self._failed = 0

    def room(self, ended: int = 0) -> int:
        """Return how many more may be taken when so many of those taken have ended."""
        return 0 if self.is_halted else max(self._most - self.taken + ended, 0)

    @property
    def is_halted(self) -> bool:
        """Whether so much has failed in a row that what was taken is better given back."""
        return self._failed >= _ENOUGH

    def take(self, count: int) -> None:
        """Note what is begun."""
        self.taken += count

    def arrived(self, seconds: float) -> None:
        """Note how long it took; quick ones are given more."""
        self._failed = 0
        if seconds < _QUICK_SECONDS:
            self._most = min(max(2 * self._most, _FIRST), _QUICK)
        elif seconds > _SLOW_SECONDS:
            self._most = _SLOW

    def failed(self) -> None:
        """Note that one did not arrive."""
        self._failed += 1
        self._most = min(self._most, _FIRST)

    def ended(self) -> None:
        """Note the end of one, however it went; when all have ended, what failed is forgotten."""
        self.taken -= 1
        if not self.taken:
            self._failed = 0


class Lanes:
    """The lanes of all channels, and how much may be under way in all."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lanes: dict[str, Lane] = {}

    def lane(self, channel_id: str) -> Lane:
        """Return the lane of a channel."""
        if channel_id not in self._lanes:
            if len(self._lanes) >= _MOST_LANES:
                self._lanes = {name: one for name, one in self._lanes.items() if one.taken}
            self._lanes[channel_id] = Lane()
        return self._lanes[channel_id]

    def free(self, ended: Mapping[str, int]) -> int:
        """Return how many more may be taken in all when so many of each channel have ended."""
        taken = sum(lane.taken for lane in self._lanes.values())
        return max(self._at_once - taken + sum(ended.values()), 0)

    def full(self, ended: Mapping[str, int]) -> list[str]:
        """Return the channels that then take no more."""
        return [name for name, lane in self._lanes.items() if not lane.room(ended.get(name, 0))]
