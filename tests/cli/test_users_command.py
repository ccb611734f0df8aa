"""`python -m triage users`: who may sign in to the pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from triage import store
from triage.cli import main
from triage.records import ActorKind, Role

EVA = "eva.lind@example.com"


@pytest.fixture(autouse=True)
def forum(database: store.Database) -> None:
    with database.write() as c:
        store.ensure_forum(c, "bikes")


def users(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["users", *arguments, "--forum", "bikes"])
    assert result.exit_code == code, result.output
    return result


def token_in(result: Result) -> str:
    found = re.fullmatch(r"(http\S+)/sign-in/link\?token=([\w-]{43})\n", result.stdout)
    assert found is not None, result.stdout
    return found[2]


def acts(database: store.Database) -> list[tuple[str, str, object, object]]:
    with database.read() as c:
        rows = [row.act for row in store.iter_acts(c, store.get_forum(c, "bikes").id)]
    assert {a.actor.kind for a in rows} == {ActorKind.COMMAND}
    return [(a.act, a.object, a.before, a.after) for a in rows]


def test_a_user_is_added_with_a_first_link_alone_on_standard_output(
    database: store.Database,
) -> None:
    result = users("add", "Eva.Lind@example.com", "--name", "Eva Lind", "--role", "lead")
    assert "added eva.lind@example.com as lead of forum bikes" in result.stderr
    assert "within 72 hours" in result.stderr
    token, now = token_in(result), datetime.now(UTC)
    with database.write() as c:
        assert store.link_user(c, token, now + timedelta(hours=71)) is not None
        assert store.link_user(c, token, now + timedelta(hours=73)) is None
        user = store.use_link(c, token, now)
    assert user is not None
    assert (user.email, user.name, user.role) == (EVA, "Eva Lind", Role.LEAD)
    assert acts(database) == [
        ("user.add", EVA, None, {"role": "lead"}),
        ("user.link", EVA, None, None),
    ]


def test_who_was_here_before_gets_a_link_of_minutes(database: store.Database) -> None:
    users("add", EVA)
    now = datetime.now(UTC)
    with database.write() as c:
        user = store.get_user(c, 1, EVA)
        store.note_sign_in(c, 1, user.id, now)
    result = users("link", EVA)
    assert "within 15 minutes" in result.stderr
    with database.read() as c:
        assert store.link_user(c, token_in(result), now + timedelta(minutes=14)) is not None
        assert store.link_user(c, token_in(result), now + timedelta(minutes=16)) is None


def test_a_link_bears_the_address_that_browsers_know(monkeypatch: pytest.MonkeyPatch) -> None:
    result = users("add", EVA)
    assert result.stdout.startswith("http://127.0.0.1:8000/sign-in/link?")
    assert "set TRIAGE_PUBLIC_URL" in result.stderr
    monkeypatch.setenv("TRIAGE_PUBLIC_URL", "https://triage.example.com/desk/")
    result = users("link", EVA)
    assert result.stdout.startswith("https://triage.example.com/desk/sign-in/link?")
    assert "TRIAGE_PUBLIC_URL" not in result.stderr


def test_roles_and_shutting_out_are_done_and_noted(database: store.Database) -> None:
    users("add", EVA)
    users("role", EVA, "admin")
    users("disable", EVA)
    listed = users("list").stdout
    assert re.fullmatch(rf"{EVA}  admin     -  in never  disabled\n", listed)
    refused = users("link", EVA, code=1)
    assert "`users enable` comes first" in refused.output
    users("enable", EVA)
    assert "disabled" not in users("list").stdout
    assert [act for act, *_ in acts(database)] == [
        *("user.add", "user.link", "user.role", "user.disable", "user.enable")
    ]
    assert acts(database)[2][2:] == ({"role": "analyst"}, {"role": "admin"})


def test_a_user_is_removed_and_may_be_added_anew(database: store.Database) -> None:
    token = token_in(users("add", EVA))
    users("remove", EVA)
    assert users("list").stdout == ""
    with database.read() as c:
        assert store.link_user(c, token, datetime.now(UTC)) is None
    assert acts(database)[-1][:2] == ("user.remove", EVA)
    users("add", EVA)


@pytest.mark.parametrize("command", [["link"], ["disable"], ["enable"], ["remove"]])
def test_somebody_who_is_not_there_is_said_to_be_so(command: list[str]) -> None:
    result = users(*command, "kim@example.com", code=1)
    assert "error no_user: This forum has no user kim@example.com." in result.output


def test_nobody_is_added_twice_or_without_an_address() -> None:
    users("add", EVA)
    assert "error user_taken" in users("add", EVA.upper(), code=1).output
    assert "error bad_field" in users("add", "eva", code=1).output
