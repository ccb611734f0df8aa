"""Keys, secrets of visitors, and the page of who may call what, as they are typed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triage import store
from triage.cli import main
from triage.settings import Settings
from triage.visitors import check_visitor, open_secret, sign_visitor


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def acts(database: store.Database, forum: str) -> list[tuple[str, str]]:
    with database.read() as c:
        rows = list(store.iter_acts(c, store.get_forum(c, forum).id))
    return [(row.act.act, row.act.object) for row in rows]


def test_keys_are_made_listed_and_revoked(database: store.Database) -> None:
    made = run("keys", "create", "--forum", "acme", "--publishable", "--name", "ask page")
    secret = made.stdout.strip()
    assert secret.startswith("pk_")
    listed = run("keys", "list", "--forum", "acme").stdout
    assert secret[:10] in listed
    assert secret not in listed
    as_listed = f"{secret[:10]}…"
    assert as_listed in listed
    assert run("keys", "revoke", as_listed, "--forum", "acme").exit_code == 0
    assert "revoked" in run("keys", "list", "--forum", "acme").stdout
    assert run("keys", "revoke", "sk_nothing", "--forum", "acme").exit_code == 1
    assert acts(database, "acme") == [("key.create", secret[:10]), ("key.revoke", secret[:10])]


def test_a_publishable_key_is_for_front_ends_only() -> None:
    done = run("keys", "create", "--role", "admin", "--publishable")
    assert done.exit_code == 1
    assert "bad_field" in done.stderr


def test_a_key_kept_in_a_file_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "demo.key"
    first = run("keys", "create", "--keep-in", str(file))
    secret = file.read_text()
    assert first.stdout == ""
    assert file.stat().st_mode & 0o777 == 0o600
    run("keys", "create", "--keep-in", str(file))
    assert file.read_text() == secret
    file.write_text("sk_from_another_installation\n")
    run("keys", "create", "--keep-in", str(file))
    assert file.read_text() not in {secret, "sk_from_another_installation\n"}


def test_a_key_is_bound_to_sites_and_days(database: store.Database) -> None:
    sites = ("--origin", "https://Forum.example/", "--origin", "http://localhost:3000")
    made = run("keys", "create", "--publishable", *sites, "--days", "30")
    assert made.exit_code == 0, made.output
    with database.read() as c:
        (row,) = store.list_keys(c, store.get_forum(c, "demo").id)
    assert row.origins == {"https://forum.example", "http://localhost:3000"}
    assert row.expires_at is not None
    assert row.expires_at - row.created_at == timedelta(days=30)
    listed = run("keys", "list").stdout
    assert "https://forum.example" in listed
    assert f"expires {row.expires_at:%Y-%m-%d}" in listed
    without = run("keys", "create", "--publishable")
    assert "no browser may bring it" in without.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--publishable", "--origin", "*"),
        ("--publishable", "--origin", "forum.example"),
        ("--origin", "https://forum.example"),
    ],
)
def test_a_site_that_is_none_makes_no_key(
    database: store.Database, options: tuple[str, ...]
) -> None:
    done = run("keys", "create", *options)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "bad_field" in done.stderr
    with database.read() as c:
        assert store.list_forums(c) == []


def test_a_rotated_key_and_the_one_after_it_both_work_for_a_while(
    database: store.Database, tmp_path: Path
) -> None:
    old = run("keys", "create", "--role", "lead", "--name", "desk").stdout.strip()
    done = run("keys", "rotate", old[:10], "--grace", "2")
    new = done.stdout.strip()
    assert done.exit_code == 0, done.output
    assert f"{old[:10]}… works until" in done.stderr
    now = datetime.now(UTC)
    with database.read() as c:
        assert store.find_key(c, old, now) is not None
        assert store.find_key(c, new, now) is not None
        assert store.find_key(c, old, now + timedelta(hours=3)) is None
    again = run("keys", "rotate", old[:10])
    assert (again.exit_code, "bad_field" in again.stderr) == (1, True)
    file = tmp_path / "desk.key"
    last = run("keys", "rotate", new[:10], "--grace", "0", "--keep-in", str(file))
    assert last.stdout == ""
    with database.read() as c:
        assert store.find_key(c, new, datetime.now(UTC)) is None
        assert store.find_key(c, file.read_text().strip(), datetime.now(UTC)) is not None
    assert "expired" in run("keys", "list").stdout
    made = [what for act, what in acts(database, "demo") if act == "key.rotate"]
    assert made == [old[:10], new[:10]]


def test_a_visitor_secret_is_told_once_and_signs(database: store.Database) -> None:
    made = run("visitors", "create", "--forum", "acme", "--name", "forum server")
    told = json.loads(made.stdout)
    assert set(told) == {"kid", "secret", "aud"}
    assert told["secret"] not in made.stderr
    now = datetime.now(UTC)
    token = sign_visitor(told["kid"], told["secret"], told["aud"], user="anna", at=now)
    with database.read() as c:
        forum = store.get_forum(c, "acme")
        key = Settings().person_key
        opened = open_secret(c, forum, key, told["kid"])
    assert opened is not None
    found, _ = check_visitor(token, "acme", {told["kid"]: opened}.get, now, timedelta(hours=1))
    assert found.user == "anna"
    listed = run("visitors", "list", "--forum", "acme").stdout
    assert told["kid"] in listed
    assert "forum server" in listed
    assert told["secret"] not in listed
    assert run("visitors", "revoke", told["kid"], "--forum", "acme").exit_code == 0
    assert "revoked" in run("visitors", "list", "--forum", "acme").stdout
    again = run("visitors", "revoke", told["kid"], "--forum", "acme")
    assert (again.exit_code, "bad_field" in again.stderr) == (1, True)
    assert [act for act, _ in acts(database, "acme")] == [
        "visitor_secret.create",
        "visitor_secret.revoke",
    ]


def test_the_page_of_who_may_call_what_is_printed() -> None:
    done = run("access")
    assert done.exit_code == 0
    assert done.stdout.startswith("# Who may call what\n")
    assert "| `POST /v1/triage` | key |" in done.stdout
