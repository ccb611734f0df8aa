"""When a delivery is tried again, and how long a channel is let be.

In: how often it failed. Out: a span of time, or that it is enough.
Not here: what failed (attempts), when that moment has come (store.dispatching).
"""

from datetime import timedelta
from random import Random

from triage.store import RESTS_AFTER

# After each attempt that failed; after the last of them a delivery is dead. About three days.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
)
# What fails together is not tried again together.
_JITTER = 0.15
_FIRST_REST, _LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
# What a receiver may ask for; it could as well ask for years.
LONGEST_ASKED = timedelta(hours=1)


def wait_after(attempts: int, chance: Random) -> timedelta | None:
    """Return how long to wait after so many attempts that failed; None: it is dead."""
    if attempts > len(WAITS):
        return None
    return WAITS[attempts - 1] * chance.uniform(1 - _JITTER, 1 + _JITTER)


def rest_after(failures: int) -> timedelta:
    """Return how long a channel rests that failed so often in a row."""
    # More doublings than that are longer than the longest, and too large for a number.
    doubled = min(max(failures - RESTS_AFTER, 0), 10)
    return min(_FIRST_REST * (1 << doubled), _LONGEST_REST)
