"""Which version serves: another one, the one before, or one that has to be trusted first.

In: a version's name, the encoder that serves, who acts and why. Out: the change, recorded. Nothing
changes before the version was opened and has answered its smoke questions.
Not here: servers, which follow the store by themselves (bundle.live).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triage import store
from triage.audit.acting import plain_reason
from triage.bundle import check_files, read_manifest, sign_bundle, signature_of
from triage.bundle.live import open_to_serve
from triage.crypto.signing import Standing, signed_by
from triage.embedding import identity
from triage.encode import Encoder
from triage.errors import BundleRefused, ModelChanged, NoFormerVersion, NoModel, VerdictAgainst
from triage.records import Actor
from triage.registry.base import Registry, mirror
from triage.registry.former import once_live
from triage.registry.noting import record
from triage.registry.publishing import go_live
from triage.registry.verdicts import verdict_of
from triage.store import ModelAction


@dataclass(frozen=True, slots=True)
class Activated:
    """The version that is live now, and the one that was before."""

    version: str
    former: str | None


def activate(
    registry: Registry,
    version: str,
    encoder: Encoder | None,
    *,
    by: Actor,
    reason: str | None = None,
    force: str | None = None,
    instead_of: str | None = None,
) -> Activated:
    """Make a version live; `force` is the reason to do so although the gate did not pass it.

    `instead_of` is the version that is live as far as whoever acts knows, "" for none. Raises
    NoVersion, NoModel, BundleRefused, VerdictAgainst, and ModelChanged where another is live
    meanwhile; then nothing has changed.
    """
    manifest = open_to_serve(
        registry.folder, registry.read_row(version), registry.signer, encoder
    ).manifest
    verdict = verdict_of(manifest)
    against = verdict is not None and not verdict.passed
    # What has no words in it is no reason.
    if verdict is not None and against and not plain_reason(force or ""):
        raise VerdictAgainst(version, verdict.why, verdict.more)
    how = _How(ModelAction.ACTIVATE, by, force or reason, against, instead_of)
    return _switch(registry, version, encoder, how)


def rollback(
    registry: Registry,
    encoder: Encoder | None,
    *,
    by: Actor,
    reason: str | None = None,
    instead_of: str | None = None,
) -> Activated:
    """Make the version live that was live before this one; again goes further back.

    `instead_of` is as in `activate`. Raises NoFormerVersion, NoModel, BundleRefused and
    ModelChanged; then nothing has changed.
    """
    with registry.database.read() as c:
        forum = store.get_forum(c, registry.forum)
        there = {row.version for row in store.list_models(c, forum.id)}
        path = once_live(store.list_history(c, forum.id), forum.live_version, there)
    how = _How(ModelAction.ROLLBACK, by, reason, instead_of=instead_of)
    # Who sends it twice is told that it was done, not that there is nothing to go back to.
    how.check(forum.live_version, "")
    before = path[:-1] if forum.live_version is not None else path
    if not before:
        raise NoFormerVersion(registry.forum)
    open_to_serve(registry.folder, registry.read_row(before[-1]), registry.signer, encoder)
    return _switch(registry, before[-1], encoder, how)


def trust(
    registry: Registry, versions: Sequence[str], *, by: Actor, reason: str | None = None
) -> list[str]:
    """Sign versions whose files are what the store knows; return those that were not signed here.

    For bundles of before they were signed, and after the installation key was changed or lost. With
    no versions, all. Raises NoVersion, NoModel and BundleRefused.
    """
    with registry.database.read() as c:
        forum = store.get_forum(c, registry.forum)
        rows = [registry.row(c, forum.id, v) for v in versions] or store.list_models(c, forum.id)
    signed = []
    for row in rows:
        if not versions and not (registry.folder / row.version).is_dir():
            continue
        standing, key = _sign(registry, row)
        if standing is Standing.OURS:
            continue
        details = {"was": standing.value, "key": key}
        done = ModelAction.TRUST
        with registry.database.write() as c:
            record(c, forum.id, by, done, row.version, reason=reason, details=details)
        signed.append(row.version)
    return signed


def _sign(registry: Registry, row: store.ModelRow) -> tuple[Standing, str | None]:
    """Sign a version unless it is; return whose it was and the key that it was signed with."""
    folder = registry.folder / row.version
    if not folder.is_dir():
        raise NoModel(registry.folder)
    manifest = read_manifest(folder, row.manifest_digest)
    check_files(folder, manifest["files"])
    signature = signature_of(folder)
    standing = registry.signer.standing((folder / "manifest.json").read_bytes(), signature)
    if standing is not Standing.OURS:
        sign_bundle(folder, registry.signer)
    return standing, signed_by(signature)


@dataclass(frozen=True, slots=True)
class _How:
    """By what act, by whom and why another version becomes live, and instead of which."""

    action: ModelAction
    by: Actor
    reason: str | None
    forced: bool = False
    instead_of: str | None = None

    def check(self, live: str | None, version: str) -> None:
        """Raise ModelChanged where another is live than whoever acts has seen.

        Who sends an activation twice has what they wanted; a rollback would go further back.
        """
        again = self.action is ModelAction.ACTIVATE and live == version
        if self.instead_of not in (None, live or "") and not again:
            raise ModelChanged(live)


def _switch(registry: Registry, version: str, encoder: Encoder | None, how: _How) -> Activated:
    with registry.database.write() as c:
        forum = store.get_forum(c, registry.forum)
        registry.row(c, forum.id, version)
        if forum.encoder_id not in (None, identity(encoder)):
            raise BundleRefused(
                registry.folder / version,
                "the forum has come to be served with another encoder",
                "Activate a version that was trained for it.",
            )
        how.check(forum.live_version, version)
        if forum.live_version == version:
            return Activated(version, version)
        former = go_live(
            c,
            forum.id,
            version,
            by=how.by,
            reason=how.reason,
            action=how.action,
            details={"forced": True} if how.forced else {},
        )
    mirror(registry)
    return Activated(version, former)
