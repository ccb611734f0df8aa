"""The live bundle of a forum, open: followed when another goes live, kept when that is refused.

In: the version that ought to be live. Out: the bundle to use, and whether it is that one. Another
one is opened, and found to answer as it did when it was published, while the old one goes on.
Not here: files and hashes (bundle), what a bundle is used for (pipeline).
"""

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from triage import store
from triage.bundle import Bundle, open_bundle
from triage.bundle.smoke import disagreement
from triage.crypto.signing import Signer
from triage.encode import Encoder
from triage.errors import BundleRefused, NoModel
from triage.records import Forum

_log = logging.getLogger(__name__)
# A refused bundle is tried again, since a restored folder needs no restart; not on every call,
# since hashing it takes longer than a reply.
_RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Held:
    """The bundle in use, and the version that ought to be when that one was refused.

    The bundle before it stays open: calls that read the store just before a swap, and whoever
    takes a swap back, need not wait for it.
    """

    bundle: Bundle | None = None
    former: Bundle | None = None
    refused: str | None = None
    tried_at: float = 0.0

    def open_one(self, version: str) -> Bundle | None:
        """Return this version if it is one of the two that are open."""
        both = (b for b in (self.bundle, self.former) if b is not None)
        return next((b for b in both if b.version == version), None)


class LiveBundle:
    """What one forum's replies are made with, for the vectors of one encoder."""

    def __init__(
        self,
        database: store.Database,
        forum: Forum,
        forum_dir: Path,
        encoder: Encoder | None,
        signer: Signer,
    ) -> None:
        self._database = database
        self._forum = forum
        self._forum_dir = forum_dir
        self._encoder = encoder
        self._signer = signer
        self._held = _Held()
        self._lock = threading.Lock()

    @property
    def bundle(self) -> Bundle | None:
        """The bundle in use."""
        return self._held.bundle

    @property
    def version(self) -> str | None:
        """The version in use."""
        bundle = self._held.bundle
        return bundle.version if bundle else None

    @property
    def refused(self) -> str | None:
        """The version that ought to be in use and is not."""
        return self._held.refused

    def follow(self, version: str | None) -> tuple[Bundle | None, bool]:
        """Return the bundle to use and whether it is not the one that should be.

        One caller opens another version; the others are given the one before it meanwhile.
        """
        held = self._held
        if version is None:
            return None, False
        if held.bundle is not None and held.bundle.version == version and held.refused is None:
            return held.bundle, False
        if held.refused == version and time.monotonic() - held.tried_at < _RETRY_SECONDS:
            return held.bundle, True
        if not self._lock.acquire(blocking=held.bundle is None):
            return held.bundle, held.refused is not None
        try:
            if self._held is held:
                self._held = self._swap(held, version)
            return self._held.bundle, self._held.refused is not None
        finally:
            self._lock.release()

    def _swap(self, old: _Held, version: str) -> _Held:
        try:
            with self._database.read() as c:
                row = store.get_model(c, self._forum.id, version)
            if row is None:
                raise NoModel(self._forum_dir)
            new = old.open_one(version) or open_to_serve(
                self._forum_dir, row, self._signer, self._encoder
            )
        except (BundleRefused, NoModel) as error:
            _log.error("bundle_refused forum=%s version=%s", self._forum.name, version)
            _log.info("%s", error)
            return replace(old, refused=version, tried_at=time.monotonic())
        return _Held(new, old.former if new is old.bundle else old.bundle)


def open_to_serve(
    forum_dir: Path, row: store.ModelRow, signer: Signer, encoder: Encoder | None
) -> Bundle:
    """Open a version and have it answer its smoke questions with the encoder that serves.

    Raises NoModel, and BundleRefused when its files are not what was published here, it was
    trained on vectors of another encoder, or it answers otherwise than when it was published.
    """
    bundle = open_bundle(forum_dir, row.version, row.manifest_digest, signer)
    expected = encoder.id if encoder else None
    if bundle.classifier.encoder_id != expected:
        raise BundleRefused(
            forum_dir / row.version,
            f"it was trained on vectors of {bundle.classifier.encoder_id}, the service uses"
            f" {expected}",
        )
    wrong = disagreement(
        bundle.smoke,
        bundle.classifier,
        bundle.ranker,
        bundle.gate,
        bundle.adaptation,
        encoder,
    )
    if wrong is not None:
        raise BundleRefused(forum_dir / row.version, f"it fails its smoke questions: {wrong}")
    return bundle
