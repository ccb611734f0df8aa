"""A command as it is typed -> what it would be understood as, without running it.

In: words. Out: nothing where every command, option and value is there; otherwise an assertion
that says which is not.
Not here: reading the documents (pages, shell).
"""

import importlib.util
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from triage.cli import main
from triage.cli.train import train

from .pages import ROOT

# What everybody has, or what a page says how to get.
OUTSIDE = frozenset({"pip", "unzip", "cat", "tar"})
_PYTHONS = frozenset({"python", ".venv/bin/python"})
_SERVE = frozenset({"--host", "--port"})
# A name in capitals stands for what the reader puts there.
_PLACEHOLDER = re.compile(r"^[A-Z][A-Z_=]*$|^\.\.\.$|^…$")


def understand(words: Sequence[str], *, whole: bool) -> None:
    """Hold a command against what there is; a `whole` one also lacks nothing."""
    first, rest = words[0], list(words[1:])
    if first in _PYTHONS:
        _python(rest, whole)
    elif first == "make":
        for target in rest:
            assert "=" in target or target in make_targets(), f"make {target}"
    else:
        assert first in OUTSIDE, first


def make_targets() -> frozenset[str]:
    """Return what make can be told to do."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def _python(words: list[str], whole: bool) -> None:
    if words[0] == "-m":
        module, rest = words[1], words[2:]
        if module == "triage":
            click_understands(main, rest, whole)
        elif module != "venv":
            _script(_source(module), rest)
    elif words[0] == "train.py":
        click_understands(train, words[1:], whole)
    elif words[0] == "serve.py":
        assert _options(words[1:]) <= _SERVE, words
    else:
        _script(ROOT / words[0], words[1:])


def click_understands(command: click.Command, words: Sequence[str], whole: bool) -> None:
    """Have the command's own parser read the words; nothing is run, no file is looked for."""
    rest = list(words)
    while isinstance(command, click.Group):
        if not rest or _PLACEHOLDER.match(rest[0]):
            assert not whole, f"{command.name} needs a command"
            return
        inner = command.get_command(click.Context(command), rest[0])
        assert inner is not None, f"there is no `{command.name} {rest[0]}`"
        command, rest = inner, rest[1:]
    context = click.Context(command, info_name=command.name)
    given, left, _ = command.make_parser(context).parse_args(rest)
    assert not left, f"{command.name}: {left}"
    for parameter in command.params:
        _value(context, parameter, given, whole)


def commands_of(group: click.Group) -> dict[str, click.Command]:
    """Return the commands of a group by their names, also those that are opened when asked for."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def _value(
    context: click.Context, parameter: click.Parameter, given: Mapping[str, object], whole: bool
) -> None:
    value = given.get(parameter.name or "")
    if not isinstance(value, (str, list, tuple)):
        needed = parameter.required and isinstance(parameter, click.Argument)
        assert not (whole and needed), f"{context.info_name} needs {parameter.name}"
        return
    if isinstance(parameter.type, click.Path):
        return
    for one in [value] if isinstance(value, str) else value:
        if isinstance(one, str) and not _PLACEHOLDER.match(one):
            parameter.type.convert(one, parameter, context)


def _source(module: str) -> Path:
    found = importlib.util.find_spec(module)
    assert found is not None, f"there is no module {module}"
    assert found.origin is not None, module
    path = Path(found.origin)
    return path.with_name("__main__.py") if path.name == "__init__.py" else path


def _script(path: Path, words: Sequence[str]) -> None:
    """Look for the options of a bench in its source: opening some of them takes seconds."""
    assert path.is_file(), f"{path.name} is not there"
    text = path.read_text(encoding="utf-8")
    assert path.name == "__main__.py" or '"__main__"' in text, f"{path.name} cannot be run"
    for option in _options(words):
        assert f'"{option}"' in text, f"{path.name} has no {option}"


def _options(words: Sequence[str]) -> set[str]:
    return {word.split("=")[0] for word in words if word.startswith("--")}
