"""The values of this room: questions as points, clusters of them, bursts, known issues.

In: nothing. Out: what the other files here take and give.
Not here: any deciding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Codes = NDArray[np.int64]
Numbers = NDArray[np.float64]

# Two item ids that one person said do not belong together.
Pair = frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An open question or an ask: where it lies, in which language, when, of which product.

    `vector` is the encoder's row of the whole question, shape (dimension,), and `at` is in seconds
    since the epoch. `person` is a keyed hash; nobody known counts as a person of their own.
    """

    id: str
    vector: Vectors
    lang: str
    at: float
    product: str | None = None
    person: str | None = None

    @property
    def asker(self) -> str:
        """Who is counted: the person, or this very item."""
        return f"item {self.id}" if self.person is None else f"person {self.person}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Items with the same meaning, oldest first.

    `id` is that of the first member that was free when it arose, and stays.
    """

    id: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """The cluster that a newcomer made larger, or made with another single item (`fresh`).

    `probability`: that the newcomer means what the others mean.
    """

    cluster: Cluster
    probability: float
    fresh: bool


@dataclass(frozen=True, slots=True)
class Split:
    """What a "not mine" makes of a cluster; `apart` are the pairs never to be joined again."""

    stays: Cluster
    leaves: Cluster
    apart: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Watching:
    """How bursts are watched for.

    `false_alarms_per_week` is at most how many are to be expected of a forum where nothing happens,
    and `persons` the fewest who make a burst, whatever the arithmetic says. `minutes` are the
    windows that end with each ask; `hours` how far around its time of day counts as the same time.
    `alike` are the probabilities of the same meaning from which asks count as like each other: what
    is told at length, in six languages, is hardly ever likelier than not, and yet unusual together.
    """

    false_alarms_per_week: float = 0.05
    persons: int = 4
    minutes: tuple[int, ...] = (10, 30, 60, 180, 720)
    hours: float = 2.0
    alike: tuple[float, ...] = (0.5, 0.2, 0.05)


@dataclass(frozen=True, slots=True)
class Burst:
    """More persons than usual who ask the same, within minutes.

    `centre` is the ask that stands for it, `members` those like it in the window of `minutes` that
    ends with it, oldest first. `expected` persons would have been usual, and as many as there are
    come by chance with `p_value`.
    """

    centre: str
    members: tuple[str, ...]
    persons: int
    langs: tuple[str, ...]
    first_at: float
    last_at: float
    minutes: int
    expected: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Issue:
    """What matching needs of a known issue.

    `vectors`, shape (n, dimension), are of its text and of questions that named it; all are in
    `lang`, or in `langs` one by one. No products: every product. No versions: every version.
    `codes` are those of the error, as far as its text names any.
    """

    id: str
    vectors: Vectors
    lang: str
    products: frozenset[str] = frozenset()
    versions: str | None = None
    langs: Sequence[str] = ()
    codes: frozenset[str] = frozenset()


class Fit(StrEnum):
    """Whether product and version of a question are those of an issue."""

    AFFECTED = "affected"
    PERHAPS = "perhaps"


@dataclass(frozen=True, slots=True)
class Matched:
    """A known issue that a question is likely to be about."""

    issue_id: str
    probability: float
    fit: Fit
