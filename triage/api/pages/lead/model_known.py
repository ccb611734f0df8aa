"""What one version keeps of its evaluation, and how far two of them are apart.

In: a version with its manifest, or two of them and a head. Out: values, in no language.
Not here: reading what is kept (registry), drawing it (model_figures).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from triage.registry import Shown as OfVersion
from triage.registry.evaluation import Evaluation, HeadMeasures, Paired, Within


@dataclass(frozen=True, slots=True)
class Known:
    """A version and what it keeps of its evaluation, which older ones do not."""

    shown: OfVersion
    evaluation: Evaluation | None

    @property
    def name(self) -> str:
        """Its version."""
        return self.shown.version.version

    @property
    def metrics(self) -> Mapping[str, Any]:
        """What its manifest has of each head."""
        found: Mapping[str, Any] = self.shown.manifest.get("metrics", {})
        return found

    def measures(self, head: str) -> HeadMeasures | None:
        """Return what it keeps of a head."""
        return None if self.evaluation is None else self.evaluation.heads.get(head)


@dataclass(frozen=True, slots=True)
class Apart:
    """How much better the second of two versions is in a slice, and between what that lies.

    `paired`: on the very same cases; else each on its own.
    """

    slice: str
    n: int
    first: float
    second: float
    low: float
    high: float
    paired: bool

    @property
    def difference(self) -> float:
        """How much more of the second one's guesses are right."""
        return self.second - self.first


def apart_of(first: Known, second: Known, head: str) -> list[Apart]:
    """Return by slice how much better the second is: on the same cases where both are known."""
    if second.evaluation is not None and first.name in second.evaluation.against:
        found = second.evaluation.against[first.name].get(head, ())
        return [_paired(one) for one in found]
    if first.evaluation is not None and second.name in first.evaluation.against:
        found = first.evaluation.against[second.name].get(head, ())
        return [_turned(one) for one in found]
    one, other = first.measures(head), second.measures(head)
    if one is None or other is None:
        return []
    known = {part.slice: part.right for part in one.slices}
    return [
        _alone(part.slice, known[part.slice], part.right)
        for part in other.slices
        if part.slice in known
    ]


def _paired(one: Paired) -> Apart:
    return Apart(one.slice, one.n, one.earlier, one.now, one.low, one.high, True)


def _turned(one: Paired) -> Apart:
    return Apart(one.slice, one.n, one.now, one.earlier, -one.high, -one.low, True)


def _alone(name: str, one: Within, other: Within) -> Apart:
    """Join two intervals as if the cases were others (Newcombe, 1998), which is too wide here."""
    difference = other.value - one.value
    low = difference - sqrt((other.value - other.low) ** 2 + (one.high - one.value) ** 2)
    high = difference + sqrt((other.high - other.value) ** 2 + (one.value - one.low) ** 2)
    return Apart(name, min(one.n, other.n), one.value, other.value, low, high, False)
