"""Old versions go: folders and rows, but what happened to them stays in the history.

In: how many are kept, who acts and why. Out: what was removed, or would be.
Not here: which one is live (choosing).
"""

import os
import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from triage import store
from triage.records import Actor
from triage.registry.base import VERSION, Registry
from triage.registry.former import once_live
from triage.registry.noting import record
from triage.store import ModelAction

_BESIDE = re.compile(r"\.(writing|importing|pruned|signing)-.+")
# Whoever writes a version has its folder before its row.
_LEFT_OVER_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Pruned:
    """Versions that went, folders of runs that were killed, and the bytes of both."""

    versions: tuple[str, ...]
    leftovers: tuple[str, ...]
    size_bytes: int


def prune(
    registry: Registry, keep: int, *, by: Actor, reason: str | None = None, dry_run: bool = False
) -> Pruned:
    """Remove all but the `keep` newest versions, the live one, and the one live before it.

    With `dry_run` nothing is removed. Raises NoForum.
    """
    with registry.database.write() as c:
        forum_id = store.get_forum(c, registry.forum).id
        known = [row.version for row in store.list_models(c, forum_id)]
        path = once_live(store.list_history(c, forum_id), store.live_version_of(c, forum_id), known)
        staying = {*known[:keep], *path[-2:]}
        going = [version for version in known if version not in staying]
        for version in [] if dry_run else going:
            store.drop_model(c, forum_id, version)
            record(c, forum_id, by, ModelAction.PRUNE, version, reason=reason)
    leftovers = _leftovers(registry, set(known))
    folders = [registry.folder / name for name in (*going, *leftovers)]
    size = sum(_size(folder) for folder in folders)
    for folder in [] if dry_run else folders:
        _remove(folder)
    return Pruned(tuple(going), tuple(leftovers), size)


def _leftovers(registry: Registry, known: set[str]) -> list[str]:
    """Return folders that no row knows and nobody can be writing any more."""
    if not registry.folder.is_dir():
        return []
    long_ago = time.time() - _LEFT_OVER_SECONDS
    return sorted(
        path.name
        for path in registry.folder.iterdir()
        if path.name not in known
        and (VERSION.fullmatch(path.name) or _BESIDE.fullmatch(path.name))
        and path.lstat().st_mtime < long_ago
    )


def _size(path: Path) -> int:
    inside = path.rglob("*") if path.is_dir() else iter([path] if path.exists() else [])
    return sum(p.lstat().st_size for p in inside if p.is_file())


def _remove(path: Path) -> None:
    """Take a folder out of its name in one step, so that none is ever there by half."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        gone = path.with_name(f".pruned-{path.name}-{os.getpid()}")
        path.rename(gone)
        shutil.rmtree(gone)
