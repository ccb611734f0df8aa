"""A model's parts -> a new version's folder, complete and signed from the moment it has its name.

In: fitted parts, facts and documents. Out: the version and the digest of its manifest.
Not here: telling the store of it (registry).
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from triage.bundle.parts import FORMAT, GATE, QUALITY, RANKER, Fitted, save_parts
from triage.bundle.verifying import MANIFEST, SIGNATURE, digest_of
from triage.crypto.signing import Signer

_CURRENT = "CURRENT"
_DOCUMENT = re.compile(r"[a-z][a-z0-9_]{0,39}\.(md|json|txt)")
_NOT_DOCUMENTS = frozenset({MANIFEST, RANKER, GATE, QUALITY})


@dataclass(frozen=True, slots=True)
class Written:
    """A bundle that is on disk: its version and the SHA-256 of its manifest."""

    version: str
    manifest_digest: str
    manifest: Mapping[str, Any]


def write_bundle(
    forum_dir: Path,
    fitted: Fitted,
    *,
    signer: Signer,
    created: datetime,
    facts: Mapping[str, Any],
    documents: Mapping[str, str] = {},
) -> Written:
    """Write a new version under `forum_dir`; it appears under its name only when complete.

    `facts` (data fingerprint, library versions, metrics ...) go into the manifest as they are,
    but for the names that it has itself.
    `documents` are more texts by file name (`model_card.md` ...), hashed like every other file.
    Raises ValueError for a document whose name is no plain name of a text, or taken.
    """
    _check_names(documents)
    forum_dir.mkdir(parents=True, exist_ok=True)
    beside = forum_dir / f".writing-{os.getpid()}-{created:%Y%m%dT%H%M%S%f}"
    beside.mkdir()
    try:
        save_parts(fitted, beside)
        for name, text in documents.items():
            (beside / name).write_text(text, encoding="utf-8")
        files = {path.name: digest_of(path) for path in sorted(beside.iterdir())}
        # Two runs in one second on the same data are two versions all the same.
        marked = _sha256_of(json.dumps([files, created.isoformat()], sort_keys=True))[:6]
        version = f"{created:%Y%m%d-%H%M%S}-{marked}"
        manifest = {
            **facts,
            "format": FORMAT,
            "version": version,
            "forum": forum_dir.name,
            "created": created.isoformat(),
            "encoder": fitted.classifier.encoder_id,
            "files": files,
        }
        written = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        (beside / MANIFEST).write_text(written, encoding="utf-8")
        (beside / SIGNATURE).write_text(signer.sign(written.encode()), encoding="ascii")
        beside.rename(forum_dir / version)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Written(version, _sha256_of(written), manifest)


def point_current(forum_dir: Path, version: str | None) -> None:
    """Mirror the live version in the forum's CURRENT file, for people who look at the folder."""
    if version is None:
        (forum_dir / _CURRENT).unlink(missing_ok=True)
        return
    beside = forum_dir / f".{_CURRENT}-{os.getpid()}"
    beside.write_text(version + "\n", encoding="utf-8")
    beside.replace(forum_dir / _CURRENT)


def _check_names(documents: Iterable[str]) -> None:
    for name in documents:
        if not _DOCUMENT.fullmatch(name) or name in _NOT_DOCUMENTS:
            raise ValueError(f"{name!r} cannot name a document of a bundle")


def _sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
