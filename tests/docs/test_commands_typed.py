"""Every command that a page shows is one that there is."""

import re

import click
import pytest

from triage.cli import main
from triage.cli.train import train

from .pages import ROOT, Place, blocks, current_pages, spans
from .shell import commands
from .typed import commands_of, understand

_ALONE = re.compile(r"^(?:make [a-z-]+|(?:\.venv/bin/)?python .+)$")
_OPTION = re.compile(r"^(--[a-z][a-z-]+)(?:[ =]\S+)?$")


def _shown() -> list[tuple[Place, list[str]]]:
    return [(block, words) for block in blocks("sh") for words in commands(block.text)]


@pytest.mark.parametrize("shown", _shown(), ids=lambda one: f"{one[0]}-{' '.join(one[1])[:60]}")
def test_a_command_of_a_block_can_be_typed(shown: tuple[Place, list[str]]) -> None:
    _, words = shown
    if words[0] != "curl":
        understand(words, whole=True)


def _named() -> list[Place]:
    return [span for page in current_pages() for span in spans(page) if _ALONE.match(span.text)]


@pytest.mark.parametrize("named", _named(), ids=str)
def test_a_command_within_a_sentence_can_be_typed(named: Place) -> None:
    for words in commands(named.text):
        understand(words, whole=False)


def test_a_group_named_with_a_command_has_it() -> None:
    groups = {name: c for name, c in commands_of(main).items() if isinstance(c, click.Group)}
    for page in current_pages():
        for span in spans(page):
            first, *rest = span.text.split(" ")
            if first in groups and rest and re.fullmatch(r"[a-z-]+", rest[0]):
                assert rest[0] in commands_of(groups[first]), f"{span}: `{span.text}`"


def test_an_option_that_a_page_names_is_there() -> None:
    known = _options(main) | _options(train) | {"--host", "--port"} | _of_benches()
    for page in current_pages():
        for span in spans(page):
            if found := _OPTION.match(span.text):
                assert found[1] in known, f"{span}: {span.text}"


def _options(command: click.Command) -> set[str]:
    if isinstance(command, click.Group):
        return {"--help"}.union(*(_options(inner) for inner in commands_of(command).values()))
    return {one for p in command.params for one in (*p.opts, *p.secondary_opts)}


def _of_benches() -> set[str]:
    scripts = [
        p for folder in ("benchmarks", "encoder_build") for p in (ROOT / folder).rglob("*.py")
    ]
    return {one for p in scripts for one in re.findall(r'"(--[a-z-]+)"', p.read_text("utf-8"))}
