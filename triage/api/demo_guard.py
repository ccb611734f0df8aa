"""A demo, in which anybody is anybody without a password, stays on the machine that it runs on.

In: settings at the start, an address that was opened, every request. Out: nothing, or the refusal.
A browser on this machine is all that is let in: from a loopback address, to a loopback name (so
that no site whose name is made to lead here is taken for ours), past no proxy.
Not here: who somebody is in the demo (pages.demo_people).
"""

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from triage.api.problems import problem_response
from triage.errors import DemoElsewhere
from triage.settings import Settings

_NAME = "localhost"
_HOST = re.compile(r"([\w.-]+|\[[\da-fA-F:.]+\])(?::(\d{1,5}))?", re.ASCII)
_LAST_PORT = 65_535
# What proxies, tunnels and the networks in front of servers say of whom they speak for.
_FORWARDED = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "client-ip", "true-client-ip"}
)
_FORWARDING = (
    "x-forwarded",
    "x-cluster-",
    "x-azure-",
    "x-original-",
    "x-envoy-",
    "cf-",
    "fastly-",
    "fly-",
    "ngrok-",
)
# Browsers speak later ones; a proxy that says nothing of itself often speaks this.
_OLD = "1.0"


def check_demo(settings: Settings) -> None:
    """Raise DemoElsewhere unless a demo that these settings ask for stays on this machine."""
    if not settings.demo:
        return
    if not is_loopback(settings.host):
        raise DemoElsewhere("have TRIAGE_HOST (`--host`) be 127.0.0.1, or leave out TRIAGE_DEMO")
    if settings.public_url and not is_loopback(urlsplit(settings.public_url).hostname or ""):
        raise DemoElsewhere("leave out TRIAGE_PUBLIC_URL, or TRIAGE_DEMO")
    if settings.trusted_proxies:
        raise DemoElsewhere("leave out TRIAGE_TRUSTED_PROXIES, or TRIAGE_DEMO")


def check_listening(settings: Settings, address: str) -> None:
    """Raise DemoElsewhere where a demo would listen on an address that others reach."""
    if settings.demo and not is_loopback(address):
        raise DemoElsewhere("its host name leads to an address that others reach: use 127.0.0.1")


def is_loopback(host: str) -> bool:
    """Say whether a name or an address, as a setting or a URL has it, is this machine alone."""
    if host.lower() == _NAME:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class DemoGuard:
    """Refuses whatever does not come from a browser on this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and not _is_from_here(scope):
            refused = DemoElsewhere("open it there, as http://127.0.0.1 and its port")
            request_id = scope["state"]["request_id"]
            response = problem_response(refused.code, str(refused), request_id)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_from_here(scope: Scope) -> bool:
    client, headers = scope.get("client"), Headers(scope=scope)
    if client is None or not is_loopback(client[0]) or scope.get("http_version") == _OLD:
        return False
    if any(name in _FORWARDED or name.startswith(_FORWARDING) for name in headers):
        return False
    named = [_HOST.fullmatch(host) for host in headers.getlist("host")]
    if len(named) != 1 or named[0] is None:
        return False
    host, port = named[0].groups(default="0")
    return is_loopback(host.strip("[]")) and int(port) <= _LAST_PORT
