"""What stands between a page and the service: a network with its bad days.

In: the service's address; what is to go wrong with which calls. Out: an address that passes calls
on as they are; every call that was made.
Not here: anything of the product.
"""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_ONE_HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "host",
    "content-length",
    "date",
    "server",
}


@dataclass(frozen=True)
class Call:
    """One call of a browser, and when it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def told(self) -> dict[str, Any]:
        """What its body says."""
        found: dict[str, Any] = json.loads(self.body or b"{}")
        return found


@dataclass(frozen=True)
class Fault:
    """What goes wrong: it comes late, it is an error in the place of a reply, it is nothing.

    What is `taken` reaches the service first, whatever the page hears of it. An error of a proxy
    has no headers for pages of other sites (`readable` false).
    """

    seconds: float = 0.0
    status: int = 0
    gone: bool = False
    taken: bool = False
    readable: bool = True


@dataclass
class Gateway:
    """The network. `goes_wrong` says of each call what happens to it; None: nothing does."""

    service: str
    base: str = ""
    goes_wrong: Callable[[Call], Fault | None] = lambda call: None
    calls: list[Call] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def to(self, path: str, method: str = "POST") -> list[Call]:
        """Return the calls to an address."""
        return [call for call in self.calls if (call.method, call.path) == (method, path)]

    def mend(self) -> None:
        """Have everything work, and forget what was called."""
        self.goes_wrong = lambda call: None
        self.calls.clear()


class _Passing(BaseHTTPRequestHandler):
    """One call."""

    def __init__(self, gateway: Gateway, *request: Any) -> None:  # noqa: ANN401
        self.gateway = gateway
        super().__init__(*request)

    def _pass(self) -> None:
        gateway = self.gateway
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        call = Call(
            self.command, urlsplit(self.path).path, dict(self.headers), body, time.monotonic()
        )
        gateway.calls.append(call)
        fault = gateway.goes_wrong(call) or Fault()
        # Whoever ends the tests waits for nobody.
        gateway.over.wait(fault.seconds)
        passed = self._passed_on(body) if fault.taken or not (fault.gone or fault.status) else None
        if fault.gone:
            self.close_connection = True
        elif fault.status or passed is None:
            self._fail(fault)
        else:
            self._answer(*passed)

    do_GET = do_POST = do_OPTIONS = do_PUT = _pass

    def _fail(self, fault: Fault) -> None:
        told = json.dumps(
            {"status": fault.status, "code": "unavailable", "detail": "Later."}
        ).encode()
        self.send_response(fault.status)
        if fault.readable:
            self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "*"))
            self.send_header("Access-Control-Allow-Headers", "*, Authorization")
            self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self._write(told)

    def _passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Ask the service; return what it says."""
        there = urlsplit(self.gateway.service)
        connection = http.client.HTTPConnection(there.hostname or "", there.port, timeout=60)
        kept = {n: v for n, v in self.headers.items() if n.lower() not in _ONE_HOP}
        try:
            connection.request(self.command, self.path, body or None, kept)
            reply = connection.getresponse()
            return reply.status, reply.getheaders(), reply.read()
        finally:
            connection.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self._write(content)

    def _write(self, content: bytes) -> None:
        try:
            self.wfile.write(content)
        except ConnectionError:
            # A page that asked anew does not wait for what it asked before.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def gateway_to(service: str) -> Iterator[Gateway]:
    """Stand before a service."""
    gateway = Gateway(service)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Passing, gateway))
    gateway.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, name="gateway")
    thread.start()
    try:
        yield gateway
    finally:
        gateway.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
