"""Server-sent events: what is sent, and when a stream ends."""

import asyncio
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from triage import store as kept
from triage.api import event_streams
from triage.api.event_streams import EventStream, EventStreams, State
from triage.api.problems import Problem
from triage.errors import StoreUnavailable
from triage.records import JobKind
from triage.settings import ROOT, Settings

from .conftest import World
from .test_serve import _environment

CURRENT = "/v1/training-runs/current"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(event_streams, "HEARTBEAT_SECONDS", 0.05)


def state(n: int, final: bool = False) -> State:
    return State("run", f'{{"n": {n}}}', final)


def sent_by(
    streams: EventStreams,
    look: Callable[[], State],
    may_listen: Callable[[], bool] = lambda: True,
    last_id: str | None = None,
    gone_after: float = 30.0,
) -> str:
    """Serve one stream to a listener who leaves after some seconds; return what was sent."""
    sent: list[bytes] = []

    async def receive() -> dict[str, str]:
        await asyncio.sleep(gone_after)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        body = message.get("body", b"")
        assert isinstance(body, bytes)
        sent.append(body)

    stream = EventStream(streams, look, may_listen, last_id)
    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    asyncio.run(stream(scope, receive, send))  # type: ignore[arg-type]
    return b"".join(sent).decode()


def test_every_change_is_sent_once_and_the_last_one_ends_it() -> None:
    states = iter([state(1), state(1), state(2), state(3, final=True)])
    text = sent_by(EventStreams(), lambda: next(states))
    assert text.startswith("retry: ")
    assert [line for line in text.splitlines() if line.startswith("data")] == [
        'data: {"n": 1}',
        'data: {"n": 2}',
        'data: {"n": 3}',
    ]


def test_who_comes_back_is_told_only_what_is_new() -> None:
    states = iter([state(2), state(3, final=True)])
    assert "data" not in sent_by(EventStreams(), lambda: state(3, True), last_id=state(3).id)
    assert '"n": 2' not in sent_by(EventStreams(), lambda: next(states), last_id=state(2).id)


def test_a_quiet_stream_is_heard_until_its_listener_leaves() -> None:
    streams = EventStreams()
    text = sent_by(streams, lambda: state(1), gone_after=0.5)
    assert text.count(": still here") >= 2
    assert streams.open == 0


def test_a_revoked_key_hears_no_more() -> None:
    assert "still here" not in sent_by(EventStreams(), lambda: state(1), may_listen=lambda: False)


def test_a_store_that_is_gone_ends_it() -> None:
    def look() -> State:
        raise StoreUnavailable("its file is gone")

    assert "data" not in sent_by(EventStreams(), look)


def test_there_are_only_so_many_and_none_once_the_server_stops() -> None:
    streams = EventStreams(most=1)
    streams.enter()
    with pytest.raises(Problem) as caught:
        sent_by(streams, lambda: state(1))
    assert caught.value.code == "too_many_streams"
    streams.leave()

    def look() -> State:
        streams.close()
        return state(1)

    assert '"n": 1' in sent_by(streams, look)
    with pytest.raises(Problem):
        streams.enter()


def test_too_many_are_told_to_come_again(empty: World, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = empty.client.app.state.installation.streams  # type: ignore[attr-defined]
    monkeypatch.setattr(streams, "_most", 0)
    _waiting_run(empty.database, empty.forum().id)
    refused = empty.send("GET", f"{CURRENT}/events", "lead")
    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_streams")
    assert refused.headers["retry-after"]


def _waiting_run(database: kept.Database, forum_id: int) -> None:
    """Leave a run that waits as long as another machine encodes the forum."""
    now = datetime.now(UTC)
    with database.write() as c:
        kept.claim_job(c, forum_id, JobKind.ENCODE, {}, "elsewhere:1:x", now)
        kept.ask_job(c, forum_id, JobKind.TRAIN, {"queued": True}, now)


def test_a_server_that_stops_does_not_wait_for_listeners(
    settings: Settings, store: kept.Database, keys: dict[str, str]
) -> None:
    with store.read() as c:
        forum_id = kept.get_forum(c, "bikes").id
    _waiting_run(store, forum_id)
    with subprocess.Popen(
        [sys.executable, "serve.py", "--port", "0"],
        cwd=ROOT,
        env=_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            base = process.stdout.readline().strip().removesuffix("/docs")
            bearer = {"Authorization": f"Bearer {keys['lead']}"}
            request = urllib.request.Request(f"{base}{CURRENT}/events", headers=bearer)
            with urllib.request.urlopen(request, timeout=30) as stream:
                lines = [stream.readline() for _ in range(5)]
                assert b'"queued"' in lines[4]
                began = time.monotonic()
                process.send_signal(signal.SIGTERM)
                stream.read()
                process.wait(30)
            assert time.monotonic() - began < 10
        finally:
            process.kill()
