"""What a snapshot says of itself: what it was made with, what it agrees with, each file's digest.

In: the folder of a snapshot. Out: its manifest, read and checked against every byte beside it.
Not here: where snapshots lie (shelf).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
_PIECE_BYTES = 1 << 20
# Another version of any of them may cut, weigh or write otherwise.
_PACKAGES = ("triage", "tantivy", "faiss-cpu", "numpy")

# A file's digest by what tells that it is the same file and as it was.
Digests = dict[tuple[int, int, int, int], str]


class Broken(Exception):
    """A snapshot that is not what was written, or not for this index; said in a few words."""


@dataclass(frozen=True, slots=True)
class MadeWith:
    """What decides how threads stand in an index, besides the threads themselves."""

    encoder: str
    dimension: int | None
    boilerplate: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A snapshot's own words.

    It agrees with the store at `revision`; it was made from nothing at `built`. What was removed
    or replaced between the two is found by nobody and may still stand in its files, the oldest of
    it since `leftovers_since`. `files` has the bytes and the SHA-256 of each.
    """

    made_with: MadeWith
    revision: int
    built: int
    leftovers_since: datetime | None
    saved_at: datetime
    threads: int
    files: Mapping[str, tuple[int, str]]

    @property
    def bytes(self) -> int:
        """How large all its files are together."""
        return sum(size for size, _ in self.files.values())


def made_with(encoder: str, dimension: int | None, boilerplate: str) -> MadeWith:
    """Return what an index of this process is made with."""
    return MadeWith(encoder, dimension, boilerplate, _versions())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it beside the files that it names."""
    told = _told(manifest)
    text = json.dumps({**told, "seal": _seal(told)}, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read it, without a look at the files. Raises Broken, OSError."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told.pop("seal", None) != _seal(told):
            raise Broken("its manifest was altered")
        if told["format"] != FORMAT:
            raise Broken("it is of another format")
        return _manifest(told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken("its manifest cannot be read") from error


def check_files(folder: Path, manifest: Manifest, digests: Digests) -> None:
    """Raise Broken unless the folder holds just the files of the manifest, byte by byte."""
    there = {name_of(folder, path) for path in files_in(folder)}
    if there != set(manifest.files):
        raise Broken("files of it are missing or were added")
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        found = path.stat()
        if found.st_size != size or digest_of(path) != digest:
            raise Broken(f"its file {name} was altered")
        digests[_same(path)] = digest


def described(folder: Path, digests: Digests) -> dict[str, tuple[int, str]]:
    """Return the bytes and the SHA-256 of every file; what is known already is not read again."""
    found = {}
    for path in files_in(folder):
        key = _same(path)
        digest = digests.get(key) or digest_of(path)
        digests[key] = digest
        found[name_of(folder, path)] = (path.stat().st_size, digest)
    return found


def files_in(folder: Path) -> Iterator[Path]:
    """Give every file of a snapshot but its manifest."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / NAME:
            yield path


def name_of(folder: Path, path: Path) -> str:
    """Return how a file is called in the manifest."""
    return path.relative_to(folder).as_posix()


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    sha = hashlib.sha256()
    with path.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            sha.update(piece)
    return sha.hexdigest()


def _same(path: Path) -> tuple[int, int, int, int]:
    found = path.stat()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _told(manifest: Manifest) -> dict[str, Any]:
    since = manifest.leftovers_since
    return {
        "format": FORMAT,
        **asdict(manifest),
        "leftovers_since": since.isoformat() if since else None,
        "saved_at": manifest.saved_at.isoformat(),
        "files": {name: list(found) for name, found in manifest.files.items()},
    }


def _manifest(told: Mapping[str, Any]) -> Manifest:
    since = told["leftovers_since"]
    return Manifest(
        MadeWith(**told["made_with"]),
        int(told["revision"]),
        int(told["built"]),
        datetime.fromisoformat(since) if since else None,
        datetime.fromisoformat(told["saved_at"]),
        int(told["threads"]),
        {name: (int(size), str(digest)) for name, (size, digest) in told["files"].items()},
    )


def _seal(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@cache
def _versions() -> Mapping[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found
