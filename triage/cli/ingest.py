"""`ingest threads|cases|accounts FILE`."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, serving_encoder, typist
from triage.cli.previews import show_preview
from triage.connect import Reading, no_map, open_map, preview_cases
from triage.crypto.persons import HashPerson, person_hasher
from triage.intake import Ingested, ingest_accounts, ingest_cases, ingest_threads
from triage.knowledge import Knowledge
from triage.records import Forum
from triage.settings import Settings

SOME_REFUSED = 3
_LINES_SHOWN = 20

Ingest = Callable[[store.Database, Forum, HashPerson], Ingested]


@click.group()
def ingest() -> None:
    """Read a file (.jsonl, .jsonl.gz, .csv, .csv.gz) into a forum; formats: data/README.md."""


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
_strict = click.option("--strict", is_flag=True, help="Stop at the first bad line (exit code 4).")


@ingest.command()
@_file
@_strict
@forum_option
def threads(file: Path, strict: bool, forum: str) -> None:
    """Threads with their answers; searchable when the command ends."""
    settings = Settings()

    def run(database: store.Database, forum: Forum, hash_person: HashPerson) -> Ingested:
        knowledge = Knowledge(database, forum.id, serving_encoder(settings, database, forum))
        return ingest_threads(
            knowledge, file, hash_person, strict, say, _noting(forum, "threads.ingest", file)
        )

    _ingest(settings, forum, run)


@ingest.command()
@_file
@_strict
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the file's own columns and values mean (.toml, .json): data/README.md.",
)
@click.option(
    "--preview",
    type=click.IntRange(min=0),
    metavar="N",
    help="Keep nothing; show how the first N rows read, and what is unmapped.",
)
@click.option("--json", "as_json", is_flag=True, help="The preview as JSON.")
@forum_option
def cases(
    file: Path,
    strict: bool,
    map_file: Path | None,
    preview: int | None,
    as_json: bool,
    forum: str,
) -> None:
    """Resolved questions as first written, to train on."""
    with errors_said():
        case_map = None if map_file is None else open_map(map_file)
        if preview is not None:
            show_preview(preview_cases(file, case_map or no_map(file), preview), as_json)
            return

    settings = Settings()

    def run(database: store.Database, forum: Forum, hash_person: HashPerson) -> Ingested:
        note, own = _noting(forum, "cases.ingest", file), settings.redaction
        return ingest_cases(database, forum.id, file, hash_person, strict, say, case_map, note, own)

    _ingest(settings, forum, run)


@ingest.command()
@_file
@_strict
@forum_option
def accounts(file: Path, strict: bool, forum: str) -> None:
    """Customer companies."""

    def run(database: store.Database, forum: Forum, hash_person: HashPerson) -> Ingested:
        note = _noting(forum, "accounts.ingest", file)
        return ingest_accounts(database, forum.id, file, strict, note)

    _ingest(Settings(), forum, run)


def _noting(forum: Forum, act: str, file: Path) -> store.Note:
    return Acting(forum.id, typist()).noting(act, file.name)


def _ingest(settings: Settings, forum_name: str, run: Ingest) -> None:
    with errors_said(), opened_store(settings) as database:
        with database.write() as c:
            forum = store.ensure_forum(c, forum_name)
        done = run(database, forum, person_hasher(settings.person_key, forum.name))
    _report(done)
    if done.reading.error_count:
        raise SystemExit(SOME_REFUSED)


def say_refused(reading: Reading) -> None:
    """Name the bad lines of a file."""
    for error in reading.errors[:_LINES_SHOWN]:
        say(str(error))
    if reading.error_count > _LINES_SHOWN:
        say(f"... and {reading.error_count - _LINES_SHOWN} more bad lines")


def _report(done: Ingested) -> None:
    reading = done.reading
    say_refused(reading)
    summary = {
        "lines": reading.rows,
        "created": done.counts.created,
        "updated": done.counts.updated,
        "unchanged": done.counts.unchanged,
        "refused": reading.error_count,
        "repeated_ids": reading.repeated,
        "unknown_fields": dict(reading.unknown_fields),
        "unmapped_values": {name: dict(seen) for name, seen in done.unmapped.items()},
    }
    click.echo(json.dumps(summary, ensure_ascii=False))
