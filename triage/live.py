"""The live bundle of a forum, open: followed when another goes live, kept when that is refused.

In: the version that ought to be live. Out: the bundle to use, and whether it is that one. A newly
published one is opened before the old one is let go.
Not here: files and hashes (bundle), what a bundle is used for (pipeline).
"""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from triage import store
from triage.bundle import Bundle, open_bundle
from triage.encode import Encoder
from triage.errors import BundleRefused, NoModel
from triage.records import Forum

_log = logging.getLogger(__name__)
# A refused bundle is tried again, since a restored folder needs no restart; not on every call,
# since hashing it takes longer than a reply.
_RETRY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Held:
    """The bundle in use, and the version that ought to be when that one was refused."""

    bundle: Bundle | None = None
    refused: str | None = None
    tried_at: float = 0.0


class LiveBundle:
    """What one forum's replies are made with, for the vectors of one encoder."""

    def __init__(
        self, database: store.Database, forum: Forum, forum_dir: Path, encoder: Encoder | None
    ) -> None:
        self._database = database
        self._forum = forum
        self._forum_dir = forum_dir
        self._encoder = encoder
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
        """Return the bundle to use and whether it is not the one that should be."""
        held = self._held
        if version is None:
            return None, False
        if held.bundle is not None and held.bundle.version == version:
            return held.bundle, False
        if held.refused == version and time.monotonic() - held.tried_at < _RETRY_SECONDS:
            return held.bundle, True
        with self._lock:
            if self._held is held:
                self._held = self._swap(held, version)
            return self._held.bundle, self._held.refused is not None

    def _swap(self, old: _Held, version: str) -> _Held:
        try:
            return _Held(self._open_version(version))
        except (BundleRefused, NoModel) as error:
            _log.error("bundle_refused forum=%s version=%s", self._forum.name, version)
            _log.info("%s", error)
            return _Held(old.bundle, version, time.monotonic())

    def _open_version(self, version: str) -> Bundle:
        with self._database.read() as c:
            row = store.get_model(c, self._forum.id, version)
        if row is None:
            raise NoModel(self._forum_dir)
        bundle = open_bundle(self._forum_dir, version, row.manifest_digest)
        expected = self._encoder.id if self._encoder else None
        if bundle.classifier.encoder_id != expected:
            raise BundleRefused(
                self._forum_dir / version,
                f"it was trained on vectors of {bundle.classifier.encoder_id}, the service uses"
                f" {expected}",
            )
        return bundle
