"""`redact [FILE]`: what would be taken out of texts before anything is kept of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

import click

from triage import store, text
from triage.cli.common import STOPPED_BY_STRICT, errors_said, opened_store, say
from triage.redaction import Redaction
from triage.settings import Settings

SOME_REFUSED = 3


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--known-name", "names", multiple=True, help="Name of an account; repeatable.")
@click.option("--strict", is_flag=True, help="Stop at the first bad line (exit code 4).")
@click.option("--forum", help="Take the names of this forum's accounts from the store as well.")
def redact(file: BinaryIO, names: tuple[str, ...], strict: bool, forum: str | None) -> None:
    """Redact {id, text} lines of a file or of standard input, line by line, as drafts are."""
    settings = Settings()
    known = frozenset(names) | (_accounts_of(settings, forum) if forum else frozenset())
    own = replace(settings.redaction, known_names=known)
    refused = 0
    for number, line in _lines(file):
        try:
            asked = _read(line)
        except ValueError as error:
            say(f"error bad_record: line {number}: {error}")
            if strict:
                raise SystemExit(STOPPED_BY_STRICT) from error
            refused += 1
            continue
        click.echo(_redacted(*asked, own))
    if refused:
        say(f"{refused} bad lines")
        raise SystemExit(SOME_REFUSED)


def _accounts_of(settings: Settings, forum: str) -> frozenset[str]:
    with errors_said(), opened_store(settings) as database, database.read() as c:
        return store.account_names(c, store.get_forum(c, forum).id)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank with its number."""
    for number, line in enumerate(file, start=1):
        stripped = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
        if stripped:
            yield number, stripped


def _read(line: bytes) -> tuple[str | int, str]:
    """Return the id and the text of a line. Raises ValueError that says what is wrong with it."""
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(row, dict):
        raise ValueError("not an object with `id` and `text`")
    for name, kinds in (("id", (str, int)), ("text", (str,))):
        if not isinstance(row.get(name), kinds) or isinstance(row[name], bool):
            raise ValueError(f"`{name}` is missing or of the wrong type")
    return row["id"], row["text"]


def _redacted(name: str | int, raw: str, own: Redaction) -> str:
    done = text.redact(raw, own)
    found = [{"type": f.type, "start": f.start, "end": f.end} for f in done.found]
    # Half a character outside the basic plane cannot be written but as an escape.
    plain = raw.isascii() or not any("\ud800" <= c <= "\udfff" for c in raw)
    return json.dumps({"id": name, "text": done.text, "found": found}, ensure_ascii=not plain)
