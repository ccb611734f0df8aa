"""A site on which a topic is written as in Discourse, with the theme component of this repository.

In: what an administrator set. Out: a page with the composer; what was posted there. The component
is what stands in discourse/; only what Discourse's own compiler does is done to it here: the
template becomes a value of its class, and settings come from a module.
Not here: what must come of it (test_discourse_component).
"""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from triage.settings import ROOT

COMPONENT = ROOT / "discourse"
_STAND_IN = Path(__file__).with_name("discourse")
_SCRIPTS = COMPONENT / "javascripts" / "discourse"
_START = 'import start from "/component/api-initializers/ask-triage";\nstart.initialize();\n'
_TEMPLATE = re.compile(r"<template>(.*?)</template>", re.DOTALL)
_NONCE = "c29tZXRoaW5n"
# What Discourse sends unless an administrator says otherwise.
_POLICY = (
    f"base-uri 'self'; object-src 'none'; script-src 'nonce-{_NONCE}' 'strict-dynamic';"
    " worker-src 'self'; frame-ancestors 'self'; manifest-src 'self'"
)
_KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", "": "text/plain"}


def usual_settings() -> dict[str, Any]:
    """Return the component's settings as nobody has changed them."""
    read = yaml.safe_load((COMPONENT / "settings.yml").read_text(encoding="utf-8"))
    return {name: one["default"] for name, one in read.items()}


def words(locale: str) -> dict[str, Any]:
    """Return the component's words in a language, by its name in Discourse."""
    path = COMPONENT / "locales" / f"{locale}.yml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))[locale]
    return found


@dataclass
class Site:
    """The site: what was set, what becomes of the next post, and what was posted."""

    base: str
    settings: dict[str, Any] = field(default_factory=usual_settings)
    locale: str = "en"
    next_posts: list[str] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    token: str = ""
    asked_for_token: int = 0

    def file(self, path: str) -> tuple[str, str] | None:
        """Return the kind and the text of what is at a path."""
        if path == "/":
            return ".html", self._page()
        if path == "/start.js":
            return ".js", _START
        if path == "/theme.js":
            told = f"export const settings = {json.dumps(self.settings)};\n"
            return (
                ".js",
                told + "export const themePrefix = (key) => `theme_translations.1.${key}`;",
            )
        if path == "/common.css":
            return ".css", (COMPONENT / "common" / "common.scss").read_text(encoding="utf-8")
        if path == "/favicon.ico":
            return "", ""
        if path == "/token":
            self.asked_for_token += 1
            return "", self.token
        if path.startswith("/component/"):
            return ".js", _compiled(path.removeprefix("/component/"))
        own = _STAND_IN / path.removeprefix("/")
        return (own.suffix, own.read_text(encoding="utf-8")) if own.is_file() else None

    def post(self, sent: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Take what is posted: as a topic, for a moderator to look at, or not at all."""
        became = self.next_posts.pop(0) if self.next_posts else "create_post"
        if became == "refused":
            return 422, {"errors": ["Title is too short"]}
        self.posts.append(dict(sent))
        return 200, {"action": became, "topic_id": 4700 + len(self.posts)}

    def _page(self) -> str:
        page = (_STAND_IN / "page.html").read_text(encoding="utf-8")
        said = words(self.locale)["private"]
        told = " ".join(f'data-{name}="{text}"' for name, text in said.items())
        lang = self.locale.replace("_", "-")
        return page.replace("NONCE", _NONCE).replace("LANG", lang).replace("WORDS", told)


def _compiled(name: str) -> str:
    """Return a module of the component as Discourse's compiler makes it, as far as it matters."""
    (path,) = _SCRIPTS.glob(f"{name}.*")
    text = path.read_text(encoding="utf-8")
    text, found = _TEMPLATE.subn(lambda one: f"static template = {json.dumps(one[1])};", text)
    assert found == (path.suffix == ".gjs"), path.name
    text = re.sub(r'(from ")\.\./', r"\1/component/", text)
    return f'import {{ settings, themePrefix }} from "virtual:theme";\n{text}' if found else text


class _Pages(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        found = self.site.file(urlsplit(self.path).path)
        if found is None:
            self.send_error(404)
        else:
            self._send(200, _KINDS[found[0]], found[1])

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, told = self.site.post(sent)
        self._send(status, "application/json", json.dumps(told))

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's own output is read by people."""


@contextmanager
def discourse_site() -> Iterator[Site]:
    """Serve the site on a free port, under a name that is no other's."""
    handler = type("Pages", (_Pages,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site = Site(f"http://discourse.localhost:{server.server_port}")
    handler.site = site
    thread = threading.Thread(target=server.serve_forever, name="discourse")
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
