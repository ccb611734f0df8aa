"""`cases doubts|settle`: labels that look wrong, and what a person says of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.errors import BadField
from triage.records import Case, Target
from triage.review import REVIEWED
from triage.review import settle as settle_label
from triage.settings import Settings

_LONGEST_TITLE = 80


@click.group()
def cases() -> None:
    """Cases whose labels look wrong: found by training, settled by a person."""


@cases.command()
@click.option("--all", "settled_too", is_flag=True, help="Settled ones as well.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output, all of them.")
@forum_option
def doubts(settled_too: bool, limit: int, as_json: bool, forum: str) -> None:
    """Show the labels in doubt, the surest first."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        forum_id = store.get_forum(c, forum).id
        rows = store.list_doubts(c, forum_id)
        rows = [d for d in rows if settled_too or d.state == store.DoubtState.OPEN]
        if as_json:
            click.echo(json.dumps([asdict(d) for d in rows], ensure_ascii=False, default=str))
            return
        shown = rows[:limit]
        _show(shown, store.get_cases(c, forum_id, {d.case_id for d in shown}))
    if len(rows) > len(shown):
        click.echo(f"... and {len(rows) - len(shown)} more: --limit")


def _show(rows: Sequence[store.DoubtRow], known: dict[str, Case]) -> None:
    for d in rows:
        state = "" if d.state == store.DoubtState.OPEN else f"  {d.state}: {d.decided}"
        said = f"{d.label} {d.label_probability:.2f} -> {d.likelier} {d.probability:.2f}"
        click.echo(f"{d.case_id}  {d.target}: {said}{state}")
        case = known[d.case_id]
        title = " ".join((case.title or case.body).split())
        click.echo(f"    {title[:_LONGEST_TITLE]}\n    {d.why}")


@cases.command()
@click.argument("case")
@click.argument("target", type=click.Choice([t.value for t in REVIEWED]))
@click.option("--keep", is_flag=True, help="The label is right.")
@click.option("--change", metavar="LABEL", help="It is this one; the case gets it.")
@forum_option
def settle(case: str, target: str, keep: bool, change: str | None, forum: str) -> None:
    """Say of a label in doubt that it is right, or what it should be."""
    if keep == (change is not None):
        raise click.UsageError("Say one of --keep and --change LABEL.")
    with errors_said(), opened_store(Settings()) as database:
        if change is not None and not change.strip():
            raise BadField(target, "is changed to nothing; say --keep, or name a label")
        with database.read() as c:
            forum_id = store.get_forum(c, forum).id
        said = {"target": target, "label": change}
        note = Acting(forum_id, typist()).noting("case.settle", case, after=said)
        now = datetime.now(UTC)
        row = settle_label(database, forum_id, case, Target(target), change, now, note)
    click.echo(f"{row.case_id}  {row.target}: {row.state}, {row.decided}")
