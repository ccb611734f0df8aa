"""Somebody who leads the sample forum, before a server of its own.

In: a folder with the trained sample. Out: a server, and a browser in which a lead is signed in.
Not here: which pages there are (the tests).
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.sample_server import FORUM
from triage.records import Role
from triage.settings import ROOT
from triage.store import Database, add_user, get_forum, make_link

from .chromium import faults

SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
SMALL = """[...document.querySelectorAll(
  'main button, main input:not([type=hidden]), main select, main textarea, nav a, summary')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""


def link_of(base: str, database: Database, forum: str, email: str, role: Role = Role.LEAD) -> str:
    """Add a user and return the address that signs them in once."""
    now = datetime.now(UTC)
    with database.write() as c:
        forum_id = get_forum(c, forum).id
        user = add_user(c, forum_id, email=email, name="Eva Lind", role=role, at=now)
        token = make_link(c, forum_id, user.id, now, now + timedelta(minutes=15))
    return f"{base}/sign-in/link?token={token}"


def sign_in(page: Page, base: str, database: Database, role: Role) -> None:
    """Sign in as somebody new of a role."""
    email = f"{role}-{datetime.now(UTC).timestamp()}@example.com"
    page.goto(link_of(base, database, FORUM, email, role))
    with page.expect_navigation():
        page.locator("main button").first.click()


@dataclass(frozen=True)
class Led:
    """A running server of a forum, its store, and where both are kept."""

    base: str
    database: Database
    folder: Path

    def enter(self, page: Page, role: Role = Role.LEAD) -> None:
        """Sign in as somebody of a role."""
        sign_in(page, self.base, self.database, role)

    def run(self, *command: str) -> str:
        """Run a command on the same store; return what it says."""
        where = {"TRIAGE_DATA_DIR": str(self.folder), "TRIAGE_MODELS_DIR": f"{self.folder}/models"}
        env: Mapping[str, str] = {**os.environ, **where}
        told = (sys.executable, "-m", "triage", *command, "--forum", FORUM)
        return subprocess.run(
            told, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True
        ).stdout


def check(page: Page, picture: Path) -> None:
    """Find nothing wrong with a page as it is shown, and keep a picture of it."""
    # After a click the address is the new page's before there is anything of it.
    page.locator("main").wait_for()
    assert page.evaluate(SIDEWAYS) is False, page.url
    assert page.evaluate(SMALL) == [], page.url
    assert faults(page) == [], page.url
    page.screenshot(path=picture, full_page=True)
