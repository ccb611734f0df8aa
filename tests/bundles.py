"""Small models that are told apart by what they say, published without a whole training run."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from tests.forum import cases
from triage.bundle import Fitted, Written
from triage.decide.gate import Gate, Threshold
from triage.encode import Encoder, HashingEncoder, TextRole
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.rank import load_ranker
from triage.records import Actor, ActorKind
from triage.registry import Registry, go_live, mirror, publish
from triage.store import get_forum

ENCODER = HashingEncoder()
ANNA, BO = Actor(ActorKind.COMMAND, "anna"), Actor(ActorKind.COMMAND, "bo")
BEGAN = datetime(2026, 3, 6, 16, 15, 2, tzinfo=UTC)
# What each model calls the cases that are bugs.
SAYS = {"plain": "bug", "turned": "complaint"}


@cache
def fitted(name: str = "plain") -> Fitted:
    """Return a model of one head; a question about a crash is a SAYS[name] to it."""
    some = [
        replace(
            case,
            kind=SAYS[name] if case.kind == "bug" else case.kind,
            topic=None,
            severity=None,
            difficulty=None,
            destination=None,
        )
        for case in cases(30)
    ]
    vectors = ENCODER.encode([c.text for c in some], TextRole.QUERY)
    report = fit_classifier(some, vectors, ENCODER.id, FitOptions(), lambda line: None)
    gate = Gate(0.1, 0.9, Threshold(0.6, 900, guaranteed=True), {}, name)
    return Fitted(report.classifier, load_ranker(), gate)


def published(
    registry: Registry,
    name: str = "plain",
    *,
    number: int = 0,
    live: bool = False,
    verdict: Mapping[str, Any] | None = None,
    encoder: Encoder | None = ENCODER,
    documents: Mapping[str, str] = {},
) -> Written:
    """Publish a model as training does; `number` makes it another version."""
    facts: dict[str, Any] = {"data": {"cases": 30}, "metrics": {"kind": {"n": 30, "of": name}}}
    written = publish(
        registry,
        fitted(name),
        encoder,
        created=BEGAN + timedelta(days=number),
        facts={**facts, "verdict": dict(verdict)} if verdict else facts,
        documents={"model_card.md": f"# A {name} model\n", **documents},
        by=ANNA,
    )
    if live:
        with registry.database.write() as c:
            forum_id = get_forum(c, registry.forum).id
            go_live(c, forum_id, written.version, by=ANNA)
        mirror(registry)
    return written
