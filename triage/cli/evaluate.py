"""`evaluate retrieval|classify`: stable commands, options and keys, and what the others share."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from triage.cli.common import errors_said, forum_option, say, training_encoder
from triage.cli.imported import Imported
from triage.connect import Reading, read_cases, read_judgements, read_queries, read_threads
from triage.crypto.persons import person_hasher
from triage.encode import TextRole
from triage.encode.base import Vectors
from triage.learn.evaluate.classification import evaluate_cases
from triage.learn.evaluate.retrieval import GROUPS, RetrievalOptions, evaluate_retrieval
from triage.learn.suggestions.judging import Asking, EvaluationSet
from triage.records import HEADS, Case, Side, Target
from triage.settings import Settings

file_path = click.Path(exists=True, dir_okay=False, path_type=Path)


_COMMANDS = Imported(
    {
        "difficulty": "triage.cli.evaluate_routing:difficulty",
        "routing": "triage.cli.evaluate_routing:routing",
    }
)


@click.group(commands=_COMMANDS)
def evaluate() -> None:
    """Measure on judged files through the same code that serves and trains."""


def _pairs(
    context: click.Context, option: click.Parameter, values: Sequence[str]
) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if any(not middle for _, middle, _ in pairs):
        raise click.BadParameter("write it as field=value")
    return {name: value for name, _, value in pairs}


_where = click.option(
    "--where", multiple=True, callback=_pairs, metavar="FIELD=VALUE", help="Only these rows."
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output.")
seed_option = click.option("--seed", type=int, default=0, show_default=True)


@evaluate.command()
@click.option("--threads", type=file_path, required=True)
@click.option("--queries", type=file_path, required=True)
@click.option("--qrels", type=file_path, required=True)
@click.option("--rerank-judged", is_flag=True, help="Rank each query's judged documents.")
@click.option("--candidates", is_flag=True, help="Rank each query's own candidates.")
@click.option("--fit-threads", type=file_path)
@click.option("--fit-queries", type=file_path)
@click.option("--fit-qrels", type=file_path)
@click.option("--side", type=click.Choice([s.value for s in Side]), default=Side.BOTH.value)
@_where
@click.option("--gated", is_flag=True, help="Also measure what the decision would show.")
@click.option(
    "--drop-gold",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Take the right threads away from this share of the queries.",
)
@click.option(
    "--folds", type=click.IntRange(2, 20), help="Fit on the set itself: each query by the others."
)
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(sorted(GROUPS)),
    help="Leave these parts of the evidence out.",
)
@click.option(
    "--risk",
    type=click.FloatRange(0, 0.5, min_open=True, max_open=True),
    help="At most so many wrong among shown; TRIAGE_RISK unless given.",
)
@seed_option
@json_option
@forum_option
def retrieval(
    threads: Path,
    queries: Path,
    qrels: Path,
    rerank_judged: bool,
    candidates: bool,
    fit_threads: Path | None,
    fit_queries: Path | None,
    fit_qrels: Path | None,
    side: str,
    where: dict[str, str],
    gated: bool,
    drop_gold: float,
    folds: int | None,
    without: tuple[str, ...],
    risk: float | None,
    seed: int,
    as_json: bool,
    forum: str,
) -> None:
    """Rank threads for judged queries; the forum's own data is not touched."""
    if rerank_judged and candidates:
        raise click.UsageError("--rerank-judged and --candidates exclude each other")
    fitting = [p for p in (fit_threads, fit_queries, fit_qrels) if p is not None]
    if len(fitting) not in (0, 3):
        raise click.UsageError("--fit-threads, --fit-queries and --fit-qrels go together")
    if fitting and folds:
        raise click.UsageError("--folds and --fit-... exclude each other")
    settings = Settings()
    options = RetrievalOptions(
        Asking(Side(side), rerank_judged, candidates, where),
        gated,
        drop_gold,
        folds or 0,
        without,
        risk or settings.risk,
        seed,
    )
    with errors_said():
        tested = _read_set(threads, queries, qrels)
        fitted_on = _read_set(*fitting) if fitting else None
        encoder = training_encoder(settings)
        found = evaluate_retrieval(tested, encoder, options, fitted_on=fitted_on, progress=say)
    show(found, as_json)


@evaluate.command()
@click.option("--train", "train_file", type=file_path, required=True)
@click.option("--test", "test_file", type=file_path)
@click.option("--folds", type=click.IntRange(2, 50))
@click.option("--target", type=click.Choice([t.value for t in HEADS]), required=True)
@click.option("--per", type=click.Choice(["product"]), help="One model per value of this field.")
@click.option("--hold-out-topics", type=click.FloatRange(0, 1, max_open=True))
@seed_option
@_where
@json_option
@forum_option
def classify(
    train_file: Path,
    test_file: Path | None,
    folds: int | None,
    target: str,
    per: str | None,
    hold_out_topics: float | None,
    seed: int,
    where: dict[str, str],
    as_json: bool,
    forum: str,
) -> None:
    """Train and test a head with the code of train.py."""
    if (test_file is None) == (folds is None):
        raise click.UsageError("give either --test FILE or --folds N")
    settings = Settings()
    with errors_said():
        encoder = training_encoder(settings)

        def encode(texts: Sequence[str]) -> Vectors:
            assert encoder is not None
            say(f"encoding {len(texts)} texts")
            return encoder.encode(texts, TextRole.QUERY)

        found = evaluate_cases(
            read_case_file(train_file),
            read_case_file(test_file) if test_file else None,
            folds,
            Target(target),
            encode if encoder is not None else None,
            per,
            hold_out_topics,
            seed,
            where,
            say,
        )
    show(found, as_json)


def _read_set(threads: Path, queries: Path, qrels: Path) -> EvaluationSet:
    # Evaluation keeps nothing, so persons are hashed with a key that nobody keeps either.
    hasher = person_hasher(secrets.token_bytes(32), "evaluate")
    t, q, j = Reading(threads), Reading(queries), Reading(qrels)
    found = EvaluationSet(
        list(read_threads(threads, hasher, t)),
        list(read_queries(queries, q)),
        list(read_judgements(qrels, j)),
    )
    for reading in (t, q, j):
        warn_of(reading)
    return found


def read_case_file(path: Path) -> list[Case]:
    """Read all cases of a file; persons are hashed with a key that is not kept."""
    reading = Reading(path)
    hasher = person_hasher(secrets.token_bytes(32), "evaluate")
    cases = list(read_cases(path, hasher, reading))
    warn_of(reading)
    return cases


def warn_of(reading: Reading) -> None:
    """Say how many lines of a file were left out."""
    if reading.error_count:
        say(f"{reading.path}: {reading.error_count} bad lines left out, first: {reading.errors[0]}")


def show(found: dict[str, Any], as_json: bool) -> None:
    """Show results: JSON alone, or a line for each number."""
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        if isinstance(value, dict):
            click.echo(f"{name}:")
            for inner, numbers in value.items():
                click.echo(f"  {inner:28} {_number(numbers)}")
        else:
            click.echo(f"{name:20} {_number(value)}")


def _number(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, dict):
        return "  ".join(f"{k} {_number(v)}" for k, v in value.items() if not isinstance(v, dict))
    return str(value)
