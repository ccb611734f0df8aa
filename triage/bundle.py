"""One model version on disk: a folder with a manifest of hashes, never changed once written.

In: a classifier, a ranker, a gate, perhaps an adaptation and a quality of answers, or a folder.
Out: the folder, or a bundle whose files were all found to be what the manifest says before anything
was unpickled.
Not here: fitting (learn), which version is live (store). The only file that imports joblib.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import joblib

from triage.adapt import Adaptation, load_adaptation, save_adaptation
from triage.answer_quality import AnswerQuality, load_quality, save_quality
from triage.classify import Classifier
from triage.errors import BadFile, BundleRefused, NoModel
from triage.gate import Gate, load_gate, save_gate, shipped_gate
from triage.rank import Ranker, load_ranker, save_ranker

# A release must refuse a bundle that has what it knows nothing of: an adaptation (from format 2 on)
# makes the similarities that the ranker was fitted on, a gate (from 3 on, always there) keeps what
# the forum was promised. Bundles of former formats have no gate and go by the shipped one.
_FORMAT = 3
_FORMATS = (1, 2, 3)
_MANIFEST = "manifest.json"
_CLASSIFIER = "classifier.joblib"
_RANKER = "ranker.json"
_ADAPTATION = "adaptation.npz"
_GATE = "gate.json"
_QUALITY = "answer_quality.json"
_CURRENT = "CURRENT"

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model version, open."""

    version: str
    classifier: Classifier
    ranker: Ranker
    manifest: Mapping[str, Any]
    gate: Gate
    adaptation: Adaptation | None = None
    quality: AnswerQuality | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that is on disk: its version and the SHA-256 of its manifest."""

    version: str
    manifest_digest: str
    manifest: Mapping[str, Any]


def write_bundle(
    forum_dir: Path,
    classifier: Classifier,
    ranker: Ranker,
    *,
    gate: Gate,
    adaptation: Adaptation | None = None,
    quality: AnswerQuality | None = None,
    created: datetime,
    facts: Mapping[str, Any],
) -> Written:
    """Write a new version under `forum_dir`; it appears under its name only when complete.

    `facts` (data fingerprint, library versions, metrics ...) go into the manifest as they are.
    """
    forum_dir.mkdir(parents=True, exist_ok=True)
    beside = forum_dir / f".writing-{os.getpid()}-{created:%Y%m%dT%H%M%S%f}"
    beside.mkdir()
    try:
        joblib.dump(classifier, beside / _CLASSIFIER, compress=3)
        save_ranker(ranker, beside / _RANKER)
        save_gate(gate, beside / _GATE)
        if adaptation is not None:
            save_adaptation(adaptation, beside / _ADAPTATION)
        if quality is not None:
            save_quality(quality, beside / _QUALITY)
        files = {path.name: _sha256(path) for path in sorted(beside.iterdir())}
        # Two runs in one second on the same data are two versions all the same.
        marked = _sha256_of(json.dumps([files, created.isoformat()], sort_keys=True))[:6]
        version = f"{created:%Y%m%d-%H%M%S}-{marked}"
        manifest = {
            "format": _FORMAT,
            "version": version,
            "forum": forum_dir.name,
            "created": created.isoformat(),
            "encoder": classifier.encoder_id,
            "files": files,
            **facts,
        }
        written = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        (beside / _MANIFEST).write_text(written, encoding="utf-8")
        beside.rename(forum_dir / version)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Written(version, _sha256_of(written), manifest)


def open_bundle(forum_dir: Path, version: str, manifest_digest: str) -> Bundle:
    """Open a version after checking every file against its hash.

    Raises NoModel when the folder is missing and BundleRefused when a file is missing, altered
    or unexpected, the manifest is not the published one, the format is of another release, a file
    holds what it cannot, or the adaptation is of another vector space than the classifier.
    """
    folder = forum_dir / version
    if not folder.is_dir():
        raise NoModel(forum_dir)
    manifest = _checked_manifest(folder, manifest_digest)
    _check_files(folder, manifest["files"])
    classifier = joblib.load(folder / _CLASSIFIER)
    files = manifest["files"]
    return Bundle(
        version,
        classifier,
        _read(load_ranker, folder / _RANKER),
        manifest,
        gate=_open_gate(folder, manifest),
        adaptation=_open_adaptation(folder, classifier) if _ADAPTATION in files else None,
        quality=_read(load_quality, folder / _QUALITY) if _QUALITY in files else None,
    )


def point_current(forum_dir: Path, version: str | None) -> None:
    """Mirror the live version in the forum's CURRENT file, for people who look at the folder."""
    if version is None:
        (forum_dir / _CURRENT).unlink(missing_ok=True)
        return
    beside = forum_dir / f".{_CURRENT}-{os.getpid()}"
    beside.write_text(version + "\n", encoding="utf-8")
    beside.replace(forum_dir / _CURRENT)


def _checked_manifest(folder: Path, manifest_digest: str) -> dict[str, Any]:
    try:
        written = (folder / _MANIFEST).read_bytes()
    except OSError as error:
        raise BundleRefused(folder, f"its manifest cannot be read ({error.strerror})") from error
    if hashlib.sha256(written).hexdigest() != manifest_digest:
        raise BundleRefused(folder, "its manifest is not the one that was published")
    manifest: dict[str, Any] = json.loads(written)
    if manifest["format"] not in _FORMATS:
        known = f"{_FORMATS[0]} to {_FORMAT}"
        raise BundleRefused(folder, f"its format {manifest['format']} is not {known}")
    return manifest


def _open_gate(folder: Path, manifest: Mapping[str, Any]) -> Gate:
    if manifest["format"] < _FORMAT:
        return shipped_gate()
    if _GATE not in manifest["files"]:
        raise BundleRefused(folder, f"its manifest names no {_GATE}")
    return _read(load_gate, folder / _GATE)


def _read(load: Callable[[Path], _Part], path: Path) -> _Part:
    try:
        return load(path)
    except (BadFile, OSError, ValueError, LookupError, TypeError) as error:
        raise BundleRefused(path.parent, f"{path.name} cannot be read ({error})") from error


def _open_adaptation(folder: Path, classifier: Classifier) -> Adaptation:
    found = _read(load_adaptation, folder / _ADAPTATION)
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


def _check_files(folder: Path, expected: Mapping[str, str]) -> None:
    for name, sha256 in expected.items():
        path = folder / name
        if not path.is_file():
            raise BundleRefused(folder, f"{name} is missing")
        if _sha256(path) != sha256:
            raise BundleRefused(folder, f"{name} is not the file that was published")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
