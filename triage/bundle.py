"""One model version on disk: a folder with a manifest of hashes, never changed once written.

In: a classifier, a ranker and perhaps an adaptation, or a folder. Out: the folder, or a bundle
whose files were all found to be what the manifest says before anything was unpickled.
Not here: fitting (learn), which version is live (store). The only file that imports joblib.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import joblib

from triage.adapt import Adaptation, load_adaptation, save_adaptation
from triage.classify import Classifier
from triage.errors import BadFile, BundleRefused, NoModel
from triage.rank import Ranker, load_ranker, save_ranker

# A release that knows nothing of adaptations must refuse a bundle that has one: its ranker was
# fitted on similarities that such a release would not compute.
_PLAIN, _ADAPTED = 1, 2
_MANIFEST = "manifest.json"
_CLASSIFIER = "classifier.joblib"
_RANKER = "ranker.json"
_ADAPTATION = "adaptation.npz"
_CURRENT = "CURRENT"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model version, open."""

    version: str
    classifier: Classifier
    ranker: Ranker
    manifest: Mapping[str, Any]
    adaptation: Adaptation | None = None


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
    adaptation: Adaptation | None = None,
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
        if adaptation is not None:
            save_adaptation(adaptation, beside / _ADAPTATION)
        files = {path.name: _sha256(path) for path in sorted(beside.iterdir())}
        # Two runs in one second on the same data are two versions all the same.
        marked = _sha256_of(json.dumps([files, created.isoformat()], sort_keys=True))[:6]
        version = f"{created:%Y%m%d-%H%M%S}-{marked}"
        manifest = {
            "format": _PLAIN if adaptation is None else _ADAPTED,
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
    or unexpected, the manifest is not the published one, the format is of another release, or the
    adaptation is of another vector space than the classifier.
    """
    folder = forum_dir / version
    if not folder.is_dir():
        raise NoModel(forum_dir)
    manifest = _checked_manifest(folder, manifest_digest)
    _check_files(folder, manifest["files"])
    classifier = joblib.load(folder / _CLASSIFIER)
    adaptation = _open_adaptation(folder, classifier) if _ADAPTATION in manifest["files"] else None
    return Bundle(version, classifier, load_ranker(folder / _RANKER), manifest, adaptation)


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
    if manifest["format"] not in (_PLAIN, _ADAPTED):
        known = f"{_PLAIN} or {_ADAPTED}"
        raise BundleRefused(folder, f"its format {manifest['format']} is not {known}")
    return manifest


def _open_adaptation(folder: Path, classifier: Classifier) -> Adaptation:
    try:
        found = load_adaptation(folder / _ADAPTATION)
    except BadFile as error:
        raise BundleRefused(folder, f"{_ADAPTATION} cannot be read ({error})") from error
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
