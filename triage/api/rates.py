"""How often somebody may call: by address, by key, by session.

In: which rate, and who. Out: nothing, or the problem that says when to come back.
Every server counts for itself, in memory: several of them let through several times as much.
Not here: how large a call may be (limits), what else a caller must have (access).
"""

import ipaddress
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from enum import StrEnum
from threading import Lock

import limits
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from triage.api.matrix import MATRIX, PUBLIC
from triage.api.problems import Problem, problem_response
from triage.settings import Settings

Clock = Callable[[], float]
_SWEPT_EVERY_SECONDS = 10.0
# Whoever watches over the server must always hear whether it lives.
_EXEMPT = frozenset({"/health", "/ready"})
_SECRET = "bearer sk_"


class Rate(StrEnum):
    """What calls are counted by."""

    ADDRESS = "address"
    KEY = "key"
    SESSION = "session"
    SIGN_IN_ADDRESS = "address, to sign in"
    SIGN_IN_ACCOUNT = "account, to sign in"


# Whoever signs in successfully is no longer counted by account; a link or a company's sign-in
# helps who is kept out by somebody else's guesses.
_SIGN_IN = {Rate.SIGN_IN_ADDRESS: "60/15 minutes", Rate.SIGN_IN_ACCOUNT: "10/15 minutes"}


class Rates:
    """The calls of the last while, counted by who made them."""

    def __init__(self, allowed: Mapping[Rate, str], clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._allowed = {rate: limits.parse_many(text) for rate, text in allowed.items() if text}
        self._limiter = MovingWindowRateLimiter(_Windows(clock))

    @classmethod
    def of(cls, settings: Settings) -> "Rates":
        """Return rates that the settings allow."""
        return cls(
            {
                Rate.ADDRESS: settings.rate_address,
                Rate.KEY: settings.rate_key,
                Rate.SESSION: settings.rate_session,
                **_SIGN_IN,
            }
        )

    def take(self, rate: Rate, *who: str) -> None:
        """Count one call of theirs. Raises Problem when there were too many."""
        for item in self._allowed.get(rate, ()):
            if not self._limiter.hit(item, rate.value, *who):
                stats = self._limiter.get_window_stats(item, rate.value, *who)
                raise _too_many(rate, item, stats.reset_time - self._clock())

    def forget(self, rate: Rate, *who: str) -> None:
        """Count nothing that they did until now."""
        for item in self._allowed.get(rate, ()):
            self._limiter.clear(item, rate.value, *who)


class RateByAddress:
    """Counts by address whatever does not say that it brings a secret key to where one is asked.

    A forum's server speaks for all of its visitors from one address. What only says so is counted
    when the key turns out to be unknown; where no key is looked at, it never would turn out.
    """

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates
        self._keyed = [
            (method, compile_path(path)[0])
            for (method, path), access in MATRIX.items()
            if access is not PUBLIC and access.keys
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] not in _EXEMPT:
            try:
                if not self._says_secret(scope):
                    self._rates.take(Rate.ADDRESS, address_of(scope))
            except Problem as problem:
                request_id = scope["state"]["request_id"]
                response = problem_response(
                    problem.code, problem.detail, request_id, headers=problem.headers
                )
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _says_secret(self, scope: Scope) -> bool:
        if not Headers(scope=scope).get("authorization", "").lower().startswith(_SECRET):
            return False
        method, path = scope["method"], scope["path"]
        return any(method == asked and pattern.match(path) for asked, pattern in self._keyed)


def address_of(scope: Scope) -> str:
    """Return what the caller's address is counted as: of IPv6 the network that one house has.

    It is the socket's, or what a trusted proxy in front of the server says (serve.py).
    """
    client = scope.get("client")
    if client is None:
        return "local"
    try:
        address = ipaddress.ip_address(client[0].partition("%")[0])
    except ValueError:
        return str(client[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


class _Windows(Storage, MovingWindowSupport):
    """The moments of the calls that still count, for each who made some.

    The library's own memory looks through everybody after every call, which at ten thousand
    addresses takes longer than the call (docs/decisions/limits.md).
    """

    STORAGE_SCHEME = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._windows: dict[str, tuple[float, deque[float]]] = {}
        self._swept_at = clock()
        self._lock = Lock()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Note `amount` calls if they are within the limit."""
        with self._lock:
            now = self._clock()
            self._sweep(now)
            _, calls = self._windows.setdefault(key, (expiry, deque()))
            _forget(calls, now - expiry)
            if len(calls) + amount > limit:
                return False
            calls.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest call that counts was made, and how many count."""
        with self._lock:
            now = self._clock()
            _, calls = self._windows.get(key, (expiry, deque()))
            _forget(calls, now - expiry)
            return (calls[0], len(calls)) if calls else (now, 0)

    def _sweep(self, now: float) -> None:
        if now - self._swept_at < _SWEPT_EVERY_SECONDS:
            return
        self._swept_at = now
        gone = [k for k, (expiry, calls) in self._windows.items() if _over(calls, now - expiry)]
        for key in gone:
            del self._windows[key]

    @property
    def base_exceptions(self) -> type[Exception]:
        """Nothing outside of the process can fail."""
        return ValueError

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int | None:
        """Forget every call."""
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget somebody's calls."""
        with self._lock:
            self._windows.pop(key, None)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in fixed windows, which is not done here."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Return the count of a fixed window, which is not kept here."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Return the end of a fixed window, which is not kept here."""
        raise NotImplementedError


def _forget(calls: deque[float], until: float) -> None:
    while calls and calls[0] <= until:
        calls.popleft()


def _over(calls: deque[float], until: float) -> bool:
    return not calls or calls[-1] <= until


def _too_many(rate: Rate, item: limits.RateLimitItem, seconds: float) -> Problem:
    wait = max(1, math.ceil(seconds))
    every = (
        item.GRANULARITY.name
        if item.multiples == 1
        else f"{item.multiples} {item.GRANULARITY.name}s"
    )
    detail = (
        f"At most {item.amount} calls a {every} are taken from one {rate}. Call again in"
        f" {wait} seconds."
    )
    return Problem("too_many_requests", detail, headers={"Retry-After": str(wait)})
