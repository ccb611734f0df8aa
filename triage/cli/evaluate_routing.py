"""`evaluate difficulty|routing`: how well it is told who should answer, and what that saves."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

import click

from triage.cli.common import errors_said, forum_option, say, training_encoder
from triage.cli.evaluate import (
    file_path,
    json_option,
    read_case_file,
    seed_option,
    show,
    warn_of,
)
from triage.connect import Reading, read_accounts, read_threads
from triage.costs import Costs
from triage.decide import Policy
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.learn.in_time import InTimeOptions, evaluate_in_time
from triage.learn.routing import RoutingOptions, evaluate_routing
from triage.persons import person_hasher
from triage.records import Account
from triage.settings import Settings


@click.command()
@click.option("--threads", type=file_path, required=True)
@click.option(
    "--days",
    type=click.FloatRange(0, min_open=True),
    default=7.0,
    show_default=True,
    help="In time is an accepted answer within so many days.",
)
@click.option(
    "--test-share",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.3,
    show_default=True,
    help="Judge this share of each site's questions, the last ones.",
)
@seed_option
@json_option
@forum_option
def difficulty(
    threads: Path, days: float, test_share: float, seed: int, as_json: bool, forum: str
) -> None:
    """Tell which questions get an accepted answer in time, before anybody has answered."""
    with errors_said():
        encoder = training_encoder(Settings())
        reading = Reading(threads)
        hasher = person_hasher(secrets.token_bytes(32), "evaluate")
        found = evaluate_in_time(
            list(read_threads(threads, hasher, reading)),
            _encoding(encoder),
            InTimeOptions(days, test_share, seed=seed),
            say,
        )
        warn_of(reading)
    show(found, as_json)


def _costs(context: click.Context, option: click.Parameter, values: Sequence[str]) -> Costs:
    known = {one.name for one in fields(Costs)}
    given: dict[str, float] = {}
    for value in values:
        name, _, number = value.partition("=")
        if name not in known:
            raise click.BadParameter(f"{name!r} is no cost; these are: {', '.join(sorted(known))}")
        try:
            given[name] = float(number)
        except ValueError:
            raise click.BadParameter(f"write it as {name}=2.5") from None
    try:
        return replace(Costs(), **given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--cases", type=file_path, required=True)
@click.option("--folds", type=click.IntRange(2, 50), default=5, show_default=True)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    callback=_costs,
    metavar="NAME=HOURS",
    help="What a way of routing costs, in expert hours; can be given more than once.",
)
@click.option("--accounts", type=file_path, help="The accounts that the cases name.")
@seed_option
@json_option
@forum_option
def routing(
    cases: Path,
    folds: int,
    costs: Costs,
    accounts: Path | None,
    seed: int,
    as_json: bool,
    forum: str,
) -> None:
    """Tell who should answer, and what that costs beside rules and always the same."""
    with errors_said():
        encoder = training_encoder(Settings())
        options = RoutingOptions(Policy(costs=costs), folds=folds, seed=seed)
        found = evaluate_routing(
            read_case_file(cases),
            _encoding(encoder),
            options,
            say,
            _read_accounts(accounts) if accounts else (),
        )
    show(found, as_json)


def _read_accounts(path: Path) -> list[Account]:
    reading = Reading(path)
    found = list(read_accounts(path, reading))
    warn_of(reading)
    return found


def _encoding(encoder: Encoder | None) -> Callable[[Sequence[str]], Vectors] | None:
    if encoder is None:
        return None

    def encode(texts: Sequence[str]) -> Vectors:
        say(f"encoding {len(texts)} texts")
        return encoder.encode(texts, TextRole.QUERY)

    return encode
