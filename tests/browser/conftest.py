"""A real server and a real browser; both are started once for all tests of this folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from triage.records import Role
from triage.settings import ROOT
from triage.store import Database, add_user, ensure_forum, make_link, sqlite_url

from .chromium import BROWSER, Chromium


@dataclass(frozen=True)
class Served:
    """A running server, and its store."""

    base: str
    database: Database

    def link(self, email: str) -> str:
        """Add a user and return the address that signs them in once."""
        now = datetime.now(UTC)
        with self.database.write() as c:
            forum = ensure_forum(c, "bikes")
            user = add_user(c, forum.id, email=email, name="Eva Lind", role=Role.LEAD, at=now)
            token = make_link(c, forum.id, user.id, now, now + timedelta(minutes=15))
        return f"{self.base}/sign-in/link?token={token}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    database = Database(sqlite_url(folder / "triage.db"))
    with database.write() as c:
        ensure_forum(c, "bikes")
    ours = {
        **{"TRIAGE_DATA_DIR": str(folder), "TRIAGE_MODELS_DIR": str(folder / "models")},
        **{"TRIAGE_ENCODER": "hashing", "TRIAGE_REENCODE": "manual"},
        **{"TRIAGE_OPERATOR": "Example AB", "TRIAGE_DATA_LOCATION": "Stockholm, Sweden"},
        **{"TRIAGE_OIDC_ISSUER": "http://127.0.0.1:1", "TRIAGE_OIDC_NAME": "Example AB"},
        "TRIAGE_OIDC_CLIENT_ID": "triage",
    }
    with subprocess.Popen(
        [sys.executable, "serve.py", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, **ours},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://"), "the server did not start"
            yield Served(address.rpartition("/")[0], database)
        finally:
            process.kill()
            database.close()


@pytest.fixture
def tab() -> Iterator[Chromium]:
    assert BROWSER, "Install Chromium (Debian: apt-get install chromium) for `make test-web`."
    with Chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures of pages are kept for a person to look at."""
    folder = ROOT / "data" / "local" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
