import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from triage.settings import ROOT, Settings

from .samples import EXPORT


def _environment(settings: Settings) -> dict[str, str]:
    ours = {f"TRIAGE_{k.upper()}": str(v) for k, v in settings.model_dump().items()}
    return {**os.environ, **ours}


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], str]]:
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
            addresses = [process.stdout.readline().strip() for _ in range(3)]
            assert [a.rpartition("/")[2] for a in addresses] == ["docs", "health", "ready"]
            yield process, addresses[0].removesuffix("/docs")
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
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=30)
        assert process.returncode in (0, -signal.SIGTERM)
    assert "route=/v1/triage status=200" in log
    assert EXPORT["title"] not in log


def test_help_names_the_options() -> None:
    done = subprocess.run(
        [sys.executable, "serve.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "--port" in done.stdout
    assert "--host" in done.stdout
