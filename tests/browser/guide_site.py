"""A site made of the examples of docs/front-end.md, as somebody makes one who copies them.

In: the page. Out: its examples with a running service in the place of example.com; a site that
serves them, and what was posted to it.
Not here: what each must do (test_front_end_guide).
"""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.docs.pages import blocks, read_page

from .asking import wait_until

PAGE = "docs/front-end.md"
_KINDS = {"html": "text/html", "js": "text/javascript", "txt": "text/plain"}


def examples() -> dict[tuple[str, str], list[str]]:
    """Return all examples of the page, by the heading that they stand under and their language."""
    lines = read_page(PAGE).split("\n")
    headings = {n: line[3:] for n, line in enumerate(lines, 1) if line.startswith("## ")}
    found: dict[tuple[str, str], list[str]] = {}
    for block in blocks():
        if block.page == PAGE:
            heading = headings[max(n for n in headings if n < block.line)]
            found.setdefault((heading, block.language), []).append(block.text)
    return found


def wait_for_site(service: str, site: str) -> None:
    """Wait until a service lets pages of a site call, which takes seconds after a key is made."""
    asked = {"Origin": site, "Access-Control-Request-Method": "POST"}
    request = urllib.request.Request(f"{service}/v1/triage", method="OPTIONS", headers=asked)

    def lets_in() -> bool:
        try:
            with urllib.request.urlopen(request):
                return True
        except urllib.error.HTTPError as refused:
            refused.close()
            return False

    wait_until(lets_in)


@dataclass
class GuideSite:
    """What is at each path, under one policy; what was posted."""

    base: str
    files: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    posts: list[dict[str, str]] = field(default_factory=list)

    def put(self, path: str, *texts: str) -> None:
        """Put a file there; its kind is that of its name."""
        self.files[path] = "\n".join(texts)


class _Pages(BaseHTTPRequestHandler):
    site: GuideSite

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/favicon.ico":
            self._send("image/x-icon", "")
            return
        if path not in self.site.files:
            self.send_error(404)
            return
        kind = _KINDS.get(path.rpartition(".")[2], "text/html")
        self._send(kind, self.site.files[path])

    def do_POST(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.site.posts.append(dict(parse_qsl(told, keep_blank_values=True)))
        self._send("text/html", "<!doctype html><title>Posted</title><p>Posted</p>")

    def _send(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if self.site.policy:
            self.send_header("Content-Security-Policy", self.site.policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's own output is read by people."""


@contextmanager
def guide_site() -> Iterator[GuideSite]:
    """Serve a site on a free port, under a name that is no other's."""
    handler = type("Pages", (_Pages,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site = GuideSite(f"http://guide.localhost:{server.server_port}")
    handler.site = site
    thread = threading.Thread(target=server.serve_forever, name="guide")
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
