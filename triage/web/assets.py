"""The files that pages are made of beside their HTML, and the script that draws their charts.

In: a name. Out: its bytes, its type, and a short digest for its address.
Not here: how long a browser keeps them (api), what is drawn (static/charts.js).
"""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

_TYPES = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}
PLOTTING = "plotly.min.js"
# Smaller files are there before packing them would have paid.
_PACKED_FROM_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. `packed` is it by gzip, where it is large."""

    content: bytes
    media_type: str
    digest: str
    packed: bytes | None = None


def asset(name: str) -> Asset:
    """Return a file. Raises KeyError for a name that none has."""
    return _plotting() if name == PLOTTING else assets()[name]


@cache
def assets() -> dict[str, Asset]:
    """Return every file of ours by its name."""
    found = {}
    for path in (files("triage.web") / "static").iterdir():
        media_type = _TYPES.get(path.name.rpartition(".")[2])
        if media_type is not None:
            found[path.name] = _asset(path.read_bytes(), media_type)
    return found


@cache
def _plotting() -> Asset:
    """Return the plotting library as its package ships it; none of its Python is run for that."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise KeyError(PLOTTING)
    path = Path(spec.submodule_search_locations[0]) / "package_data" / PLOTTING
    return _asset(path.read_bytes(), _TYPES["js"])


def _asset(content: bytes, media_type: str) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:12]
    packed = gzip.compress(content, mtime=0) if len(content) >= _PACKED_FROM_BYTES else None
    return Asset(content, media_type, digest, packed)
