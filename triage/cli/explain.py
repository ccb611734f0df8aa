"""`explain`: why a question is labelled as it is, and which labelled cases are near to it."""

import click

from triage import store, text
from triage.api.schemas.explanation import (
    ExplanationReply,
    MovedReply,
    PredictionReply,
    read_against,
)
from triage.cli.common import errors_said, forum_option, opened_desk, opened_store, say
from triage.explanation import Wanted, explain_question, find_triage
from triage.kept import kept_question
from triage.nearest import NEAREST
from triage.records import Draft
from triage.settings import Settings


@click.command()
@click.argument("title", default="")
@click.option("--body", default="", help="The longer text under the title.")
@click.option("--triage", "triage_id", help="Explain a kept triage, by its id, instead.")
@click.option("--lang", help="Its language; found out where it is not given.")
@click.option("--product")
@click.option("--version")
@click.option("--account", help="The customer's account.")
@click.option("--severity", type=click.IntRange(1, 4), help="As the customer says: 1 is worst.")
@click.option("--against", multiple=True, help="Compare with a class, as kind:bug; repeatable.")
@click.option("--nearest", type=click.IntRange(0, 100), default=NEAREST, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The API's reply, alone on standard output.")
@forum_option
def explain(
    title: str,
    body: str,
    triage_id: str | None,
    lang: str | None,
    product: str | None,
    version: str | None,
    account: str | None,
    severity: int | None,
    against: tuple[str, ...],
    nearest: int,
    as_json: bool,
    forum: str,
) -> None:
    """Explain the labels of a TITLE, or of a kept triage. Nothing is kept; for leads' eyes."""
    if bool(triage_id) == bool(title or body):
        raise click.UsageError("Give a TITLE or --body, or else --triage.")
    draft = Draft(
        title,
        body,
        lang=lang,
        product=product,
        version=version,
        account=account,
        customer_severity=severity,
    )
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        # Whoever has the command line has the store, and so reads all groups.
        wanted = Wanted(None, read_against(against), nearest)
        reply = _explain(settings, database, forum, triage_id or draft, wanted)
    if as_json:
        click.echo(reply.model_dump_json())
    else:
        _show(reply)


def _explain(
    settings: Settings,
    database: store.Database,
    forum_name: str,
    asked: str | Draft,
    wanted: Wanted,
) -> ExplanationReply:
    with database.read() as c:
        forum = store.get_forum(c, forum_name)
    row = None
    desk = opened_desk(settings, database, forum)
    desk.open(say)
    if isinstance(asked, Draft):
        question = text.prepare(asked, desk.parts().redaction)
    else:
        row = find_triage(database, forum.id, asked)
        question = kept_question(row)
    found = explain_question(database, forum.id, desk.parts(), question, wanted)
    return ExplanationReply.of(found, row, reads_all=True)


def _show(reply: ExplanationReply) -> None:
    for target, prediction in reply.predictions.items():
        if prediction.value is None:
            click.secho(f"{target}: none", bold=True)
        else:
            _show_prediction(target, prediction)
    if reply.cases_compared is None:
        click.echo("Nearest cases: none can be found without an encoder.")
    else:
        click.secho(f"Nearest of {reply.cases_compared} labelled cases", bold=True)
    for near in reply.nearest_cases:
        labels = near.model_dump(exclude={"case_id", "title", "similarity"}, exclude_none=True)
        said = ", ".join(f"{name} {value}" for name, value in labels.items())
        click.echo(f"  {near.similarity:.2f}  {near.case_id}  {near.title}\n        {said}")
    click.echo(f"model {reply.model_version}", nl=reply.same_model is not False)
    if reply.same_model is False:
        click.echo(f", while the reply was made by {reply.reply_model_version}")


def _show_prediction(target: str, found: PredictionReply) -> None:
    value = f"{found.value:.2f}" if isinstance(found.value, float) else found.value
    sure = "" if found.probability is None else f" {found.probability:.0%}"
    unsure = "  (not sure enough to act on)" if found.abstained else ""
    click.secho(f"{target}: {value}{sure}", bold=True, nl=False)
    click.echo(unsure)
    if found.alternatives:
        others = ", ".join(f"{a.value} {a.probability:.0%}" for a in found.alternatives)
        click.echo(f"  or {others}")
    if found.log_odds is None or found.base is None:
        return
    click.echo(f"  {found.explained} against {found.against}: {found.log_odds:+.2f} log-odds,")
    click.echo(f"  {found.base:+8.2f}  whatever the question")
    for moved in found.moved_by:
        sign = 1 if moved.towards == found.explained else -1
        click.echo(f"  {sign * moved.weight:+8.2f}  {_named(moved)}")


def _named(moved: MovedReply) -> str:
    if moved.text is not None:
        return f'"{moved.text}"'
    if moved.sign is not None:
        level = f" ({moved.level} than is usual)" if moved.level else ""
        return f"{moved.kind}: {moved.sign}{level}"
    return {"meaning": "its meaning as a whole", "rest": "all the rest"}[moved.kind]
