"""`encode`: change the encoder of a forum while it is served with the old one."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import click

from triage import store
from triage.cli.common import (
    errors_said,
    forum_option,
    opened_store,
    say,
    training_encoders,
    wished_encoder,
)
from triage.embedding import Progress
from triage.encoders import EncoderName
from triage.jobs import gone, held, told_of
from triage.learn.reencoding import ReencodeOptions, drop_former, reencode
from triage.records import Forum, JobKind, JobState
from triage.settings import Settings

_WATCH_SECONDS = 1.0
_NICE = 10
_TOLD_BESIDE_A_SERVER_SECONDS = 60.0


@click.command()
@forum_option
@click.option("--to", help="The encoder to change to; TRIAGE_ENCODER where it is not given.")
@click.option("--status", is_flag=True, help="Only say how far it is, as JSON.")
@click.option("--cancel", is_flag=True, help="Have the run under way given up; nothing is lost.")
@click.option("--drop-former", is_flag=True, help="Then delete the vectors of every other encoder.")
@click.option(
    "--beside",
    type=int,
    metavar="PID",
    help="Run beside a server: at low priority, in one thread, and only while it lives.",
)
def encode(
    forum: str, to: str | None, status: bool, cancel: bool, drop_former: bool, beside: int | None
) -> None:
    """Encode a forum with another encoder, train its model anew, and switch to both at once.

    The old ones serve until then. A run that ended early is continued by running it again.
    """
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        with database.read() as c:
            found = store.get_forum(c, forum)
        wish = wished_encoder(settings, to)
        if cancel:
            _cancel(database, found)
        elif status:
            click.echo(json.dumps(_status(database, found, wish)))
        else:
            with _ended_by_signal():
                _beside(beside)
                _encode(settings, database, found, wish, drop_former, beside is not None)


def _encode(
    settings: Settings,
    database: store.Database,
    forum: Forum,
    to: EncoderName,
    drop: bool,
    beside: bool,
) -> None:
    began = time.monotonic()
    options = ReencodeOptions(risk=settings.risk)
    if beside:
        often = _TOLD_BESIDE_A_SERVER_SECONDS
        options = replace(options, workers=1, told_every_seconds=often)
    done: dict[str, Any] = {"forum": forum.name, "encoder": to.name}
    with held(database, forum.id, JobKind.ENCODE, to.options) as job:
        opened = training_encoders(settings).open
        found = reencode(
            database, forum.name, to, opened, settings.models_dir, job, _said(forum), options
        )
        done |= asdict(found)
    if drop and not job.cancelled:
        with held(database, forum.id, JobKind.ENCODE, to.options) as job:
            job.report(found.texts, found.texts)
            done["dropped"] = drop_former(database, forum.name, job, _said(forum))
    if job.cancelled:
        say(f"{forum.name}: cancelled; what was encoded is kept, and the old encoder serves")
        raise SystemExit(1)
    click.echo(json.dumps({**done, "seconds": round(time.monotonic() - began, 1)}))


def _said(forum: Forum) -> Progress:
    return lambda line: say(f"{forum.name}: {line}")


def _status(database: store.Database, forum: Forum, wish: EncoderName) -> dict[str, Any]:
    with database.read() as c:
        job = store.get_job(c, forum.id, JobKind.ENCODE)
    row = {"forum": forum.name, "serving": forum.encoder, "wanted": wish.name}
    return {**row, "job": None if job is None else told_of(job)}


def _cancel(database: store.Database, forum: Forum) -> None:
    with database.write() as c:
        dead = gone(store.get_job(c, forum.id, JobKind.ENCODE))
        job = store.cancel_job(c, forum.id, JobKind.ENCODE, datetime.now(UTC), dead=dead)
    if job is None or job.state is JobState.DONE:
        say(f"forum {forum.name} is not being encoded")
    elif job.cancel_wanted:
        say(f"forum {forum.name}: its process gives up within seconds")
    else:
        say(f"forum {forum.name}: cancelled")


def _beside(server: int | None) -> None:
    if server is None:
        return
    os.nice(_NICE)
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()


def _end_with(server: int) -> None:
    """End this process when the one that started it is gone."""
    while os.getppid() == server:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let SIGTERM end the work in order, so that its claim is given back."""

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    former = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
