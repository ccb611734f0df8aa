"""The calls that docs/lifecycle.md shows, in their order, against a started server."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from triage.cli import main
from triage.records import Account
from triage.store import put_accounts
from triage.visitors import create_secret, sign_visitor

from .conftest import World

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycle.md"
_BLOCK = re.compile(r"```example\n(.*?)```", re.DOTALL)
KEYS = {"lead": "lead", "site": "frontend", "asker": "publishable"}


def steps() -> Iterator[tuple[str, Any, int, Any]]:
    """Give each call of the page: who and what, its body, the status and the reply."""
    (block,) = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
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


def test_the_example_of_the_page_is_what_happens(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.database.write() as c:
        put_accounts(c, world.forum().id, [Account("a06", expert_team="north")])
        now = datetime.now(UTC)
        secret = create_secret(c, world.forum(), world.settings.person_key, "site", now)
    token = sign_visitor(*secret, "bikes", user="kund-7", account="a06", at=now)
    monkeypatch.setenv("TRIAGE_DATABASE_URL", world.settings.store_url)
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(world.settings.data_dir))
    # What the page sweeps by hand the server would sweep by itself in half a minute.
    world.client.app.state.installation._rounds.stop()  # type: ignore[attr-defined]
    named: dict[str, str] = {}
    count = 0
    for call, body, status, told in steps():
        who, *what = filled(call, named).split(" ")
        if who == "shell":
            time.sleep(1.0)
            done = CliRunner().invoke(main, [*what, "--forum", "bikes"])
            assert done.exit_code == 0, done.output
            check(json.loads(done.stdout), told, named, call)
        else:
            headers = {"Triage-Visitor": token} if who == "asker" else None
            sent = filled(body, named)
            response = world.send(*what, KEYS[who], json=sent, headers=headers)
            assert response.status_code == status, (call, response.text)
            check(response.json(), filled(told, named), named, call)
        count += 1
    assert count == 15
