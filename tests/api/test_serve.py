import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median

import pytest

from triage.settings import ROOT, Settings

from .samples import EXPORT


def _environment(settings: Settings) -> dict[str, str]:
    ours = {f"TRIAGE_{k.upper()}": str(v) for k, v in settings.model_dump().items()}
    return {**os.environ, **ours}


@contextmanager
def _served(
    settings: Settings, pages: tuple[str, ...] = ("docs", "health", "ready")
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [sys.executable, "serve.py", "--port", "0"],
        cwd=ROOT,
        env=_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            addresses = [process.stdout.readline().strip() for _ in pages]
            assert tuple(a.rpartition("/")[2] for a in addresses) == pages
            yield process, addresses[0].rpartition("/")[0]
        finally:
            process.kill()


def _call(address: str, key: str, body: object, method: str = "POST") -> dict[str, object]:
    request = urllib.request.Request(
        address,
        data=json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        found: dict[str, object] = json.load(response)
    return found


def _seconds_of_replies(connection: HTTPConnection, times: int) -> Iterator[float]:
    """Return how long each of many small replies takes on one connection."""
    for _ in range(times):
        began = time.perf_counter()
        connection.request("GET", "/health")
        connection.getresponse().read()
        yield time.perf_counter() - began


def test_the_server_serves_over_http_and_stops_when_told(
    settings: Settings, keys: dict[str, str]
) -> None:
    with _served(settings) as (process, base):
        with urllib.request.urlopen(f"{base}/ready", timeout=30) as response:
            assert json.load(response) == {"ready": True}
        put = _call(f"{base}/v1/threads/a%2Fb", keys["admin"], {**EXPORT, "id": None}, "PUT")
        assert (put["id"], put["state"]) == ("a/b", "created")
        reply = _call(f"{base}/v1/triage", keys["publishable"], {"title": EXPORT["title"]})
        assert reply["mode"] == "unrouted"
        with pytest.raises(urllib.error.HTTPError) as caught:
            _call(f"{base}/v1/triage", keys["frontend"], {"body": "x" * 1_000_000})
        with caught.value as refused:
            assert refused.code == 413
            assert json.load(refused)["code"] == "body_too_large"
        host, _, port = base.removeprefix("http://").partition(":")
        connection = HTTPConnection(host, int(port), timeout=30)
        connection.request("POST", "/v1/triage", (b" " * 9_000 for _ in range(100)))
        assert connection.getresponse().status in (401, 413)
        connection.close()
        # Half of a reply must not wait until the other half is said to have arrived: 40 ms.
        assert median(_seconds_of_replies(connection, 30)) < 0.03
        connection.close()
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
        assert process.returncode in (0, -signal.SIGTERM)
    assert "route=/v1/triage status=200" in log
    assert EXPORT["title"] not in log


def test_a_demo_says_first_where_to_begin(settings: Settings, keys: dict[str, str]) -> None:
    demo = settings.model_copy(update={"demo": True, "forum": "bikes"})
    with _served(demo, ("", "docs", "health", "ready")) as (process, base):
        with urllib.request.urlopen(f"{base}/tour", timeout=30) as response:
            assert response.status == 200
        for header in ({"Host": "evil.example"}, {"X-Forwarded-For": "127.0.0.1"}):
            request = urllib.request.Request(f"{base}/tour", headers=header)
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(request, timeout=30)
            with caught.value as refused:
                assert refused.code == 403
        host, _, port = base.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as proxy:
            # As a proxy speaks that says nothing of itself; no browser does.
            proxy.sendall(f"GET /tour HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert b" 403 " in proxy.makefile("rb").readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


@pytest.mark.parametrize(
    ("host", "changed"),
    [
        *((host, {}) for host in ("0.0.0.0", "::", "", "192.0.2.1")),
        ("127.0.0.1", {"public_url": "https://forum.example.com"}),
        ("127.0.0.1", {"trusted_proxies": "127.0.0.1"}),
    ],
)
def test_a_demo_does_not_start_where_others_reach_it(
    settings: Settings, keys: dict[str, str], host: str, changed: dict[str, str]
) -> None:
    demo = settings.model_copy(update={"demo": True, "forum": "bikes", **changed})
    done = subprocess.run(
        [sys.executable, "serve.py", "--host", host, "--port", "0"],
        cwd=ROOT,
        env=_environment(demo),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "this machine alone" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_the_options() -> None:
    done = subprocess.run(
        [sys.executable, "serve.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--port" in done.stdout
    assert "--host" in done.stdout
