"""Asking again: as long as the other system wants, as often as makes sense, and no more."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from tests.connect.far_end import far_end
from triage.connect.outgoing import Outgoing, Reply, json_of, patient
from triage.connect.outgoing.replies import retry_after
from triage.errors import SendFailed
from triage.outbound import read_allowed


def tried(replies: Sequence[tuple[int, str | None]]) -> tuple[str, list[float]]:
    """Return the status or code that comes of a server that replies so, and what was slept."""
    left, slept = list(replies), []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def handler(request: web.Request) -> web.Response:
        status, wait = left.pop(0)
        return web.Response(status=status, headers={} if wait is None else {"Retry-After": wait})

    async def run() -> str:
        async with far_end(handler) as port, Outgoing(read_allowed("127.0.0.1")) as outgoing:
            url = f"http://127.0.0.1:{port}/"
            try:
                return str((await patient(outgoing, "GET", url, sleep=sleep)).status)
            except SendFailed as error:
                return error.code

    return asyncio.run(run()), slept


def test_what_is_busy_is_asked_again_when_it_says() -> None:
    assert tried([(429, "3"), (429, "0"), (200, None)]) == ("200", [3.0, 0.0])


def test_what_is_broken_is_asked_again_ever_later() -> None:
    told, slept = tried([(502, None), (503, None), (500, None), (200, None)])
    assert told == "200"
    assert [round(s / 2**n, 3) <= 1 and s >= 2**n / 2 for n, s in enumerate(slept)] == [True] * 3


def test_after_the_last_try_it_is_said_what_was_wrong() -> None:
    told, slept = tried([(503, None)] * 5)
    assert (told, len(slept)) == ("http_503", 4)
    told, slept = tried([(429, "1")] * 5)
    assert (told, len(slept)) == ("rate_limited", 4)


@pytest.mark.parametrize("status", [401, 403, 301, 418])
def test_what_would_be_the_same_again_is_not_asked_again(status: int) -> None:
    told, slept = tried([(status, None)])
    assert told == ("login_refused" if status in (401, 403) else f"http_{status}")
    assert slept == []


@pytest.mark.parametrize("status", [404, 410, 422])
def test_what_is_an_answer_is_given(status: int) -> None:
    assert tried([(status, None)]) == (str(status), [])


def test_nobody_is_waited_for_until_tomorrow() -> None:
    assert tried([(429, "86400")]) == ("rate_limited", [])


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("99999999999999999999", 86_400), ("-1", None), ("soon", None), ("", None)],
)
def test_how_long_to_wait_is_read_from_what_is_said(said: str, seconds: int | None) -> None:
    found = retry_after(Reply(429, {"retry-after": said}, b""))
    assert found == (None if seconds is None else timedelta(seconds=seconds))


def test_a_moment_to_come_back_at_is_read_too() -> None:
    until = datetime.now(UTC) + timedelta(seconds=90)
    found = retry_after(Reply(503, {"retry-after": format_datetime(until)}, b""))
    assert found is not None
    assert 80 < found.total_seconds() <= 90
    past = format_datetime(until - timedelta(days=2))
    assert retry_after(Reply(503, {"retry-after": past}, b"")) == timedelta()


@pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_a_bad_reply(body: bytes) -> None:
    with pytest.raises(SendFailed) as caught:
        json_of(Reply(200, {}, body))
    assert caught.value.code == "bad_reply"
