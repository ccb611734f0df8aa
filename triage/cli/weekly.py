"""`weekly`: what a week was like, as one file that opens in any browser."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from triage import store
from triage.analytics.report_week import read_week
from triage.analytics.weekly import weekly_page
from triage.audit.acting import Acting
from triage.cli.beside import written_beside
from triage.cli.choosing import only_of, where_option
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.records import LANGUAGES
from triage.settings import Settings


@click.command()
@click.option("--week", metavar="WEEK", help="Such as 2026-W40; without it the last that is over.")
@click.option(
    "--to",
    "file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The HTML file; one that is there is replaced.",
)
@click.option(
    "--lang", type=click.Choice(sorted(LANGUAGES)), default="en", show_default=True, help="Of it."
)
@click.option("--time-zone", default="UTC", show_default=True, help="In which days are meant.")
@where_option
@click.option("--no-charts", is_flag=True, help="The tables alone: a file for a letter.")
@forum_option
def weekly(
    week: str | None,
    file: Path,
    lang: str,
    time_zone: str,
    where: tuple[str, ...],
    no_charts: bool,
    forum: str,
) -> None:
    """Write the report of a week to a file: verdict, figures, charts, gaps, what to write next.

    It loads nothing and sends nothing, and its numbers are those of the analyst's pages. The file
    is whole or not there at all, so that it can be written again and again by the clock.
    """
    only, now = only_of(where), datetime.now(UTC)
    with errors_said(), opened_store(Settings()) as database:
        wanted = read_week(week, time_zone, only, now)
        with database.read() as c:
            found = store.get_forum(c, forum)
        page = weekly_page(database, found, wanted, lang, now, charts=not no_charts)
        with written_beside(file) as out:
            out.write(page.encode())
        with database.write() as c:
            what = {"format": "html", "week": str(wanted), "where": sorted(only.told) or None}
            Acting(found.id, typist()).note(c, "report.export", "weekly", after=what)
    told = {"forum": forum, "week": str(wanted), "bytes": len(page.encode()), "file": str(file)}
    click.echo(json.dumps(told))
