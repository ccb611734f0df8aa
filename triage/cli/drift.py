"""`drift`: is what is asked, and what the live model says of it, as it was in its own time."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import click

from triage import store
from triage.audit.acting import LONGEST_REASON, Acting
from triage.cli.common import (
    errors_said,
    forum_option,
    opened_desk,
    opened_store,
    say,
    typist,
)
from triage.cli.working import beside_option, working
from triage.insight.drift import Drift, Part, Verdict
from triage.pipeline import Parts
from triage.records import Forum
from triage.settings import Settings
from triage.watching import EVERY, Card, Watched, Wish, see, tell
from triage.watching.looking import watch_with, worst
from triage.watching.moments import date_of, day_of
from triage.watching.saying import said

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("drift")
@forum_option
@click.option("--as-of", type=_DAY, help="As it stood at the end of this day (UTC).")
@click.option(
    "--since", type=_DAY, help="The day that counts as the model's own, not that of its training."
)
@click.option("--simulated", is_flag=True, help="Count asks that a simulation made, too.")
@click.option("--tell", "told", is_flag=True, help="Keep the verdicts; tell what has turned.")
@click.option("--seen", metavar="ID", help="Note that you have seen this alert, and do no more.")
@click.option("--reason", default="", help="With --seen: what you make of it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")
@beside_option
def drift(
    forum: str,
    as_of: datetime | None,
    since: datetime | None,
    simulated: bool,
    told: bool,
    seen: str | None,
    reason: str,
    as_json: bool,
    beside: int | None,
) -> None:
    """Say whether traffic has drifted from what the live model was made for.

    Inputs (meaning, words, language, product), predictions (labels, confidence, offers,
    destination) and precision on cases that people labelled since, for all and by slice. With
    --tell, as a server does each hour, it posts one message `drift.found` where a verdict turned;
    with --seen, somebody has looked at what it told.
    """
    if seen is not None:
        if told or as_of or since or simulated or as_json:
            raise click.UsageError("--seen goes with --reason alone.")
        _see(forum, seen, reason)
        return
    if reason:
        raise click.UsageError("--reason is for --seen.")
    if told and (as_of or since or simulated):
        raise click.UsageError("--tell is for the verdicts of now, without other options.")
    settings = Settings()
    with errors_said(), opened_store(settings) as database, working(beside):
        with database.read() as c:
            found = store.get_forum(c, forum)
        now = datetime.now(UTC)
        if told and not _is_my_turn(database, found, now):
            return
        wish = Wish(
            day_of(now) if as_of is None else day_of(as_of.replace(tzinfo=UTC)) + 1,
            None if since is None else day_of(since.replace(tzinfo=UTC)),
            simulated,
        )
        opened = partial(_parts, settings, database, found)
        watched = watch_with(database, found, wish, opened)
        if told:
            with database.write() as c:
                for one in tell(c, found.id, watched, now):
                    say(f"drifted {one.part} {one.measure} {one.slice}")
    _show(watched, as_json)


def _see(forum: str, alert_id: str, reason: str) -> None:
    """Note that whoever types has seen an alert, and say who was first."""
    if len(reason) > LONGEST_REASON:
        raise click.UsageError(f"--reason has more than {LONGEST_REASON} characters.")
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        acting = Acting(store.get_forum(c, forum).id, typist())
        alert = see(c, acting, alert_id, reason, datetime.now(UTC))
    say(f"seen by {alert.seen_by} at {alert.seen_at:%Y-%m-%d %H:%M} UTC")


def _is_my_turn(database: store.Database, forum: Forum, now: datetime) -> bool:
    """Say whether no other server of the same store has just looked."""
    with database.write() as c:
        # A little less: who looks each hour is never exactly an hour later.
        return store.take_drift_look(c, forum.id, now, EVERY - timedelta(minutes=5))


@contextmanager
def _parts(settings: Settings, database: store.Database, forum: Forum) -> Iterator[Parts]:
    """Give what the live model labels with."""
    desk = opened_desk(settings, database, forum)
    desk.open()
    try:
        yield desk.parts()
    finally:
        desk.close()


def _show(watched: Watched, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said(watched), ensure_ascii=False, allow_nan=False))
        return
    if watched.model_version is None:
        click.echo("No model is live: there is no time of its own to hold traffic against.")
        return
    click.echo(f"model {watched.model_version}")
    for part, span in watched.references:
        click.echo(f"{part} held against {date_of(span.first)} to {date_of(span.end - 1)}")
    for part in Part:
        click.echo(f"{part}: {worst(watched.drifts, part)}")
        for one in watched.drifts:
            if one.part is part and one.verdict in (Verdict.DRIFTED, Verdict.WATCH):
                click.echo(f"  {_line(one)}")
    for card in watched.cards:
        if card.day is None:
            click.echo(f"28 days, {card.target}: {_card(card)}")


def _line(one: Drift) -> str:
    since = "" if one.since is None else f" since {date_of(one.since)}"
    odds = f"p {one.p_value:.1e}" if one.p_value is not None else f"e {one.e_value:.3g}"
    moved = "; ".join(f"{m.name} {_number(m.before)} -> {_number(m.after)}" for m in one.what)
    told = f"{one.verdict} {one.measure} ({one.slice}){since}, {odds}, {one.persons} persons"
    return f"{told}: {moved}" if moved else told


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _card(card: Card) -> str:
    told = [f"{card.asks} asks", f"{card.judged} judged"]
    for name, share in (("coverage", card.coverage), ("precision", card.precision)):
        if share is not None:
            told.append(f"{name} {share.value:.3f} ({share.low:.3f} to {share.high:.3f})")
    return ", ".join(told)
