"""A server writes snapshots in rounds, and has a process make anew what is worn."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from triage.api.errands import indexing
from triage.api.errands.indexing import IndexErrands, index_round
from triage.desk import Desk
from triage.knowledge import placing
from triage.snapshots import shelf

from .conftest import World
from .samples import EXPORT_DRAFT, shown


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the smallest forum lie on disk."""
    monkeypatch.setattr(shelf, "FEWEST", 1)
    monkeypatch.setattr(indexing, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(placing, "SAVED_EVERY", timedelta(0))


def _desk(world: World) -> Desk:
    found: Desk = world.client.app.state.installation.desk(world.forum())  # type: ignore[attr-defined]
    return found


def _errands(world: World) -> IndexErrands:
    held = world.client.app.state.installation  # type: ignore[attr-defined]
    return IndexErrands(lambda: world.database, held.desk)


def _round(world: World) -> None:
    held = world.client.app.state.installation  # type: ignore[attr-defined]
    index_round(held.desk).work(world.database, world.forum(), datetime.now(UTC))


def _snapshots(world: World) -> list[str]:
    folder = world.settings.data_dir / "index" / "bikes"
    return [p.name for p in folder.iterdir() if p.name.isdecimal()]


def test_a_served_forum_is_on_disk_and_told_so(world: World) -> None:
    assert shown(world.ask(EXPORT_DRAFT)) == ["export"]
    parts = world.send("GET", "/ready").json()["parts"]
    assert (parts["index_in"], parts["snapshot_behind"]) == ("folder", 0)
    assert parts["snapshot_age_seconds"] >= 0
    assert len(_snapshots(world)) == 1


def test_a_round_writes_what_has_changed(world: World) -> None:
    world.ask(EXPORT_DRAFT)
    world.send("PUT", "/v1/threads/new", json={"title": "A walrus appears in the ledger"})
    _round(world)
    assert len(_snapshots(world)) == 2
    assert world.send("GET", "/ready").json()["parts"]["snapshot_behind"] == 0


def test_what_is_worn_is_made_anew_and_taken_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    errands = _errands(world)
    world.ask(EXPORT_DRAFT)
    assert errands.due() is None
    world.send("DELETE", "/v1/threads/export")
    world.ask(EXPORT_DRAFT)
    assert errands.due() is None
    monkeypatch.setattr(placing, "LEFT_AT_MOST", timedelta(0))
    errand = errands.due()
    assert errand is not None
    assert errand.arguments == ("index", "--forum", "bikes", "--rebuild")
    errands.ended(errand, 1, stopping=False)
    assert errands.due() is None


def test_an_erasure_over_the_api_takes_the_snapshots(world: World) -> None:
    world.ask(EXPORT_DRAFT)
    assert _snapshots(world)
    body = {"user": "asker.of.export"}
    assert world.send("POST", "/v1/erasures", json=body).status_code == 200
    assert _snapshots(world) == []
    _round(world)
    assert _snapshots(world) == []
    assert shown(world.ask(EXPORT_DRAFT)) == []
    assert _errands(world).due() is not None


def test_what_is_private_to_a_server_goes_with_it(world: World) -> None:
    world.ask(EXPORT_DRAFT)
    works: Path = world.settings.data_dir / "index" / "bikes" / "work"
    assert [p for p in works.iterdir() if p.is_dir()]
    world.client.app.state.installation.close()  # type: ignore[attr-defined]
    assert not [p for p in works.iterdir() if p.is_dir()]


def test_canaries_are_asked_of_an_index_on_disk(world: World) -> None:
    world.ask(EXPORT_DRAFT)
    held = world.client.app.state.installation  # type: ignore[attr-defined]
    song = held.aviary.sing(world.database, _desk(world), world.forum(), datetime.now(UTC))
    assert song.asked >= 1
    assert song.failed == 0
