"""A model goes live, breaks and comes back while the server runs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage.bundle import live
from triage.encode import HashingEncoder
from triage.learn.training import train
from triage.records import Case
from triage.store import get_model, put_cases, set_live_version
from triage.text import digest

from .conftest import World
from .samples import EXPORT_DRAFT, REPLY_FIELDS, shown

_SAID = {
    "how_to": "How do I change the {} of the invoice number {}?",
    "problem": "The {} stops with an error since update {}, nothing works",
}
_THINGS = ("export", "layout", "address", "printer", "reminder", "ledger", "login", "report")


def _publish(world: World) -> str:
    """Train on a few cases and return the version that is live from then on."""
    cases = [
        Case(
            id=f"{kind}-{thing}-{number}",
            title=said.format(thing, number),
            body=said.format(thing, number),
            lang="en",
            created=datetime(2026, 1, 1 + number, tzinfo=UTC),
            kind=kind,
            destination="expert" if kind == "problem" else "community",
        )
        for kind, said in _SAID.items()
        for thing in _THINGS
        for number in range(6)
    ]
    with world.database.write() as c:
        put_cases(c, world.forum().id, [(case, digest(case.text)) for case in cases])
    trained = train(
        world.database,
        "bikes",
        HashingEncoder(),
        world.settings.models_dir,
        signer=world.settings.signer,
        progress=lambda _: None,
    )
    assert trained.written is not None
    return trained.written.version


def _spoil(world: World, version: str) -> Path:
    path = world.settings.models_dir / "bikes" / version / "ranker.json"
    path.write_bytes(path.read_bytes() + b" ")
    return path


def test_a_published_model_is_used_without_a_restart(world: World) -> None:
    assert world.ask(EXPORT_DRAFT)["mode"] == "unrouted"
    version = _publish(world)
    reply = world.ask(EXPORT_DRAFT)
    assert (reply["mode"], reply["model_version"]) == ("hybrid", version)
    assert reply.keys() == REPLY_FIELDS
    assert reply["labels"]["kind"]["value"] in _SAID
    assert 0 <= reply["destination_probability"] <= 1
    assert world.send("GET", "/ready").json()["parts"]["model_version"] == version


def test_a_model_whose_files_were_altered_is_refused_and_served_without(world: World) -> None:
    version = _publish(world)
    _spoil(world, version)
    reply = world.ask(EXPORT_DRAFT)
    assert (reply["mode"], reply["model_version"]) == ("degraded", None)
    assert "export" in shown(reply)
    parts = world.send("GET", "/ready").json()["parts"]
    assert (parts["model_version"], parts["model_refused"]) == (None, version)


def test_the_model_before_an_altered_one_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_RETRY_SECONDS", 0.0)
    first = _publish(world)
    assert world.ask(EXPORT_DRAFT)["model_version"] == first
    with world.database.write() as c:
        set_live_version(c, world.forum().id, None)
        row = get_model(c, world.forum().id, first)
    assert row is not None
    second = _publish(world)
    assert second != first
    path = _spoil(world, second)
    reply = world.ask(EXPORT_DRAFT)
    assert (reply["mode"], reply["model_version"]) == ("degraded", first)
    path.write_bytes(path.read_bytes()[:-1])
    reply = world.ask(EXPORT_DRAFT)
    assert (reply["mode"], reply["model_version"]) == ("hybrid", second)
