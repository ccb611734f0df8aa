"""What training made -> a version of the forum's model, live if that is wanted.

In: fitted parts with facts and documents, who trained and why. Out: a bundle that the store knows.
Not here: whether it should go live (learn's gate decides).
"""

import json
import shutil
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from triage import store
from triage.bundle import SMOKE, Fitted, Written, write_bundle
from triage.bundle.smoke import record_answers
from triage.encode import Encoder
from triage.records import Actor
from triage.registry.base import Registry
from triage.registry.noting import record
from triage.store import ModelAction


def publish(
    registry: Registry,
    fitted: Fitted,
    encoder: Encoder | None,
    *,
    created: datetime,
    facts: Mapping[str, Any],
    documents: Mapping[str, str] = {},
    by: Actor,
    reason: str | None = None,
    details: Mapping[str, Any] = {},
) -> Written:
    """Write a version with its smoke answers and tell the store of it; it is not live yet.

    Raises what ends the work; then there is neither a folder nor a row.
    """
    answers = record_answers(
        fitted.classifier, fitted.ranker, fitted.gate, fitted.adaptation, encoder
    )
    written = write_bundle(
        registry.folder,
        fitted,
        signer=registry.signer,
        created=created,
        facts=facts,
        documents={**documents, SMOKE: answers},
    )
    metrics = json.loads(json.dumps(facts.get("metrics", {})))
    try:
        with registry.database.write() as c:
            forum_id = store.get_forum(c, registry.forum).id
            version, digest = written.version, written.manifest_digest
            store.put_model(c, forum_id, version, digest, created, metrics)
            done = ModelAction.PUBLISH
            record(c, forum_id, by, done, version, reason=reason, details=details)
    except BaseException:
        shutil.rmtree(registry.folder / written.version, ignore_errors=True)
        raise
    return written


def go_live(
    c: store.Connection,
    forum_id: int,
    version: str,
    *,
    by: Actor,
    reason: str | None = None,
    action: ModelAction = ModelAction.ACTIVATE,
    details: Mapping[str, Any] = {},
) -> str | None:
    """Make a version live, and say so in the history; return the one that was live before.

    Whoever calls mirrors it when the transaction has ended.
    """
    former = store.live_version_of(c, forum_id)
    store.set_live_version(c, forum_id, version)
    record(c, forum_id, by, action, version, former=former, reason=reason, details=details)
    return former
