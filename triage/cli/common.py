"""What every command shares: the forum option, progress, and errors said once."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from triage import store
from triage.encode import Encoder, open_encoder
from triage.errors import BadRecord, TriageError
from triage.settings import Settings

STOPPED_BY_STRICT = 4

Command = TypeVar("Command", bound=Callable[..., Any])


def forum_option(command: Command) -> Command:
    """Add `--forum` with the configured default."""
    return click.option(
        "--forum",
        default=lambda: Settings().forum,
        show_default="TRIAGE_FORUM",
        help="Name of the forum.",
    )(command)


def say(message: str) -> None:
    """Tell progress on standard error."""
    click.echo(message, err=True)


@contextmanager
def errors_said() -> Iterator[None]:
    """Show an error of ours as one line with its code, and exit with 1 (4: stopped by --strict)."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        yield
    except BadRecord as error:
        say(f"error {error.code}: {error}")
        raise SystemExit(STOPPED_BY_STRICT) from error
    except TriageError as error:
        say(f"error {error.code}: {error}")
        raise SystemExit(1) from error


@contextmanager
def opened_store(settings: Settings) -> Iterator[store.Database]:
    """Open the store and close it again."""
    database = store.Database(settings.store_url)
    try:
        yield database
    finally:
        database.close()


def training_encoder(settings: Settings) -> Encoder | None:
    """Open the encoder with as many threads as bulk work may use."""
    return open_encoder(settings.encoder, threads=settings.training_threads)
