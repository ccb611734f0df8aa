"""What goes out over HTTP, against real servers that behave as badly as servers can."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiohttp import web

from tests.connect.far_end import bare_end, far_end, own_certificate
from triage.connect.outgoing import Outgoing, Reply
from triage.errors import SendFailed
from triage.outbound import Allowed, read_allowed

T = TypeVar("T")
HERE = read_allowed("127.0.0.1")


async def hello(request: web.Request) -> web.Response:
    told = {"cookie": request.headers.get("Cookie"), "path": request.path_qs}
    response = web.json_response(told)
    response.set_cookie("session", "1")
    return response


async def failing(awaited: Awaitable[Reply]) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await awaited
    return caught.value


def asked(
    say: Callable[[asyncio.StreamWriter], Awaitable[None]],
    ask: Callable[[Outgoing, str], Awaitable[T]],
    timeout: float = 15.0,
) -> T:
    """Return what comes of asking a server that writes these bytes."""

    async def run() -> T:
        async with bare_end(say) as port, Outgoing(HERE, timeout=timeout) as outgoing:
            return await ask(outgoing, f"http://127.0.0.1:{port}/x")

    return asyncio.run(run())


def test_any_status_is_a_reply_and_nothing_is_followed() -> None:
    met: list[str] = []

    async def run() -> None:
        async def handler(request: web.Request) -> web.Response:
            met.append(request.path)
            if request.path == "/there":
                return web.Response(status=302, headers={"Location": "/elsewhere"})
            return web.Response(status=int(request.path[1:]), headers={"X-Some": "Thing"})

        async with far_end(handler) as port, Outgoing(HERE) as outgoing:
            base = f"http://127.0.0.1:{port}"
            for status in (200, 204, 404, 500):
                reply = await outgoing.request("GET", f"{base}/{status}")
                assert (reply.status, reply.headers["x-some"]) == (status, "Thing")
            assert (await outgoing.request("GET", f"{base}/there")).status == 302
            assert (await failing(outgoing.send("POST", f"{base}/there"))).code == "http_302"

    asyncio.run(run())
    assert "/elsewhere" not in met


def test_no_cookie_is_brought_back_and_no_proxy_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def run() -> list[Any]:
        async with far_end(hello) as port, Outgoing(HERE) as outgoing:
            url = f"http://127.0.0.1:{port}/a?b=%20c"
            return [(await outgoing.request("GET", url)).body for _ in range(2)]

    first, second = asyncio.run(run())
    assert first == second == b'{"cookie": null, "path": "/a?b=%20c"}'


@pytest.mark.parametrize(
    ("status", "code", "gone"),
    [
        *((401, "login_refused", False), (403, "login_refused", False)),
        *((429, "rate_limited", False), (410, "http_410", True)),
        *((404, "http_404", False), (503, "http_503", False), (304, "http_304", False)),
    ],
)
def test_a_status_that_is_none_of_success_has_a_code(status: int, code: str, gone: bool) -> None:
    async def run() -> SendFailed:
        async def handler(request: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Retry-After": "7"})

        async with far_end(handler) as port, Outgoing(HERE) as outgoing:
            return await failing(outgoing.send("POST", f"http://127.0.0.1:{port}/", body=b"{}"))

    error = asyncio.run(run())
    assert (error.code, error.status, error.gone) == (code, status, gone)
    assert error.retry_after is not None
    assert error.retry_after.total_seconds() == 7


def resolving(*rounds: str) -> tuple[Callable[..., list[Any]], list[str]]:
    """Return a server of names that says something else each time, and what it was asked."""
    asked_for: list[str] = []

    def lookup(host: str, port: int, *_: object) -> list[Any]:
        asked_for.append(host)
        address = rounds[min(len(asked_for), len(rounds)) - 1]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        place: Any = (address, port, 0, 0) if ":" in address else (address, port)
        return [(family, socket.SOCK_STREAM, 6, "", place)]

    return lookup, asked_for


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0", "10.0.0.1"]
)
def test_a_name_that_means_an_inner_address_is_never_connected_to(address: str) -> None:
    met: list[str] = []

    async def run() -> SendFailed:
        async def handler(request: web.Request) -> web.Response:
            met.append(request.path)
            return web.Response()

        lookup, _ = resolving(address)
        async with far_end(handler) as port, Outgoing(Allowed(), lookup=lookup) as outgoing:
            return await failing(outgoing.send("POST", f"https://evil.example:{port}/"))

    assert asyncio.run(run()).code == "address_refused"
    assert met == []


def test_a_name_that_changes_its_meaning_between_two_looks_gains_nothing() -> None:
    """Public when it is looked at, this machine when it is connected to: there is no between."""
    met: list[str] = []

    async def run() -> list[str]:
        async def handler(request: web.Request) -> web.Response:
            met.append(request.path)
            return web.Response()

        lookup, looked = resolving("192.0.2.1", "127.0.0.1", "93.184.216.34", "127.0.0.1")
        allowed = read_allowed("192.0.2.0/24")
        codes = []
        async with far_end(handler) as port, Outgoing(allowed, lookup=lookup, timeout=0.3) as out:
            # What names mean is asked anew, and each time it is the address itself that is judged.
            out._session.connector._use_dns_cache = False  # type: ignore[union-attr]
            for _ in range(4):
                url = f"http://rebound.example:{port}/"
                codes.append((await failing(out.request("GET", url))).code)
        assert len(looked) == 4
        return codes

    first, *others = asyncio.run(run())
    # The one that is allowed is tried, and nobody is there; the others are not even tried.
    assert first in ("timed_out", "unreachable")
    assert others == ["address_refused"] * 3
    assert met == []


def test_of_many_addresses_those_that_are_allowed_are_used() -> None:
    async def run() -> Reply:
        def lookup(host: str, port: int, *_: object) -> list[Any]:
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
                for address in ("10.9.9.9", "127.0.0.2", "127.0.0.1")
            ]

        async with far_end(hello) as port, Outgoing(HERE, lookup=lookup) as outgoing:
            return await outgoing.request("GET", f"http://many.example:{port}/")

    assert asyncio.run(run()).status == 200


def test_a_host_that_is_named_may_mean_anything_and_no_other_host_may() -> None:
    async def run() -> list[Any]:
        lookup, _ = resolving("127.0.0.1")
        async with far_end(hello) as port:
            allowed = read_allowed(f"forum.intern:{port}")
            async with Outgoing(allowed, lookup=lookup) as outgoing:
                named = await outgoing.request("GET", f"http://forum.intern:{port}/")
                other = await failing(outgoing.request("GET", f"https://other.intern:{port}/"))
                bare = await failing(outgoing.request("GET", f"http://127.0.0.1:{port}/"))
        return [named.status, other.code, bare.code]

    assert asyncio.run(run()) == [200, "address_refused", "address_refused"]


@pytest.mark.parametrize(
    "url",
    [
        *("http://2130706433/", "http://127.1/", "https://0x7f.1/", "https://localhost/"),
        *("https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://u:p@a.example/", "file:///x"),
        *("http://a.example/", "https://127.0.0.1/", "https://169.254.169.254/", "https://0/"),
        *("https://a..b/", f"https://{64 * 'a'}.example/", "https://a.example../"),
    ],
)
def test_no_way_of_writing_an_inner_address_gets_there(url: str) -> None:
    async def run() -> SendFailed:
        async with Outgoing(Allowed(), timeout=3) as outgoing:
            return await failing(outgoing.request("GET", url))

    # A name that this machine does not know is not reached either.
    assert asyncio.run(run()).code in ("address_refused", "unreachable")


def test_a_reply_is_read_to_its_limit_and_not_a_byte_more() -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async def ask(outgoing: Outgoing, url: str) -> object:
        error = await failing(outgoing.request("GET", url, most_bytes=200_000))
        # What only needs to arrive has arrived; the rest is left where it is.
        reply = await outgoing.send("POST", url, body=b"{}")
        return error.code, error.status, reply.status, len(reply.body)

    assert asked(endless, ask) == ("reply_too_large", 200, 200, 1024)


def test_a_reply_that_drips_is_given_up_in_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def ask(outgoing: Outgoing, url: str) -> object:
        started = time.monotonic()
        error = await failing(outgoing.request("GET", url))
        return error.code, time.monotonic() - started < 3

    assert asked(drip, ask, timeout=0.5) == ("timed_out", True)


def test_a_head_that_drips_is_given_up_in_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(1000):
            writer.write(f"X-{number}: x\r\n".encode())
            await writer.drain()
            await asyncio.sleep(0.05)

    async def ask(outgoing: Outgoing, url: str) -> object:
        codes = [(await failing(outgoing.request("GET", url))).code]
        return [*codes, (await failing(outgoing.send("POST", url))).code]

    assert asked(drip, ask, timeout=0.4) == ["timed_out", "timed_out"]


@pytest.mark.parametrize(
    ("bytes_", "code"),
    [
        (b"", "unreachable"),
        (b"garbage and nothing else\r\n\r\n", "bad_reply"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n", "bad_reply"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "bad_reply"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "bad_reply"),
    ],
)
def test_what_is_no_reply_has_a_code(bytes_: bytes, code: str) -> None:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(bytes_)
        await writer.drain()

    async def ask(outgoing: Outgoing, url: str) -> str:
        return (await failing(outgoing.request("GET", url))).code

    assert asked(say, ask) == code


def test_a_reply_that_says_yes_and_then_breaks_off_has_said_yes() -> None:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\nshort")
        await writer.drain()

    async def ask(outgoing: Outgoing, url: str) -> int:
        return (await outgoing.send("POST", url, body=b"{}")).status

    assert asked(say, ask) == 202


def test_nobody_listening_is_unreachable() -> None:
    async def run() -> SendFailed:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
            async with Outgoing(HERE) as outgoing:
                return await failing(outgoing.request("GET", url))

    assert asyncio.run(run()).code == "unreachable"


def _connector_with_fresh_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the trusted authorities read anew: the library reads them once a process."""
    from aiohttp import connector

    fresh = connector._make_ssl_context(True)
    monkeypatch.setattr(connector, "_SSL_CONTEXT_VERIFIED", fresh)


