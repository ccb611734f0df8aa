"""One forum, open for asking: its knowledge, its live model, and the keeping of each ask.

In: drafts, with who asks. Out: replies, already kept. A reply is made with one bundle from start
to end; a newly published one is opened before the old one is let go, and a refused one is not
taken: the old one stays and the reply says so.
Not here: the steps (pipeline), HTTP (api).
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from triage import store
from triage.bundle import Bundle, open_bundle
from triage.decide import Policy
from triage.embedding import Progress
from triage.encode import Encoder
from triage.errors import BundleRefused, NoModel
from triage.knowledge import Knowledge
from triage.pipeline import Parts, Triaged, triage
from triage.rank import Ranker, load_ranker
from triage.records import ApiKey, Draft, Forum, Mode, Reply

_log = logging.getLogger(__name__)
# A refused bundle is tried again, since a restored folder needs no restart; not on every call,
# since hashing it takes longer than a reply.
_RETRY_SECONDS = 30.0

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Model:
    """The bundle in use, and the version that ought to be when that one was refused."""

    bundle: Bundle | None = None
    refused: str | None = None
    tried_at: float = 0.0


class Desk:
    """One forum of the installation, open."""

    def __init__(
        self,
        database: store.Database,
        forum: Forum,
        encoder: Encoder | None,
        models_dir: Path,
        *,
        policy: Policy | None = None,
        ask_window: timedelta = timedelta(minutes=30),
    ) -> None:
        self._database = database
        self._forum = forum
        self._encoder = encoder
        self._forum_dir = models_dir / forum.name
        self._policy = policy or Policy()
        self._ask_window = ask_window
        self._cold: Ranker = load_ranker()
        self._model = _Model()
        self._lock = threading.Lock()
        self.knowledge = Knowledge(database, forum.id, encoder)

    def ask(
        self, draft: Draft, key: ApiKey | None = None, *, clock: Clock = lambda: datetime.now(UTC)
    ) -> Reply:
        """Triage a draft and keep the ask. Raises EmptyDraft, StoreUnavailable."""
        forum = key.forum if key is not None else self._current()
        model, degraded = self._open_parts(forum)
        triaged = triage(self._parts(model), draft)
        mode = self._mode(model, degraded)
        now = clock()
        with self._database.write() as c:
            ask_id = store.open_ask(
                c,
                forum.id,
                key_id=key.id if key else None,
                person=triaged.question.person,
                session=triaged.question.session,
                lang=triaged.question.lang,
                test=key.test if key else True,
                at=now,
                window=self._ask_window,
                new_id=secrets.token_hex(16),
            )
            reply = self._reply(triaged, ask_id, model, mode)
            store.put_triage(c, forum.id, _row(reply, key, now))
        return reply

    def open(self, progress: Progress | None = None) -> None:
        """Build the index and open the live bundle now instead of at the first ask."""
        forum = self._current()
        if progress is not None:
            progress(f"opening forum {forum.name}")
        self.knowledge.sync()
        self._bundle(forum.live_version)

    def model_opens(self) -> bool:
        """Whether the live version is there, whole, and made for this encoder."""
        bundle, degraded = self._bundle(self._current().live_version)
        return bundle is not None and not degraded

    def parts(self) -> Parts:
        """Return what a request works with now."""
        forum = self._current()
        return self._parts(self._open_parts(forum)[0])

    def state(self) -> Mapping[str, str | float | None]:
        """Say what a health check wants to know: versions, age, and a refused model if any."""
        return {
            "index_version": self.knowledge.version,
            "index_age_seconds": round(self.knowledge.age_seconds, 3),
            "model_version": self._model.bundle.version if self._model.bundle else None,
            "model_refused": self._model.refused,
        }

    def _current(self) -> Forum:
        with self._database.read() as c:
            return store.get_forum(c, self._forum.name)

    def _open_parts(self, forum: Forum) -> tuple[Bundle | None, bool]:
        self.knowledge.sync(forum.revision)
        return self._bundle(forum.live_version)

    def _parts(self, bundle: Bundle | None) -> Parts:
        return Parts(
            encoder=self._encoder,
            index=self.knowledge.index,
            ranker=bundle.ranker if bundle else self._cold,
            classifier=bundle.classifier if bundle else None,
            policy=self._policy,
            fetch=self.knowledge.fetch,
        )

    def _bundle(self, version: str | None) -> tuple[Bundle | None, bool]:
        """Return the bundle to use and whether it is not the one that should be."""
        model = self._model
        if version is None:
            return None, False
        if model.bundle is not None and model.bundle.version == version:
            return model.bundle, False
        if model.refused == version and time.monotonic() - model.tried_at < _RETRY_SECONDS:
            return model.bundle, True
        with self._lock:
            if self._model is model:
                self._model = self._swap(model, version)
            return self._model.bundle, self._model.refused is not None

    def _swap(self, old: _Model, version: str) -> _Model:
        try:
            return _Model(self._open_version(version))
        except (BundleRefused, NoModel) as error:
            _log.error("bundle_refused forum=%s version=%s", self._forum.name, version)
            _log.info("%s", error)
            return _Model(old.bundle, version, time.monotonic())

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

    def _mode(self, bundle: Bundle | None, degraded: bool) -> Mode:
        if degraded:
            return Mode.DEGRADED
        if bundle is None:
            return Mode.UNROUTED
        return Mode.LEXICAL if self._encoder is None else Mode.HYBRID

    def _reply(self, triaged: Triaged, ask_id: str, bundle: Bundle | None, mode: Mode) -> Reply:
        return Reply(
            triage_id=secrets.token_hex(16),
            ask_id=ask_id,
            question=triaged.question,
            suggestions=triaged.suggestions,
            decision=triaged.decision,
            labels=triaged.labels,
            mode=mode,
            model_version=bundle.version if bundle else None,
            index_version=self.knowledge.version,
            index_age_seconds=round(self.knowledge.age_seconds, 3),
        )


def _row(reply: Reply, key: ApiKey | None, at: datetime) -> store.TriageRow:
    """Make the row that is kept: the redacted question and what was replied."""
    question = asdict(reply.question)
    question["groups"] = sorted(reply.question.groups)
    said: dict[str, Any] = {
        "suggestions": [asdict(s) for s in reply.suggestions],
        "same_question": [asdict(s) for s in reply.decision.same_question],
        "known_issues": [],
        "decision": {
            "destination": reply.decision.destination,
            "probability": reply.decision.destination_probability,
            "visibility": reply.decision.visibility,
            "public_allowed": reply.decision.public_allowed,
            "reasons": [asdict(r) for r in reply.decision.reasons],
        },
        "labels": {target: asdict(label) for target, label in reply.labels.items()},
        "arm": reply.arm,
    }
    return store.TriageRow(
        triage_id=reply.triage_id,
        ask_id=reply.ask_id,
        key_id=key.id if key else None,
        stage=reply.question.stage,
        at=at,
        question=question,
        reply=said,
        model_version=reply.model_version,
        index_version=reply.index_version,
        mode=reply.mode,
    )
