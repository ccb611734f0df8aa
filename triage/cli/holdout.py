"""`holdout show|set` and `bursts list|settle`: what leads set of measuring."""

import json
from datetime import UTC, datetime

import click

from triage import store
from triage.assigning import LARGEST_SHARE, Shares
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.measuring.steering import set_shares, settle_burst, told_of_shares
from triage.settings import Settings

_SHARE = click.FloatRange(0, LARGEST_SHARE)
_LISTED = 100


@click.group()
def holdout() -> None:
    """From which share of those who ask suggestions are withheld."""


@holdout.command("show")
@forum_option
def show_(forum: str) -> None:
    """Print the shares that hold, and every change of them, as JSON."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.read() as c:
        rows = store.list_holdouts(c, store.get_forum(c, forum).id)
    shares = rows[-1].shares if rows else Shares(settings.holdout)
    changes = [
        {**told_of_shares(row.shares), "at": row.at.isoformat(), "by": row.by} for row in rows
    ]
    click.echo(json.dumps({**told_of_shares(shares), "changes": changes}))


@holdout.command("set")
@click.argument("share", type=_SHARE)
@click.option(
    "--lang",
    "languages",
    multiple=True,
    metavar="LANG=SHARE",
    help="Another share for a language, such as fi=0; once for each.",
)
@forum_option
def set_(share: float, languages: tuple[str, ...], forum: str) -> None:
    """Let this share hold from now on; 0 switches the holdout off.

    Asks that were begun keep their arm. Raising it moves people into the holdout and nobody out.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.write() as c:
        shares = Shares(share, dict(map(_of_language, languages)))
        found = store.get_forum(c, forum)
        acting = Acting(found.id, typist())
        set_shares(c, acting, shares, Shares(settings.holdout), datetime.now(UTC))
    say(f"nothing is suggested to {share:.1%} of those who ask in forum {forum}")


@click.group()
def bursts() -> None:
    """More events of one person than a person makes, put aside until somebody has looked."""


@bursts.command("list")
@click.option("--all", "settled", is_flag=True, help="Also those that somebody has settled.")
@forum_option
def list_(settled: bool, forum: str) -> None:
    """Show what is put aside, the latest first."""
    state = None if settled else store.BurstState.OPEN
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        forum_id = store.get_forum(c, forum).id
        rows = store.list_bursts(c, forum_id, state=state, limit=_LISTED)
        held = {row.id: store.burst_contents(c, forum_id, row.id) for row in rows}
    for row in rows:
        kinds = ", ".join(f"{n} {kind} on {threads}" for kind, n, threads in held[row.id])
        when = f"{row.first_at:%Y-%m-%d %H:%M} to {row.last_at:%H:%M}"
        click.echo(f"{row.id}  {when}  {row.events} events  {row.state}  {kinds}".rstrip())


@bursts.command()
@click.argument("burst_id")
@click.option("--count/--leave-out", "counts", required=True, help="What becomes of its events.")
@forum_option
def settle(burst_id: str, counts: bool, forum: str) -> None:
    """Let the events of a burst count after all, or leave them out for good."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        acting = Acting(store.get_forum(c, forum).id, typist())
        row = settle_burst(c, acting, burst_id, counts=counts, at=datetime.now(UTC))
    say(f"burst {row.id}: {row.state}")


def _of_language(given: str) -> tuple[str, float]:
    lang, _, share = given.partition("=")
    try:
        return lang, float(share)
    except ValueError as error:
        raise click.BadParameter(f"{given!r} is not LANG=SHARE.", param_hint="--lang") from error
