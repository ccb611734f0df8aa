"""HTML as forums and ticket systems keep it -> text as people would have typed it.

In: the HTML of one post. Out: its words, with paragraphs, lists, quotes and code blocks as plain
text has them; a link says where it leads. lxml reads the HTML and tells of it as it comes: no tree
is held. The work grows with the length, whoever wrote it.
Not here: whose HTML it is (stackexchange, zendesk), what may be kept of it (text).
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from lxml.etree import HTMLParser

_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_OPEN_ADDRESS = re.compile(r"https?://", re.I)

_PARAGRAPHS = frozenset(
    "p div aside blockquote ul ol dl table h1 h2 h3 h4 h5 h6 hr section article details".split()
)
_LINES = frozenset("br tr li dt dd summary".split())
_CELLS = frozenset({"td", "th"})
# What they hold is no text.
_UNREAD = frozenset({"script", "style", "head", "title"})
# Nobody writes so; an end that fits nothing is looked for in all that is open.
_DEEPEST = 1_000
# The parser stops between two parts, and not before.
_AT_ONCE = 16_384

Attributes = Mapping[str, str]
# What stands in place of an element and all that is in it; None: it is read.
Instead = Callable[[str, Attributes], str | None]


class _TooDeep(Exception):
    """What comes is nested deeper than anybody writes."""


def text_of(
    markup: str, without: frozenset[str] = frozenset(), instead: Instead | None = None
) -> str:
    """Return the text of HTML; code blocks stand between fences, with their own spaces.

    `without`: names of elements that are left out with all that is in them. `instead` decides of
    each other element. What is nested deeper than 1,000 elements ends the text.
    """
    reading = _Reading(_UNREAD | without, instead)
    parser = HTMLParser(target=reading, encoding="utf-8", remove_pis=True)
    # As bytes: half a surrogate pair is no text, and no `meta` names another encoding.
    given = markup.replace("\x00", "").encode("utf-8", "replace")
    if not given:
        return ""
    with suppress(_TooDeep):
        for begin in range(0, len(given), _AT_ONCE):
            parser.feed(given[begin : begin + _AT_ONCE])
        parser.close()
    return reading.writing.done()


class _Reading:
    """Takes what the parser tells of, and has written what is to be read."""

    def __init__(self, left_out: frozenset[str], instead: Instead | None) -> None:
        self.writing = _Writing()
        self._left_out = left_out
        self._instead = instead
        self._depth = 0
        # How many elements are open from the one that is left out; 0: none is.
        self._leaving = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """Take the beginning of an element."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _TooDeep
        if self._leaving:
            self._leaving += 1
            return
        said = "" if name in self._left_out else None
        if said is None and self._instead is not None:
            said = self._instead(name, attributes)
        if said is None:
            self.writing.tag(name, attributes, closes=False)
        else:
            self._leaving = 1
            self.writing.put(name, said)

    def end(self, name: str) -> None:
        """Take the end of an element; the parser gives one to each."""
        self._depth -= 1
        if self._leaving:
            self._leaving -= 1
        else:
            self.writing.tag(name, {}, closes=True)

    def data(self, text: str) -> None:
        """Take what stands between two tags."""
        if not self._leaving:
            self.writing.text(text)

    def close(self) -> None:
        """End; what is open still is ended by `done`."""


class _Writing:
    """A text while it is written: what was said, and what stands between that and the next."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._line: list[str] = []
        # Whether the line has anything that is seen.
        self._begun = False
        self._blank = False
        self._before = ""
        self._quotes = 0
        self._lists: list[int | None] = []
        self._code: list[str] | None = None
        self._link: tuple[str, int] | None = None

    def text(self, said: str) -> None:
        """Take what stands between two tags."""
        if self._code is not None:
            self._code.append(said)
        else:
            self._add(said)

    def put(self, name: str, said: str) -> None:
        """Take what stands in place of an element."""
        apart = name in _PARAGRAPHS and self._code is None
        if apart:
            self._paragraph("p", closes=False)
        self.text(said)
        if apart:
            self._paragraph("p", closes=True)

    def tag(self, name: str, attributes: Attributes, closes: bool) -> None:
        """Take a tag; of what it can hold only what makes a difference to a reader counts."""
        if name == "pre":
            self._pre(closes)
        elif self._code is not None:
            if name == "br" and not closes:
                self._code.append("\n")
        elif name in _PARAGRAPHS:
            self._paragraph(name, closes)
        elif name in _LINES:
            self._new_line(name, closes)
        else:
            self._inline(name, attributes, closes)

    def done(self) -> str:
        """Return what was written."""
        if self._code is not None:
            self._pre(closes=True)
        self._end_line()
        return "\n".join(self._said).strip("\n")

    def _add(self, said: str) -> None:
        self._line.append(said)
        self._begun = self._begun or bool(said.strip())

    def _pre(self, closes: bool) -> None:
        if not closes:
            self._end_line()
            self._code = [] if self._code is None else self._code
        elif self._code is not None:
            code = "".join(self._code).strip("\n")
            self._code = None
            if code.strip():
                self._blank = True
                self._say("\n".join(("```", code, "```")))
                self._blank = True

    def _paragraph(self, name: str, closes: bool) -> None:
        self._end_line()
        # A list in a list goes on where it stands.
        self._blank = self._blank or not (name in ("ul", "ol", "p", "div") and len(self._lists) > 0)
        if name == "blockquote":
            self._quotes = max(0, self._quotes + (-1 if closes else 1))
        elif name in ("ul", "ol"):
            if closes:
                del self._lists[-1:]
            else:
                self._lists.append(0 if name == "ol" else None)

    def _new_line(self, name: str, closes: bool) -> None:
        self._end_line()
        if name != "li" or closes:
            return
        if self._lists and (number := self._lists[-1]) is not None:
            self._lists[-1] = number + 1
            mark = f"{number + 1}. "
        else:
            mark = "- "
        self._before = "  " * max(0, min(len(self._lists), 8) - 1) + mark

    def _inline(self, name: str, attributes: Attributes, closes: bool) -> None:
        if name == "code":
            self._add("`")
        elif name == "a":
            self._anchor(attributes, closes)
        elif closes:
            return
        elif name in _CELLS and self._begun:
            self._add(" | ")
        elif name == "img":
            self._add(attributes.get("alt") or "")

    def _anchor(self, attributes: Attributes, closes: bool) -> None:
        if not closes:
            address = (attributes.get("href") or "").strip()
            self._link = (address, len(self._line)) if _OPEN_ADDRESS.match(address) else None
        elif self._link is not None:
            address, begun = self._link
            self._link = None
            shown = "".join(self._line[begun:]).strip()
            if shown.rstrip("…. /") not in address:
                self._add(f" ({address})")

    def _end_line(self) -> None:
        line = _SPACES.sub(" ", "".join(self._line)).strip()
        self._line, self._begun = [], False
        # A link that ends on another line than it began on says nothing of where it leads.
        self._link = None
        if line:
            self._say(self._before + line)
            self._before = ""

    def _say(self, line: str) -> None:
        quoted = "> " * min(self._quotes, 4)
        if self._blank and self._said:
            self._said.append("")
        self._blank = False
        self._said += [quoted + one for one in line.split("\n")] if quoted else [line]
