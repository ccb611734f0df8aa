"""A `curl` of a page -> the call that it makes.

In: the words of a command. Out: a `Call`.
Not here: making it (test_calls).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from triage.api.matrix import MATRIX

_TAKES = {"-X": "method", "-H": "header", "-d": "body"}
_FLAGS = frozenset({"-s", "-sN", "-N"})


@dataclass(frozen=True, slots=True)
class Call:
    """What is sent: a method, an address without its host, headers, and a body or None."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


def call_of(words: Sequence[str]) -> Call:
    """Read a command as curl does; what it has no room for is an error of the page."""
    given: dict[str, list[str]] = {"method": [], "header": [], "body": []}
    addresses = []
    rest = iter(words[1:])
    for word in rest:
        if word in _TAKES:
            given[_TAKES[word]].append(next(rest))
        elif word not in _FLAGS:
            addresses.append(word)
    (address,) = addresses
    found = re.fullmatch(r"(?:http://127\.0\.0\.1:8000|\$URL)(/.*)", address)
    assert found is not None, address
    body = json.loads(given["body"][0]) if given["body"] else None
    headers = dict(one.split(": ", 1) for one in given["header"])
    method = given["method"][0] if given["method"] else "POST" if given["body"] else "GET"
    return Call(method, found[1], headers, body)


def routes_at(path: str) -> list[tuple[str, str]]:
    """Return every row of the table (method, address) that a path is at."""
    path = path.split("?")[0]
    return [
        (method, there)
        for method, there in MATRIX
        if re.fullmatch(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(there)), path)
    ]
