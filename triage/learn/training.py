"""One training run: the store's cases and duplicate links -> a published bundle, if it is better.

In: a forum of the store. Out: a new version in the forum's model folder with the gate's verdict;
live from then on if that allows it.
Not here: fitting itself (heads, suggesting), the gate (contest, challenge), reading the command
line (train.py).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from triage import store
from triage.audit.acting import Acting
from triage.bundle import Written
from triage.crypto.signing import Signer
from triage.decide import Policy
from triage.decide.gate import RISK, shipped_gate
from triage.discount import relearn
from triage.embedding import Progress, identity
from triage.encode import Encoder
from triage.errors import NotEnoughData
from triage.learn.contest.holding import Champion, contest, open_champion
from triage.learn.contest.said import Routing
from triage.learn.contest.unseen import SplitOptions
from triage.learn.contest.verdict import Outcome, Verdict
from triage.learn.heads.automation import USUAL_PRECISION, Precision
from triage.learn.heads.difficulty import Usual
from triage.learn.heads.doubts import all_doubts
from triage.learn.heads.fitting import FitOptions, FitReport
from triage.learn.heads.material import Material, gather_material
from triage.learn.publishing import Product, publish_product
from triage.learn.suggestions.known import Known, read_known
from triage.learn.suggestions.suggesting import Suggesting, SuggestOptions, learn_suggesting
from triage.records import Actor, ActorKind, Case, Forum, Target
from triage.registry import Registry

_STEPS = 6
_NOBODY = Actor(ActorKind.PROCESS, "training")


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run made: the bundle (None on a dry run), the numbers behind it, and the verdict.

    `doubts` is how many labels look wrong and wait for somebody to look at them.
    """

    written: Written | None
    cases: int
    metrics: Mapping[Target, Mapping[str, Any]]
    missing: Mapping[Target, str]
    ranker: str
    adaptation: Mapping[str, Any]
    gate: Mapping[str, Any]
    reliability: Mapping[str, Any]
    answer_quality: Mapping[str, Any]
    verdict: Verdict
    doubts: int = 0
    live: bool = field(default=False)

    @property
    def refused(self) -> bool:
        """Whether the model that was live stays, because the new one is worse somewhere."""
        return self.verdict.refused and not self.live

    def facts(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "version": self.written.version if self.written else None,
            "live": self.live,
            "cases": self.cases,
            "doubts": self.doubts,
            "metrics": {t.value: dict(m) for t, m in self.metrics.items()},
            "abstaining": {t.value: why for t, why in self.missing.items()},
            "ranker": self.ranker,
            "adaptation": dict(self.adaptation),
            "gate": dict(self.gate),
            "reliability": dict(self.reliability),
            "answer_quality": dict(self.answer_quality),
            "verdict": self.verdict.facts(),
        }


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How a run is done.

    `risk`: at most this share of what is shown may be wrong. `precision`: of every label,
    how many must be right where it is not abstained from. `force` is the reason for publishing what
    the gate refuses, `by` who said so. `usual` says how long the community usually takes. `live` is
    false where the caller decides what goes live.
    """

    since: datetime | None = None
    dry_run: bool = False
    seed: int = 0
    adapt: bool = True
    risk: float = RISK
    precision: Precision = USUAL_PRECISION
    usual: Usual | None = None
    force: str | None = None
    by: Actor = _NOBODY
    live: bool = True
    workers: int = 2
    policy: Policy = field(default_factory=Policy)
    split: SplitOptions = field(default_factory=SplitOptions)

    @property
    def fitting(self) -> FitOptions:
        """How heads are fitted."""
        return FitOptions(
            seed=self.seed,
            workers=self.workers,
            precision_wanted=self.precision,
            usual=self.usual,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What a run works with, as it was at one revision of the store."""

    forum: Forum
    revision: int
    rows: Sequence[tuple[Case, str]]
    known: Known


