"""The parts of a model as files: how each is written and read. The only file that imports joblib.

In: fitted parts, or a folder whose files were checked. Out: files, or the parts.
Not here: checking (verifying), what a part does (the rooms of the parts).
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import joblib

from triage.adapt import Adaptation, load_adaptation, save_adaptation
from triage.classify import Classifier
from triage.decide.gate import Gate, load_gate, save_gate
from triage.errors import BadFile, BundleRefused
from triage.rank import Ranker, load_ranker, save_ranker
from triage.rank.answer_quality import AnswerQuality, load_quality, save_quality

# A release reads bundles of its own format alone: an older one lacks what heads, gate or signature
# have now, a newer one has what nobody here knows of. From 5 on every label has its threshold, from
# 6 on the features have landmarks.
FORMAT = 6

CLASSIFIER = "classifier.joblib"
RANKER = "ranker.json"
ADAPTATION = "adaptation.npz"
GATE = "gate.json"
QUALITY = "answer_quality.json"

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """What training made: the parts of one model version, which always move together."""

    classifier: Classifier
    ranker: Ranker
    gate: Gate
    adaptation: Adaptation | None = None
    quality: AnswerQuality | None = None


def save_parts(fitted: Fitted, folder: Path) -> None:
    """Write every part that there is to its file."""
    joblib.dump(fitted.classifier, folder / CLASSIFIER, compress=3)
    save_ranker(fitted.ranker, folder / RANKER)
    save_gate(fitted.gate, folder / GATE)
    if fitted.adaptation is not None:
        save_adaptation(fitted.adaptation, folder / ADAPTATION)
    if fitted.quality is not None:
        save_quality(fitted.quality, folder / QUALITY)


def load_parts(folder: Path, manifest: Mapping[str, Any]) -> Fitted:
    """Read the parts that a checked manifest names. Raises BundleRefused for what cannot be one."""
    files = manifest["files"]
    classifier = _open_classifier(folder, files.get(CLASSIFIER, ""))
    return Fitted(
        classifier,
        _read(load_ranker, folder / RANKER),
        _open_gate(folder, manifest),
        _open_adaptation(folder, classifier) if ADAPTATION in files else None,
        _read(load_quality, folder / QUALITY) if QUALITY in files else None,
    )


def _open_classifier(folder: Path, sha256: str) -> Classifier:
    """Unpickle the very bytes that are hashed here: the file may change between two readings."""
    try:
        content = (folder / CLASSIFIER).read_bytes()
    except OSError as error:
        raise BundleRefused(folder, f"{CLASSIFIER} cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BundleRefused(folder, f"{CLASSIFIER} is not the file that was published")
    try:
        found = joblib.load(BytesIO(content))
    except Exception as error:
        # Classes of other releases fail in whatever way they like.
        what = f"{CLASSIFIER} cannot be opened by this release ({type(error).__name__})"
        raise BundleRefused(folder, what) from error
    if not isinstance(found, Classifier):
        raise BundleRefused(folder, f"{CLASSIFIER} holds no classifier")
    return found


def _open_gate(folder: Path, manifest: Mapping[str, Any]) -> Gate:
    if GATE not in manifest["files"]:
        raise BundleRefused(folder, f"its manifest names no {GATE}")
    return _read(load_gate, folder / GATE)


def _read(load: Callable[[Path], _Part], path: Path) -> _Part:
    try:
        return load(path)
    except (BadFile, OSError, ValueError, LookupError, TypeError) as error:
        raise BundleRefused(path.parent, f"{path.name} cannot be read ({error})") from error


def _open_adaptation(folder: Path, classifier: Classifier) -> Adaptation:
    found = _read(load_adaptation, folder / ADAPTATION)
    if found.encoder_id != classifier.encoder_id:
        raise BundleRefused(
            folder,
            f"its adaptation is of vectors of {found.encoder_id}, its classifier of"
            f" {classifier.encoder_id}",
        )
    dimension = classifier.featuriser.dimension
    if dimension not in (None, found.dimension):
        raise BundleRefused(
            folder, f"its adaptation has {found.dimension} dimensions, its encoder {dimension}"
        )
    return found
