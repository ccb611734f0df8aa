"""One forum, open for asking: its knowledge and its live model.

In: drafts, with who asks. Out: replies, already kept. A reply is made with one encoder, index and
bundle from start to end. When the store names another encoder, index and bundle for it are made
ready while the old ones go on replying, and all three are swapped at once.
Not here: the steps (pipeline), keeping asks (keeping), which bundle is live (live), HTTP (api).
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from triage import store
from triage.affected import BesideReply
from triage.answer_quality import AnswerQuality, load_quality
from triage.assigning import Shares
from triage.bench import Bench
from triage.bundle import Bundle
from triage.decide import Policy
from triage.embedding import Progress, space_of
from triage.encode import TextRole
from triage.encoders import EncoderName, Encoders, Serving, recorded_encoder
from triage.errors import TriageError
from triage.forum_redaction import ForumRedaction
from triage.gate import RISK, Gate, shipped_gate
from triage.jobs import told_of
from triage.keeping import NOBODY_WITHHELD, Keeping, MadeWith
from triage.knowledge import Knowledge
from triage.originals import Originals
from triage.pipeline import Parts, triage
from triage.questions import Foresight
from triage.rank import Ranker, load_ranker
from triage.records import ApiKey, Draft, Forum, JobKind, Mode, Reply
from triage.redaction import NO_REDACTION, Redaction
from triage.signing import Signer
from triage.surroundings import Surroundings
from triage.trusting import Trusting

_log = logging.getLogger(__name__)
# An encoder that cannot be followed now may be there later; looking for it is slow.
_RETRY_SECONDS = 30.0

Clock = Callable[[], datetime]


class Desk:
    """One forum of the installation, open."""

    def __init__(
        self,
        database: store.Database,
        forum: Forum,
        encoders: Encoders,
        models_dir: Path,
        *,
        signer: Signer,
        policy: Policy | None = None,
        risk: float = RISK,
        ask_window: timedelta = timedelta(minutes=30),
        originals: Originals | None = None,
        changed: Callable[[], None] = lambda: None,
        redaction: Redaction = NO_REDACTION,
        shares: Shares = NOBODY_WITHHELD,
    ) -> None:
        self._database = database
        self._forum = forum
        self._redaction = ForumRedaction(database, forum.id, redaction)
        self._trusting = Trusting(database, forum.id)
        self._encoders = encoders
        self._forum_dir = models_dir / forum.name
        self._signer = signer
        self.foresight = Foresight(database, forum.id)
        self._surroundings = Surroundings(database, forum.id, policy)
        self._beside = BesideReply(database, forum.id)
        self._keeping = Keeping(database, forum.id, ask_window, originals, shares)
        self._changed = changed
        self._cold: Ranker = load_ranker()
        self._cold_gate: Gate = shipped_gate(risk)
        self._cold_quality: AnswerQuality = load_quality()
        self._bench: Bench | None = None
        self._change: threading.Thread | None = None
        self._trouble: TriageError | None = None
        self._tried_at = 0.0
        self._closed = False
        self._lock = threading.Lock()

    @property
    def knowledge(self) -> Knowledge:
        """The forum's threads, as they are searched now. Raises Unavailable without an encoder."""
        return self._opened().knowledge

    @property
    def serving(self) -> Serving:
        """The encoder in use. Raises Unavailable when there is none."""
        return self._opened().serving

    @property
    def encoder_name(self) -> EncoderName | None:
        """The name of the encoder in use, if one is open."""
        return self._bench.serving.name if self._bench is not None else None

    def ask(
        self, draft: Draft, key: ApiKey | None = None, *, clock: Clock = lambda: datetime.now(UTC)
    ) -> Reply:
        """Triage a draft and keep the ask. Raises EmptyDraft, StoreUnavailable."""
        forum = key.forum if key is not None else self._current()
        bench = self._bench_for(forum)
        bundle, degraded = bench.follow(forum)
        now = clock()
        triaged = triage(self._parts(bench, bundle, now), draft)
        beside = self._beside.find(bench.serving.encoder, triaged.question, triaged.vector)
        made = MadeWith(
            mode=self._mode(bench, bundle, degraded),
            model_version=bundle.version if bundle else None,
            index_version=bench.knowledge.version,
            index_age_seconds=round(bench.knowledge.age_seconds, 3),
            space=space_of(bench.serving.encoder, TextRole.QUERY)
            if bench.serving.encoder
            else None,
            known_issues=beside.known_issues,
            also_affected=beside.also_affected,
        )
        reply = self._keeping.keep(draft, triaged, made, key, now)
        half, missing = self.foresight.of(triaged.question, triaged.labels, triaged.decision)
        return replace(reply, expected_seconds=half, missing=missing)

    def open(self, progress: Progress | None = None) -> None:
        """Build the index and open the live bundle now instead of at the first ask."""
        forum = self._current()
        if progress is not None:
            progress(f"opening forum {forum.name}")
        self._bench_for(forum).follow(forum)
        self.foresight.warm()

    def close(self) -> None:
        """Give up following another encoder; return when that has ended."""
        self._surroundings.close()
        with self._lock:
            self._closed = True
            change = self._change
        if change is not None:
            change.join()

    def model_opens(self) -> bool:
        """Whether the live version is there, whole, and made for this encoder."""
        forum = self._current()
        bundle, degraded = self._bench_for(forum).live.follow(forum.live_version)
        return bundle is not None and not degraded

    def parts(self) -> Parts:
        """Return what a request works with now."""
        forum = self._current()
        bench = self._bench_for(forum)
        return self._parts(bench, bench.follow(forum)[0], datetime.now(UTC))

    def state(self) -> Mapping[str, Any]:
        """Say what a health check wants to know: versions, age, encoder, and what is refused."""
        bench = self._bench_for(self._current())
        with self._database.read() as c:
            job = store.get_job(c, self._forum.id, JobKind.ENCODE)
        trouble = self._trouble or bench.serving.trouble
        gate = bench.live.bundle.gate if bench.live.bundle else self._cold_gate
        return {
            "index_version": bench.knowledge.version,
            "index_age_seconds": round(bench.knowledge.age_seconds, 3),
            "model_version": bench.live.version,
            "model_refused": bench.live.refused,
            "encoder_serving": str(bench.serving.name),
            "encoder_wanted": str(self._encoders.wish),
            "encoder_trouble": trouble.code if trouble else None,
            "encoding": told_of(job) if job else None,
            "gate": gate.told(),
            **self._surroundings.state(),
        }

    def _current(self) -> Forum:
        with self._database.read() as c:
            return store.get_forum(c, self._forum.name)

    def _opened(self) -> Bench:
        if self._bench is None:
            with self._lock:
                if self._bench is None:
                    forum = self._current()
                    serving = self._encoders.serving(self._database, forum)
                    self._bench = self._make_bench(forum, serving)
        return self._bench

    def _bench_for(self, forum: Forum) -> Bench:
        """Return what to reply with now; when the store names another encoder, prepare for it."""
        bench = self._opened()
        if forum.encoder_id not in (None, bench.serving.recorded):
            self._begin_change()
        return bench

    def _make_bench(self, forum: Forum, serving: Serving) -> Bench:
        return Bench(self._database, forum, self._forum_dir, serving, self._signer)

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
            _log.error("encoder_not_followed forum=%s code=%s", self._forum.name, trouble.code)
            _log.info("%s", trouble)
            if trouble is not error:
                raise

    def _step(self) -> bool:
        """Follow the store by one encoder; False when there is nothing to follow."""
        forum = self._current()
        found = recorded_encoder(forum)
        if found is None or found[1] == self._opened().serving.recorded:
            return False
        name, recorded = found
        encoder = self._encoders.open_recorded(name, recorded)
        bench = self._make_bench(forum, Serving(name, encoder, recorded))
        bench.follow(self._current())
        self._bench = bench
        self._changed()
        _log.info("encoder_changed forum=%s encoder=%s", forum.name, name)
        return True

    def _parts(self, bench: Bench, bundle: Bundle | None, at: datetime) -> Parts:
        moment = self._surroundings.now(at)
        return Parts(
            encoder=bench.serving.encoder,
            index=bench.knowledge.index,
            ranker=bundle.ranker if bundle else self._cold,
            classifier=bundle.classifier if bundle else None,
            policy=moment.in_force.policy,
            fetch=bench.knowledge.fetch,
            gate=bundle.gate if bundle else self._cold_gate,
            adaptation=bundle.adaptation if bundle else None,
            boilerplate=bench.knowledge.boilerplate,
            quality=(bundle.quality if bundle else None) or self._cold_quality,
            resolution=bench.knowledge.resolution,
            version=bundle.version if bundle else None,
            tell=moment.tell,
            around=moment.around,
            redaction=self._redaction.now(),
            trust=self._trusting,
        )

    def _mode(self, bench: Bench, bundle: Bundle | None, degraded: bool) -> Mode:
        if degraded or self._trouble is not None:
            return Mode.DEGRADED
        if bundle is None:
            return Mode.UNROUTED
        return Mode.LEXICAL if bench.serving.encoder is None else Mode.HYBRID
