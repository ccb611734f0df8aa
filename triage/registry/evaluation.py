"""What a version was measured at when it was trained, kept in its bundle for whoever compares it.

In: a version's folder and its manifest; or measured values. Out: the text of `evaluation.json`, and
back. It holds counts and shares of labels alone: no text, no id, nothing of one case.
Not here: measuring (learn.evaluation), how it looks (api).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from triage.errors import BundleRefused

EVALUATION = "evaluation.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Within:
    """A share of cases, between what it lies (95 %), and of how many cases."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Guesses of neighbouring confidence: its mean, and how many of them are right."""

    confidence: float
    right: Within


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What one threshold for all labels would give: how much is said, how much of it is right."""

    threshold: float
    coverage: float
    precision: Within


@dataclass(frozen=True, slots=True)
class Confused:
    """How many cases of the label `truth` were called `said`; of `surely` it did not abstain."""

    truth: str
    said: str
    n: int
    surely: int


@dataclass(frozen=True, slots=True)
class SliceMeasure:
    """How a head does in one slice: all it guesses, and what it says without abstaining."""

    slice: str
    right: Within
    coverage: float
    precision: Within | None


@dataclass(frozen=True, slots=True)
class HeadMeasures:
    """One head on cases that it had not seen. `coverage`, `precision`: at its own thresholds."""

    n: int
    labels: tuple[str, ...]
    coverage: float
    precision: Within | None
    bins: tuple[ReliabilityBin, ...]
    curve: tuple[CurvePoint, ...]
    confusion: tuple[Confused, ...]
    slices: tuple[SliceMeasure, ...]


@dataclass(frozen=True, slots=True)
class Paired:
    """Two versions on the same cases of a slice: the share of right guesses of the `earlier` one
    and of this, and between what the difference lies (95 %).
    """

    slice: str
    n: int
    earlier: float
    now: float
    low: float
    high: float
    wins: int
    losses: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that is kept: by head, and by earlier version and head the same cases of both."""

    heads: Mapping[str, HeadMeasures]
    against: Mapping[str, Mapping[str, tuple[Paired, ...]]]

    def document(self) -> str:
        """Return the text of the bundle's file."""
        told = _rounded({"format": _FORMAT, **asdict(self)})
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def read_evaluation(folder: Path, manifest: Mapping[str, Any]) -> Evaluation | None:
    """Return what a version keeps; None of one that was trained before versions kept any of it.

    Raises BundleRefused where its file is not the one that was published.
    """
    sha256 = manifest["files"].get(EVALUATION)
    if sha256 is None:
        return None
    try:
        content = (folder / EVALUATION).read_bytes()
    except OSError as error:
        raise BundleRefused(folder, f"{EVALUATION} cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BundleRefused(folder, f"{EVALUATION} is not the file that was published")
    found = json.loads(content)
    if found["format"] != _FORMAT:
        return None
    return Evaluation(
        {target: _head(row) for target, row in found["heads"].items()},
        {
            version: {t: tuple(Paired(**row) for row in rows) for t, rows in heads.items()}
            for version, heads in found["against"].items()
        },
    )


def _head(row: Mapping[str, Any]) -> HeadMeasures:
    return HeadMeasures(
        row["n"],
        tuple(row["labels"]),
        row["coverage"],
        _within(row["precision"]),
        tuple(ReliabilityBin(one["confidence"], Within(**one["right"])) for one in row["bins"]),
        tuple(
            CurvePoint(one["threshold"], one["coverage"], Within(**one["precision"]))
            for one in row["curve"]
        ),
        tuple(Confused(**one) for one in row["confusion"]),
        tuple(
            SliceMeasure(
                one["slice"], Within(**one["right"]), one["coverage"], _within(one["precision"])
            )
            for one in row["slices"]
        ),
    )


def _within(row: Mapping[str, Any] | None) -> Within | None:
    return None if row is None else Within(**row)


def _rounded(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
