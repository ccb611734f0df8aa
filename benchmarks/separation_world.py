"""Two servers over one store with three forums, and a key of every kind, for the proof.

In: a folder, an encoder. Out: a world that can be called, and who may call it. Two servers, since
what one writes the other has in its index and its caches.
Not here: what happens in the world (separation_story), counting (separation).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx2
from starlette.testclient import TestClient

from benchmarks.separation_truth import GROUPS, marks_in, new_mark
from triage import store
from triage.api import create_app
from triage.embedding import embed
from triage.encode import HashingEncoder, TextRole
from triage.records import Case, Forum, Role
from triage.settings import Settings
from triage.text import digest
from triage.visitors import create_secret, sign_visitor

FORUMS = ("bikes", "boats", "birds")
PUBLISHABLE = "publishable"
TOKEN_HEADER = "Triage-Visitor"
KINDS: Mapping[str, Role] = {PUBLISHABLE: Role.FRONTEND, **{role.value: role for role in Role}}


@dataclass(frozen=True, slots=True)
class World:
    """What a story happens in."""

    clients: tuple[TestClient, ...]
    database: store.Database
    settings: Settings
    forums: Mapping[str, Forum]
    keys: Mapping[tuple[str, str], str]
    secrets: Mapping[str, tuple[str, str]]
    cases: Mapping[str, Sequence[Case]]

    def call(
        self,
        client: TestClient,
        method: str,
        path: str,
        key: tuple[str, str],
        *,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Call with the key of a forum and a kind."""
        named = {"Authorization": f"Bearer {self.keys[key]}", **(headers or {})}
        response: httpx2.Response = client.request(method, path, headers=named, json=json)
        return response

    def token(self, forum: str, user: str, groups: frozenset[str]) -> str:
        """Return what the forum's server signs for a visitor."""
        now = datetime.now(UTC)
        return sign_visitor(*self.secrets[forum], forum, user=user, groups=groups, at=now)

    def case_marks(self, forum: str, groups: frozenset[str] | None) -> frozenset[str]:
        """Return the words of the labelled cases that are for one of `groups`; None reads all."""
        readable = [
            case
            for case in self.cases[forum]
            if groups is None or not case.groups or case.groups & groups
        ]
        return marks_in(str(readable))


def settings_for(folder: Path, encoder: str) -> Settings:
    """Return the settings of the world's servers."""
    changed: dict[str, Any] = {
        "data_dir": folder,
        "database_url": "",
        "models_dir": folder / "models",
        "encoder": encoder,
        "reencode": "manual",
        "installation_key": "separation-separation-separation",
        # Of so many that what is withheld is often asked for.
        "holdout": 0.2,
        # Thousands of calls a minute is what this is about.
        **dict.fromkeys(("rate_address", "rate_key", "rate_session"), ""),
    }
    return Settings(**changed)


@contextmanager
def opened_world(folder: Path, encoder: str) -> Iterator[World]:
    """Open a world in an empty folder, or in a copy of a migrated one."""
    settings = settings_for(folder, encoder)
    database = store.Database(settings.store_url)
    try:
        with database.write() as c:
            forums = {name: store.ensure_forum(c, name) for name in FORUMS}
            keys = {
                (name, kind): _make_key(c, forum, kind)
                for name, forum in forums.items()
                for kind in KINDS
            }
            now = datetime.now(UTC)
            secrets = {
                name: create_secret(c, forum, settings.person_key, "site", now)
                for name, forum in forums.items()
            }
        cases = {name: _put_cases(database, forum, encoder) for name, forum in forums.items()}
        with ExitStack() as stack:
            clients = tuple(stack.enter_context(TestClient(create_app(settings))) for _ in range(2))
            yield World(clients, database, settings, forums, keys, secrets, cases)
    finally:
        database.close()


def _make_key(c: store.Connection, forum: Forum, kind: str) -> str:
    secret, _ = store.create_key(
        c,
        forum.id,
        name=kind,
        role=KINDS[kind],
        publishable=kind == PUBLISHABLE,
        test=False,
        at=datetime.now(UTC),
    )
    return secret


def _put_cases(database: store.Database, forum: Forum, encoder: str) -> Sequence[Case]:
    """Keep labelled cases, which explanations name; each has words that only it has."""
    chance = Random(forum.id)
    cases = [
        Case(
            f"c{n}",
            f"The invoice export stops with an error {new_mark(chance)}",
            f"It stops since the update {new_mark(chance)}",
            kind="bug",
            groups=frozenset(GROUPS[:n]),
        )
        for n in range(len(GROUPS))
    ]
    with database.write() as c:
        store.put_cases(c, forum.id, [(case, digest(case.text)) for case in cases])
    if encoder == "hashing":
        texts = [case.text for case in cases]
        embed(database, forum.id, HashingEncoder(), texts, TextRole.QUERY)
    return cases
