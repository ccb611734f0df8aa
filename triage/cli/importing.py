"""`import stackexchange|zendesk|discourse`: what another system has, again and again.

Here is what these commands share; each stands in a module of its own.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from triage.cli.common import say
from triage.cli.imported import Imported as ImportedCommands

Command = TypeVar("Command", bound=Callable[..., Any])

_COMMANDS = ImportedCommands(
    {
        "stackexchange": "triage.cli.import_dumps:stackexchange",
        "zendesk": "triage.cli.import_dumps:zendesk",
        "discourse": "triage.cli.import_discourse:discourse",
    }
)


@click.group("import", commands=_COMMANDS)
def import_() -> None:
    """Read what another system has; the same again reads what has changed since."""


def import_options(command: Command) -> Command:
    """Add `--adopt`, `--remove-all` and `--again`: how an import goes about what is there."""
    for name, told in (
        ("--again", "Read also what is as it was."),
        ("--remove-all", "Remove what is gone there, however much of it that is."),
        ("--adopt", "Take over what came here another way under the same ids."),
    ):
        command = click.option(name, is_flag=True, help=told)(command)
    return command


def say_imported(told: Mapping[str, Any], complete: bool, code: int) -> None:
    """Print what became of an import; with something refused or left out the exit code says so."""
    if told["held_back"]:
        what = "are gone there and stay here: some rows were bad, or it is more than a fifth"
        say(f"{told['held_back']} {what} (--remove-all)")
    click.echo(json.dumps(told, ensure_ascii=False))
    if not complete:
        raise SystemExit(code)
