"""What one server holds open: the store, the encoders, and a desk for each forum.

In: settings. Out: open parts, or the error that says why one is missing. A missing part is
tried again, so that recovery needs no restart; meanwhile the server lives and says what to do.
Not here: HTTP (the rest of this room), what a desk does (desk).
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from triage import store, text
from triage.api.background import Background
from triage.api.child import Child
from triage.api.encode_errands import EncodeErrands
from triage.api.errands import Work
from triage.api.event_streams import EventStreams
from triage.api.train_errands import TrainErrands
from triage.desk import Desk
from triage.encode import Encoder
from triage.encoders import EncoderName, Encoders, recorded_encoder
from triage.errors import StoreUnavailable, TriageError, Unavailable
from triage.persons import HashPerson, person_hasher
from triage.records import ApiKey, Forum
from triage.settings import Settings

_log = logging.getLogger(__name__)
RETRY_SECONDS = 5.0
_USE_NOTED_EVERY = timedelta(hours=1)

T = TypeVar("T")


class Part(Generic[T]):
    """A part that may be missing: opened at its first use, and tried again while it is not there.

    Not more often than every few seconds, and by one caller; the others are told at once.
    """

    def __init__(self, open_part: Callable[[], T]) -> None:
        self._open_part = open_part
        self._opened: tuple[T] | None = None
        self._trouble: TriageError | None = None
        self._tried_at = 0.0
        self._lock = threading.Lock()

    def get(self) -> T:
        """Return the part, or raise why it is missing."""
        if self._opened is not None:
            return self._opened[0]
        trouble = self._trouble
        if trouble is not None and time.monotonic() - self._tried_at < RETRY_SECONDS:
            raise trouble.with_traceback(None)
        if not self._lock.acquire(blocking=trouble is None) and trouble is not None:
            raise trouble.with_traceback(None)
        try:
            return self._opened[0] if self._opened is not None else self._try()
        finally:
            self._lock.release()

    def lose(self, part: T, trouble: TriageError) -> None:
        """Say that a part that was open has turned out to be missing."""
        with self._lock:
            # Another caller may have lost and even replaced it already.
            if self._opened is not None and self._opened[0] is part:
                self._opened = None
                self._fail(trouble)

    def _try(self) -> T:
        try:
            part = self._open_part()
        except TriageError as error:
            self._fail(error)
            raise
        self._opened, self._trouble = (part,), None
        return part

    def _fail(self, trouble: TriageError) -> None:
        self._trouble = trouble
        self._tried_at = time.monotonic()
        _log.error("part_missing code=%s: %s", trouble.code, trouble)


class Installation:
    """The open parts of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._store = Part(self._open_store)
        self._encoders: dict[EncoderName, Part[Encoder | None]] = {}
        self._background = Background(Child(settings), self._works())
        self.streams = EventStreams()
        self._database: store.Database | None = None
        self._desks: dict[str, Desk] = {}
        self._uses: dict[int, datetime] = {}
        self._lock = threading.Lock()

    @property
    def wish(self) -> EncoderName:
        """The encoder that every forum is to be served with."""
        ours = self.settings
        return EncoderName(ours.encoder, ours.encoder_query_prompt, ours.encoder_passage_prompt)

    def open(self) -> None:
        """Open what there is, so that the first question does not wait; never raises a TriageError.

        What is missing is in the log, and in the answer to every call until it is there.
        """
        _log.info("warming up: language models")
        text.warm_up()
        for forum in self.forums() if _trouble(self.database) is None else ():
            self._open_desk(forum)
        missing = [error.code for error in self.troubles().values() if error is not None]
        if missing:
            _log.error("not ready: %s", ", ".join(missing))
        else:
            _log.info("ready")
        self._background.start()

    def close(self) -> None:
        """Let go of the store, and of whatever works in the background."""
        self.streams.close()
        self._background.stop()
        for desk in list(self._desks.values()):
            desk.close()
        if self._database is not None:
            self._database.close()

    def forums(self) -> list[Forum]:
        """Return every forum of the store. Raises StoreUnavailable."""
        with self.database().read() as c:
            return store.list_forums(c)

    def database(self) -> store.Database:
        """Return the store, found to be there. Raises StoreUnavailable."""
        database = self._store.get()
        try:
            database.ping()
        except StoreUnavailable as error:
            self._store.lose(database, error)
            raise
        return database

    def differing(self) -> list[Forum]:
        """Return the forums that are not served with the wished encoder. Raises Unavailable."""
        return [forum for forum in self.forums() if self._differs(forum)]

    def desk(self, forum: Forum) -> Desk:
        """Return the forum's desk. Raises Unavailable while a part of it is missing."""
        database = self._store.get()
        with self._lock:
            desk = self._desks.get(forum.name)
            if desk is None:
                desk = Desk(
                    database,
                    forum,
                    Encoders(self.wish, self.encoder),
                    self.settings.models_dir,
                    signer=self.settings.signer,
                    risk=self.settings.risk,
                    ask_window=timedelta(minutes=self.settings.ask_window_minutes),
                    changed=self._forget_encoders,
                )
                self._desks[forum.name] = desk
        # Not under the lock: opening an encoder is slow, and other forums may have theirs.
        _ = desk.serving
        return desk

    def encoder(self, name: EncoderName) -> Encoder | None:
        """Return an encoder, opened once for all forums. Raises Unavailable when it is missing."""
        with self._lock:
            part = self._encoders.get(name)
            if part is None:
                part = Part(lambda: name.open(self.settings.encoder_threads))
                self._encoders[name] = part
        return part.get()

    def hasher(self, forum: Forum) -> HashPerson:
        """Return the function that hashes this forum's persons."""
        return person_hasher(self.settings.person_key, forum.name)

    def note_use(self, key: ApiKey) -> None:
        """Note now and then that a key is in use: not with every request, since it is a write."""
        now = datetime.now(UTC)
        noted = self._uses.get(key.id)
        if noted is not None and now - noted < _USE_NOTED_EVERY:
            return
        self._uses[key.id] = now
        with self.database().write() as c:
            store.note_key_use(c, key.forum.id, key.id, now)

    def troubles(self) -> Mapping[str, TriageError | None]:
        """Try both parts and return what is wrong with each; every forum needs its encoder."""
        return {"store": _trouble(self.database), "encoder": _trouble(self._open_encoders)}

    def _works(self) -> list[Work]:
        """Return what the process beside the server does; a person waits for the first."""
        works: list[Work] = [TrainErrands(self.database)]
        if self.settings.reencode == "auto":
            works.append(EncodeErrands(self.wish, self.database, self.differing))
        return works

    def _open_store(self) -> store.Database:
        last = self._database
        if last is not None:
            # Opening creates a file that is missing: a store that was here must come back first,
            # or every key and thread would seem never to have been.
            last.close()
            last.ping()
        self._check_person_key()
        self._database = store.Database(self.settings.store_url)
        with self._lock:
            # A restored store may be older than what the indexes hold.
            self._desks.clear()
        return self._database

    def _check_person_key(self) -> None:
        try:
            person_hasher(self.settings.person_key, "")
        except (OSError, ValueError) as error:
            raise StoreUnavailable(
                "the installation key in TRIAGE_DATA_DIR cannot be read or made"
            ) from error

    def _open_encoders(self) -> None:
        forums = self.forums() if _trouble(self.database) is None else []
        for forum in forums:
            self.desk(forum)
        if not forums:
            self.encoder(self.wish)

    def _differs(self, forum: Forum) -> bool:
        recorded = recorded_encoder(forum)
        if recorded is None or recorded[0] != self.wish:
            return recorded is not None
        try:
            return self.desk(forum).serving.trouble is not None
        except Unavailable:
            # There is nothing else that it could be encoded with.
            return False

    def _forget_encoders(self) -> None:
        """Let go of encoders that no forum is served with any more."""
        with self._lock:
            used = {desk.encoder_name for desk in self._desks.values()}
            self._encoders = {n: part for n, part in self._encoders.items() if n in used}

    def _open_desk(self, forum: Forum) -> None:
        try:
            self.desk(forum).open(lambda step: _log.info("warming up: %s", step))
        except TriageError as error:
            _log.error("forum %s is not ready: %s: %s", forum.name, error.code, error)


def _trouble(get: Callable[[], object]) -> TriageError | None:
    try:
        get()
    except TriageError as error:
        return error
    return None
