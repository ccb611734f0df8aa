"""`audit list|export|verify`: who did what to what."""

import json
from pathlib import Path

import click

from triage import store
from triage.audit.acting import Acting
from triage.audit.export import check_export, export_lines, still_holds, told_act
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.errors import BadFile
from triage.settings import Settings

_SHOWN = 50


@click.group()
def audit() -> None:
    """The log of privileged acts: nothing in it is ever changed or removed."""


@audit.command("list")
@click.option("--after", type=click.IntRange(min=0), help="From the act after this number on.")
@click.option("--limit", type=click.IntRange(min=1), default=_SHOWN, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output, a line each.")
@forum_option
def list_(after: int | None, limit: int, as_json: bool, forum: str) -> None:
    """Show acts, oldest first; without --after the last ones."""
    with errors_said(), opened_store(Settings()) as database, database.read() as c:
        forum_id = store.get_forum(c, forum).id
        if after is None:
            after = max(0, store.last_act(c, forum_id) - limit)
        for row in store.iter_acts(c, forum_id, after):
            if row.number > after + limit:
                break
            click.echo(json.dumps(told_act(row), ensure_ascii=False) if as_json else _line(row))


def _line(row: store.AuditRow) -> str:
    act = row.act
    who = f"{act.actor.kind} {act.actor.name}"
    line = f"{row.number:6}  {act.at:%Y-%m-%d %H:%M:%S}  {who}  {act.act}  {act.object}"
    if act.before is not None:
        line += f"  before {json.dumps(dict(act.before), ensure_ascii=False)}"
    if act.after is not None:
        line += f"  after {json.dumps(dict(act.after), ensure_ascii=False)}"
    return line


@audit.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@forum_option
def export(file: Path, forum: str) -> None:
    """Write the whole log to a file (JSON lines), signed; that it was is noted in it."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        if file.exists():
            raise BadFile(file, "it is there already; name another")
        with database.write() as c:
            forum_id = store.get_forum(c, forum).id
            Acting(forum_id, typist()).note(c, "audit.export", "log")
            last = store.last_act(c, forum_id)
        lines = export_lines(database, forum_id, forum, last, settings.audit_signer)
        try:
            with file.open("x", encoding="utf-8") as out:
                out.writelines(lines)
        except OSError as error:
            raise BadFile(file, f"it cannot be written ({error.strerror})") from error
    click.echo(json.dumps({"forum": forum, "acts": last, "file": str(file)}))


@audit.command()
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@forum_option
def verify(file: Path | None, forum: str) -> None:
    """Say whether the log is whole; with the FILE of an export, whether it still is what it was.

    Exits with 1 when it is not.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database, database.read() as c:
        forum_id = store.get_forum(c, forum).id
        broken = store.broken_act(c, forum_id)
        last = store.last_act(c, forum_id)
        if broken is not None:
            say(f"act {broken} is altered or missing")
            raise SystemExit(1)
        row = {"forum": forum, "acts": last, "exported": None}
        if file is not None:
            exported = check_export(file, settings.audit_signer)
            if exported.forum != forum:
                raise BadFile(file, f"it is the log of another forum ({exported.forum})")
            if not still_holds(c, forum_id, exported):
                say(f"the log is another than when it was exported: act {exported.acts} differs")
                raise SystemExit(1)
            row["exported"] = exported.acts
    click.echo(json.dumps(row))
