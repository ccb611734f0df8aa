"""What one forum's replies are made with: an encoder, and the index and the bundle of its vectors.

In: the forum's row as it is now. Out: index and bundle, brought up to date, that belong together.
When the store names another encoder, index and bundle for it are made ready while the old ones go
on replying, and all three are swapped at once.
Not here: which encoder that is (encoders), what is asked of a bench (desk).
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from triage import store
from triage.bundle import Bundle
from triage.bundle.live import LiveBundle
from triage.crypto.signing import Signer
from triage.encoders import Encoders, Serving, recorded_encoder
from triage.errors import TriageError
from triage.knowledge import Knowledge
from triage.records import Forum
from triage.snapshots import Shelf

_log = logging.getLogger(__name__)
# An encoder that cannot be followed now may be there later; looking for it is slow.
_RETRY_SECONDS = 30.0


class Bench:
    """What replies are made with: an encoder, and the index and the bundle of its vectors."""

    def __init__(
        self,
        database: store.Database,
        forum: Forum,
        folder: Path,
        serving: Serving,
        signer: Signer,
        index_dir: Path | None = None,
    ) -> None:
        self.serving = serving
        shelf = Shelf(index_dir, forum.name) if index_dir is not None else None
        self.knowledge = Knowledge(database, forum.id, serving.encoder, shelf=shelf)
        self.live = LiveBundle(database, forum, folder, serving.encoder, signer)
        self._version = forum.live_version

    def follow(self, forum: Forum) -> tuple[Bundle | None, bool]:
        """Bring index and bundle up to date; return the bundle, and whether it is the wrong one."""
        self.knowledge.sync(forum.revision)
        # Beside another encoder stands another bundle: until that has come, the last one is right.
        if forum.encoder_id == self.serving.recorded:
            self._version = forum.live_version
        return self.live.follow(self._version)


class Benches:
    """The bench that replies now, and the next one while it is made ready.

    `changed` is called when another encoder has taken over.
    """

    def __init__(
        self,
        database: store.Database,
        name: str,
        encoders: Encoders,
        folder: Path,
        *,
        signer: Signer,
        changed: Callable[[], None],
        index_dir: Path | None = None,
    ) -> None:
        self._database = database
        self._name = name
        self._encoders = encoders
        self._folder = folder
        self._signer = signer
        self._index_dir = index_dir
        self._changed = changed
        self._now: Bench | None = None
        self._change: threading.Thread | None = None
        self._trouble: TriageError | None = None
        self._tried_at = 0.0
        self._closed = False
        self._lock = threading.Lock()

    @property
    def now(self) -> Bench | None:
        """The bench that replies, if one was opened."""
        return self._now

    @property
    def trouble(self) -> TriageError | None:
        """Why the encoder that the store names could not be followed, as far as was tried."""
        return self._trouble

    def forum(self) -> Forum:
        """Return the forum's row as it is now. Raises StoreUnavailable."""
        with self._database.read() as c:
            return store.get_forum(c, self._name)

    def opened(self) -> Bench:
        """Return the bench that replies, opened if need be. Raises Unavailable."""
        if self._now is None:
            with self._lock:
                if self._now is None:
                    forum = self.forum()
                    self._now = self._make(forum, self._encoders.serving(self._database, forum))
        return self._now

    def serving(self, forum: Forum) -> Bench:
        """Return what to reply with now; when the store names another encoder, prepare for it."""
        bench = self.opened()
        if forum.encoder_id not in (None, bench.serving.recorded):
            self._begin_change()
        return bench

    def close(self) -> None:
        """Give up following another encoder, let go of the index; return when that has ended."""
        with self._lock:
            self._closed = True
            change = self._change
        if change is not None:
            change.join()
        if self._now is not None:
            self._now.knowledge.close()

    def _make(self, forum: Forum, serving: Serving) -> Bench:
        where = self._database, forum, self._folder
        return Bench(*where, serving, self._signer, self._index_dir)

    def _begin_change(self) -> None:
        with self._lock:
            waits = self._trouble and time.monotonic() - self._tried_at < _RETRY_SECONDS
            if self._closed or waits or (self._change is not None and self._change.is_alive()):
                return
            self._change = threading.Thread(target=self._follow_encoder, name="encoder change")
            self._change.start()

    def _follow_encoder(self) -> None:
        """Build index and bundle of the encoder that the store names, then swap all at once."""
        try:
            while not self._closed and self._step():
                pass
            self._trouble = None
        except Exception as error:
            trouble = error if isinstance(error, TriageError) else TriageError(type(error).__name__)
            self._trouble, self._tried_at = trouble, time.monotonic()
            _log.error("encoder_not_followed forum=%s code=%s", self._name, trouble.code)
            _log.info("%s", trouble)
            if trouble is not error:
                raise

    def _step(self) -> bool:
        """Follow the store by one encoder; False when there is nothing to follow."""
        forum = self.forum()
        found = recorded_encoder(forum)
        if found is None or found[1] == self.opened().serving.recorded:
            return False
        name, recorded = found
        encoder = self._encoders.open_recorded(name, recorded)
        bench = self._make(forum, Serving(name, encoder, recorded))
        bench.follow(self.forum())
        # The former one goes, with its folder, when the last request that has it is answered.
        self._now = bench
        self._changed()
        _log.info("encoder_changed forum=%s encoder=%s", forum.name, name)
        return True
