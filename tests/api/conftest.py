"""A real server in this process: a database in a file, two forums, a key of every kind."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from triage.api import create_app
from triage.records import Forum, Role
from triage.settings import Settings
from triage.store import Database, create_key, ensure_forum, get_forum, sqlite_url

from .samples import THREADS

KEYS = {
    "publishable": (Role.FRONTEND, True),
    "frontend": (Role.FRONTEND, False),
    "lead": (Role.LEAD, False),
    "analyst": (Role.ANALYST, False),
    "admin": (Role.ADMIN, False),
}


@dataclass(frozen=True)
class World:
    """A started server, its store as another process sees it, and the secrets of its keys."""

    client: TestClient
    database: Database
    settings: Settings
    keys: dict[str, str]

    def send(
        self,
        method: str,
        path: str,
        key: str | None = "admin",
        *,
        json: object = None,
        content: bytes | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        raw = {name.encode(): value.encode() for name, value in (headers or {}).items()}
        if key is not None:
            raw[b"Authorization"] = f"Bearer {self.keys.get(key, key)}".encode()
        return self.client.request(method, path, headers=raw, json=json, content=content)

    def ask(self, draft: dict[str, Any], key: str = "frontend") -> dict[str, Any]:
        response = self.send("POST", "/v1/triage", key, json=draft)
        assert response.status_code == 200, response.text
        reply: dict[str, Any] = response.json()
        return reply

    def forum(self, name: str = "bikes") -> Forum:
        with self.database.read() as c:
            return get_forum(c, name)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrating takes most of a test's time, so that is done once and copied."""
    path = tmp_path_factory.mktemp("api") / "triage.db"
    Database(sqlite_url(path)).close()
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url="",
        models_dir=tmp_path / "models",
        encoder="hashing",
        reencode="manual",
        installation_key="0123456789abcdef0123456789abcdef",
    )


@pytest.fixture
def store(settings: Settings, migrated: Path) -> Iterator[Database]:
    shutil.copy(migrated, settings.data_dir / "triage.db")
    opened = Database(settings.store_url)
    yield opened
    opened.close()


@pytest.fixture
def keys(store: Database) -> dict[str, str]:
    """The secrets by kind, for the forum `bikes`, and an administrator's of `boats`."""
    now = datetime.now(UTC)
    made = {}
    with store.write() as c:
        bikes, boats = ensure_forum(c, "bikes"), ensure_forum(c, "boats")
        for name, (role, publishable) in KEYS.items():
            made[name], _ = create_key(
                c, bikes.id, name=name, role=role, publishable=publishable, test=False, at=now
            )
        made["boats"], _ = create_key(
            c, boats.id, name="b", role=Role.ADMIN, publishable=False, test=False, at=now
        )
    return made


Start = Callable[..., World]


@pytest.fixture
def start(store: Database, keys: dict[str, str], settings: Settings) -> Iterator[Start]:
    """Start a server with these settings changed; all are stopped at the end."""
    with ExitStack() as stack:

        def started(**changed: object) -> World:
            ours = settings.model_copy(update=changed)
            client = stack.enter_context(TestClient(create_app(ours)))
            return World(client, store, ours, keys)

        yield started


@pytest.fixture
def empty(start: Start) -> World:
    """A server whose forums hold nothing."""
    return start()


@pytest.fixture
def world(empty: World) -> World:
    """A server whose forum `bikes` has the sample threads."""
    response = empty.send("POST", "/v1/threads/batch", json={"threads": THREADS})
    assert [r["state"] for r in response.json()["results"]] == ["created"] * len(THREADS)
    return empty
