"""`policy show|check`: a forum's rules as a file."""

from pathlib import Path

import click

from triage.cli.common import errors_said, say
from triage.errors import BadFile
from triage.policy import Policy, read_policy, write_policy


@click.group()
def policy() -> None:
    """The rules of a forum: costs, what always goes to an expert, load, hours."""


@policy.command("show")
def show_() -> None:
    """Print the default policy as TOML, every field with its meaning."""
    click.echo(write_policy(Policy()), nl=False)


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Read a policy from a file and say whether it could be used; changes nothing."""
    with errors_said():
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BadFile(file, f"it cannot be read as UTF-8 ({error})") from error
        found = read_policy(text)
    say(f"{file} is a policy, with {len(found.rules)} rules of its own")
