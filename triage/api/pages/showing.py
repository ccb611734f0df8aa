"""What a page shows of many things: a table, and a chart with the table behind it.

In: cells as people read them. Out: values for the templates that all pages of the staff share.
Not here: which rows (the pages), how a value is said (web).
"""

from dataclasses import dataclass

from triage.web import Chart


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column; `number` stands to the right."""

    name: str
    text: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `hint` is its interval, `warn` marks what wants a second look.

    `mark` is the tone of a badge (`good`, `bad`, `warn`, `plain`), or nothing for plain words;
    `lang` the language of words that people wrote.
    """

    text: str
    hint: str = ""
    href: str | None = None
    number: bool = False
    warn: bool = False
    mark: str = ""
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the page. `name` is that of TABLES where it can be taken along.

    `more` rows of it are not on the page.
    """

    name: str
    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart, or None where there is nothing to draw, and the table that says the same."""

    chart: Chart | None
    table: Shown
