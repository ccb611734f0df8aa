"""One training run: the store's cases and duplicate links -> a published bundle.

In: a forum of the store. Out: a new version in the forum's model folder, live from then on if
that is wanted.
Not here: fitting itself (heads, space, gating, answering), reading the command line (train.py).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from triage import store
from triage.answer_quality import load_quality
from triage.bundle import Written, point_current, write_bundle
from triage.discount import relearn
from triage.embedding import Progress, embed, identity, matrix
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.errors import NotEnoughData
from triage.gate import RISK
from triage.learn.adaptation import AdaptationOptions
from triage.learn.adaptation_fit import FactorOptions
from triage.learn.answering import Answered, learn_quality
from triage.learn.gating import Gated, GateOptions
from triage.learn.heads import FitOptions, FitReport, fit_classifier
from triage.learn.known import Known, read_known
from triage.learn.space import Space, fit_gate_of, fit_space
from triage.records import Case, Forum, Side, Target

_LIBRARIES = (
    "faiss-cpu",
    "numpy",
    "onnxruntime",
    "scikit-learn",
    "sentence-transformers",
    "tantivy",
    "tokenizers",
    "torch",
)


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run made: the bundle (None on a dry run) and the numbers behind it."""

    written: Written | None
    cases: int
    metrics: Mapping[Target, Mapping[str, Any]]
    missing: Mapping[Target, str]
    ranker: str
    adaptation: Mapping[str, Any]
    gate: Mapping[str, Any]
    reliability: Mapping[str, Any]
    answer_quality: Mapping[str, Any]
    live: bool = field(default=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Learnt:
    """What threads taught: how to rank them, what to show, and which answers help."""

    space: Space
    gated: Gated
    answered: Answered

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest and the caller are told."""
        return {
            "ranker": self.space.ranker.fitted_on,
            "adaptation": dict(self.space.facts),
            "gate": dict(self.gated.facts),
            "reliability": dict(self.gated.reliability),
            "answer_quality": {"fitted": self.answered.fitted, **self.answered.facts},
        }


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How threads are learnt from: see `train`."""

    seed: int
    adapt: bool
    risk: float


def train(
    database: store.Database,
    forum_name: str,
    encoder: Encoder | None,
    models_dir: Path,
    *,
    since: datetime | None = None,
    dry_run: bool = False,
    seed: int = 0,
    adapt: bool = True,
    risk: float = RISK,
    live: bool = True,
    workers: int = 2,
    progress: Progress,
) -> Trained:
    """Fit heads, ranker, gate and, with `adapt`, the space to the forum, and publish the bundle.

    At most the share `risk` of what is shown may be wrong. Boilerplate is learnt anew first, unless
    another encoder serves, whose vectors would be missing. Nothing is published unless everything
    was written and checked. It goes live unless `live` is false, or the forum has come to be served
    with another encoder. Raises NoForum, and NotEnoughData when no head at all can be fitted.
    """
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
    if not dry_run and forum.encoder_id in (None, identity(encoder)):
        relearn(database, forum.id, encoder, progress)
    with database.read() as c:
        revision = store.revision_of(c, forum.id)
        rows = list(store.iter_cases(c, forum.id, since))
        known = read_known(c, forum.id)
    cases = [case for case, _ in rows]
    progress(f"{len(cases)} cases, {len(known.threads)} threads")
    options = FitOptions(seed=seed, workers=workers)
    report = _fit_heads(database, forum.id, encoder, cases, revision, options, progress)
    learnt = _learn(
        database, forum.id, encoder, known, revision, _Wanted(seed, adapt, risk), progress
    )
    trained = Trained(None, len(cases), report.metrics, report.missing, **learnt.facts)
    if dry_run:
        return trained
    written = _publish(database, forum.id, models_dir / forum_name, report, learnt, rows, seed)
    live = live and _go_live(database, forum, models_dir, written, encoder)
    progress(f"published {written.version}{'' if live else ', which is not live'}")
    return replace(trained, written=written, live=live)


def _learn(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    known: Known,
    revision: int,
    wanted: _Wanted,
    progress: Progress,
) -> _Learnt:
    """Learn from what a forum knows: its links, accepted answers, and what askers confirmed."""
    answered = learn_quality(known.threads, load_quality(), seed=wanted.seed)
    progress(f"quality of answers {'fitted' if answered.fitted else 'as shipped'}")
    adapting = AdaptationOptions(fit=FactorOptions(seed=wanted.seed)) if wanted.adapt else None
    space = fit_space(database, forum_id, encoder, known, revision, adapting, progress)
    side = Side.LEXICAL if encoder is None else Side.BOTH
    gating = GateOptions(risk=wanted.risk, seed=wanted.seed, side=side)
    return _Learnt(space, fit_gate_of(space, known.threads, gating, progress), answered)


def _fit_heads(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    cases: Sequence[Case],
    revision: int,
    options: FitOptions,
    progress: Progress,
) -> FitReport:
    vectors: Vectors | None = None
    if encoder is not None and cases:
        texts = [c.text for c in cases]
        where = (database, forum_id, encoder)
        found = embed(*where, texts, TextRole.QUERY, progress, revision=revision)
        vectors = matrix(found, texts, encoder.dimension)
    encoder_id = encoder.id if encoder else None
    report = fit_classifier(cases, vectors, encoder_id, options, progress)
    if not report.classifier.heads:
        raise NotEnoughData("; ".join(f"{t}: {why}" for t, why in report.missing.items()) + ".")
    return report


def _publish(
    database: store.Database,
    forum_id: int,
    forum_dir: Path,
    report: FitReport,
    learnt: _Learnt,
    rows: Sequence[tuple[Case, str]],
    seed: int,
) -> Written:
    created = datetime.now(UTC)
    facts = {
        "seed": seed,
        "data": {"cases": len(rows), "fingerprint": fingerprint(rows)},
        "libraries": {name: installed(name) for name in _LIBRARIES},
        "metrics": {target.value: dict(values) for target, values in report.metrics.items()},
        "abstaining": {target.value: why for target, why in report.missing.items()},
        **learnt.facts,
    }
    written = write_bundle(
        forum_dir,
        report.classifier,
        learnt.space.ranker,
        gate=learnt.gated.gate,
        adaptation=learnt.space.adaptation,
        quality=learnt.answered.quality if learnt.answered.fitted else None,
        created=created,
        facts=facts,
    )
    with database.write() as c:
        store.put_model(
            c,
            forum_id,
            written.version,
            written.manifest_digest,
            created,
            json.loads(json.dumps(facts["metrics"])),
        )
    return written


def _go_live(
    database: store.Database,
    forum: Forum,
    models_dir: Path,
    written: Written,
    encoder: Encoder | None,
) -> bool:
    """Make the version live, unless the forum has another encoder by now, which would refuse it."""
    with database.write() as c:
        if store.encoder_of(c, forum.id) not in (None, identity(encoder)):
            return False
        store.set_live_version(c, forum.id, written.version)
    point_current(models_dir / forum.name, written.version)
    return True


def fingerprint(rows: Sequence[tuple[Case, str]]) -> str:
    """Return one SHA-256 over ids, texts and labels: equal data, equal fingerprint."""
    digest = hashlib.sha256()
    for case, text_digest in sorted(rows, key=lambda row: row[0].id):
        labels = [case.kind, case.topic, case.severity, case.difficulty, case.destination]
        digest.update(json.dumps([case.id, text_digest, labels, case.group]).encode())
    return digest.hexdigest()
