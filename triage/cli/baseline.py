"""`baseline import|show`: how many questions there were before the service."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import errors_said, forum_option, opened_store, typist
from triage.errors import BadField, BadFile, BadRecord
from triage.reports import put_baseline, read_period, told_period
from triage.settings import Settings


@click.group()
def baseline() -> None:
    """How many questions there were before the service; reports tell it beside what is now."""


@baseline.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--time-zone", default="UTC", show_default=True, help="In which days are meant.")
@forum_option
def import_(file: Path, time_zone: str, forum: str) -> None:
    """Keep the periods of a FILE (CSV, or JSON Lines) in the place of those before."""
    with errors_said(), opened_store(Settings()) as database:
        periods = []
        for number, row in _rows(file):
            try:
                periods.append(read_period(row, time_zone))
            except BadField as error:
                raise BadRecord(str(file), number, error.field, error.problem) from error
        if not periods:
            raise BadFile(file, "it holds no period")
        with database.write() as c:
            acting = Acting(store.get_forum(c, forum).id, typist())
            kept = put_baseline(c, acting, periods, datetime.now(UTC))
    questions = sum(period.questions for period in kept)
    click.echo(json.dumps({"forum": forum, "periods": len(kept), "questions": questions}))


@baseline.command()
@forum_option
def show(forum: str) -> None:
    """Show the periods, a line of JSON each, oldest first."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        for period in store.baseline_of(c, store.get_forum(c, forum).id):
            click.echo(json.dumps(told_period(period)))


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(file, "it cannot be read as UTF-8") from error
    lines = text.splitlines()
    if text.lstrip()[:1] != "{":
        for number, row in enumerate(csv.DictReader(lines, strict=False), 2):
            if None in row:
                raise BadRecord(str(file), number, None, "has more cells than columns")
            yield number, dict(row)
        return
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except ValueError as error:
            raise BadRecord(str(file), number, None, "is not JSON") from error
        if not isinstance(found, dict):
            raise BadRecord(str(file), number, None, "is no JSON object")
        yield number, found
