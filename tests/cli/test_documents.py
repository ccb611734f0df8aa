"""docs/commands.md names every command and option."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from triage.cli import main
from triage.cli.train import train

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def options(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from options(inner, f"{name} {inner.name}")
        return
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield from ((name, option) for option in parameter.opts)


@pytest.mark.parametrize(
    ("command", "option"), [*options(main, "triage"), *options(train, "train.py")]
)
def test_every_option_is_documented(command: str, option: str) -> None:
    assert f"`{option}" in PAGE, f"{command} {option}"


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from commands(inner, f"{name} {inner.name}".strip())
        return
    yield name, command


@pytest.mark.parametrize(("name", "command"), list(commands(main, "")))
def test_every_command_takes_a_forum(name: str, command: click.Command) -> None:
    taken = {option for one in command.params for option in one.opts}
    assert "--forum" in taken, name


def test_every_command_is_documented() -> None:
    for name in main.commands:
        assert f"## {name}" in PAGE
