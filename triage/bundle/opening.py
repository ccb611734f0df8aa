"""A version's folder -> a bundle, if all of it is what this installation published.

In: a folder, the digest of its manifest, the installation's signer. Out: a bundle.
Not here: whether it answers as it did when it was published (smoke, live).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triage.adapt import Adaptation
from triage.bundle.parts import load_parts
from triage.bundle.verifying import SMOKE, check_files, verified_manifest
from triage.classify import Classifier
from triage.crypto.signing import Signer
from triage.decide.gate import Gate
from triage.errors import NoModel
from triage.rank import Ranker
from triage.rank.answer_quality import AnswerQuality


@dataclass(frozen=True, slots=True)
class Bundle:
    """A model version, open. `smoke` is what it answered when it was published."""

    version: str
    classifier: Classifier
    ranker: Ranker
    manifest: Mapping[str, Any]
    gate: Gate
    adaptation: Adaptation | None = None
    quality: AnswerQuality | None = None
    smoke: str | None = None


def open_bundle(forum_dir: Path, version: str, manifest_digest: str, signer: Signer) -> Bundle:
    """Open a version after checking its signature, then its manifest, then every file's hash.

    Raises NoModel when the folder is missing and BundleRefused when it is unsigned or signed
    elsewhere, a file is missing or altered, the manifest is not the published one, the format is
    of another release, a file holds what it cannot, or the adaptation is of another vector space
    than the classifier.
    """
    folder = forum_dir / version
    if not folder.is_dir():
        raise NoModel(forum_dir)
    manifest = verified_manifest(folder, manifest_digest, signer)
    check_files(folder, manifest["files"])
    parts = load_parts(folder, manifest)
    smoke = (folder / SMOKE).read_text(encoding="utf-8") if SMOKE in manifest["files"] else None
    return Bundle(
        version,
        parts.classifier,
        parts.ranker,
        manifest,
        gate=parts.gate,
        adaptation=parts.adaptation,
        quality=parts.quality,
        smoke=smoke,
    )
