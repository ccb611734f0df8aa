"""`reviews`: what a lead should look at next, and what they say of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from triage import store
from triage.answers.publishing import Publishing, Wanted
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_desk, opened_store, say, typist
from triage.cli.working import beside_option, working
from triage.crypto.persons import person_hasher
from triage.kept import read_labels
from triage.records import Actor, ActorKind, Forum, Target
from triage.reviewing import ASKED, Estimate, Reviewing, Verdict, Wish, draw, estimate
from triage.settings import Settings
from triage.store import ReviewReason, ReviewRow, ReviewState

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_json_option = click.option("--json", "as_json", is_flag=True, help="JSON alone.")


@click.group()
def reviews() -> None:
    """What a lead should look at next: drawn once a day, labelled by a person."""


@contextmanager
def _opened(forum: str) -> Iterator[tuple[store.Database, Forum]]:
    with errors_said(), opened_store(Settings()) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        yield database, found


@contextmanager
def _publishing(forum: str) -> Iterator[tuple[Reviewing, Acting]]:
    """Open the queue of a forum with what decides about proposals."""
    settings = Settings()
    with _opened(forum) as (database, found):
        desk = opened_desk(settings, database, found)
        hashed = person_hasher(settings.person_key, found.name)
        of = Publishing(database, found.id, desk.knowledge, settings.redaction, hashed)
        yield Reviewing(database, found.id, of), Acting(found.id, typist())
        desk.close()


@reviews.command("draw")
@forum_option
@click.option(
    "--most", type=click.IntRange(1, 500), help="So many items, instead of TRIAGE_REVIEWS_PER_DAY."
)
@click.option(
    "--random",
    "by_lot",
    type=click.IntRange(0, 500),
    help="So many of them by lot, instead of TRIAGE_REVIEWS_RANDOM.",
)
@click.option("--simulated", is_flag=True, help="Asks that a simulation made, too.")
@_json_option
@beside_option
def draw_(
    forum: str,
    most: int | None,
    by_lot: int | None,
    simulated: bool,
    as_json: bool,
    beside: int | None,
) -> None:
    """Fill the queue for today (UTC), once: as a server does after midnight."""
    settings = Settings()
    with _opened(forum) as (database, found), working(beside):
        with database.read() as c:
            last = store.last_review_draw(c, found.id)
        now = datetime.now(UTC)
        wish = Wish(
            settings.reviews_per_day if most is None else most,
            settings.reviews_random if by_lot is None else by_lot,
            simulated or settings.demo,
        )
        if last is not None and last.drawn_on >= now.date():
            say(f"{now.date()} was drawn before")
            return
        desk = opened_desk(settings, database, found)
        desk.open()
        try:
            by = typist() if beside is None else Actor(ActorKind.PROCESS, "reviews")
            drawn = draw(database, found, desk.parts(), wish, now, Acting(found.id, by))
        finally:
            desk.close()
    told = {name.value: many for name, many in sorted(drawn.by_reason.items())}
    if as_json:
        click.echo(json.dumps({"day": drawn.day.isoformat(), "new": drawn.new, **told}))
        return
    click.echo(f"{drawn.new} to look at")
    for name, many in told.items():
        click.echo(f"  {name}: {many}")


@reviews.command("list")
@forum_option
@click.option(
    "--state",
    type=click.Choice([one.value for one in ReviewState]),
    default=ReviewState.OPEN.value,
    show_default=True,
)
@click.option("--reason", type=click.Choice([one.value for one in ReviewReason]))
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@_json_option
def list_(forum: str, state: str, reason: str | None, limit: int, as_json: bool) -> None:
    """Show items in the order in which to look at them."""
    with _opened(forum) as (database, found):
        queue = Reviewing(database, found.id)
        why = None if reason is None else ReviewReason(reason)
        rows = queue.listed(ReviewState(state), why, limit=limit)
        titles = queue.titles(rows)
    if as_json:
        told = [{**_told(row), "title": titles.get(row.id)} for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row.id}  {row.reason}  {row.subject} {row.subject_id}")
        click.echo(f"    {titles.get(row.id, '-')}")


@reviews.command()
@click.argument("item")
@forum_option
@_json_option
def show(item: str, forum: str, as_json: bool) -> None:
    """Show one item, what the machine said of it, and what there is to choose from."""
    with _publishing(forum) as (queue, _):
        row = queue.item(item)
        about = queue.subject(row)
        choices = queue.choices()
    words = (about.question.title, about.question.body) if about is not None else ("", "")
    if as_json:
        told = {**_told(row), "title": words[0], "body": words[1]}
        told["choices"] = {target.value: labels for target, labels in choices.items()}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{row.reason}: {row.subject} {row.subject_id}, {row.state}")
    click.echo("\n".join(words) if about is not None else "The words are gone.")
    for target, label in {} if row.blind else read_labels({"labels": row.said}).items():
        sure = "" if label.probability is None else f" {label.probability:.2f}"
        click.echo(f"  {target}: {label.value}{sure}{' (silent)' if label.abstained else ''}")
    for name, said in row.labels.items():
        click.echo(f"  {name}: {said}, says {row.decided_by}")


@reviews.command()
@click.argument("item")
@click.option("--kind")
@click.option("--topic")
@click.option("--severity", type=click.IntRange(1, 4))
@click.option("--destination")
@click.option("--tone")
@click.option("--counts/--left-out", default=None, help="Of a burst: whether its events count.")
@click.option("--approve", is_flag=True, help="Of a proposal: make the thread, with --group.")
@click.option("--group", "groups", multiple=True, help="Who may read the thread; repeatable.")
@click.option("--everyone", is_flag=True, help="Everyone may read it.")
@click.option("--refuse", is_flag=True, help="Of a proposal: the case stays what it is.")
@click.option("--note", help="Why; redacted, for the staff.")
@forum_option
def decide(
    item: str,
    forum: str,
    counts: bool | None,
    approve: bool,
    groups: tuple[str, ...],
    everyone: bool,
    refuse: bool,
    note: str | None,
    **labels: str | int | None,
) -> None:
    """Say what an item is. Labels become a case, from which the next training learns."""
    named = frozenset(group.strip() for group in groups if group.strip())
    if approve and everyone == bool(named):
        raise click.UsageError("Say who may read it: --group NAME, or --everyone.")
    said = {Target(name): str(label) for name, label in labels.items() if label is not None}
    verdict = Verdict(said, note, counts, Wanted(named) if approve else None, refuse)
    with _publishing(forum) as (queue, acting):
        row = queue.decide(item, verdict, acting, datetime.now(UTC))
    told = ", ".join(f"{name} {label}" for name, label in row.labels.items())
    click.echo(f"{row.id}  {row.verdict}" + (f": {told}" if told else ""))


@reviews.command()
@click.argument("item")
@forum_option
def skip(item: str, forum: str) -> None:
    """Leave an item to nobody; it can still be decided."""
    with _opened(forum) as (database, found):
        acting = Acting(found.id, typist())
        row = Reviewing(database, found.id).skip(item, acting, datetime.now(UTC))
    click.echo(f"{row.id}  {row.state}")


@reviews.command()
@click.argument("item")
@forum_option
def undo(item: str, forum: str) -> None:
    """Have a decided item wait again, and its case as it was before."""
    with _opened(forum) as (database, found):
        acting = Acting(found.id, typist())
        row = Reviewing(database, found.id).undo(item, acting, datetime.now(UTC))
    click.echo(f"{row.id}  {row.state}")


@reviews.command("estimate")
@forum_option
@click.option("--since", type=_DAY, help="Drawn on this day (UTC) or later; else 90 days back.")
@click.option("--until", type=_DAY, help="Drawn before this day.")
@click.option("--model", "version", help="Of this version.")
@click.option("--simulated", is_flag=True, help="Asks that a simulation made, too.")
@_json_option
def estimate_(
    forum: str,
    since: datetime | None,
    until: datetime | None,
    version: str | None,
    simulated: bool,
    as_json: bool,
) -> None:
    """Say how often the machine is right, by what the lot drew and a person has labelled."""
    first = datetime.now(UTC) - timedelta(days=90) if since is None else since
    last = None if until is None else until.date()
    with _opened(forum) as (database, found), database.read() as c:
        told = estimate(
            c, found.id, first.date(), last, model_version=version, include_simulated=simulated
        )
    if as_json:
        click.echo(json.dumps(asdict(told), ensure_ascii=False))
        return
    _show_estimate(told)


def _show_estimate(told: Estimate) -> None:
    counts = f"{told.decided} decided, {told.waiting} wait, {told.unanswered} unanswered"
    click.echo(f"{told.drawn} drawn by lot, {counts}")
    for target in ASKED:
        head = told.heads[target]
        for name, share in (("precision", head.precision), ("coverage", head.coverage)):
            if share is not None:
                between = f"{share.low:.3f} to {share.high:.3f}"
                click.echo(f"  {target} {name} {share.value:.3f} ({between}), {share.asks} asks")


def _told(row: ReviewRow) -> dict[str, Any]:
    """Return an item as JSON has it; what the machine said of a blind one is left out."""
    plain = {name: value for name, value in asdict(row).items() if name != "former"}
    plain |= {"drawn_on": row.drawn_on.isoformat(), "drawn_at": row.drawn_at.isoformat()}
    plain["decided_at"] = None if row.decided_at is None else row.decided_at.isoformat()
    return {**plain, "said": None} if row.blind else plain
