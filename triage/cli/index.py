"""`index`: what the index has on disk, made anew or compared with the store."""

import json
from typing import Any

import click

from triage import store
from triage.cli.common import errors_said, forum_option, opened_store, say, serving_encoder
from triage.cli.working import beside_option, working
from triage.embedding import identity
from triage.encode import Encoder
from triage.knowledge import Builder, Knowledge, Placing
from triage.records import Forum
from triage.retrieve import LocalIndex
from triage.settings import Settings
from triage.snapshots import Manifest, Shelf

_FAILED = 1


@click.command()
@click.option("--rebuild", is_flag=True, help="Write a snapshot made from the store alone.")
@click.option("--check", is_flag=True, help="Open the index and compare it with the store.")
@beside_option
@forum_option
def index(rebuild: bool, check: bool, beside: int | None, forum: str) -> None:
    """Say what a start would open instead of building the index, as JSON.

    A server writes snapshots by itself, and has them made anew when words stand in them that nobody
    may find any more.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        shelf = None if settings.snapshots is None else Shelf(settings.snapshots, forum)
        try:
            with working(beside):
                told = _told(settings, database, found, shelf, rebuild=rebuild, check=check)
        finally:
            if shelf is not None:
                shelf.close()
    click.echo(json.dumps({"forum": forum, **told}))
    if told.get("agrees") is False:
        raise SystemExit(_FAILED)


def _told(
    settings: Settings,
    database: store.Database,
    forum: Forum,
    shelf: Shelf | None,
    *,
    rebuild: bool,
    check: bool,
) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if rebuild:
        _rebuild(database, forum, serving_encoder(settings, database, forum), shelf)
    if check:
        encoder = serving_encoder(settings, database, forum)
        knowledge = Knowledge(database, forum.id, encoder, shelf=shelf)
        told["agrees"] = knowledge.verify()
        told |= {"threads": len(knowledge.index), "encoder": identity(encoder)}
        knowledge.close()
    return {**told, "snapshot": _of(shelf.newest() if shelf is not None else None)}


def _rebuild(
    database: store.Database, forum: Forum, encoder: Encoder | None, shelf: Shelf | None
) -> None:
    placing = Placing(Builder(database, forum.id, encoder, LocalIndex), shelf)
    try:
        if placing.rebuild() is None:
            say(f"forum {forum.name}: its index is held in memory alone, there is nothing to write")
    except (OSError, ValueError) as error:
        say(f"forum {forum.name}: no snapshot can be written ({type(error).__qualname__})")
        raise SystemExit(_FAILED) from error


def _of(manifest: Manifest | None) -> dict[str, Any] | None:
    if manifest is None:
        return None
    since = manifest.leftovers_since
    return {
        "revision": manifest.revision,
        "made_at_revision": manifest.built,
        "saved_at": manifest.saved_at.isoformat(),
        "leftovers_since": since.isoformat() if since else None,
        "threads": manifest.threads,
        "bytes": manifest.bytes,
    }
