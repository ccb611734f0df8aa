"""What every command shares: the forum option, progress, and errors said once."""

import getpass
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import click

from triage import store
from triage.audit.acting import plain_reason
from triage.desk import Desk
from triage.encode import Encoder
from triage.encoders import EncoderName, Encoders
from triage.errors import BadRecord, TriageError
from triage.originals import originals
from triage.privacy import ErasureLog, catch_up
from triage.records import Actor, ActorKind, Forum
from triage.settings import Settings

STOPPED_BY_STRICT = 4
# A server that erases somebody at this moment is left to finish it.
_PATIENCE = timedelta(minutes=5)

Command = TypeVar("Command", bound=Callable[..., Any])


def forum_option(command: Command) -> Command:
    """Add `--forum` with the configured default."""
    return click.option(
        "--forum",
        default=lambda: Settings().forum,
        show_default="TRIAGE_FORUM",
        help="Name of the forum.",
    )(command)


def any_forum_option(command: Command) -> Command:
    """Take `--forum` as every command does, where nothing depends on it."""
    told = "Taken as by every command; this one does the same in every forum."
    return click.option("--forum", expose_value=False, help=told)(command)


def reason_said(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Take a reason as it may be kept; one without a word is wrong usage."""
    if value is None:
        return None
    reason = plain_reason(value)
    if not reason:
        raise click.BadParameter("say why, in words")
    return reason


def say(message: str) -> None:
    """Tell progress on standard error."""
    click.echo(message, err=True)


def user_name() -> str:
    """Return who runs this command, for what is recorded of it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run as a number that has no name.
        return f"user {os.getuid()}"


def typist() -> Actor:
    """Return who runs this command, as what they do is noted."""
    return Actor(ActorKind.COMMAND, user_name())


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
    """Open the store, brought up to the erasures that it should know of, and close it again."""
    database = store.Database(settings.store_url)
    try:
        log = ErasureLog(settings.erasures, settings.erasure_signer)
        where = settings.models_dir, settings.snapshots
        catch_up(database, log, settings.signer, *where, patience=_PATIENCE)
        yield database
    finally:
        database.close()


def wished_encoder(settings: Settings, name: str | None = None) -> EncoderName:
    """Name the encoder that the settings wish for, or another with their prompts."""
    prompts = settings.encoder_query_prompt, settings.encoder_passage_prompt
    return EncoderName(name or settings.encoder, *prompts)


def training_encoders(settings: Settings) -> Encoders:
    """Return what finds a forum's encoder and opens it with the threads that bulk work may use."""
    opened = cache(lambda name: name.open(settings.training_threads))
    return Encoders(wished_encoder(settings), opened)


def opened_desk(settings: Settings, database: store.Database, forum: Forum) -> Desk:
    """Return a forum's desk as a server with these settings would have it."""
    return Desk(
        database,
        forum,
        training_encoders(settings),
        settings.models_dir,
        signer=settings.signer,
        risk=settings.risk,
        originals=originals(settings.person_key, forum.name, settings.kept.days["originals"]),
        redaction=settings.redaction,
        index_dir=settings.snapshots,
    )


def training_encoder(settings: Settings) -> Encoder | None:
    """Open the wished encoder, for work that touches no forum."""
    return wished_encoder(settings).open(settings.training_threads)


def serving_encoder(settings: Settings, database: store.Database, forum: Forum) -> Encoder | None:
    """Open the encoder that serves a forum; say so when it is not the one that is wished for."""
    encoders = training_encoders(settings)
    serving = encoders.serving(database, forum)
    if serving.trouble is not None:
        say(f"warning {serving.trouble.code}: {serving.trouble}")
    elif serving.name != encoders.wish:
        say(
            f"forum {forum.name} is served with {serving.name}, so that is used here too;"
            f" `python -m triage encode` changes it to {encoders.wish}"
        )
    return serving.encoder
