"""A recipe of docs/recipes.md, as somebody follows it: its files written, its commands typed.

In: the page. Out: what each command said. Commands of ours run in this process, calls go to a
server that the test has started, and what cannot be typed here (training, serving) is left to it.
Not here: what must come of it (test_recipes, test_recipe_of_two_systems).
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from tests.dumps import answer, dump, duplicate, packed, question
from triage.cli import main

from .calls import Call, call_of
from .pages import Block, blocks, read_page

PAGE = "docs/recipes.md"
DUMP = "ai.stackexchange.com"
_FILE = re.compile(r"as `([\w.-]+\.(?:csv|toml))`")
_SET_BY = re.compile(r"^(\w+)=\$\((.*)\)$")
_SET = re.compile(r"^(\w+)=(\S+)$")
_CAT = re.compile(r"\$\(cat ([^)]+)\)")
_NAME = re.compile(r"\$(\w+)")
_LEFT = (("python", "train.py"), ("python", "serve.py"))

Send = Callable[[Call], str]


def recipe_blocks(heading: str) -> list[Block]:
    """Return the blocks of a recipe, those of its parts as well."""
    lines = read_page(PAGE).split("\n")
    begin = lines.index(f"## {heading}") + 1
    ends = [n for n, line in enumerate(lines, 1) if line.startswith("## ") and n > begin]
    end = ends[0] if ends else len(lines) + 1
    return [one for one in blocks() if one.page == PAGE and begin < one.line < end]


def write_files(folder: Path) -> None:
    """Write what the recipes show or need: tables, a map, the dump of a site."""
    lines = read_page(PAGE).split("\n")
    for block in blocks("csv", "toml"):
        if block.page == PAGE:
            (said,) = _FILE.findall(" ".join(lines[block.line - 4 : block.line - 1]))
            (folder / said).write_text(block.text, encoding="utf-8")
    posts = [
        question(1, "My network answers the same to every input", "<p>Why?</p>"),
        answer(2, 1, "<p>Scale the inputs, and lower the <code>rate</code>.</p>", Score=4),
        question(3, "All outputs of my model are equal", "<p>For each input.</p>"),
    ]
    packed(dump(folder, posts, [duplicate(3, of=1)], site=DUMP))


@dataclass
class Typist:
    """Types the blocks of a recipe one after another, as a shell would."""

    send: Send
    replaced: dict[str, str] = field(default_factory=dict)
    # Calls are told apart from others' by this.
    names: dict[str, str] = field(default_factory=lambda: {"URL": "$URL"})
    said: list[str] = field(default_factory=list)

    def type(self, block: Block) -> list[str]:
        """Type a block; return what each of its commands said."""
        before = len(self.said)
        text = block.text.replace("\\\n", " ")
        for old, new in self.replaced.items():
            text = text.replace(old, new)
        for line in filter(None, map(str.strip, text.split("\n"))):
            self._line(line)
        return self.said[before:]

    def _line(self, line: str) -> None:
        if (found := _SET_BY.match(line)) is not None:
            self.names[found[1]] = self._command(found[2]).strip()
        elif (found := _SET.match(line)) is not None:
            self.names.setdefault(found[1], found[2])
        else:
            self.said.append(self._command(line))

    def _command(self, line: str) -> str:
        line = _CAT.sub(lambda found: Path(found[1]).read_text("utf-8").strip(), line)
        words = shlex.split(_NAME.sub(lambda found: self.names[found[1]], line))
        while "=" in words[0]:
            del words[0]
        if words[0] == "curl":
            return self.send(call_of(words))
        if tuple(words[:2]) in _LEFT:
            return ""
        assert words[:3] == ["python", "-m", "triage"], words
        done = CliRunner().invoke(main, words[3:])
        assert done.exit_code == 0, (line, done.output)
        return done.stdout


def objects(said: list[str]) -> Iterator[dict[str, object]]:
    """Yield those that are JSON of what commands said."""
    for one in said:
        if one.startswith("{"):
            yield json.loads(one)
