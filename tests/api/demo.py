"""A browser on the machine that a demo runs on, as far as the server can tell."""

from collections.abc import Mapping

import httpx2
from starlette.testclient import TestClient

from .browsing import Browser
from .conftest import World

HERE = "http://127.0.0.1:8000"
FROM_A_PAGE = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}


class DemoBrowser(Browser):
    """A browser of its own on a demo."""

    def send(
        self, path: str, headers: Mapping[str, str] = FROM_A_PAGE, **form: str
    ) -> httpx2.Response:
        """Send a form as one of the demo's own pages would."""
        return self.post(path, form, headers)

    def be(self, who: str, **form: str) -> httpx2.Response:
        """Become a person of the demo."""
        return self.send("/demo/be", who=who, **form)


def demo_browser(
    world: World, base: str = HERE, client: tuple[str, int] = ("127.0.0.1", 50_000)
) -> DemoBrowser:
    """Return another browser, on this machine unless said otherwise."""
    return DemoBrowser(TestClient(world.client.app, base_url=base, client=client))
