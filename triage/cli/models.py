"""`models`: the versions of a forum's model, which of them serves, and how they come and go."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from triage import registry, store
from triage.cli.common import (
    errors_said,
    forum_option,
    opened_store,
    reason_said,
    say,
    serving_encoder,
    typist,
)
from triage.cli.models_shown import (
    compared_lines,
    difference_row,
    history_lines,
    shown_row,
    version_line,
    version_row,
)
from triage.encode import Encoder
from triage.settings import Settings

_KEPT = 5


@click.group()
def models() -> None:
    """Versions of a forum's model: look at them, choose one, go back, move and remove them."""


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    told = "JSON alone on standard output."
    return click.option("--json", "as_json", is_flag=True, help=told)(command)


def _reason_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--reason", help="Why; kept in the history.")(command)


@contextmanager
def _opened(forum: str) -> Iterator[registry.Registry]:
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        yield registry.Registry(database, forum, settings.models_dir, settings.signer)


def _encoder(of: registry.Registry) -> Encoder | None:
    return serving_encoder(Settings(), of.database, of.read_forum())


@models.command("list")
@_json_option
@forum_option
def list_(forum: str, as_json: bool) -> None:
    """Show the versions, newest first: * is live, < is where a rollback goes."""
    with _opened(forum) as of:
        found = registry.list_versions(of)
    if as_json:
        click.echo(json.dumps([version_row(version) for version in found]))
        return
    for version in found:
        click.echo(version_line(version))
    if not found:
        say(f"forum {forum} has no model; `python train.py --forum {forum}` makes one")


@models.command()
@click.argument("version")
@_json_option
@forum_option
def show(version: str, forum: str, as_json: bool) -> None:
    """Show one version: its model card, and what happened to it."""
    with _opened(forum) as of:
        found = registry.show(of, version)
    if as_json:
        click.echo(json.dumps(shown_row(found), ensure_ascii=False))
        return
    click.echo(version_line(found.version))
    if found.version.trouble is not None:
        click.echo(found.version.trouble)
    click.echo(f"\n{found.card or json.dumps(found.manifest.get('metrics', {}), indent=1)}")
    for line in history_lines(found.history):
        click.echo(line)


@models.command()
@click.argument("left")
@click.argument("right")
@click.option("--all", "everything", is_flag=True, help="Also what is equal in both.")
@_json_option
@forum_option
def compare(left: str, right: str, forum: str, everything: bool, as_json: bool) -> None:
    """Put two versions side by side: measures of each head, thresholds, gate, sizes."""
    with _opened(forum) as of:
        found = registry.compare(of, left, right)
    chosen = [d for d in found if everything or d.left != d.right]
    if as_json:
        click.echo(json.dumps([difference_row(d) for d in chosen], ensure_ascii=False))
        return
    for line in compared_lines(left, right, chosen):
        click.echo(line)


@models.command()
@click.argument("version")
@click.option(
    "--force",
    metavar="REASON",
    callback=reason_said,
    help="Although the gate did not pass it, because ...",
)
@_reason_option
@forum_option
def activate(version: str, forum: str, force: str | None, reason: str | None) -> None:
    """Make a version live, if it opens and answers its smoke questions. Servers follow at once."""
    with _opened(forum) as of:
        encoder = _encoder(of)
        done = registry.activate(of, version, encoder, by=typist(), reason=reason, force=force)
    _say_live(forum, done)


@models.command()
@_reason_option
@forum_option
def rollback(forum: str, reason: str | None) -> None:
    """Go back to the version that was live before; again goes back further."""
    with _opened(forum) as of:
        done = registry.rollback(of, _encoder(of), by=typist(), reason=reason)
    _say_live(forum, done)


@models.command()
@click.argument("versions", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every version that has a folder.")
@_reason_option
@forum_option
def trust(versions: tuple[str, ...], forum: str, everything: bool, reason: str | None) -> None:
    """Sign versions with this installation's key, if their files are those that the store knows.

    For versions of before they were signed, and after the installation key was changed.
    """
    if bool(versions) == everything:
        raise click.UsageError("Name versions, or give --all.")
    with _opened(forum) as of:
        signed = registry.trust(of, versions, by=typist(), reason=reason)
    for version in signed:
        say(f"signed {version}")
    click.echo(json.dumps({"signed": signed}))


@models.command()
@click.option("--keep", type=click.IntRange(1), default=_KEPT, show_default=True)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@_reason_option
@forum_option
def prune(forum: str, keep: int, dry_run: bool, reason: str | None) -> None:
    """Remove all but the newest versions, the live one, and the one that was live before it."""
    with _opened(forum) as of:
        done = registry.prune(of, keep, by=typist(), reason=reason, dry_run=dry_run)
    for name in (*done.versions, *done.leftovers):
        say(f"{'would remove' if dry_run else 'removed'} {name}")
    row = {
        "versions": list(done.versions),
        "leftovers": list(done.leftovers),
        "bytes": done.size_bytes,
        "dry_run": dry_run,
    }
    click.echo(json.dumps(row))


@models.command()
@click.argument("version")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_reason_option
@forum_option
def export(version: str, file: Path, forum: str, reason: str | None) -> None:
    """Write a version to a file (.tar.gz) with its manifest and signature."""
    with _opened(forum) as of:
        digest = registry.export_version(of, version, file, by=typist(), reason=reason)
    click.echo(json.dumps({"version": version, "file": str(file), "sha256": digest}))


@models.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--trust",
    "trusted",
    is_flag=True,
    help="Take it although this installation did not sign it: a model can do what the service can.",
)
@_reason_option
@forum_option
def import_(file: Path, forum: str, trusted: bool, reason: str | None) -> None:
    """Bring in a version from a file and sign it; `activate` makes it live."""
    with _opened(forum) as of:
        with of.database.write() as c:
            store.ensure_forum(c, forum)
        version = registry.import_version(of, file, by=typist(), trusted=trusted, reason=reason)
    click.echo(json.dumps({"version": version, "forum": forum}))


def _say_live(forum: str, done: registry.Activated) -> None:
    if done.former == done.version:
        say(f"{done.version} was live already")
    click.echo(json.dumps({"forum": forum, "version": done.version, "former": done.former}))
