"""What a run made -> a version on disk and in the store, live if it may be.

In: the fitted parts, their facts and the verdict. Out: the version, and whether it is live.
Not here: writing the folder and keeping the history (registry), the verdict (contest).
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed
from typing import Any

from triage import store
from triage.bundle import Fitted, Written
from triage.embedding import identity
from triage.encode import Encoder
from triage.errors import BadFile
from triage.learn.card import write_card
from triage.learn.contest.seen import SEEN, Seen, read_seen, seen_document
from triage.learn.contest.verdict import Outcome, Verdict
from triage.learn.evaluation import evaluation_of
from triage.learn.heads.fitting import FitReport
from triage.learn.heads.material import Material
from triage.learn.suggestions.suggesting import Suggesting
from triage.records import Actor
from triage.registry import Registry, go_live, mirror, publish
from triage.registry.evaluation import EVALUATION

_log = logging.getLogger(__name__)
CARD, METRICS = "model_card.md", "metrics.json"
# With so many versions before it a new one is put beside case by case.
_EARLIER = 6
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


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """What a run made, before it is published; `facts` are its JSON."""

    report: FitReport
    suggesting: Suggesting
    material: Material
    verdict: Verdict
    facts: Mapping[str, Any]
    created: datetime

    @property
    def fitted(self) -> Fitted:
        """The parts of the bundle."""
        return Fitted(
            self.report.classifier,
            self.suggesting.space.ranker,
            self.suggesting.gated.gate,
            self.suggesting.space.adaptation,
            self.suggesting.quality,
        )


def publish_product(
    registry: Registry,
    encoder: Encoder | None,
    product: Product,
    doubts: Sequence[store.DoubtRow],
    by: Actor,
    *,
    live: bool,
) -> tuple[Written, bool]:
    """Publish, keep the doubts, and with `live` make it live if the verdict allows it.

    Not if the forum has come to have another encoder, which would refuse it, or another version
    has become live, with which it was not compared.
    """
    verdict = product.verdict
    written = publish(
        registry,
        product.fitted,
        encoder,
        created=product.created,
        facts={
            **product.facts,
            "libraries": {name: installed(name) for name in _LIBRARIES},
            "verdict": verdict.facts(),
        },
        documents=_documents(registry, product),
        by=by,
        reason=verdict.reason,
        details={"verdict": verdict.outcome.value},
    )
    with registry.database.write() as c:
        forum = store.get_forum(c, registry.forum)
        store.replace_open_doubts(c, forum.id, doubts)
        may = (
            live
            and not verdict.refused
            and forum.encoder_id in (None, identity(encoder))
            and forum.live_version == verdict.live_before
        )
        if may:
            forced = {"forced": True} if verdict.outcome is Outcome.FORCED else {}
            go_live(c, forum.id, written.version, by=by, reason=verdict.reason, details=forced)
    if may:
        mirror(registry)
    return written, may


def _documents(registry: Registry, product: Product) -> dict[str, str]:
    metrics = {name: product.facts[name] for name in ("metrics", "abstaining", "reliability")}
    metrics["verdict"] = product.verdict.facts()
    evaluation = evaluation_of(product.material, product.report, _earlier(registry))
    return {
        CARD: write_card(
            registry.forum, product.created, product.material, product.facts, product.verdict
        ),
        EVALUATION: evaluation.document(),
        METRICS: json.dumps(metrics, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
        SEEN: seen_document(registry.signer.secret(SEEN), product.material.rows, product.report),
    }


def _earlier(registry: Registry) -> dict[str, Seen]:
    """Return what the newest versions remember; one whose file is spoilt is left out."""
    with registry.database.read() as c:
        rows = store.list_models(c, store.get_forum(c, registry.forum).id)[:_EARLIER]
    key, found = registry.signer.secret(SEEN), {}
    for row in rows:
        try:
            seen = read_seen(registry.folder / row.version, key)
        except BadFile as error:
            _log.warning("version_not_compared version=%s code=%s", row.version, error.code)
            continue
        if seen is not None:
            found[row.version] = seen
    return found
