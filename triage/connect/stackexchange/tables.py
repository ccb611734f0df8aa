"""A table of a dump, an XML file of one row a line -> its rows.

In: `Posts.xml`, `PostLinks.xml`. Out: each row's attributes with its line; a line that is none
costs that line. A file that breaks off, or that declares a document type or entities, is refused:
no line of it is read as anything but one row.
Not here: what the attributes mean (questions).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from triage.connect.lines import Line, encoding_shown, lines_of
from triage.errors import BadFile, BadRecord

TableRows = Iterator[tuple[int, Mapping[str, str]] | BadRecord]

_DECLARATION = re.compile(r"<\?xml\s[^<>]*\?>")
_ENCODING = re.compile(r"\sencoding\s*=\s*[\"']([\w.-]+)[\"']", re.I)
_BEGINS = re.compile(r"<([A-Za-z]+)\s*(/?)>")
# References to characters that no XML may hold; older dumps have them.
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_REPLACEMENT = "\ufffd"
_LONGEST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A table's file, and what it is called to people: what is unpacked lies somewhere else."""

    file: Path
    called: Path


def table_rows(table: Table) -> TableRows:
    """Yield the rows of a table. Raises BadFile, naming the line, where it is no such table."""
    path, number, root, done = table.called, 0, "", False
    for line in lines_of(table.file, encoding_shown(table.file)):
        number = line.number
        text = line.text.strip()
        if line.problem is None and not text:
            continue
        if done:
            raise _wrong(path, number, f"goes on after the end of `{root}`")
        if not root:
            root, done = _begun(path, line, text)
        elif text == f"</{root}>":
            done = True
        else:
            yield _row(path, line, text)
    if not done:
        what = f"ends before `</{root}>`; it was cut off" if root else "has no table in it"
        raise _wrong(path, number, what)


def _begun(path: Path, line: Line, text: str) -> tuple[str, bool]:
    """Return the name of the table that begins on a line, "" where none does yet."""
    if line.problem is not None:
        raise _wrong(path, line.number, line.problem)
    declared = _DECLARATION.match(text)
    if declared is not None:
        said = _ENCODING.search(declared[0])
        if said is not None and not said[1].lower().startswith(("utf-8", "utf-16")):
            raise _wrong(path, line.number, "declares an encoding that is neither UTF-8 nor UTF-16")
        text = text[declared.end() :].strip()
        if not text:
            return "", False
    begun = _BEGINS.fullmatch(text)
    if begun is None:
        raise _wrong(path, line.number, _no_row(text))
    return begun[1], bool(begun[2])


def _row(path: Path, line: Line, text: str) -> tuple[int, Mapping[str, str]] | BadRecord:
    problem = line.problem
    if problem is None and not text.startswith("<row"):
        if text.startswith(("<!", "<?")):
            raise _wrong(path, line.number, _no_row(text))
        problem = _no_row(text)
    if problem is None:
        try:
            return line.number, _attributes(text)
        except ElementTree.ParseError as error:
            problem = f"is no row: {_reason(error)}"
    return BadRecord(str(path), line.number, None, problem)


def _attributes(text: str) -> Mapping[str, str]:
    """Read one row. It begins with `<row`, so no entity can have been declared before it."""
    try:
        return ElementTree.fromstring(text).attrib
    except ElementTree.ParseError:
        mended = _REFERENCE.sub(_allowed, text)
        if mended == text:
            raise
        return ElementTree.fromstring(mended).attrib


def _allowed(found: re.Match[str]) -> str:
    number = int(found[1], 16) if found[1] else int(found[2])
    fine = number in (9, 10, 13) or 0x20 <= number < 0xD800 or 0xE000 <= number < 0xFFFE
    return found[0] if fine or 0x10000 <= number <= 0x10FFFF else _REPLACEMENT


def _no_row(text: str) -> str:
    if text[:9].upper() == "<!DOCTYPE" or text[:8].upper() == "<!ENTITY":
        return "declares a document type or entities, which no dump does; it is not read"
    if text.lower().startswith(("<!doctype html", "<html")):
        return "is a web page; the download may have failed"
    return "is no row of a table: these stand one a line, as in the dumps"


def _reason(error: ElementTree.ParseError) -> str:
    """Tell what is wrong without the text that is."""
    return str(error).split(":")[0].split(" &")[0][:_LONGEST_NAMED]


def _wrong(path: Path, number: int, problem: str) -> BadFile:
    return BadFile(path, f"line {max(number, 1)} {problem}")
