"""`import stackexchange PATH` and `import zendesk PATH`."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, serving_encoder, typist
from triage.cli.importing import import_options, say_imported
from triage.cli.ingest import SOME_REFUSED, say_refused
from triage.cli.working import working
from triage.connect import Reading
from triage.connect.stackexchange import Dump, opened_dump
from triage.connect.zendesk import Export, open_ticket_map
from triage.crypto.persons import HashPerson, person_hasher
from triage.importing import Imported, Options, import_cases, import_threads
from triage.knowledge import Knowledge
from triage.records import Forum
from triage.settings import Settings

_path = click.argument("path", type=click.Path(exists=True, path_type=Path))
_strict = click.option("--strict", is_flag=True, help="Stop at the first bad line (exit code 4).")


@dataclass(frozen=True, slots=True)
class _Into:
    """The forum that something is read into."""

    settings: Settings
    database: store.Database
    forum: Forum

    @property
    def hash_person(self) -> HashPerson:
        """Hash this forum's persons."""
        return person_hasher(self.settings.person_key, self.forum.name)

    def noting(self, act: str, source: str) -> store.Note:
        """Note the act with the first change."""
        return Acting(self.forum.id, typist()).noting(act, source)


@contextmanager
def _opened(forum: str) -> Iterator[_Into]:
    settings = Settings()
    with opened_store(settings) as database:
        with database.write() as c:
            row = store.ensure_forum(c, forum)
        yield _Into(settings, database, row)


@click.command("stackexchange")
@_path
@click.option("--site", metavar="NAME", help="Whose dump it is, where PATH is called otherwise.")
@import_options
@_strict
@forum_option
def stackexchange(
    path: Path,
    site: str | None,
    again: bool,
    remove_all: bool,
    adopt: bool,
    strict: bool,
    forum: str,
) -> None:
    """Read the dump of a Stack Exchange site: the .7z, or a folder with Posts.xml, as threads."""
    options = Options(adopt=adopt, again=again, remove_all=remove_all)
    # Told to stop, it still deletes what it has unpacked and sorted: others' words.
    with errors_said(), working(None), opened_dump(path, site) as dump, _opened(forum) as into:
        source, reading = f"stackexchange:{dump.site}", Reading(dump.posts.called, strict=strict)
        done = _threads(into, source, dump, reading, options)
        told = {
            "source": source,
            "rows": reading.rows,
            **done.told(),
            "refused": reading.error_count,
            "orphans": dump.orphans,
            "licences": dict(dump.licences),
        }
    say_refused(reading)
    say_imported(told, done.complete, SOME_REFUSED)


def _threads(into: _Into, source: str, dump: Dump, reading: Reading, options: Options) -> Imported:
    encoder = serving_encoder(into.settings, into.database, into.forum)
    with closing(dump.rows()) as rows:
        return import_threads(
            Knowledge(into.database, into.forum.id, encoder),
            into.database,
            into.forum.id,
            source,
            "stackexchange",
            rows,
            into.hash_person,
            reading,
            whole=True,
            progress=say,
            note=into.noting("threads.import", source),
            options=options,
        )


@click.command()
@_path
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the tickets' own fields and values mean (.toml, .json): data/README.md.",
)
@click.option("--site", metavar="NAME", help="Of which account, where there are several.")
@click.option("--whole", is_flag=True, help="It has every ticket: remove cases of any other.")
@import_options
@_strict
@forum_option
def zendesk(
    path: Path,
    map_file: Path | None,
    site: str | None,
    whole: bool,
    again: bool,
    remove_all: bool,
    adopt: bool,
    strict: bool,
    forum: str,
) -> None:
    """Read a JSON export of tickets, one file or a folder with all that belongs to it, as cases."""
    options = Options(adopt=adopt, again=again, remove_all=remove_all)
    source = "zendesk" if site is None else f"zendesk:{site.strip().lower()}"
    with errors_said(), working(None):
        export = Export(path, None if map_file is None else open_ticket_map(map_file))
        with _opened(forum) as into:
            reading = Reading(path, strict=strict)
            done = _cases(into, source, export, reading, whole, options)
    told = {
        "source": source,
        "rows": reading.rows,
        **done.told(),
        "refused": reading.error_count,
        "orphans": export.orphans,
        "internal": export.internal,
        "unmapped_values": {name: dict(seen) for name, seen in export.unmapped.values.items()},
        "unseen_columns": sorted(export.unseen),
    }
    say_refused(reading)
    say_imported(told, done.complete, SOME_REFUSED)


def _cases(
    into: _Into, source: str, export: Export, reading: Reading, whole: bool, options: Options
) -> Imported:
    with closing(export.rows()) as rows:
        return import_cases(
            into.database,
            into.forum.id,
            source,
            "zendesk",
            rows,
            into.hash_person,
            reading,
            whole=whole,
            progress=say,
            note=into.noting("cases.import", source),
            redaction=into.settings.redaction,
            options=options,
        )
