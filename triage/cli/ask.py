"""`ask "…"`: what a person who typed this would be told."""

import click

from triage import store
from triage.api.schemas.triage import TriageReply
from triage.cli.common import errors_said, forum_option, opened_desk, opened_store, say
from triage.records import Draft
from triage.settings import Settings


@click.command()
@click.argument("title")
@click.option("--body", default="", help="The longer text under the title.")
@click.option("--lang", help="Its language; found out where it is not given.")
@click.option("--product")
@click.option("--version")
@click.option("--group", "groups", multiple=True, help="A group of the person; repeatable.")
@click.option("--severity", type=click.IntRange(1, 4), help="As the customer says: 1 is worst.")
@click.option("--wants-person", is_flag=True, help="A person of the staff is wanted.")
@click.option("--wants-public", is_flag=True, help="Everybody may read it.")
@click.option("--json", "as_json", is_flag=True, help="The API's reply, alone on standard output.")
@forum_option
def ask(
    title: str,
    body: str,
    lang: str | None,
    product: str | None,
    version: str | None,
    groups: tuple[str, ...],
    severity: int | None,
    wants_person: bool,
    wants_public: bool,
    as_json: bool,
    forum: str,
) -> None:
    """Ask a forum. The ask is kept as a test and stays out of measures and training."""
    settings = Settings()
    draft = Draft(
        title,
        body,
        lang=lang,
        product=product,
        version=version,
        groups=frozenset(groups),
        customer_severity=severity,
        wants_person=wants_person,
        wants_public=wants_public,
    )
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        desk = opened_desk(settings, database, found)
        desk.open(say)
        reply = TriageReply.of(desk.ask(draft))
    if as_json:
        click.echo(reply.model_dump_json())
    else:
        _show(reply)


def _show(reply: TriageReply) -> None:
    for s in reply.suggestions:
        marks = " ".join(r.text for r in s.reasons)
        click.secho(f"{s.rank}. {s.title or s.thread_id}", bold=True, nl=False)
        # Nobody is told that something is certain.
        percent = min(99, round(100 * s.probability))
        click.echo(f"  ({percent}% likely to settle it, {s.lang}, {s.thread_id})")
        click.echo(f"   {s.snippet}")
        if marks or s.applicability not in ("unknown", "fits"):
            click.echo(
                f"   {marks} {s.applicability if s.applicability != 'unknown' else ''}".rstrip()
            )
    if not reply.suggestions:
        click.echo("No suggestion.")
    for same in reply.same_question:
        click.echo(f"Asked before, not solved yet: {same.thread_id}")
    sure = reply.destination_probability
    click.echo(
        f"Goes to: {reply.destination.value}, {reply.visibility.value}"
        + (f" ({sure:.0%})" if sure is not None else "")
    )
    for reason in reply.reasons:
        click.echo(f"  {reason.text}")
    for name, label in reply.labels:
        if label.value is not None:
            value = f"{label.value:.2f}" if isinstance(label.value, float) else label.value
            unsure = "  (not sure enough to act on)" if label.abstained else ""
            click.echo(f"  {name:12} {value}  {label.probability or 0:.0%}{unsure}")
    for found in reply.sensitive:
        click.echo(f"  taken out: {found.type} in {found.field} {found.start}-{found.end}")
    click.echo(f"mode {reply.mode.value}, model {reply.model_version}, index {reply.index_version}")
