"""One forum, open for asking: its knowledge and its live model.

In: drafts, with who asks. Out: replies, already kept. A reply is made with one encoder, index and
bundle from start to end.
Not here: the steps (pipeline), keeping asks (keeping), following another encoder (bench), which
bundle is live (bundle.live), HTTP (api).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from triage import store
from triage.affected import BesideReply
from triage.answers.trusting import Trusting
from triage.assigning import Shares
from triage.bench import Bench, Benches
from triage.bundle import Bundle
from triage.crypto.signing import Signer
from triage.decide import Policy
from triage.decide.gate import RISK, Gate, shipped_gate
from triage.embedding import Progress, space_of
from triage.encode import Encoder, TextRole
from triage.encoders import EncoderName, Encoders, Serving
from triage.forum_redaction import ForumRedaction
from triage.held import HeldThreads
from triage.jobs import told_of
from triage.keeping import NOBODY_WITHHELD, Keeping, MadeWith
from triage.knowledge import Knowledge
from triage.originals import Originals
from triage.pipeline import Parts, triage
from triage.policies.surroundings import Surroundings
from triage.questions import Foresight, Linking
from triage.rank import Ranker, load_ranker
from triage.rank.answer_quality import AnswerQuality, load_quality
from triage.records import ApiKey, Draft, Forum, JobKind, Mode, Reply
from triage.redaction import NO_REDACTION, Redaction
from triage.typed import Asker, Typed

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
        index_dir: Path | None = None,
    ) -> None:
        self._database = database
        self._forum = forum
        self._redaction = ForumRedaction(database, forum.id, redaction)
        self._trusting = Trusting(database, forum.id)
        self._typed, self._held = Typed(), HeldThreads(database, forum.id)
        self._encoders = encoders
        self._benches = Benches(
            database,
            forum.name,
            encoders,
            models_dir / forum.name,
            signer=signer,
            changed=changed,
            index_dir=index_dir,
        )
        self.foresight = Foresight(database, forum.id)
        self.linking = Linking(database, forum.id)
        self._surroundings = Surroundings(database, forum.id, policy)
        self._beside = BesideReply(database, forum.id)
        self._keeping = Keeping(database, forum.id, ask_window, originals, shares)
        self._cold: Ranker = load_ranker()
        self._cold_gate: Gate = shipped_gate(risk)
        self._cold_quality: AnswerQuality = load_quality()

    @property
    def knowledge(self) -> Knowledge:
        """The forum's threads, as they are searched now. Raises Unavailable without an encoder."""
        return self._benches.opened().knowledge

    @property
    def serving(self) -> Serving:
        """The encoder in use. Raises Unavailable when there is none."""
        return self._benches.opened().serving

    @property
    def encoder_name(self) -> EncoderName | None:
        """The name of the encoder in use, if one is open."""
        bench = self._benches.now
        return bench.serving.name if bench is not None else None

    def ask(
        self, draft: Draft, key: ApiKey | None = None, *, clock: Clock = lambda: datetime.now(UTC)
    ) -> Reply:
        """Triage a draft and keep the ask. Raises EmptyDraft, StoreUnavailable."""
        forum = key.forum if key is not None else self._benches.forum()
        bench = self._benches.serving(forum)
        bundle, degraded = bench.follow(forum)
        now = clock()
        parts = self._parts(bench, bundle, now)
        triaged = triage(replace(parts, encoder=self._encoder_for(bench, draft, key)), draft)
        same = triaged.decision.same_question
        beside = self._beside.find(bench.serving.encoder, triaged.question, triaged.vector, same)
        decision = replace(triaged.decision, same_question=beside.same_question)
        triaged = replace(triaged, decision=decision)
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
            swaps=parts.policy.swaps,
        )
        reply = self._keeping.keep(draft, triaged, made, key, now)
        said = triaged.question, triaged.labels, triaged.decision
        half, missing = self.foresight.of(*said)
        link = self.linking.of_draft(*said, reply.triage_id)
        return replace(reply, expected_seconds=half, missing=missing, handover_url=link)

    def issues_of(self, rows: Iterable[store.QuestionRow]) -> set[tuple[str, str]]:
        """Return the known issues that posted questions without an ask are about, as pairs."""
        return self._beside.issues_of(self.serving.encoder, rows)

    def open(self, progress: Progress | None = None) -> None:
        """Build the index and open the live bundle now instead of at the first ask."""
        forum = self._benches.forum()
        if progress is not None:
            progress(f"opening forum {forum.name}")
        self._benches.serving(forum).follow(forum)
        self.foresight.warm()

    def close(self) -> None:
        """Give up following another encoder; return when that has ended."""
        self._surroundings.close()
        self._benches.close()

    def model_opens(self) -> bool:
        """Whether the live version is there, whole, and made for this encoder."""
        forum = self._benches.forum()
        bundle, degraded = self._benches.serving(forum).live.follow(forum.live_version)
        return bundle is not None and not degraded

    def parts(self) -> Parts:
        """Return what a request works with now."""
        forum = self._benches.forum()
        bench = self._benches.serving(forum)
        return self._parts(bench, bench.follow(forum)[0], datetime.now(UTC))

    def state(self) -> Mapping[str, Any]:
        """Say what a health check wants to know: versions, age, encoder, and what is refused."""
        bench = self._benches.serving(self._benches.forum())
        with self._database.read() as c:
            job = store.get_job(c, self._forum.id, JobKind.ENCODE)
        trouble = self._benches.trouble or bench.serving.trouble
        gate = bench.live.bundle.gate if bench.live.bundle else self._cold_gate
        return {
            "index_version": bench.knowledge.version,
            "index_age_seconds": round(bench.knowledge.age_seconds, 3),
            **bench.knowledge.state(),
            "model_version": bench.live.version,
            "model_refused": bench.live.refused,
            "encoder_serving": str(bench.serving.name),
            "encoder_wanted": str(self._encoders.wish),
            "encoder_trouble": trouble.code if trouble else None,
            "encoding": told_of(job) if job else None,
            "gate": gate.told(),
            **self._surroundings.state(),
        }

    def _parts(self, bench: Bench, bundle: Bundle | None, at: datetime) -> Parts:
        moment = self._surroundings.now(at)
        return Parts(
            encoder=bench.serving.encoder,
            index=bench.knowledge.index,
            ranker=bundle.ranker if bundle else self._cold,
            classifier=bundle.classifier if bundle else None,
            policy=moment.in_force.policy,
            fetch=self._held,
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

    def _encoder_for(self, bench: Bench, draft: Draft, key: ApiKey | None) -> Encoder | None:
        """Return the encoder as it serves one asker, who may have typed the same just before."""
        encoder = bench.serving.encoder
        if encoder is None or key is None:
            return encoder
        return self._typed.known_to(encoder, Asker(key.id, draft.person, draft.session))

    def _mode(self, bench: Bench, bundle: Bundle | None, degraded: bool) -> Mode:
        if degraded or self._benches.trouble is not None:
            return Mode.DEGRADED
        if bundle is None:
            return Mode.UNROUTED
        return Mode.LEXICAL if bench.serving.encoder is None else Mode.HYBRID
