"""`export`: a table of the store, or one that the analyst's pages show, as a file."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from triage import store
from triage.analytics.exporting import EXPORTS, read_export
from triage.audit.acting import Acting
from triage.cli.beside import written_beside
from triage.cli.choosing import only_of, where_option
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.errors import BadFile
from triage.outcomes import WINDOW_DAYS
from triage.reports import VERSION, Format
from triage.settings import Settings


@click.command()
@click.argument("table", type=click.Choice(EXPORTS), metavar="TABLE")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "how",
    type=click.Choice([one.value for one in Format]),
    help="Without it, as the name of the FILE ends.",
)
@click.option("--from", "since", metavar="DAY", help="Asks or events from this day or moment on.")
@click.option("--to", "until", metavar="DAY", help="To this day, inclusive, or before a moment.")
@where_option
@click.option("--as-of", metavar="MOMENT", help="What was known then; of tables of the store.")
@click.option("--time-zone", default="UTC", show_default=True, help="In which days are meant.")
@click.option(
    "--window-days",
    type=click.FloatRange(0, min_open=True),
    default=WINDOW_DAYS,
    show_default=True,
    help="Of outcomes and flat: how long a post or a return belongs to an ask.",
)
@forum_option
def export(
    table: str,
    file: Path,
    how: str | None,
    since: str | None,
    until: str | None,
    where: tuple[str, ...],
    as_of: str | None,
    time_zone: str,
    window_days: float,
    forum: str,
) -> None:
    """Write a TABLE to a FILE: CSV, Parquet or JSON Lines, no words.

    Of the store: asks, events, outcomes, and flat, which has one row an ask with all that is known
    of it. What the analyst's pages show: cards, funnel, weeks, slices_lang and the others of
    docs/analytics-tables.md; of whole days and as of now. Persons are hashes. Columns and their
    version are in docs/reports.md; that it was exported is noted. Events as JSON Lines are what
    `report --events` reads.
    """
    ending = how or file.suffix.lower().removeprefix(".")
    if ending not in {one.value for one in Format}:
        raise click.UsageError(
            "Name a FILE ending with .csv, .parquet or .jsonl, or give --format."
        )
    only, now = only_of(where), datetime.now(UTC)
    with errors_said(), opened_store(Settings()) as database:
        wished = read_export(table, since, until, as_of, time_zone, window_days, only, now)
        if file.exists():
            raise BadFile(file, "it is there already; name another")
        with database.write() as c:
            forum_id = store.get_forum(c, forum).id
            what = {"format": ending, **wished.noted}
            Acting(forum_id, typist()).note(c, "report.export", table, after=what)
        with written_beside(file) as out:
            rows = wished.write(database, forum_id, out, Format(ending), now)
    told = {"forum": forum, "table": table, "columns": VERSION, "rows": rows, "file": str(file)}
    click.echo(json.dumps(told))
