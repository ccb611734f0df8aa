"""`answers`: cases that might become threads, answers that staff look at."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import click

from triage import store
from triage.answers.proposing import propose_all
from triage.answers.publishing import Publishing, Shown, Wanted
from triage.answers.trusting import trust_in
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_desk, opened_store, say, typist
from triage.crypto.persons import person_hasher
from triage.errors import BadField, NoAnswer, NoThread
from triage.records import StaffWord
from triage.settings import Settings
from triage.store import ProposalState
from triage.versions import is_range

_LONGEST_TITLE = 80
_state_option = click.option(
    "--state",
    type=click.Choice([state.value for state in ProposalState]),
    default=ProposalState.OPEN.value,
    show_default=True,
)


@click.group()
def answers() -> None:
    """Cases of experts that might help others, and what staff say of answers."""


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    told = "JSON alone on standard output."
    return click.option("--json", "as_json", is_flag=True, help=told)(command)


@contextmanager
def _opened(forum: str) -> Iterator[tuple[Publishing, Acting]]:
    """Open what decides about the proposals of a forum, and who does."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        desk = opened_desk(settings, database, found)
        hashed = person_hasher(settings.person_key, found.name)
        of = Publishing(database, found.id, desk.knowledge, settings.redaction, hashed)
        yield of, Acting(found.id, typist())
        desk.close()


@answers.command()
@forum_option
def find(forum: str) -> None:
    """Propose the cases that are there: for a store of before there were proposals."""
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        forum_id = store.get_forum(c, forum).id
        count = propose_all(c, forum_id, datetime.now(UTC))
        said = {"proposed": count}
        Acting(forum_id, typist()).note(c, "proposal.find", "cases", after=said)
    click.echo(json.dumps(said))


@answers.command("list")
@_state_option
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@_json_option
@forum_option
def list_(forum: str, state: str, limit: int, as_json: bool) -> None:
    """Show proposals, that of the newest case first."""
    with _opened(forum) as (publishing, _):
        found = publishing.listed(ProposalState(state), None, limit)
    if as_json:
        click.echo(json.dumps([_row(row, shown) for row, shown in found], default=str))
        return
    for row, shown in found:
        title = " ".join((shown.drafted.title or shown.drafted.body).split()) if shown else "-"
        cautions = ", ".join(shown.drafted.cautions) if shown else ""
        more = f"  ! {cautions}" if cautions else ""
        click.echo(f"{row.id}  {row.case_id}: {title[:_LONGEST_TITLE]}{more}")


@answers.command()
@click.argument("proposal")
@_json_option
@forum_option
def show(proposal: str, forum: str, as_json: bool) -> None:
    """Show what the thread of a proposal would say."""
    with _opened(forum) as (publishing, _):
        shown = publishing.show(proposal)
    if as_json:
        said = {**_row(shown.row, shown), **asdict(shown.drafted)}
        click.echo(json.dumps(said, ensure_ascii=False, default=str))
        return
    drafted = shown.drafted
    click.echo(f"{drafted.title}\n\n{drafted.body}\n\n---\n{drafted.answer}\n")
    click.echo(f"{shown.row.state}, taken out: {', '.join(drafted.found) or 'nothing'}")
    for caution in drafted.cautions:
        click.echo(f"! {caution}")


@answers.command()
@click.argument("proposal")
@click.option("--group", "groups", multiple=True, help="Who may read it; repeatable.")
@click.option("--everyone", is_flag=True, help="Everyone may read it.")
@click.option("--title", help="Instead of the drafted one.")
@click.option("--body", help="Instead of the drafted one.")
@click.option("--answer", help="Instead of the drafted one.")
@click.option("--valid-versions", metavar="RANGE", help="For which versions it is right.")
@forum_option
def approve(
    proposal: str, forum: str, groups: tuple[str, ...], everyone: bool, **said: str | None
) -> None:
    """Make a thread of a proposal; servers suggest it at once. Prints the thread's id."""
    named = frozenset(group.strip() for group in groups if group.strip())
    if everyone == bool(named):
        raise click.UsageError("Say who may read it: --group NAME, or --everyone.")
    with _opened(forum) as (publishing, acting):
        row = publishing.approve(proposal, Wanted(named, **said), acting)
    click.echo(row.thread_id)


@answers.command()
@click.argument("proposal")
@click.option("--reason", help="Why; kept in the log of acts.")
@forum_option
def refuse(proposal: str, forum: str, reason: str | None) -> None:
    """Leave a case what it is; it comes back only when it says something else."""
    with _opened(forum) as (publishing, acting):
        publishing.refuse(proposal, reason, acting)
    say(f"refused {proposal}")


@answers.command()
@click.argument("thread")
@click.argument("answer")
@click.option("--verified", "word", flag_value=StaffWord.VERIFIED.value, help="It holds.")
@click.option("--outdated", "word", flag_value=StaffWord.OUTDATED.value, help="It does no more.")
@click.option("--valid-versions", metavar="RANGE", help="For which versions it is right.")
@forum_option
def review(
    thread: str, answer: str, word: str | None, valid_versions: str | None, forum: str
) -> None:
    """Say of an answer whether it holds; prints the trust in it."""
    if word is None:
        raise click.UsageError("Say one of --verified and --outdated.")
    with errors_said(), opened_store(Settings()) as database, database.write() as c:
        if valid_versions is not None and not is_range(valid_versions):
            raise BadField("valid_versions", "is no range of versions such as `>=8.2,<9`")
        forum_id = store.get_forum(c, forum).id
        found = store.get_thread(c, forum_id, thread)
        if found is None:
            raise NoThread(thread)
        one = next((a for a in found.answers if a.id == answer), None)
        if one is None:
            raise NoAnswer
        counted = max(found.outdated_votes, one.outdated_votes)
        kept = store.Review(StaffWord(word), datetime.now(UTC), valid_versions, counted)
        store.put_review(c, forum_id, (thread, answer), kept)
        said = {"answer_id": answer, "word": word, "valid_versions": valid_versions}
        Acting(forum_id, typist()).note(c, "answer.review", thread, after=said)
        trust = trust_in(c, forum_id, [found], None)[thread][answer]
    click.echo(json.dumps(asdict(trust), default=str))


def _row(row: store.ProposalRow, shown: Shown | None) -> dict[str, Any]:
    said = {name: value for name, value in asdict(row).items() if name not in ("person", "content")}
    return {**said, "title": shown.drafted.title if shown else None}
