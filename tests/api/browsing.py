"""A browser, as far as the server can tell: it keeps cookies and says where it sends from."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
from starlette.testclient import TestClient

from triage.records import Role
from triage.store import add_user, get_forum, make_link

from .conftest import World

EVA = "eva.lind@example.com"
PASSWORD = "kettle orbit velvet nine"
_FROM_A_PAGE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Browser:
    """A browser of its own on a server that is running."""

    client: TestClient

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Open an address; redirects are not followed."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers=named, follow_redirects=False)

    def post(
        self, path: str, form: Mapping[str, str], headers: Mapping[str, str] = _FROM_A_PAGE
    ) -> httpx2.Response:
        """Send a form as one of the server's own pages would."""
        return self.client.post(path, data=form, headers=headers, follow_redirects=False)

    def change(self, path: str, **form: str) -> httpx2.Response:
        """Send a form of the account's page, with what stands hidden in it."""
        return self.post(path, {**form, "forgery_token": self.forgery_token()})

    def forgery_token(self) -> str:
        """Read what the forms of the account's page bring."""
        found = re.search(r'name="forgery_token" value="([0-9a-f]+)"', self.get("/account").text)
        assert found is not None
        return found[1]

    def sign_in(
        self, email: str = EVA, password: str = PASSWORD, forum: str = "bikes"
    ) -> httpx2.Response:
        """Send the form of the page /sign-in."""
        return self.post("/sign-in", {"forum": forum, "email": email, "password": password})

    @property
    def is_in(self) -> bool:
        """Whether the server shows this browser an account."""
        return self.get("/account").status_code == 200


def browser(world: World, base: str = "http://testserver") -> Browser:
    """Return another browser."""
    return Browser(TestClient(world.client.app, base_url=base))


def add(world: World, email: str = EVA, role: Role = Role.LEAD, forum: str = "bikes") -> str:
    """Add a user; return their id."""
    with world.database.write() as c:
        forum_id = get_forum(c, forum).id
        now = datetime.now(UTC)
        return add_user(c, forum_id, email=email, name="Eva Lind", role=role, at=now).id


def link_for(world: World, user_id: str, life: timedelta = timedelta(minutes=15)) -> str:
    """Make a link for a user; return its token."""
    with world.database.write() as c:
        now = datetime.now(UTC)
        return make_link(c, world.forum().id, user_id, now, now + life)


def shown(response: httpx2.Response) -> str:
    """Return the text of a page, as people read it."""
    return html.unescape(re.sub(r"<[^>]+>", " ", response.text))