def train(
    database: store.Database,
    forum_name: str,
    encoder: Encoder | None,
    models_dir: Path,
    *,
    signer: Signer,
    options: TrainOptions = TrainOptions(),
    progress: Progress,
) -> Trained:
    """Fit heads, ranker, gate and perhaps the space, compare with the live model, and publish.

    Boilerplate is learnt anew first, unless another encoder serves, whose vectors would be
    missing. Nothing is published unless everything was written and checked, so `progress` may
    raise to give the run up. What is refused is published and not live. Raises NoForum, and
    NotEnoughData when no head at all can be fitted.
    """
    read = _read(database, forum_name, encoder, options, progress)
    where = (database, read.forum.id, encoder)
    progress(f"step 2 of {_STEPS}: vectors of {len(read.rows)} cases")
    material = gather_material(*where, read.rows, read.revision, progress, options.usual)
    progress(f"step 3 of {_STEPS}: heads")
    report = material.fit(options.fitting, progress)
    if not report.classifier.heads:
        raise NotEnoughData(" ".join(f"{t}: {why}" for t, why in report.missing.items()))
    progress(f"step 4 of {_STEPS}: comparison with the live model")
    registry = Registry(database, forum_name, models_dir, signer)
    champion = open_champion(registry, read.forum)
    now = datetime.now(UTC)
    verdict = _judge(champion, material, report, options, now, progress)
    progress(f"step 5 of {_STEPS}: suggestions")
    how = SuggestOptions(options.seed, options.adapt, options.risk)
    suggesting = learn_suggesting(*where, read.known, read.revision, how, progress)
    suggestions = _suggestions(champion, suggesting)
    live_before = read.forum.live_version
    verdict = replace(verdict, suggestions=suggestions, live_before=live_before)
    doubts = all_doubts(material.cases, report.unseen, now)
    trained = Trained(
        None,
        len(read.rows),
        report.metrics,
        report.missing,
        **suggesting.facts,
        verdict=verdict,
        doubts=len(doubts),
    )
    if options.dry_run:
        progress(f"step {_STEPS} of {_STEPS}: a dry run publishes nothing")
        return trained
    progress(f"step {_STEPS} of {_STEPS}: publishing")
    facts = {"seed": options.seed, "data": data_facts(read.rows), **trained.facts()}
    product = Product(report, suggesting, material, verdict, facts, now)
    written, live = publish_product(
        registry, encoder, product, doubts, options.by, live=options.live
    )
    progress(f"published {written.version}{'' if live else ', which is not live'}")
    return replace(trained, written=written, live=live)


def _read(
    database: store.Database,
    forum_name: str,
    encoder: Encoder | None,
    options: TrainOptions,
    progress: Progress,
) -> _Read:
    progress(f"step 1 of {_STEPS}: boilerplate and cases")
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
    if not options.dry_run and forum.encoder_id in (None, identity(encoder)):
        note = Acting(forum.id, options.by).noting("boilerplate.learn", "train")
        relearn(database, forum.id, encoder, progress, note)
    with database.read() as c:
        revision = store.revision_of(c, forum.id)
        rows = list(store.iter_cases(c, forum.id, options.since))
        known = read_known(c, forum.id)
    progress(f"{len(rows)} cases, {len(known.threads)} threads")
    return _Read(forum, revision, rows, known)


def _judge(
    champion: Champion | str | None,
    material: Material,
    report: FitReport,
    options: TrainOptions,
    now: datetime,
    progress: Progress,
) -> Verdict:
    if champion is None:
        verdict = Verdict(Outcome.FIRST)
    elif isinstance(champion, str):
        verdict = Verdict(Outcome.UNCOMPARED, "the live model", (champion,))
    else:
        routing = Routing(options.policy, shipped_gate())
        verdict = contest(
            champion,
            material,
            report,
            options.fitting,
            routing,
            now,
            progress,
            options.split,
        )
        if verdict.refused and champion.bundle.classifier.encoder_id != material.encoder_id:
            verdict = verdict.unbound("It was trained on vectors that cannot be had any more.")
    if verdict.refused and options.force:
        verdict = verdict.forced(options.force)
    progress(verdict.sentence())
    return verdict


def _suggestions(champion: Champion | str | None, suggesting: Suggesting) -> dict[str, Any]:
    """Say how what is shown changes: which decides nothing, and is to be known all the same."""
    after = _shown_by(suggesting.facts)
    if champion is None or isinstance(champion, str):
        return {"after": after}
    return {"before": _shown_by(champion.bundle.manifest), "after": after}


def _shown_by(facts: Mapping[str, Any]) -> dict[str, Any]:
    gate = facts.get("gate", {})
    found = {"ranker": facts.get("ranker"), "gate_fitted": gate.get("fitted", False)}
    if not found["gate_fitted"]:
        return found
    rows = {"pooled": gate["pooled"], **gate["languages"]}
    thresholds = {
        name: {"value": row["value"], "guaranteed": row["guaranteed"]} for name, row in rows.items()
    }
    return {**found, "risk": gate["risk"], "thresholds": thresholds}


def data_facts(rows: Sequence[tuple[Case, str]]) -> dict[str, Any]:
    """Return what a bundle says of the cases that it was learnt from."""
    days = sorted(case.created.date().isoformat() for case, _ in rows if case.created is not None)
    return {
        "cases": len(rows),
        "fingerprint": fingerprint(rows),
        "undated": len(rows) - len(days),
        "first_day": days[0] if days else None,
        "last_day": days[-1] if days else None,
    }


def fingerprint(rows: Sequence[tuple[Case, str]]) -> str:
    """Return one SHA-256 over ids, texts and labels: equal data, equal fingerprint."""
    digest = hashlib.sha256()
    for case, text_digest in sorted(rows, key=lambda row: row[0].id):
        labels = [case.kind, case.topic, case.severity, case.difficulty, case.destination]
        labels += [case.tone, case.escalated]
        digest.update(json.dumps([case.id, text_digest, labels, case.group]).encode())
    return digest.hexdigest()
