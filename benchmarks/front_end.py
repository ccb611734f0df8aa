"""A forum's ask page, of another site than the service: the two lines that attach the widget.

    python -m benchmarks.front_end FOLDER     # serves the sample with it, for a person to try

In: the service's address and a publishable key. Out: pages on a local port, from a thread of its
own; what their forms posted. Its policy lets nothing in but its own style and the service's script.
Not here: the service (sample_server), anything of the product.
"""

import argparse
import json
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from benchmarks.sample_server import make_key, serving, store_in, train_sample

_POLICY = (
    "default-src 'none'; script-src {service}; connect-src {service}; style-src 'self';"
    " frame-src {own}; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'"
)
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input, textarea { box-sizing: border-box; width: 100%; min-height: 2.75rem; font: inherit; }
textarea { height: 9rem; }
button { min-height: 2.75rem; margin-block: 1rem; padding: 0 1.5rem; font: inherit; }
iframe { box-sizing: border-box; width: 100%; height: 60rem; border: 0; }
.far { height: 200vh; }
"""
_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ask the community</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<h1>Ask the community</h1>
{content}
</main>
</body>
</html>
"""
_FRAME = '<iframe title="Ask" src="{address}"></iframe>'
_FORM = """<form id="ask-form" method="post" action="/posted">
<label for="ask-title">Title</label>
<input id="ask-title" name="title" autocomplete="off">
<label for="ask-body">Question</label>
<textarea id="ask-body" name="body"></textarea>
{far}{lines}
<button>Post question</button>
</form>"""


@dataclass
class FrontEnd:
    """The pages, and every form that was posted from one of them.

    `file` and `integrity` are the widget's own address and hash, as the service tells them.
    """

    base: str = ""
    service: str = ""
    key: str = ""
    file: str = ""
    integrity: str = ""
    posts: list[dict[str, str]] = field(default_factory=list)

    def attach(self, service: str, key: str) -> None:
        """Have the pages ask a service with a key."""
        self.service, self.key = service, key
        with urllib.request.urlopen(f"{service}/widget/manifest.json") as reply:
            told = json.load(reply)["triage-suggest.js"]
        self.file, self.integrity = told["url"], told["integrity"]

    @property
    def policy(self) -> str:
        """What the pages let in."""
        return _POLICY.format(service=self.service, own=self.base)

    def ask_page(self, **attributes: str) -> str:
        """Return the address of an ask page whose widget has these attributes.

        `_empty` leaves the widget out, `_far` puts it below the fold, `_frame` all into an iframe.
        """
        told = {_named(name): value for name, value in attributes.items()}
        return f"{self.base}/ask?{urlencode(told)}"

    def page(self, query: Mapping[str, str]) -> str:
        """Return the HTML of an ask page."""
        given = dict(query)
        marks = {name: given.pop(name, "") for name in ("_empty", "_far", "_frame")}
        lang = given.get("lang", "en")
        if marks["_frame"]:
            address = escape(f"{self.base}/ask?{urlencode(given)}")
            return _PAGE.format(lang=lang, content=_FRAME.format(address=address))
        far = '<div class="far"></div>\n' if marks["_far"] else ""
        lines = "" if marks["_empty"] else self._lines(given)
        return _PAGE.format(lang=lang, content=_FORM.format(far=far, lines=lines))

    def _lines(self, given: Mapping[str, str]) -> str:
        """Return the two lines of HTML."""
        named = {"for": "ask-form", "key": self.key, **given}
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in named.items())
        return (
            f'<script type="module" src="{self.service}/widget/{self.file}"'
            f' integrity="{self.integrity}" crossorigin="anonymous"></script>\n'
            f"<triage-suggest{attributes}></triage-suggest>"
        )


def _named(name: str) -> str:
    """Return what an attribute is called in HTML; what is for the page itself keeps its name."""
    return name if name.startswith("_") else name.removesuffix("_").replace("_", "-")


class _Pages(BaseHTTPRequestHandler):
    """One request of a browser."""

    def __init__(self, front: FrontEnd, *request: Any) -> None:  # noqa: ANN401
        self.front = front
        super().__init__(*request)

    def do_GET(self) -> None:
        """Give a page."""
        address = urlsplit(self.path)
        if address.path == "/style.css":
            self._send("text/css", _STYLE)
        elif address.path.startswith("/t/"):
            thread = f"<p>{escape(address.path)}</p>"
            self._send("text/html", _PAGE.format(lang="en", content=thread))
        elif address.path == "/ask":
            self._send("text/html", self.front.page(dict(parse_qsl(address.query, True))))
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        """Take a form."""
        told = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.front.posts.append(dict(parse_qsl(told, keep_blank_values=True)))
        self._send("text/html", _PAGE.format(lang="en", content="<p>Posted</p>"))

    def _send(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.front.policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's own output is read by people."""


@contextmanager
def front_end() -> Iterator[FrontEnd]:
    """Serve the pages; `attach` them before one is opened.

    The name is no other's site, so that what a browser keeps for one it does not tell the other.
    """
    front = FrontEnd()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, front))
    front.base = f"http://forum.localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, name="front end")
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def attached(folder: Path, **settings: str) -> Iterator[tuple[FrontEnd, str]]:
    """Serve the sample, trained in a folder, and pages that ask it; give both addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    train_sample(folder)
    database = store_in(folder)
    with front_end() as front:
        key = make_key(database, front.base)
        database.close()
        with serving(folder, **settings) as service:
            front.attach(service, key)
            yield front, service


def main() -> None:
    """Serve the sample and an ask page beside it until told to stop; say where."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path, help="where the trained sample is kept")
    with attached(parser.parse_args().folder) as (front, _):
        print(front.ask_page(product="ledger"), flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
