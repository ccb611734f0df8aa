"""`alive` says what is dead, and its exit code does, too."""

import json
from datetime import UTC, datetime

from click.testing import CliRunner, Result

from tests.overseeing.busy import fill
from tests.reports.months import Kept
from triage.cli import main
from triage.records import Thread
from triage.store import Database, Stream, ensure_forum, put_threads


def typed(*options: str) -> Result:
    return CliRunner().invoke(main, ["alive", "--forum", "bikes", *options])


def put(database: Database, *, threads: bool = True) -> Kept:
    with database.write() as c:
        forum = ensure_forum(c, "bikes")
        if threads:
            put_threads(c, forum.id, [Thread(id="t1", title="A bell", body="It is silent.")], 1)
    return Kept(database, forum.id)


def test_a_forum_that_is_asked_as_usual_is_alive(database: Database) -> None:
    fill(put(database), datetime.now(UTC), forum="bikes")
    result = typed()
    assert result.exit_code == 0, result.output
    assert "good asks heard at=" in result.output


def test_one_that_fell_silent_is_not(database: Database) -> None:
    now = datetime.now(UTC)
    fill(put(database), now.replace(year=now.year - 1), forum="bikes")
    result = typed("--json")
    assert result.exit_code == 1
    first = json.loads(result.stdout)[0]
    assert (first["part"], first["standing"], first["code"]) == (Stream.ASKS, "bad", "silent")
    assert first["facts"]["expected"] > 1000


def test_without_a_thread_nothing_can_be_suggested(database: Database) -> None:
    put(database, threads=False)
    result = typed()
    assert result.exit_code == 1
    assert result.output.startswith("bad knowledge empty")
    assert CliRunner().invoke(main, ["alive", "--forum", "nowhere"]).exit_code == 1
