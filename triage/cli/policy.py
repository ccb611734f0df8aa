"""`policy`: a forum's rules as a file, their versions, and trials on past asks."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from triage import store
from triage.cli.common import any_forum_option, errors_said, forum_option, opened_store, say, typist
from triage.cli.policy_shown import change_line, change_row, trial_lines, version_line
from triage.cli.policy_trial import days_option, run_trial, simulated_option
from triage.cli.working import beside_option
from triage.errors import BadFile
from triage.policies.drafting import Policies
from triage.policy import Policy, read_policy, write_policy
from triage.settings import Settings

_file = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
_version_option = click.option("--version", type=click.IntRange(1), help="Another than that.")
_reason_option = click.option("--reason", help="Why; kept in the history.")
_json_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON alone on standard output."
)


@click.group()
def policy() -> None:
    """The rules of a forum: costs, what always goes to an expert, load, hours."""


@contextmanager
def _opened(forum: str) -> Iterator[Policies]:
    with errors_said(), opened_store(Settings()) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        yield Policies(database, found.id, typist())


def _text_of(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(file, f"it cannot be read as UTF-8 ({error})") from error


@policy.command("show")
@any_forum_option
def show_() -> None:
    """Print the default policy as TOML, every field with its meaning."""
    click.echo(write_policy(Policy()), nl=False)


@policy.command()
@click.argument("file", type=_file)
@any_forum_option
def check(file: Path) -> None:
    """Read a policy from a file and say whether it could be used; changes nothing."""
    with errors_said():
        found = read_policy(_text_of(file))
    say(f"{file} is a policy, with {len(found.rules)} rules of its own")


@policy.command("import")
@click.argument("file", type=_file)
@_reason_option
@forum_option
def import_(file: Path, reason: str | None, forum: str) -> None:
    """Make a file (- is standard input) the forum's draft, in place of the one before."""
    with _opened(forum) as policies:
        row = policies.draft(_text_of(file), reason)
    say(f"version {row.version} is the draft of forum {forum}; `policy simulate` tries it")
    click.echo(json.dumps({"forum": forum, "version": row.version, "state": row.state.value}))


@policy.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@_version_option
@click.option("--draft", "of_draft", is_flag=True, help="The draft instead of what decides now.")
@forum_option
def export(file: Path | None, version: int | None, of_draft: bool, forum: str) -> None:
    """Write what decides in a forum as a file, on standard output without one."""
    with _opened(forum) as policies:
        asked = version is not None or of_draft
        text = policies.find(version).toml if asked else policies.show().toml
        if file is not None:
            try:
                file.write_text(text, encoding="utf-8")
            except OSError as error:
                raise BadFile(file, f"it cannot be written ({error.strerror})") from error
    if file is None:
        click.echo(text, nl=False)
    else:
        say(f"wrote {file}")


@policy.command()
@click.argument("version", type=click.IntRange(1))
@_reason_option
@forum_option
def activate(version: int, reason: str | None, forum: str) -> None:
    """Have a version decide from the next question on: the draft, or one that did before."""
    with _opened(forum) as policies:
        done = policies.activate(version, reason)
    if done.former == done.version:
        say(f"version {version} decided already")
    click.echo(json.dumps({"forum": forum, "version": done.version, "former": done.former}))


@policy.command()
@_version_option
@_reason_option
@forum_option
def discard(version: int | None, reason: str | None, forum: str) -> None:
    """Give the draft up; with --version only if it is that one."""
    with _opened(forum) as policies:
        row = policies.discard(version, reason)
    say(f"version {row.version} is discarded; `policy export --version {row.version}` has its text")


@policy.command()
@click.option("--most", type=click.IntRange(1), default=50, show_default=True)
@_json_option
@forum_option
def history(most: int, as_json: bool, forum: str) -> None:
    """Show the versions, newest first (* decides), and what happened to them."""
    with _opened(forum) as policies, policies.database.read() as c:
        rows = store.list_policies(c, policies.forum_id, most)
        changes = store.list_policy_changes(c, policies.forum_id, most)
    if as_json:
        click.echo(json.dumps([change_row(one) for one in changes], ensure_ascii=False))
        return
    for row in rows:
        click.echo(version_line(row))
    if not rows:
        say(f"forum {forum} follows the default; `policy import FILE` makes a draft")
    for change in changes:
        click.echo(change_line(change))


@policy.command()
@click.argument("file", type=_file, required=False)
@_version_option
@days_option
@simulated_option
@beside_option
@_json_option
@forum_option
def simulate(
    file: Path | None,
    version: int | None,
    days: float,
    simulated: bool,
    beside: int | None,
    as_json: bool,
    forum: str,
) -> None:
    """Try the draft (or a FILE, or a version) on the asks of the last days; changes nothing."""
    if file is not None and version is not None:
        raise click.UsageError("A file and --version cannot both be tried.")
    with _opened(forum) as policies:
        text = None if file is None else _text_of(file)
        told = run_trial(policies, version, text, days, beside, simulated=simulated)
    if as_json:
        click.echo(json.dumps(told))
        return
    for line in trial_lines(told):
        click.echo(line)
