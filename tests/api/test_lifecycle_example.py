"""The calls that docs/lifecycle.md shows, in their order, against a started server."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from triage.cli import main
from triage.records import Account
from triage.store import put_accounts
from triage.visitors import create_secret, sign_visitor

from .conftest import World
from .worked import walk


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

    def shell(words: list[str]) -> Any:  # noqa: ANN401
        time.sleep(1.0)
        done = CliRunner().invoke(main, [*words, "--forum", "bikes"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    assert walk(world, "lifecycle.md", token, shell) == 15
