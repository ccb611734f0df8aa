"""The door behind `train.py`."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from triage import store
from triage.cli.common import (
    errors_said,
    forum_option,
    opened_store,
    say,
    serving_encoder,
    training_encoders,
)
from triage.desk import Desk
from triage.intake import ingest_cases
from triage.learn.training import Trained
from triage.learn.training import train as run_training
from triage.persons import person_hasher
from triage.records import Forum
from triage.settings import Settings


@click.command()
@forum_option
@click.option(
    "--cases",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ingest this file of cases first; can be given more than once.",
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
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output.")
def train(
    forum: str,
    cases: tuple[Path, ...],
    since: datetime | None,
    dry_run: bool,
    if_missing: bool,
    no_adapt: bool,
    risk: float | None,
    seed: int,
    as_json: bool,
) -> None:
    """Train a forum's model on its resolved cases and make it live."""
    settings = Settings()
    with errors_said(), opened_store(settings) as database:
        for file in cases:
            with database.write() as c:
                forum_id = store.ensure_forum(c, forum).id
            hasher = person_hasher(settings.person_key, forum)
            ingest_cases(database, forum_id, file, hasher, strict=False, progress=say)
        with database.read() as c:
            found = store.get_forum(c, forum)
        if if_missing and _has_model(database, found, settings):
            say(f"forum {forum} has a live model")
            return
        trained = run_training(
            database,
            forum,
            serving_encoder(settings, database, found),
            settings.models_dir,
            since=since.replace(tzinfo=UTC) if since else None,
            dry_run=dry_run,
            seed=seed,
            adapt=not no_adapt,
            risk=settings.risk if risk is None else risk,
            progress=say,
        )
    _show(trained, as_json)


def _has_model(database: store.Database, forum: Forum, settings: Settings) -> bool:
    encoders = training_encoders(settings)
    desk = Desk(database, forum, encoders, settings.models_dir, risk=settings.risk)
    return forum.live_version is not None and desk.model_opens()


def _show(trained: Trained, as_json: bool) -> None:
    version = trained.written.version if trained.written else None
    if as_json:
        row = {
            "version": version,
            "live": trained.live,
            "cases": trained.cases,
            "metrics": {t.value: dict(m) for t, m in trained.metrics.items()},
            "abstaining": {t.value: why for t, why in trained.missing.items()},
            "ranker": trained.ranker,
            "adaptation": dict(trained.adaptation),
            "gate": dict(trained.gate),
            "reliability": dict(trained.reliability),
            "answer_quality": dict(trained.answer_quality),
        }
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(f"version  {version or '(dry run, nothing published)'}")
    click.echo(f"cases    {trained.cases}")
    click.echo(f"ranker   {trained.ranker}")
    click.echo(f"space    {space_line(trained.adaptation)}")
    for line in gate_lines(trained.gate):
        click.echo(f"gate     {line}")
    for target, metrics in trained.metrics.items():
        numbers = "  ".join(
            f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}"
            for name, value in metrics.items()
            if isinstance(value, (int, float))
        )
        click.echo(f"{target.value:12} {numbers}")
    for target, why in trained.missing.items():
        click.echo(f"{target.value:12} abstains: {why}")


def space_line(facts: Mapping[str, Any]) -> str:
    """Say in one line whether the space was adapted, and by what numbers."""
    line = f"{'adapted' if facts['kept'] else 'not adapted'}: {facts['why']}"
    if "mrr" not in facts:
        return line
    mrr = facts["mrr"]
    return (
        f"{line}; MRR of {mrr['n']} held-out questions {mrr['before']:.3f} -> {mrr['after']:.3f}"
        f" (difference {mrr['low']:+.3f} to {mrr['high']:+.3f}, p {mrr['p_better']:.4f})"
    )


def gate_lines(facts: Mapping[str, Any]) -> list[str]:
    """Say from which probability each language is shown something, and what that promises."""
    if not facts["fitted"]:
        return [f"as shipped: {facts['why']}"]
    promise = f"at most {facts['risk']:.0%} wrong among shown"
    rows = {"pooled": facts["pooled"], **facts["languages"]}
    return [f"{name:6} {_threshold_line(row, promise)}" for name, row in rows.items()]


def _threshold_line(row: Mapping[str, Any], promise: str) -> str:
    shown = "nothing shown" if row["value"] is None else f"from {row['value']:.3f}"
    line = f"{shown}, {row['questions']} questions, {'' if row['guaranteed'] else 'not '}guaranteed"
    if row["guaranteed"]:
        return f"{line}: {promise}"
    return f"{line} (one suggestion alone would be)" if row["one_would_be_guaranteed"] else line
