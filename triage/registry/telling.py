"""What there is to know of a forum's versions.

In: the store's rows, manifests and documents. Out: values for people and programs. Only manifests
that are the published ones are believed; nothing is unpickled.
Not here: how it looks (cli, api).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage import store
from triage.bundle import read_manifest, verified_manifest
from triage.errors import BundleRefused
from triage.registry.base import Registry
from triage.registry.former import once_live
from triage.registry.verdicts import Verdict, verdict_of
from triage.store import HistoryRow

CARD = "model_card.md"
_COMPARED = ("data", "metrics", "gate", "reliability", "adaptation", "answer_quality")


@dataclass(frozen=True, slots=True)
class Version:
    """One version in a line. `trouble` says why it could not be opened, as far as is seen at once.

    `former` marks the one that a rollback goes back to.
    """

    version: str
    created: datetime
    live: bool
    former: bool
    cases: int | None
    encoder: str | None
    verdict: Verdict | None
    size_bytes: int
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is known of one version."""

    version: Version
    manifest: Mapping[str, Any]
    card: str | None
    history: tuple[HistoryRow, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One number or word of two versions side by side; None where a version has it not."""

    name: str
    left: object
    right: object


def list_versions(registry: Registry) -> list[Version]:
    """Return the versions, newest first. Raises NoForum."""
    with registry.database.read() as c:
        forum = store.get_forum(c, registry.forum)
        rows = store.list_models(c, forum.id)
        history = store.list_history(c, forum.id)
    path = once_live(history, forum.live_version, {row.version for row in rows})
    before = path[:-1] if forum.live_version is not None else path
    former = before[-1] if before else None
    return [_version(registry, row, forum.live_version, former) for row in rows]


def show(registry: Registry, version: str) -> Shown:
    """Return one version. Raises NoForum, NoVersion, and BundleRefused without its manifest."""
    with registry.database.read() as c:
        forum = store.get_forum(c, registry.forum)
        row = registry.row(c, forum.id, version)
        history = store.list_history(c, forum.id)
    folder = registry.folder / version
    manifest = read_manifest(folder, row.manifest_digest)
    told = next(v for v in list_versions(registry) if v.version == version)
    card = None
    if CARD in manifest["files"] and (folder / CARD).is_file():
        card = (folder / CARD).read_text(encoding="utf-8")
    about = tuple(h for h in history if version in (h.version, h.former))
    return Shown(told, manifest, card, about)


def compare(registry: Registry, left: str, right: str) -> list[Difference]:
    """Return what two versions were measured at, their thresholds and sizes. Raises as `show`."""
    both = [_facts(registry, version) for version in (left, right)]
    names = dict.fromkeys(name for facts in both for name in facts)
    return [Difference(name, both[0].get(name), both[1].get(name)) for name in names]


def _facts(registry: Registry, version: str) -> dict[str, object]:
    row = registry.read_row(version)
    manifest = read_manifest(registry.folder / version, row.manifest_digest)
    verdict = verdict_of(manifest)
    facts: dict[str, object] = {
        "created": manifest["created"],
        "encoder": manifest["encoder"],
        "verdict": verdict.word if verdict else None,
    }
    for part in _COMPARED:
        facts.update(_leaves(part, manifest.get(part)))
    for name in manifest["files"]:
        path = registry.folder / version / name
        facts[f"bytes.{name}"] = path.stat().st_size if path.is_file() else None
    return facts


def _leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Yield the numbers and words of a nested value; of lists only how long they are."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    elif isinstance(value, list):
        yield f"{name} (how many)", len(value)
    elif value is not None:
        yield name, value


def _version(
    registry: Registry, row: store.ModelRow, live: str | None, former: str | None
) -> Version:
    folder = registry.folder / row.version
    manifest: Mapping[str, Any] = {}
    trouble = None
    try:
        manifest = read_manifest(folder, row.manifest_digest)
        verified_manifest(folder, row.manifest_digest, registry.signer)
    except BundleRefused as error:
        trouble = str(error) if folder.is_dir() else "its folder is missing"
    return Version(
        row.version,
        row.created_at,
        live=row.version == live,
        former=row.version == former,
        cases=manifest.get("data", {}).get("cases"),
        encoder=manifest.get("encoder"),
        verdict=verdict_of(manifest),
        size_bytes=sum(p.stat().st_size for p in folder.glob("*") if p.is_file()),
        trouble=trouble,
    )
