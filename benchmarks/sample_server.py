"""The sample forum, trained and served by processes of their own, for what a browser sees of it.

In: a folder. Out: the sample in it, ready to be served; the address of a server that serves it.
Not here: the page that asks (front_end), what is measured or tested.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from triage.records import Role
from triage.settings import ROOT, Settings
from triage.store import Database, create_key, ensure_forum, sqlite_url
from triage.visitors import create_secret

FORUM = "demo"
_STARTED_WITHIN_SECONDS = 120.0
_SAMPLE = ROOT / "data" / "sample"
_COMMANDS = (
    *(
        ("-m", "triage", "ingest", what, str(_SAMPLE / f"{what}.jsonl"))
        for what in ("threads", "accounts", "cases")
    ),
    ("train.py",),
)
# Nobody is withheld anything, and one machine is every visitor: both would make figures of a
# browser depend on chance.
_SETTINGS = {
    "TRIAGE_HOLDOUT": "0",
    "TRIAGE_RATE_ADDRESS": "",
    "TRIAGE_RATE_SESSION": "",
    "TRIAGE_LOG_LEVEL": "warning",
}


def train_sample(folder: Path) -> None:
    """Ingest the sample in a folder and train on it, unless that was done there."""
    done = folder / "trained"
    if done.exists():
        return
    for command in _COMMANDS:
        told = (sys.executable, *command, "--forum", FORUM)
        subprocess.run(told, cwd=ROOT, env=_env(folder, {}), check=True, stdout=subprocess.DEVNULL)
    done.touch()


def store_in(folder: Path) -> Database:
    """Open the store of a folder."""
    return Database(sqlite_url(folder / "triage.db"))


def make_key(database: Database, *origins: str, role: Role = Role.FRONTEND) -> str:
    """Make a key whose asks count: a publishable one for these sites, or a secret one."""
    with database.write() as c:
        forum = ensure_forum(c, FORUM)
        return create_key(
            c,
            forum.id,
            name="ask page",
            role=role,
            publishable=bool(origins),
            test=False,
            at=datetime.now(UTC),
            origins=origins,
        )[0]


def visitor_secret(folder: Path, database: Database) -> tuple[str, str]:
    """Make a secret by which a forum's server vouches for visitors; return its id and itself."""
    key = Settings(data_dir=folder).person_key
    with database.write() as c:
        forum = ensure_forum(c, FORUM)
        return create_secret(c, forum, key, "forum server", datetime.now(UTC))


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """Serve what is in a folder on a free port; give the address once it is ready."""
    with subprocess.Popen(
        [sys.executable, "serve.py", "--host", "127.0.0.1", "--port", "0"],
        cwd=ROOT,
        env=_env(folder, settings),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            said = urlsplit(process.stdout.readline().strip())
            assert said.scheme == "http", "the server did not start"
            base = f"http://{said.netloc}"
            _wait_for(base)
            yield base
        finally:
            process.terminate()


def call(base: str, key: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Post to the service as a server does; return its reply."""
    request = urllib.request.Request(
        f"{base}{path}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        found: dict[str, Any] = json.load(reply)
        return found


def _wait_for(base: str) -> None:
    until = time.monotonic() + _STARTED_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{base}/ready"):
                return
        except urllib.error.HTTPError as refused:
            refused.close()
            assert time.monotonic() < until, "the server never became ready"
        time.sleep(0.1)


def _env(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    where = {"TRIAGE_DATA_DIR": str(folder), "TRIAGE_MODELS_DIR": str(folder / "models")}
    return {**os.environ, **where, **_SETTINGS, **settings}
