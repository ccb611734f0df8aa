"""What one server holds open: the store, the encoders, and a desk for each forum.

In: settings. Out: open parts, or the error that says why one is missing. A missing part is
tried again, so that recovery needs no restart; meanwhile the server lives and says what to do.
Not here: HTTP (the rest of this room), what a desk does (desk).
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from triage import store, text
from triage.api.errands.background import Background
from triage.api.errands.canaries import Aviary
from triage.api.errands.child import Child
from triage.api.errands.delivering import Delivering
from triage.api.errands.filing import Filing
from triage.api.errands.marks import Marks
from triage.api.errands.overseeing import Silent
from triage.api.errands.regular import regular_rounds, regular_works
from triage.api.errands.rounds import Rounds
from triage.api.errands.told import Told
from triage.api.errands.trials import Trials
from triage.api.event_streams import EventStreams
from triage.api.found import Found
from triage.api.part import Part
from triage.api.rates import Rates
from triage.assigning import Shares
from triage.crypto.persons import HashPerson, person_hasher
from triage.demo.cards import Cards
from triage.desk import Desk
from triage.encode import Encoder
from triage.encoders import EncoderName, Encoders, recorded_encoder
from triage.errors import StoreUnavailable, TriageError, Unavailable
from triage.importing.shelves import ThreadShelf
from triage.originals import Originals, originals
from triage.privacy import ErasureLog, catch_up
from triage.records import ApiKey, Forum, Visitor
from triage.settings import Settings
from triage.visitors import check_visitor, open_secret

_log = logging.getLogger(__name__)
_USE_NOTED_EVERY = timedelta(hours=1)

NoteUse = Callable[[store.Connection, int, str, datetime], None]


class Installation:
    """The open parts of one server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.started_at = datetime.now(UTC)
        self._store = Part(self._open_store)
        self._encoders: dict[EncoderName, Part[Encoder | None]] = {}
        self.marks = Marks()
        self.silent: Silent = {}
        self.aviary = Aviary()
        works = regular_works(self.wish, self.database, self.differing, self.desk, settings)
        self._background = Background(Child(settings), works, self.marks)
        around = (self._encoder_of, self.desk, self.silent, self.aviary)
        rounds = regular_rounds(*around, settings)
        self._rounds = Rounds(self.database, rounds, self.marks)
        self._told = Told(settings, self.database, self._shelf)
        self._delivering = Delivering(Child(settings), self.database)
        self._filing = Filing(settings, self.database, self.desk)
        self.streams = EventStreams()
        self.trials = Trials(settings)
        self.rates = Rates.of(settings)
        self.demo = Cards() if settings.demo else None
        self._database: store.Database | None = None
        self._desks: dict[str, Desk] = {}
        self._uses: dict[tuple[int, str], datetime] = {}
        self._lock = threading.Lock()
        # Whoever makes a report holds it.
        self.reporting = threading.Lock()
        self.found = Found(settings)

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
        self._delivering.start()
        self._rounds.start()
        self._told.start()
        self._filing.start()

    def close(self) -> None:
        """Let go of the store, and of whatever works in the background."""
        self.streams.close()
        self.trials.close()
        self.found.close()
        self._background.stop()
        self._delivering.stop()
        self._rounds.stop()
        self._told.stop()
        self._filing.stop()
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
                    originals=self.originals(forum),
                    changed=self._forget_encoders,
                    redaction=self.settings.redaction,
                    shares=Shares(self.settings.usual_holdout),
                    index_dir=self.settings.snapshots,
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

    def originals(self, forum: Forum) -> Originals:
        """Return what keeps and opens what only an expert may read."""
        days = self.settings.kept.days["originals"]
        return originals(self.settings.person_key, forum.name, days)

    def note_use(self, key: ApiKey) -> None:
        """Note now and then that a key is in use: not with every request, since it is a write."""
        self._note_use(store.note_key_use, key.forum, key.prefix)

    def check_visitor(self, forum: Forum, token: str) -> Visitor:
        """Return whom a token of the forum's server speaks of. Raises BadVisitor, SealBroken."""
        database, now = self.database(), datetime.now(UTC)

        def find(secret_id: str) -> bytes | None:
            ours = self.demo.secret_of(secret_id) if self.demo is not None else None
            if ours is not None:
                return ours
            with database.read() as c:
                return open_secret(c, forum, self.settings.person_key, secret_id)

        longest = timedelta(minutes=self.settings.visitor_minutes)
        visitor, secret_id = check_visitor(token, forum.name, find, now, longest)
        self._note_use(store.note_visitor_use, forum, secret_id)
        return visitor

    def origins(self) -> frozenset[str]:
        """Return the sites whose pages may call with some forum's publishable key."""
        with self.database().read() as c:
            return store.listed_origins(c, datetime.now(UTC))

    def _note_use(self, note: NoteUse, forum: Forum, name: str) -> None:
        now = datetime.now(UTC)
        noted = self._uses.get((forum.id, name))
        if noted is not None and now - noted < _USE_NOTED_EVERY:
            return
        self._uses[forum.id, name] = now
        with self.database().write() as c:
            note(c, forum.id, name, now)

    def troubles(self) -> Mapping[str, TriageError | None]:
        """Try all parts and return what is wrong with each; every forum needs its encoder."""
        found = {"store": _trouble(self.database), "encoder": _trouble(self._open_encoders)}
        return {**found, "canaries": self.aviary.trouble}

    def _encoder_of(self, forum: Forum) -> Encoder | None:
        return self.desk(forum).serving.encoder

    def _shelf(self, forum: Forum) -> ThreadShelf:
        return ThreadShelf(self.desk(forum).knowledge, self.hasher(forum))

    def _open_store(self) -> store.Database:
        last = self._database
        if last is not None:
            # Opening creates a file that is missing: a store that was here must come back first,
            # or every key and thread would seem never to have been.
            last.close()
            last.ping()
        self._check_person_key()
        self._database = self._caught_up(store.Database(self.settings.store_url))
        with self._lock:
            # A restored store may be older than what the indexes hold.
            self._desks.clear()
        return self._database

    def _caught_up(self, database: store.Database) -> store.Database:
        """Have a store that was restored forget whom it should: nobody is served before that."""
        ours = self.settings
        log = ErasureLog(ours.erasures, ours.erasure_signer)
        try:
            catch_up(database, log, ours.signer, ours.models_dir, ours.snapshots)
        except BaseException:
            database.close()
            raise
        return database

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
