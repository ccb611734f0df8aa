"""The one HTTP client of everything that goes out.

In: requests, and which addresses are allowed. Out: replies within bytes and seconds. The address
that is checked is the very one that is connected to, in the moment of connecting, so that a name
that changes its meaning between two looks gains nothing. Nothing is followed, no proxy, cookie or
login is taken from the environment, and certificates are checked.
Not here: trying again (patience, delivering), signing (crypto).
"""

import asyncio
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from triage.connect.outgoing.replies import Reply, failure_of
from triage.errors import BadAddress, SendFailed
from triage.outbound import Allowed

MOST_BYTES = 1_000_000
_GLANCE_BYTES, _GLANCE_SECONDS = 1024, 1.0
_KEPT_OPEN_SECONDS, _NAMES_SECONDS, _NAME_THREADS = 30.0, 10, 16
_HEADERS = {"User-Agent": "triage", "Accept-Encoding": "identity"}

Lookup = Callable[..., list[Any]]


@dataclass(slots=True)
class _Way:
    """What is known of a request when its socket is made."""

    named: bool
    plain: bool
    refused: bool = False


_WAY: ContextVar[_Way] = ContextVar("way")


class Outgoing:
    """Sends requests, `at_once` at most, each within `timeout` seconds from start to end."""

    def __init__(
        self,
        allowed: Allowed,
        *,
        timeout: float = 15.0,
        at_once: int = 200,
        lookup: Lookup = socket.getaddrinfo,
    ) -> None:
        self._allowed = allowed
        self._timeout = timeout
        self._slots = asyncio.Semaphore(at_once)
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,
            resolver=_Names(self._lookup),
            ttl_dns_cache=_NAMES_SECONDS,
            keepalive_timeout=_KEPT_OPEN_SECONDS,
            socket_factory=self._open_socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Reply:
        """Send a request and return its reply, whatever the status.

        Raises SendFailed: address_refused, unreachable, bad_certificate, timed_out,
        reply_too_large, bad_reply.
        """
        return await self._ask(method, url, headers, body, partial(_read_all, most_bytes))

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """Send what only needs to arrive; the status says so, and little else is read.

        Raises SendFailed besides for every status but 2xx.
        """
        reply = await self._ask(method, url, headers, body, _read_little)
        if not reply.ok:
            raise failure_of(reply)
        return reply

    async def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        read: "_Read",
    ) -> Reply:
        if self._session is None:
            raise RuntimeError("Outgoing is not open: `async with Outgoing(…)`")
        try:
            target = self._allowed.check(url)
        except BadAddress as error:
            raise SendFailed("address_refused") from error
        async with self._slots:
            way = _Way(named=self._allowed.names(target), plain=target.plain)
            token = _WAY.set(way)
            try:
                async with (
                    asyncio.timeout(self._timeout),
                    self._session.request(
                        method, url, headers=headers, data=body, allow_redirects=False
                    ) as reply,
                ):
                    found = {name.lower(): value for name, value in reply.headers.items()}
                    return Reply(reply.status, found, await read(reply))
            except (aiohttp.ClientError, TimeoutError) as error:
                raise SendFailed(_code_of(error, way)) from error
            finally:
                _WAY.reset(token)

    def _open_socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """Open the socket of a connection, if the address at its other end is allowed."""
        family, kind, protocol, _, (address, port, *_) = info
        way = _WAY.get()
        if not way.named and not self._allowed.permits(address, port, plain=way.plain):
            way.refused = True
            raise OSError("this address is not allowed")
        return socket.socket(family=family, type=kind, proto=protocol)


_Read = Callable[[aiohttp.ClientResponse], Any]


class _Names(AbstractResolver):
    """Looks names up on threads of its own: a slow server of names holds nobody else."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(_NAME_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return all addresses of a name; whether one is allowed is asked when it is connected."""
        loop = asyncio.get_running_loop()
        look = partial(self._lookup, host, port, family, socket.SOCK_STREAM)
        found = await loop.run_in_executor(self._threads, look)
        return [
            ResolveResult(
                hostname=host,
                host=address[0],
                port=address[1],
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _read_all(most_bytes: int, reply: aiohttp.ClientResponse) -> bytes:
    parts: list[bytes] = []
    left = most_bytes
    async for part in reply.content.iter_any():
        left -= len(part)
        if left < 0:
            reply.close()
            raise SendFailed("reply_too_large", reply.status)
        parts.append(part)
    return b"".join(parts)


async def _read_little(reply: aiohttp.ClientResponse) -> bytes:
    """Return the beginning of a body: the status has said what there is to know."""
    try:
        async with asyncio.timeout(_GLANCE_SECONDS):
            found = await reply.content.read(_GLANCE_BYTES)
            ended = reply.content.at_eof() or not await reply.content.read(1)
    except (aiohttp.ClientError, TimeoutError):
        found, ended = b"", False
    if not ended:
        # Not to be used again: the rest would be taken for the next reply.
        reply.close()
    return found


def _code_of(error: aiohttp.ClientError | TimeoutError, way: _Way) -> str:
    if way.refused:
        return "address_refused"
    if isinstance(error, TimeoutError):
        return "timed_out"
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "bad_certificate"
    if isinstance(error, aiohttp.InvalidURL):
        return "address_refused"
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError):
        return "bad_reply"
    return "unreachable"
