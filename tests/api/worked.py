"""Worked examples of pages: calls in their order, each held against what the page says of it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .conftest import World

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(r"```example\n(.*?)```", re.DOTALL)
KEYS = {"lead": "lead", "site": "frontend", "asker": "publishable"}
# What a page's `shell` does: the words of a command in, what it prints out.
Shell = Callable[[list[str]], Any]


def steps(page: str) -> Iterator[tuple[str, Any, int, Any]]:
    """Give each call of the page: who and what, its body, the status and the reply."""
    (block,) = _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))
    for step in block.strip().split("\n\n"):
        call, *body, reply = step.split("\n")
        status, _, told = reply.partition(" ")
        yield call, (json.loads(body[0]) if body else None), int(status), json.loads(told)


def filled(value: Any, named: dict[str, str]) -> Any:  # noqa: ANN401
    """Return a value in which `{name}` is what a reply called so."""
    if isinstance(value, str):
        for name, said in named.items():
            value = value.replace(f"{{{name}}}", said)
        return value
    if isinstance(value, dict):
        return {key: filled(inner, named) for key, inner in value.items()}
    return [filled(inner, named) for inner in value] if isinstance(value, list) else value


def check(found: Any, told: Any, named: dict[str, str], where: str) -> None:  # noqa: ANN401
    """Hold a reply against what the page says of it, and remember what it gives a name."""
    if isinstance(told, dict):
        for key, inner in told.items():
            assert key in found, f"{where}.{key}"
            check(found[key], inner, named, f"{where}.{key}")
    elif isinstance(told, list):
        assert len(found) == len(told), where
        for place, inner in enumerate(told):
            check(found[place], inner, named, f"{where}.{place}")
    elif isinstance(told, str) and told.startswith("→ "):
        named[told[2:]] = found
    else:
        assert found == told, where


def walk(world: World, page: str, token: str, shell: Shell | None = None) -> int:
    """Make the calls of a page, as the asker with a token; return how many there were."""
    named: dict[str, str] = {}
    count = 0
    for call, body, status, told in steps(page):
        who, *what = filled(call, named).split(" ")
        if who == "shell":
            assert shell is not None, call
            check(shell(what), told, named, call)
        else:
            headers = {"Triage-Visitor": token} if who == "asker" else None
            sent = filled(body, named)
            response = world.send(*what, KEYS[who], json=sent, headers=headers)
            assert response.status_code == status, (call, response.text)
            check(response.json(), filled(told, named), named, call)
        count += 1
    return count
