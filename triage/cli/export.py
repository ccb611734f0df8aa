"""`export`: asks, events and outcomes as a file for other programs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.errors import BadFile
from triage.outcomes import WINDOW_DAYS
from triage.reports import VERSION, Format, Period, Table, day_or_moment, export_table
from triage.settings import Settings


@click.command()
@click.argument("table", type=click.Choice([one.value for one in Table]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "how",
    type=click.Choice([one.value for one in Format]),
    help="Without it, as the name of the FILE ends.",
)
@click.option("--from", "since", metavar="DAY", help="Asks or events from this day or moment on.")
@click.option("--to", "until", metavar="DAY", help="To this day, inclusive, or before a moment.")
@click.option("--as-of", metavar="MOMENT", help="What was known then.")
@click.option("--time-zone", default="UTC", show_default=True, help="In which days are meant.")
@click.option(
    "--window-days",
    type=click.FloatRange(0, min_open=True),
    default=WINDOW_DAYS,
    show_default=True,
    help="Of outcomes: how long a post or a return belongs to an ask.",
)
@forum_option
def export(
    table: str,
    file: Path,
    how: str | None,
    since: str | None,
    until: str | None,
    as_of: str | None,
    time_zone: str,
    window_days: float,
    forum: str,
) -> None:
    """Write a TABLE (asks, events, outcomes) to a FILE: CSV, Parquet or JSON Lines, no words.

    Persons are hashes. Columns and their version are in docs/reports.md; that it was exported is
    noted. Events as JSON Lines are what `report --events` reads.
    """
    ending = how or file.suffix.lower().removeprefix(".")
    if ending not in {one.value for one in Format}:
        raise click.UsageError(
            "Name a FILE ending with .csv, .parquet or .jsonl, or give --format."
        )
    with errors_said(), opened_store(Settings()) as database:
        period = Period(
            None if since is None else day_or_moment(since, "--from", time_zone),
            None if until is None else day_or_moment(until, "--to", time_zone, end=True),
            datetime.now(UTC)
            if as_of is None
            else day_or_moment(as_of, "--as-of", time_zone, end=True),
            window_days,
        )
        if file.exists():
            raise BadFile(file, "it is there already; name another")
        with database.write() as c:
            forum_id = store.get_forum(c, forum).id
            what = {"format": ending, "from": since, "to": until}
            Acting(forum_id, typist()).note(c, "report.export", table, after=what)
        with _opened(file) as out:
            rows = export_table(database, forum_id, Table(table), period, out, Format(ending))
    told = {"forum": forum, "table": table, "columns": VERSION, "rows": rows, "file": str(file)}
    click.echo(json.dumps(told))


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("xb")
    except OSError as error:
        raise BadFile(file, f"it cannot be written ({error.strerror})") from error
