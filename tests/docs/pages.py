"""The documents, cut into what can be held against the code.

In: the pages of the repository. Out: fenced blocks, code spans, links, each with its place.
Not here: what any of them must be (the tests beside).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What was true when it was written stays in the log of changes and in decisions.
HISTORY = ("CHANGELOG.md", "docs/decisions/")
_FENCE = re.compile(r"^```(.*)$")
_SPAN = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a page, and the line on which it begins."""

    page: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Block(Place):
    """A fenced block, and what it says it is."""

    language: str


def pages() -> list[str]:
    """Name every page, the repository's own first."""
    own = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]
    folders = ("data", "discourse", "models", "docs", "docs/decisions")
    found = [p for folder in folders for p in sorted((ROOT / folder).glob("*.md"))]
    return [*own, *(p.relative_to(ROOT).as_posix() for p in found)]


def current_pages() -> list[str]:
    """Name the pages that tell of the code as it is."""
    return [page for page in pages() if not page.startswith(HISTORY)]


def read_page(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(*languages: str) -> Iterator[Block]:
    """Yield the fenced blocks of all pages that say they are one of these; without any, all."""
    for page in pages():
        begun, language, lines = 0, "", list[str]()
        for number, line in enumerate(read_page(page).split("\n"), start=1):
            fence = _FENCE.match(line)
            if fence is None:
                lines.append(line)
            elif not begun:
                begun, language, lines = number, fence[1].strip(), []
            else:
                if not languages or language in languages:
                    yield Block(page, begun, "\n".join(lines) + "\n", language)
                begun = 0
        assert not begun, f"{page}:{begun} is never closed"


def prose(page: str) -> str:
    """Return a page without its fenced blocks, line for line."""
    inside, kept = False, []
    for line in read_page(page).split("\n"):
        fence = _FENCE.match(line) is not None
        kept.append("" if inside or fence else line)
        inside ^= fence
    return "\n".join(kept)


def spans(page: str) -> Iterator[Place]:
    """Yield what stands between backticks in the prose of a page."""
    text = prose(page)
    for found in _SPAN.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Place(page, line, " ".join(found[1].split()))


def links(page: str) -> Iterator[Place]:
    """Yield where the links of a page lead."""
    text = prose(page)
    for found in _LINK.finditer(text):
        yield Place(page, text.count("\n", 0, found.start()) + 1, found[1])


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as they are made of them."""
    heads = (line.lstrip("#") for line in prose(page).split("\n") if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", head.strip().lower()).replace(" ", "-") for head in heads}
