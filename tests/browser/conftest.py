"""Real servers and a real browser; each is started once for all tests of this folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.front_end import FrontEnd, front_end
from benchmarks.sample_server import (
    make_key,
    serving,
    store_in,
    train_sample,
    visitor_secret,
)
from triage.records import Role
from triage.settings import ROOT
from triage.store import Database, ensure_forum, sqlite_url

from .asking import AskPage
from .chromium import chromium, listen
from .gateway import Gateway, gateway_to
from .leading import link_of


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sample", type=Path, help="a folder where the trained sample is kept")


@dataclass(frozen=True)
class Served:
    """A running server, and its store."""

    base: str
    database: Database

    def link(self, email: str) -> str:
        """Add a user and return the address that signs them in once."""
        return link_of(self.base, self.database, "bikes", email)


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


@dataclass(frozen=True)
class Sample:
    """The trained sample, served, asked by the pages of another site through a network."""

    folder: Path
    front: FrontEnd
    network: Gateway
    database: Database
    secret: str
    lead: str
    kid: str
    visitor_secret: str

    @property
    def service(self) -> str:
        """The service's own address, past the network."""
        return self.network.service


@pytest.fixture(scope="session")
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the trained sample: nobody asks there, whoever would copies it first."""
    kept: Path | None = request.config.getoption("--sample", None)
    folder = kept or tmp_path_factory.mktemp("sample")
    folder.mkdir(parents=True, exist_ok=True)
    train_sample(folder)
    return folder


@pytest.fixture(scope="session")
def started(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    folder = tmp_path_factory.mktemp("asked")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    database = store_in(folder)
    with front_end() as front:
        key = make_key(database, front.base)
        # A site that may ask, with a key of its own.
        make_key(database, front.base.replace("forum.", "other."))
        secret, lead = make_key(database), make_key(database, role=Role.LEAD)
        vouching = visitor_secret(folder, database)
        with serving(folder) as service, gateway_to(service) as network:
            front.attach(network.base, key)
            yield Sample(folder, front, network, database, secret, lead, *vouching)
    database.close()


@pytest.fixture
def sample(started: Sample) -> Iterator[Sample]:
    """The sample, with a network that works, and nothing posted yet."""
    started.network.mend()
    started.front.posts.clear()
    yield started
    started.network.mend()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been anywhere."""
    opened = browser.new_context(locale="en-GB", reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.fixture
def said() -> list[str]:
    """What the pages complained of."""
    return []


@pytest.fixture
def page(context: BrowserContext, said: list[str]) -> Iterator[Page]:
    opened = context.new_page()
    listen(opened, said)
    yield opened
    # What a test stands in the way of may still be on its way.
    opened.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def asking(page: Page, sample: Sample) -> AskPage:
    """Somebody before an ask page; nothing is opened yet."""
    return AskPage(page, sample.front, sample.network, sample.database)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where pictures of pages are kept for a person to look at."""
    folder = ROOT / "data" / "local" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
