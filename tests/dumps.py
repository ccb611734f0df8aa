"""Dumps of a made site, written as those of Stack Exchange are."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

import py7zr

SITE = "ledgers.stackexchange.com"
HEAD = '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n'

Row = Mapping[str, object]


def question(number: int, title: str, body: str, **more: object) -> Row:
    return {
        "Id": number,
        "PostTypeId": 1,
        "CreationDate": "2024-05-31T08:12:00.457",
        "Score": 3,
        "Title": title,
        "Body": body,
        "Tags": "<export><csv>",
        "OwnerUserId": 5,
        "ContentLicense": "CC BY-SA 4.0",
        **more,
    }


def answer(number: int, parent: int, body: str, **more: object) -> Row:
    return {
        "Id": number,
        "PostTypeId": 2,
        "ParentId": parent,
        "CreationDate": "2024-05-31T09:00:00.000",
        "Score": 0,
        "Body": body,
        "OwnerUserId": 6,
        "ContentLicense": "CC BY-SA 4.0",
        **more,
    }


def duplicate(question: int, of: int) -> Row:
    return {"Id": 1, "PostId": question, "RelatedPostId": of, "LinkTypeId": 3}


def row_line(row: Row) -> str:
    said = " ".join(
        f"{name}={quoteattr(str(value), {chr(10): '&#xA;'})}" for name, value in row.items()
    )
    return f"  <row {said} />\r\n"


def table(name: str, rows: Iterable[Row | str]) -> str:
    lines = [row if isinstance(row, str) else row_line(row) for row in rows]
    return f"{HEAD}<{name}>\r\n{''.join(lines)}</{name}>\r\n"


def dump(
    folder: Path, posts: Iterable[Row | str], links: Iterable[Row | str] = (), site: str = SITE
) -> Path:
    """Write a dump as it is when it is unpacked; return its folder."""
    path = folder / site
    path.mkdir(exist_ok=True)
    for file, text in (
        ("Posts.xml", table("posts", posts)),
        ("PostLinks.xml", table("postlinks", links)),
        # Nobody's business: it is never opened.
        ("Users.xml", "<users>no XML"),
    ):
        (path / file).write_text(text, encoding="utf-8", newline="")
    return path


def packed(folder: Path) -> Path:
    """Pack a dump as it is downloaded."""
    path = folder.with_name(f"{folder.name}.7z")
    with py7zr.SevenZipFile(path, "w") as archive:
        for member in sorted(folder.iterdir()):
            archive.write(member, member.name)
    return path
