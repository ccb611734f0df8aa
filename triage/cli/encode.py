"""`encode`: change the encoder of a forum while it is served with the old one."""

import json
import time
from dataclasses import asdict, replace
from typing import Any

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import (
    errors_said,
    forum_option,
    opened_store,
    say,
    training_encoders,
    typist,
    wished_encoder,
)
from triage.cli.working import beside_option, cancel_job, working
from triage.embedding import Progress
from triage.encoders import EncoderName
from triage.jobs import held, told_of
from triage.learn.reencoding import ReencodeOptions, drop_former, reencode
from triage.records import Actor, ActorKind, Forum, JobKind
from triage.settings import Settings

_TOLD_BESIDE_A_SERVER_SECONDS = 60.0


@click.command()
@forum_option
@click.option("--to", help="The encoder to change to; TRIAGE_ENCODER where it is not given.")
@click.option("--status", is_flag=True, help="Only say how far it is, as JSON.")
@click.option("--cancel", is_flag=True, help="Have the run under way given up; nothing is lost.")
@click.option("--drop-former", is_flag=True, help="Then delete the vectors of every other encoder.")
@beside_option
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
            cancel_job(database, found, JobKind.ENCODE, "encoded")
        elif status:
            click.echo(json.dumps(_status(database, found, wish)))
        else:
            with working(beside):
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
    acting = Acting(forum.id, Actor(ActorKind.PROCESS, "server") if beside else typist())
    before = {"encoder": forum.encoder}
    note = acting.noting("encode.start", "job", before=before, after=to.options)
    with held(database, forum.id, JobKind.ENCODE, to.options, note=note) as job:
        opened = training_encoders(settings).open
        found = reencode(
            database,
            forum.name,
            to,
            opened,
            settings.models_dir,
            job,
            _said(forum),
            options,
            signer=settings.signer,
        )
        done |= asdict(found)
    if drop and not job.cancelled:
        note = acting.noting("encode.drop_former", "vectors")
        with held(database, forum.id, JobKind.ENCODE, to.options, note=note) as job:
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
