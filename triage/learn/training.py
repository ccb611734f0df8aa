"""One training run: the store's cases and duplicate links -> a published bundle.

In: a forum of the store. Out: a new version in the forum's model folder, live from then on if
that is wanted.
Not here: fitting itself (heads, ranking), reading the command line (train.py).
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
from triage.bundle import Written, point_current, write_bundle
from triage.embedding import Progress, embed, identity, matrix
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.errors import NotEnoughData
from triage.learn.adaptation import AdaptationOptions
from triage.learn.adaptation_fit import FactorOptions
from triage.learn.heads import FitOptions, FitReport, fit_classifier
from triage.learn.space import Space, fit_space
from triage.records import Case, Forum, Target

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
    live: bool = field(default=False)


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
    live: bool = True,
    workers: int = 2,
    progress: Progress,
) -> Trained:
    """Fit heads, ranker and, with `adapt`, the space to the forum, and publish the bundle.

    Nothing is published unless everything was written and checked. It goes live unless `live` is
    false, or the forum has come to be served with another encoder. Raises NoForum, and
    NotEnoughData when no head at all can be fitted.
    """
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
        revision = store.revision_of(c, forum.id)
        rows = list(store.iter_cases(c, forum.id, since))
        threads = list(store.iter_threads(c, forum.id))
    cases = [case for case, _ in rows]
    progress(f"{len(cases)} cases, {len(threads)} threads")
    options = FitOptions(seed=seed, workers=workers)
    report = _fit_heads(database, forum.id, encoder, cases, revision, options, progress)
    wanted = AdaptationOptions(fit=FactorOptions(seed=seed)) if adapt else None
    space = fit_space(database, forum.id, encoder, threads, revision, wanted, progress)
    trained = Trained(
        None, len(cases), report.metrics, report.missing, space.ranker.fitted_on, space.facts
    )
    if dry_run:
        return trained
    written = _publish(database, forum.id, models_dir / forum_name, report, space, rows, seed)
    live = live and _go_live(database, forum, models_dir, written, encoder)
    progress(f"published {written.version}{'' if live else ', which is not live'}")
    return replace(trained, written=written, live=live)


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
    space: Space,
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
        "ranker": space.ranker.fitted_on,
        "adaptation": dict(space.facts),
    }
    written = write_bundle(
        forum_dir,
        report.classifier,
        space.ranker,
        adaptation=space.adaptation,
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
