"""The door behind `train.py`."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.common import (
    errors_said,
    forum_option,
    opened_desk,
    opened_store,
    reason_said,
    say,
    serving_encoder,
    typist,
    user_name,
)
from triage.cli.ingest import say_refused
from triage.cli.previews import counted
from triage.cli.train_job import Manner, manner_options, run_as_job
from triage.cli.trained import show_trained
from triage.cli.working import cancel_job
from triage.connect import open_map
from triage.crypto.persons import person_hasher
from triage.embedding import Progress
from triage.errors import BadField
from triage.intake import ingest_cases
from triage.learn.heads.automation import parse_precision, precision_by
from triage.learn.heads.difficulty import Usual
from triage.learn.training import Trained, TrainOptions
from triage.learn.training import train as run_training
from triage.orders import TrainingOrder
from triage.policies.in_force import policy_in_force
from triage.records import Forum, JobKind
from triage.settings import Settings

REFUSED = 5


@click.command()
@forum_option
@click.option(
    "--cases",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ingest this file of cases first; can be given more than once.",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What those files' own columns and values mean, as for `ingest cases`.",
)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only cases created from this day on."
)
@click.option("--dry-run", is_flag=True, help="Fit and measure; publish nothing.")
@click.option(
    "--if-missing", is_flag=True, help="Do nothing when the forum's live model can be opened."
)
@click.option("--no-adapt", is_flag=True, help="Leave the encoder's vector space as it is.")
@click.option(
    "--risk",
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    help="Largest share of wrong suggestions among those shown; without it TRIAGE_RISK.",
)
@click.option(
    "--precision",
    metavar="SHARE",
    help="Of every label, how many must be right where it is not abstained from: `0.95`, or by"
    " head `0.8,kind=0.95`.",
)
@click.option(
    "--force",
    metavar="REASON",
    callback=reason_said,
    help="Make the model live even if it is worse than the live one; the reason is recorded.",
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output.")
@manner_options
def train(
    forum: str,
    cases: tuple[Path, ...],
    map_file: Path | None,
    since: datetime | None,
    dry_run: bool,
    if_missing: bool,
    no_adapt: bool,
    risk: float | None,
    precision: str | None,
    force: str | None,
    seed: int,
    as_json: bool,
    manner: Manner,
) -> None:
    """Train a forum's model on its resolved cases; live unless it is worse than the live one.

    Exits with 5 when it is: then it is published and not live, and the old one stays.
    """
    settings = Settings()
    order = TrainingOrder(
        by=user_name(),
        since=since.replace(tzinfo=UTC) if since else None,
        seed=seed,
        dry_run=dry_run,
        adapt=not no_adapt,
        risk=risk,
        precision=_checked(precision),
        force=force,
    )
    with errors_said(), opened_store(settings) as database:
        _ingest(settings, database, forum, cases, map_file)
        with database.read() as c:
            found = store.get_forum(c, forum)
        if if_missing and _has_model(database, found, settings):
            say(f"forum {forum} has a live model")
            return
        if manner.cancel:
            cancel_job(database, found, JobKind.TRAIN, "trained")
            return
        run = partial(_run, settings, database, found, 1 if manner.beside else 2)
        trained = run_as_job(database, found, order, manner, run)
    show_trained(trained, as_json)
    if trained.refused:
        raise SystemExit(REFUSED)


def _ingest(
    settings: Settings,
    database: store.Database,
    forum: str,
    files: tuple[Path, ...],
    map_file: Path | None,
) -> None:
    """Keep the cases of files first, as `ingest cases` does."""
    case_map = None if map_file is None else open_map(map_file)
    for file in files:
        with database.write() as c:
            forum_id = store.ensure_forum(c, forum).id
        hasher = person_hasher(settings.person_key, forum)
        note, own = Acting(forum_id, typist()).noting("cases.ingest", file.name), settings.redaction
        done = ingest_cases(database, forum_id, file, hasher, False, say, case_map, note, own)
        say_refused(done.reading)
        for name, values in done.unmapped.items():
            say(f"{file.name}: values of {name} that are not mapped: {counted(values)}")


def _checked(precision: str | None) -> str | None:
    """Refuse as wrong usage what is no precision."""
    try:
        if precision is not None:
            parse_precision(precision)
    except BadField as error:
        raise click.BadParameter(str(error), param_hint="--precision") from error
    return precision


def _run(
    settings: Settings,
    database: store.Database,
    forum: Forum,
    workers: int,
    order: TrainingOrder,
    progress: Progress,
) -> Trained:
    with database.read() as c:
        in_force = policy_in_force(c, forum.id)
    if in_force.number is not None:
        progress(f"version {in_force.version} of the policy says what is wanted")
    options = TrainOptions(
        since=order.since,
        dry_run=order.dry_run,
        seed=order.seed,
        adapt=order.adapt,
        risk=settings.risk if order.risk is None else order.risk,
        # What is asked for this once outranks the policy, and that the settings.
        precision=parse_precision(str(order.precision))
        if order.precision is not None
        else precision_by(in_force.policy, parse_precision(settings.precision)),
        policy=in_force.policy,
        usual=Usual(timedelta(days=settings.usual_days)) if settings.usual_days else None,
        force=order.force,
        by=order.actor,
        workers=workers,
    )
    return run_training(
        database,
        forum.name,
        serving_encoder(settings, database, forum),
        settings.models_dir,
        signer=settings.signer,
        options=options,
        progress=progress,
    )


def _has_model(database: store.Database, forum: Forum, settings: Settings) -> bool:
    desk = opened_desk(settings, database, forum)
    return forum.live_version is not None and desk.model_opens()