def test_a_certificate_that_nobody_signed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, file = own_certificate(tmp_path)

    async def run(host: str) -> str:
        allowed = read_allowed("127.0.0.1,localhost")
        async with far_end(hello, tls) as port, Outgoing(allowed) as outgoing:
            try:
                return str((await outgoing.request("GET", f"https://{host}:{port}/")).status)
            except SendFailed as error:
                return error.code

    assert asyncio.run(run("localhost")) == "bad_certificate"
    # A company's own authority is one that the machine knows of.
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    _connector_with_fresh_trust(monkeypatch)
    assert asyncio.run(run("localhost")) == "200"
    assert asyncio.run(run("127.0.0.1")) == "bad_certificate"


def test_many_at_once_are_within_the_limit() -> None:
    under_way = most = 0

    async def run() -> None:
        async def handler(request: web.Request) -> web.Response:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.01)
            under_way -= 1
            return web.Response()

        async with far_end(handler) as port, Outgoing(HERE, at_once=8) as outgoing:
            url = f"http://127.0.0.1:{port}/"
            await asyncio.gather(*(outgoing.send("POST", url, body=b"{}") for _ in range(100)))

    asyncio.run(run())
    assert 1 < most <= 8


def test_it_is_to_be_opened_first() -> None:
    async def run() -> None:
        await Outgoing(HERE).request("GET", "http://127.0.0.1/")

    with pytest.raises(RuntimeError, match="not open"):
        asyncio.run(run())
