"""A version as one file that goes from one installation to another.

In: a version, or a file that claims to be one. Out: the file, or the version, signed with this
installation's key. A file from elsewhere is whatever its sender made it: only plain files of plain
names within bounds are taken out of it, and nothing of it is unpickled here.
Not here: whether a version is any good (it answers its smoke questions before it serves).
"""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from triage import store
from triage.bundle import (
    MANIFEST,
    SIGNATURE,
    check_files,
    digest_of,
    sign_bundle,
    signature_of,
    verified_manifest,
)
from triage.crypto.signing import Standing, signed_by
from triage.errors import BadFile, BundleRefused, NoModel
from triage.records import Actor
from triage.registry.base import Registry
from triage.registry.noting import record
from triage.registry.unpacking import unpack
from triage.store import ModelAction


def export_version(
    registry: Registry, version: str, file: Path, *, by: Actor, reason: str | None = None
) -> str:
    """Write a version to a gzipped tar with its manifest and signature; return the file's SHA-256.

    Raises NoVersion, NoModel, BundleRefused, and BadFile for a file that is there already.
    """
    row = registry.read_row(version)
    folder = registry.folder / version
    if not folder.is_dir():
        raise NoModel(registry.folder)
    manifest = verified_manifest(folder, row.manifest_digest, registry.signer)
    check_files(folder, manifest["files"])
    if file.exists():
        raise BadFile(file, "it is there already; name another")
    beside = file.with_name(f".{file.name}-{os.getpid()}")
    try:
        with tarfile.open(beside, "w:gz", format=tarfile.PAX_FORMAT) as tar:
            for name in (MANIFEST, SIGNATURE, *manifest["files"]):
                _add(tar, folder / name, f"{version}/{name}", row.created_at)
        digest = digest_of(beside)
        details = {"sha256": digest}
        with registry.database.write() as c:
            forum_id = store.get_forum(c, registry.forum).id
            done = ModelAction.EXPORT
            record(c, forum_id, by, done, version, reason=reason, details=details)
        beside.replace(file)
    except OSError as error:
        raise BadFile(file, f"it cannot be written ({error.strerror})") from error
    finally:
        beside.unlink(missing_ok=True)
    return digest


def import_version(
    registry: Registry, file: Path, *, by: Actor, trusted: bool = False, reason: str | None = None
) -> str:
    """Bring in a version; it is not live yet. Return its name.

    One that was not signed here needs `trusted`. Raises BadFile for what is no whole version, and
    BundleRefused for one that nobody vouches for, or whose name this forum has for another.
    """
    registry.folder.mkdir(parents=True, exist_ok=True)
    with _room(registry.folder) as room:
        version = unpack(file, room)
        folder = room / version
        manifest = _whole(file, folder, version)
        standing = registry.signer.standing((folder / MANIFEST).read_bytes(), signature_of(folder))
        foreign = standing is not Standing.OURS or manifest["forum"] != registry.forum
        if foreign and not trusted:
            raise BundleRefused(folder, _stranger(standing, manifest), _TRUST)
        details = {
            "trusted": foreign,
            "was": standing.value,
            "key": signed_by(signature_of(folder)),
            "forum": manifest["forum"],
            "sha256": digest_of(file),
        }
        sign_bundle(folder, registry.signer)
        _take_in(registry, folder, manifest, by, reason, details)
    return version


_TRUST = (
    "A model can do whatever this service can: give `--trust` only if you know who made it and got"
    " it from them unaltered."
)


def _stranger(standing: Standing, manifest: dict[str, Any]) -> str:
    match standing:
        case Standing.OURS:
            return f"it was trained for another forum ({manifest['forum']})"
        case Standing.FOREIGN:
            return "another installation signed it"
        case Standing.UNSIGNED:
            return "nobody signed it"
        case Standing.ALTERED:
            return "its signature is not that of its manifest"


def _whole(file: Path, folder: Path, version: str) -> dict[str, Any]:
    """Return the manifest, if what was unpacked is exactly what it names. Raises BadFile."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        files, named = dict(manifest["files"]), manifest["version"]
        datetime.fromisoformat(manifest["created"]).astimezone(UTC)
        sound = isinstance(manifest["forum"], str) and isinstance(manifest["format"], int)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadFile(file, f"its {MANIFEST} is missing or none") from error
    there = {path.name for path in folder.iterdir()} - {MANIFEST, SIGNATURE}
    if not sound or named != version or there != set(files):
        raise BadFile(file, f"its files are not those that its {MANIFEST} names")
    for name, sha256 in files.items():
        if digest_of(folder / name) != sha256:
            raise BadFile(file, f"{name} is not the file that its {MANIFEST} names")
    return manifest


def _take_in(
    registry: Registry,
    folder: Path,
    manifest: dict[str, Any],
    by: Actor,
    reason: str | None,
    details: dict[str, Any],
) -> None:
    """Give the folder its place and the store its row, both or neither."""
    digest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    place = registry.folder / folder.name
    created = datetime.fromisoformat(manifest["created"]).astimezone(UTC)
    with registry.database.write() as c:
        forum_id = store.get_forum(c, registry.forum).id
        known = store.get_model(c, forum_id, folder.name)
        if known is not None and known.manifest_digest != digest:
            raise BundleRefused(folder, "this forum has another bundle of that name", "Keep one.")
        if known is None:
            metrics = manifest.get("metrics", {})
            store.put_model(c, forum_id, folder.name, digest, created, metrics)
        done = ModelAction.IMPORT
        record(c, forum_id, by, done, folder.name, reason=reason, details=details)
        # What stands there is this very version, perhaps spoilt, or the leftover of a killed run.
        if place.exists():
            place.rename(folder.with_name("former"))
        folder.rename(place)


@contextmanager
def _room(forum_dir: Path) -> Iterator[Path]:
    """Give a folder beside the versions, on the same disk, and take it away again."""
    room = forum_dir / f".importing-{os.getpid()}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room)


def _add(tar: tarfile.TarFile, path: Path, name: str, at: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = path.stat().st_size, 0o644, int(at.timestamp())
    with path.open("rb") as content:
        tar.addfile(entry, content)
