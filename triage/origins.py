"""A site as a person writes it -> its origin as a browser sends it.

In: `https://Forum.Example.com:443/`. Out: `https://forum.example.com` (RFC 6454).
Not here: which keys may be brought from where (store), the headers (api).
"""

from urllib.parse import urlsplit

from triage.errors import BadField

_PORTS = {"http": 80, "https": 443}


def read_origin(site: str) -> str:
    """Return the origin. Raises BadField for an address of no site, or of a page of it."""
    try:
        parts = urlsplit(site.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:
        raise _no_origin() from error
    beyond = (parts.path.strip("/"), parts.query, parts.fragment, parts.username, parts.password)
    if parts.scheme not in _PORTS or not host or any(beyond) or "*" in host:
        raise _no_origin()
    shown = f"[{host}]" if ":" in host else host
    suffix = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{shown}{suffix}"


def _no_origin() -> BadField:
    return BadField("origin", "is not the address of one site, such as `https://forum.example.com`")
