"""Where anything may be sent from here: public addresses, and what the operator has named.

In: TRIAGE_OUTBOUND_ALLOWED, and an address (by name, or the very one that is about to be
connected to). Out: whether it may be. What is named may lie in one's own network and may be
spoken to without TLS; all else is public and `https`.
Not here: looking names up and connecting (connect.outgoing).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network

from triage.errors import BadAddress

LONGEST_ADDRESS = 2000
# Written so narrowly that no two readers can find different hosts in it.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>[/?][!-\[\]-~]*)?",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?=.*[a-z])[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
_PORTS = {"http": 80, "https": 443}

# All that is routed in IPv6. Beyond it lie loopback, link, site and unique local addresses and
# those that wrap one of IPv4 (mapped, NAT64); within it, the old ways of wrapping, and examples.
_ROUTED = IPv6Network("2000::/3")
_NEAR_6 = (IPv6Network("2002::/16"), IPv6Network("2001::/23"), IPv6Network("3fff::/20"))
# Public by number, and answered by one's own cloud (Azure, Oracle) or by old relays of 6to4.
_NEAR_4 = (
    IPv4Network("168.63.129.16/32"),
    IPv4Network("192.0.0.0/24"),
    IPv4Network("192.88.99.0/24"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: nothing is left to be read in two ways."""

    host: str
    port: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the operator has named besides what is public; a port of None is any."""

    networks: tuple[tuple[IPv4Network | IPv6Network, int | None], ...] = ()
    hosts: frozenset[tuple[str, int | None]] = frozenset()

    def names(self, target: Target) -> bool:
        """Whether this host is named: whatever its name means at this moment, it is meant."""
        return not self.hosts.isdisjoint({(target.host, None), (target.host, target.port)})

    def permits(self, address: str, port: int, *, plain: bool) -> bool:
        """Whether this very IP address may be connected to."""
        ip = ip_address(address)
        named = any(ip in network and on in (None, port) for network, on in self.networks)
        return named or (not plain and is_public(address))

    def check(self, address: str) -> Target:
        """Return an address taken apart. Raises BadAddress for one that is never sent to.

        A name is not looked up here: what it means counts when it is connected to.
        """
        target = read_address(address)
        if self.names(target):
            return target
        try:
            ip_address(target.host)
        except ValueError:
            if target.plain and not self.networks:
                raise BadAddress("does not begin with `https://`") from None
            return target
        if not self.permits(target.host, target.port, plain=target.plain):
            raise BadAddress("is in no public network, or does not begin with `https://`")
        return target


def is_public(address: str) -> bool:
    """Whether an IP address is one that the whole internet means the same by."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        near = any(ip in network for network in _NEAR_4)
        return ip.is_global and not (ip.is_multicast or ip.is_reserved or near)
    return ip.is_global and ip in _ROUTED and not any(ip in network for network in _NEAR_6)


def read_address(address: str) -> Target:
    """Take an address apart. Raises BadAddress for one that is not plainly one of the web."""
    found = _ADDRESS.fullmatch(address) if len(address) <= LONGEST_ADDRESS else None
    if found is None:
        raise BadAddress(
            "is not of the form `https://host/path`, without a user's name, in ASCII letters"
        )
    scheme = found["scheme"].lower()
    port = int(found["port"] or _PORTS[scheme])
    if not 0 < port <= 65535:
        raise BadAddress("names a port that does not exist")
    host = found["host"].lower().strip("[]").removesuffix(".")
    if ":" not in host and not _can_be_looked_up(host):
        raise BadAddress("names a host that cannot be")
    return Target(host, port, plain=scheme == "http")


def _can_be_looked_up(host: str) -> bool:
    """Whether a name is one of DNS: otherwise looking it up breaks instead of failing."""
    return len(host) <= 253 and all(0 < len(label) <= 63 for label in host.split("."))


def host_of(address: str) -> str:
    """Return the host of an address of the web or of a mailbox, for whoever is told no more."""
    found = _ADDRESS.match(address)
    return found["host"].lower() if found is not None else address.rpartition("@")[2]


def read_allowed(text: str) -> Allowed:
    """Read `10.0.0.0/8,forum.intern:8443,127.0.0.1`. Raises ValueError for anything else."""
    networks: list[tuple[IPv4Network | IPv6Network, int | None]] = []
    hosts: list[tuple[str, int | None]] = []
    for entry in _entries(text.split(",")):
        name, port = _port_of(entry)
        try:
            networks.append((ip_network(name.strip("[]"), strict=True), port))
        except ValueError as error:
            if _NAME.fullmatch(name) is None:
                raise ValueError(
                    f"{entry!r} is no network, address or host, such as `10.0.0.0/8` or"
                    " `forum.intern:8443`"
                ) from error
            hosts.append((name, port))
    return Allowed(tuple(networks), frozenset(hosts))


def _entries(parts: Iterable[str]) -> list[str]:
    return [part.strip().lower() for part in parts if part.strip()]


def _port_of(entry: str) -> tuple[str, int | None]:
    name, colon, port = entry.rpartition(":")
    # An IPv6 address without brackets has colons of its own.
    if not colon or (":" in name and not name.endswith("]")) or not port.isdigit():
        return entry, None
    if not 0 < int(port) <= 65535:
        raise ValueError(f"{entry!r} names a port that does not exist")
    return name, int(port)
