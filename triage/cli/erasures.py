"""`erase`, `erasures list|show|trust`, `export-person`: what people may ask of their data."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import (
    any_forum_option,
    errors_said,
    forum_option,
    opened_desk,
    opened_store,
    say,
    typist,
)
from triage.crypto.persons import person_hasher
from triage.errors import NoErasure, Unavailable
from triage.privacy import (
    Eraser,
    ErasureLog,
    IndexSearch,
    Order,
    all_groups,
    export_person,
    index_search,
    told_receipt,
)
from triage.records import Forum
from triage.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])
_STDIN = "-"


def _user_option(command: Command) -> Command:
    told = "As the forum names the person; `-` reads it from standard input."
    return click.option("--user", required=True, help=told)(command)


@click.command()
@_user_option
@click.option(
    "--text",
    "texts",
    multiple=True,
    help="Words of theirs that the proof looks for as well, or `@FILE`; repeatable, not kept.",
)
@click.option(
    "--keep-staff-answers",
    is_flag=True,
    help="Of answers that they gave as staff only the author goes.",
)
@forum_option
def erase(user: str, texts: tuple[str, ...], keep_staff_answers: bool, forum: str) -> None:
    """Remove everything of a person; print the receipt."""
    settings = Settings()
    with _opened(settings, forum) as (database, found):
        person = _hashed(settings, found, user)
        order = Order(person, keep_staff_answers, [_read(one) for one in texts])
        row = _eraser(settings, database, found).erase(
            order, typist(), lambda: _search(settings, database, found)
        )
        receipt = _told(settings, database, found, row)
    click.echo(json.dumps(receipt, ensure_ascii=False))
    if row.done_at is None:
        say("not finished: another process still reads what was there; the next start finishes it")
        raise SystemExit(1)


@click.group()
def erasures() -> None:
    """Who was erased, as keyed hashes, and what that removed."""


@erasures.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output.")
@forum_option
def list_(as_json: bool, forum: str) -> None:
    """Show every erasure of a forum."""
    settings = Settings()
    with _opened(settings, forum) as (database, found):
        with database.read() as c:
            rows = store.list_erasures(c, found.id)
        told = [_told(settings, database, found, row) for row in rows]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        counts = " ".join(f"{name}={count}" for name, count in one["removed"].items()) or "-"
        models = f"  still in {len(one['models'])} model versions" if one["models"] else ""
        click.echo(f"{one['erasure_id']}  {one['asked_at']:.19}  {one['state']}  {counts}{models}")


@erasures.command()
@click.argument("erasure")
@forum_option
def show(erasure: str, forum: str) -> None:
    """Show a receipt, with the model versions that are still learnt from the person's cases."""
    settings = Settings()
    with _opened(settings, forum) as (database, found):
        with database.read() as c:
            row = store.get_erasure(c, found.id, erasure)
        if row is None:
            raise NoErasure(erasure)
        told = _told(settings, database, found, row)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


@erasures.command()
@any_forum_option
def trust() -> None:
    """Sign the log of erasures with the key of now, after the installation key was changed."""
    settings = Settings()
    with errors_said():
        # Before the store is opened, which a log of another hand does not let happen.
        signed = ErasureLog(settings.erasures, settings.erasure_signer).sign_anew()
        with opened_store(settings) as database, database.write() as c:
            # The log is that of the installation: whoever looks into any forum's acts is to see it.
            for forum in store.list_forums(c):
                Acting(forum.id, typist()).note(c, "erasures.trust", "log of erasures")
    click.echo(json.dumps({"signed": signed}))


@click.command("export-person")
@_user_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this file (mode 0600) instead of standard output.",
)
@forum_option
def export_person_(user: str, out: Path | None, forum: str) -> None:
    """Print everything that is kept of a person, as JSON."""
    settings = Settings()
    with _opened(settings, forum) as (database, found):
        person = _hashed(settings, found, user)
        with database.write() as c:
            Acting(found.id, typist()).note(c, "person.export", person)
        told = export_person(database, found, person, settings.person_key)
    written = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(written, nl=False)
        return
    out.touch(mode=0o600)
    # A file that was there before keeps its mode otherwise.
    out.chmod(0o600)
    out.write_text(written, encoding="utf-8")
    say(f"written to {out}; remove it when the person has it")


@contextmanager
def _opened(settings: Settings, forum: str) -> Iterator[tuple[store.Database, Forum]]:
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        yield database, found


def _hashed(settings: Settings, forum: Forum, user: str) -> str:
    named = sys.stdin.readline().strip() if user == _STDIN else user
    if not named.strip():
        raise click.UsageError("--user names nobody.")
    return person_hasher(settings.person_key, forum.name)(named)


def _read(text: str) -> str:
    return Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text


def _eraser(settings: Settings, database: store.Database, forum: Forum) -> Eraser:
    log = ErasureLog(settings.erasures, settings.erasure_signer)
    where = settings.models_dir, settings.snapshots
    return Eraser(database, forum, log, settings.signer, *where)


def _search(settings: Settings, database: store.Database, forum: Forum) -> IndexSearch | None:
    """Build the index as a server would have it now; without an encoder there is none."""
    try:
        desk = opened_desk(settings, database, forum)
        return index_search(desk.parts(), all_groups(database, forum.id))
    except Unavailable as error:
        say(f"the index was not searched: {error}")
        return None


def _told(
    settings: Settings, database: store.Database, forum: Forum, row: store.ErasureRow
) -> dict[str, Any]:
    with database.read() as c:
        live = store.live_version_of(c, forum.id)
    return told_receipt(row, forum.name, settings.models_dir / forum.name, live)
