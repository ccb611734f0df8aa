"""The files that pages are made of beside their HTML.

In: a name. Out: its bytes, its type, and a short digest for its address.
Not here: how long a browser keeps them (api).
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_TYPES = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    content: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Return every file by its name."""
    found = {}
    for path in (files("triage.web") / "static").iterdir():
        media_type = _TYPES.get(path.name.rpartition(".")[2])
        if media_type is not None:
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:12]
            found[path.name] = Asset(content, media_type, digest)
    return found


def asset(name: str) -> Asset:
    """Return a file. Raises KeyError for a name that none has."""
    return assets()[name]
