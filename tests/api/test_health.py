import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from triage import encoders
from triage.api import create_app, part
from triage.errors import EncoderMissing
from triage.records import Role
from triage.settings import Settings
from triage.store import create_key, ensure_forum

from .conftest import Start, World
from .samples import EXPORT, EXPORT_DRAFT, shown

CALLS = [
    ("POST", "/v1/triage"),
    ("POST", "/v1/events"),
    ("POST", "/v1/threads/batch"),
    ("GET", "/v1/threads/export"),
    ("PUT", "/v1/threads/export"),
    ("DELETE", "/v1/threads/export"),
]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing part is tried again with every call."""
    monkeypatch.setattr(part, "RETRY_SECONDS", 0.0)


def _assert_unavailable(world: World, code: str, advice: str) -> None:
    for method, path in CALLS:
        response = world.send(method, path, json=EXPORT_DRAFT)
        assert (response.status_code, response.json()["code"]) == (503, code)
        assert advice in response.json()["detail"]
        assert response.headers["retry-after"] == "5"
    assert world.send("GET", "/health", None).json() == {"status": "ok"}


def test_without_a_secret_key_only_yes_or_no_is_told(world: World) -> None:
    for key in (None, "sk_unknown", "publishable"):
        response = world.send("GET", "/ready", key)
        assert (response.status_code, response.json()) == (200, {"ready": True})


@pytest.mark.parametrize("key", ["frontend", "analyst", "admin"])
def test_the_holder_of_a_secret_key_is_told_how_each_part_stands(world: World, key: str) -> None:
    response = world.send("GET", "/ready", key)
    assert response.status_code == 200
    parts = response.json()["parts"]
    assert (parts["store"], parts["encoder"], parts["forum"]) == ("ok", "ok", "bikes")
    assert parts["index_version"].endswith("@hashing-256")
    assert parts["index_age_seconds"] >= 0
    assert parts["model_version"] is parts["model_refused"] is None
    assert parts["encoder_serving"] == parts["encoder_wanted"] == "hashing"
    assert parts["encoder_trouble"] is parts["encoding"] is None
    assert parts["channels"] == dict.fromkeys(("all", "resting", "disabled", "waiting", "dead"), 0)
    assert (parts["gate"]["risk"], parts["gate"]["guaranteed"]) == (0.1, [])


def test_without_its_encoder_the_server_says_what_to_do(start: Start) -> None:
    world = start(encoder="/nonexistent")
    _assert_unavailable(world, "encoder_missing", "TRIAGE_ENCODER")
    assert world.send("GET", "/ready", None).status_code == 503
    parts = world.send("GET", "/ready").json()["parts"]
    assert (parts["store"], parts["encoder"]) == ("ok", "encoder_missing")


def test_without_an_encoder_at_all_it_serves_by_words(start: Start) -> None:
    world = start(encoder="none")
    world.send("PUT", "/v1/threads/export", json=EXPORT)
    assert "export" in shown(world.ask(EXPORT_DRAFT))


def test_a_missing_encoder_is_not_looked_for_with_every_call(start: Start) -> None:
    world = start(encoder="/nonexistent")
    held = world.client.app.state.installation  # type: ignore[attr-defined]
    part = held._encoders[held.wish]
    tried = part._tried_at
    world.send("POST", "/v1/triage", json=EXPORT_DRAFT)
    assert part._tried_at == tried


@pytest.mark.usefixtures("at_once")
def test_an_encoder_that_comes_back_is_used_without_a_restart(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(encoders, "open_encoder", _none_there)
        world = start()
        assert world.send("POST", "/v1/triage", json=EXPORT_DRAFT).status_code == 503
    assert world.ask(EXPORT_DRAFT)["mode"] == "unrouted"


def _none_there(name: str, **_: object) -> None:
    raise EncoderMissing(name, "its disk is away")


def test_a_store_that_goes_missing_is_not_replaced_by_an_empty_one(world: World) -> None:
    path = world.settings.data_dir / "triage.db"
    path.rename(path.with_suffix(".away"))
    _assert_unavailable(world, "store_unavailable", "TRIAGE_DATABASE_URL")
    assert world.send("GET", "/ready").json() == {"ready": False}
    assert not path.exists()


@pytest.mark.usefixtures("at_once")
def test_a_store_that_comes_back_is_used_without_a_restart(world: World) -> None:
    path = world.settings.data_dir / "triage.db"
    copy = path.with_suffix(".copy")
    with world.database.read() as c:
        c.exec_driver_sql("SELECT 1")
    world.database.close()
    world.client.app.state.installation.close()  # type: ignore[attr-defined]
    shutil.copy(path, copy)
    for left in path.parent.glob("triage.db*"):
        left.unlink()
    assert world.send("POST", "/v1/triage", json=EXPORT_DRAFT).status_code == 503
    assert not path.exists()
    shutil.copy(copy, path)
    assert "export" in shown(world.ask(EXPORT_DRAFT))


def test_a_file_that_is_no_database_is_said_to_be_none(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "triage.db").write_bytes(b"this is not a database, it is a letter" * 200)
    with TestClient(create_app(settings)) as client:
        response = client.post("/v1/triage", json={}, headers={"Authorization": "Bearer sk_x"})
        assert (response.status_code, response.json()["code"]) == (503, "store_unavailable")
        assert client.get("/health").status_code == 200
        assert client.get("/ready").json() == {"ready": False}


def test_a_folder_that_cannot_be_made_is_a_missing_store(settings: Settings) -> None:
    blocked = settings.data_dir / "file"
    blocked.write_text("in the way")
    ours = settings.model_copy(update={"data_dir": blocked / "x", "installation_key": ""})
    with TestClient(create_app(ours)) as client:
        response = client.post("/v1/triage", json={}, headers={"Authorization": "Bearer sk_x"})
        assert (response.status_code, response.json()["code"]) == (503, "store_unavailable")


def test_a_forum_made_while_the_server_runs_is_served(world: World) -> None:
    with world.database.write() as c:
        forum = ensure_forum(c, "trains")
        now = datetime.now(UTC)
        secret, _ = create_key(
            c, forum.id, name="t", role=Role.ADMIN, publishable=False, test=False, at=now
        )
    assert world.send("PUT", "/v1/threads/export", secret, json=EXPORT).status_code == 200
    assert shown(world.ask(EXPORT_DRAFT, secret)) == ["export"]


def _sing(world: World) -> None:
    held = world.client.app.state.installation  # type: ignore[attr-defined]
    forum = world.forum()
    held.aviary.sing(world.database, held.desk(forum), forum, datetime.now(UTC))


def test_the_server_is_not_ready_while_known_answers_are_not_found(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.ask(EXPORT_DRAFT)
    _sing(world)
    parts = world.send("GET", "/ready").json()["parts"]
    assert (parts["canaries"], parts["canaries_sung"]["failed"]) == ("ok", 0)
    assert parts["canaries_sung"]["asked"] >= 1
    held = world.client.app.state.installation  # type: ignore[attr-defined]
    held.desk(world.forum()).knowledge.index.remove(["export"])
    _sing(world)
    response = world.send("GET", "/ready", None)
    assert (response.status_code, response.json()) == (503, {"ready": False})
    parts = world.send("GET", "/ready").json()["parts"]
    assert (parts["canaries"], parts["canaries_sung"]["failed"]) == ("canaries_failed", 1)
    assert parts["index_threads"] == 3
    assert "canaries_failed forum=bikes" in caplog.text
    assert EXPORT["title"] not in caplog.text
    # Others are still answered: whoever asks `/ready` decides what that means.
    assert world.send("POST", "/v1/triage", json=EXPORT_DRAFT).status_code == 200
    held.desk(world.forum()).knowledge.verify()
    _sing(world)
    assert world.send("GET", "/ready").status_code == 200


def test_how_far_the_index_is_behind_is_told(world: World) -> None:
    world.ask(EXPORT_DRAFT)
    parts = world.send("GET", "/ready").json()["parts"]
    assert (parts["index_behind"], parts["index_threads"], parts["index_in"]) == (0, 4, "memory")
    assert parts["index_trouble"] is parts["snapshot_age_seconds"] is None
