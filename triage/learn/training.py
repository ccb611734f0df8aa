"""One training run: the store's cases and duplicate links -> a published bundle.

In: a forum of the store. Out: a new version in the forum's model folder, live from then on.
Not here: fitting itself (heads, ranking), reading the command line (train.py).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

from triage import store
from triage.bundle import Written, point_current, write_bundle
from triage.embedding import Progress, embed, matrix
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.errors import NotEnoughData
from triage.learn.heads import FitOptions, FitReport, fit_classifier
from triage.learn.ranking import FEWEST_PAIRS
from triage.learn.retrieval import EvaluationSet, RetrievalOptions, fit_on
from triage.rank import Ranker, load_ranker
from triage.records import Case, Judgement, Query, Target, Thread

_LIBRARIES = ("faiss-cpu", "numpy", "scikit-learn", "sentence-transformers", "tantivy", "torch")


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run made: the bundle (None on a dry run) and the numbers behind it."""

    written: Written | None
    cases: int
    metrics: Mapping[Target, Mapping[str, Any]]
    missing: Mapping[Target, str]
    ranker: str
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
    progress: Progress,
) -> Trained:
    """Fit all heads and the ranker on what the forum has, and publish the bundle.

    Nothing is published unless everything was written and checked. Raises NoForum, and
    NotEnoughData when no head at all can be fitted.
    """
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
        rows = list(store.iter_cases(c, forum.id, since))
        threads = list(store.iter_threads(c, forum.id))
    cases = [case for case, _ in rows]
    progress(f"{len(cases)} cases, {len(threads)} threads")
    report = _fit_heads(database, forum.id, encoder, cases, seed, progress)
    ranker = fit_from_duplicates(threads, encoder, progress)
    trained = Trained(None, len(cases), report.metrics, report.missing, ranker.fitted_on)
    if dry_run:
        return trained
    written = _publish(database, forum.id, models_dir / forum_name, report, ranker, rows, seed)
    progress(f"published {written.version}")
    return Trained(written, len(cases), report.metrics, report.missing, ranker.fitted_on, live=True)


def fit_from_duplicates(
    threads: Sequence[Thread], encoder: Encoder | None, progress: Progress
) -> Ranker:
    """Fit the ranker on threads that were marked as duplicates, or keep the cold-start weights.

    A duplicate, as its asker wrote it, is a question whose right thread is known.
    """
    cold = load_ranker()
    known = {t.id: t for t in threads}
    pairs = [(t, d) for t in threads for d in t.duplicate_of if d in known and d != t.id]
    if len(pairs) < FEWEST_PAIRS:
        progress(f"{len(pairs)} duplicate links, {FEWEST_PAIRS} needed: cold-start ranker kept")
        return cold
    asked = {t.id for t, _ in pairs}
    judged = EvaluationSet(
        [t for t in threads if t.id not in asked],
        [Query(t.id, t.title, t.body, t.lang) for t in {t.id: t for t, _ in pairs}.values()],
        [Judgement(t.id, d, 1) for t, d in pairs if d not in asked],
    )
    try:
        return fit_on(judged, encoder, cold, RetrievalOptions(), progress, name="duplicate links")
    except NotEnoughData as error:
        progress(f"cold-start ranker kept: {error}")
        return cold


def _fit_heads(
    database: store.Database,
    forum_id: int,
    encoder: Encoder | None,
    cases: Sequence[Case],
    seed: int,
    progress: Progress,
) -> FitReport:
    vectors: Vectors | None = None
    if encoder is not None and cases:
        texts = [c.text for c in cases]
        found = embed(database, forum_id, encoder, texts, TextRole.QUERY, progress)
        vectors = matrix(found, texts, encoder.dimension)
    encoder_id = encoder.id if encoder else None
    report = fit_classifier(cases, vectors, encoder_id, FitOptions(seed=seed), progress)
    if not report.classifier.heads:
        raise NotEnoughData("; ".join(f"{t}: {why}" for t, why in report.missing.items()) + ".")
    return report


def _publish(
    database: store.Database,
    forum_id: int,
    forum_dir: Path,
    report: FitReport,
    ranker: Ranker,
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
        "ranker": ranker.fitted_on,
    }
    written = write_bundle(forum_dir, report.classifier, ranker, created=created, facts=facts)
    with database.write() as c:
        store.put_model(
            c,
            forum_id,
            written.version,
            written.manifest_digest,
            created,
            json.loads(json.dumps(facts["metrics"])),
        )
        store.set_live_version(c, forum_id, written.version)
    point_current(forum_dir, written.version)
    return written


def fingerprint(rows: Sequence[tuple[Case, str]]) -> str:
    """Return one SHA-256 over ids, texts and labels: equal data, equal fingerprint."""
    digest = hashlib.sha256()
    for case, text_digest in sorted(rows, key=lambda row: row[0].id):
        labels = [case.kind, case.topic, case.severity, case.difficulty, case.destination]
        digest.update(json.dumps([case.id, text_digest, labels, case.group]).encode())
    return digest.hexdigest()
