"""A real server in this process: a database in a file, two forums, a key of every kind."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.empty_store import put_store, whole
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


def settings_in(folder: Path) -> Settings:
    """Return the settings of a server that keeps everything in this folder."""
    ours = frozenset(item for item in os.environ.items() if item[0].startswith("TRIAGE_"))
    return _read(ours).model_copy(update={"data_dir": folder, "models_dir": folder / "models"})


@lru_cache(maxsize=4)
def _read(environment: frozenset[tuple[str, str]]) -> Settings:
    """Read the environment once: tests differ in their folder alone."""
    return Settings(
        database_url="",
        encoder="hashing",
        reencode="manual",
        installation_key="0123456789abcdef0123456789abcdef",
    )


def make_keys(store: Database) -> dict[str, str]:
    """Make two forums and their keys; return the secrets of these."""
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


def put_threads(world: World) -> None:
    """Have a server's forum `bikes` take the sample threads."""
    response = world.send("POST", "/v1/threads/batch", json={"threads": THREADS})
    assert [r["state"] for r in response.json()["results"]] == ["created"] * len(THREADS)


@lru_cache(maxsize=4)
def keyed(migrated: Path) -> tuple[bytes, Mapping[str, str]]:
    """Return a store with forums and keys, made once for all tests, and the keys' secrets."""
    with TemporaryDirectory() as folder:
        path = put_store(Path(folder) / "triage.db", migrated.read_bytes())
        database = Database(sqlite_url(path))
        made = make_keys(database)
        database.close()
        return whole(path), made


@lru_cache(maxsize=4)
def filled(migrated: Path) -> bytes:
    """Return that store after a server has taken the sample threads."""
    content, made = keyed(migrated)
    with TemporaryDirectory() as folder:
        ours = settings_in(Path(folder))
        path = put_store(Path(folder) / "triage.db", content)
        database = Database(ours.store_url)
        with TestClient(create_app(ours)) as client:
            put_threads(World(client, database, ours, dict(made)))
        database.close()
        return whole(path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def store(settings: Settings, migrated: Path) -> Iterator[Database]:
    put_store(settings.data_dir / "triage.db", keyed(migrated)[0])
    opened = Database(settings.store_url)
    yield opened
    opened.close()


@pytest.fixture
def keys(store: Database, migrated: Path) -> dict[str, str]:
    """The secrets by kind, for the forum `bikes`, and an administrator's of `boats`."""
    return dict(keyed(migrated)[1])


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
def world(start: Start, store: Database, settings: Settings, migrated: Path) -> World:
    """A server whose forum `bikes` has the sample threads."""
    # Nothing has it open but who is told to close it: the server is started after.
    store.close()
    (settings.data_dir / "triage.db").write_bytes(filled(migrated))
    return start()
