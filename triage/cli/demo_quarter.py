"""`demo-quarter`: a simulated quarter of the sample forum, put in or taken out."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_desk, opened_store, say, typist
from triage.demo.quarter import Makers, Wanted, make_quarter, remove_quarter
from triage.pipeline import Parts
from triage.records import Forum
from triage.reports import fold
from triage.settings import ROOT, Settings

_SAMPLE = ROOT / "data" / "sample"


@click.command("demo-quarter")
@click.option("--asks", type=click.IntRange(100, 100_000), default=3000, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--weeks", type=click.IntRange(2, 52), default=13, show_default=True)
@click.option("--anyway", is_flag=True, help="Also into a forum that people have asked.")
@click.option(
    "--unless-asked",
    is_flag=True,
    help="Leave a forum that people have asked as it is, and say so.",
)
@click.option("--remove", is_flag=True, help="Take everything that is simulated out again.")
@forum_option
def demo_quarter(
    asks: int, seed: int, weeks: int, anyway: bool, unless_asked: bool, remove: bool, forum: str
) -> None:
    """Simulate a quarter of made-up people who ask the sample forum, up to yesterday.

    Every ask is marked as simulated: figures say so, and nothing learns of it. A forum that has a
    quarter keeps the one it has. What is true of the people is printed as JSON.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
            real = store.count_real(c, found.id)
        if unless_asked and real and not remove:
            say(f"people have asked forum {forum}: nothing is simulated in it")
            return
        acting = Acting(found.id, typist())
        if remove:
            told: dict[str, object] = dict(remove_quarter(database, acting))
        else:
            wanted = Wanted(asks, seed, weeks, anyway)
            told = _make(settings, database, found, acting, wanted)
        say("bringing the figures up to date")
        fold(database, found.id)
    click.echo(json.dumps({"forum": forum, **told}))


def _make(
    settings: Settings, database: store.Database, forum: Forum, acting: Acting, wanted: Wanted
) -> dict[str, object]:
    desk = opened_desk(settings, database, forum)

    def opened() -> tuple[Parts, str]:
        desk.open(say)
        return desk.parts(), desk.knowledge.version

    try:
        makers = Makers(database, acting, opened, _SAMPLE)
        return asdict(make_quarter(makers, wanted, datetime.now(UTC), say))
    finally:
        desk.close()
