"""`evaluate difficulty|routing`: how well it is told who should answer, and what that saves."""

import secrets
from collections.abc import Callable, Mapping, Sequence
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
from triage.crypto.persons import person_hasher
from triage.decide import Policy
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.errors import BadField
from triage.learn.evaluate.in_time import InTimeOptions, evaluate_in_time
from triage.learn.evaluate.routing import RoutingOptions, evaluate_routing
from triage.learn.heads.automation import USUAL_PRECISION, precision_by
from triage.learn.heads.fitting import FitOptions
from triage.policy import read_policy
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


def _costs(
    context: click.Context, option: click.Parameter, values: Sequence[str]
) -> Mapping[str, float]:
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
        replace(Costs(), **given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return given


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
@click.option("--policy", "policy_file", type=file_path, help="Judge by this policy.toml.")
@click.option("--accounts", type=file_path, help="The accounts that the cases name.")
@seed_option
@json_option
@forum_option
def routing(
    cases: Path,
    folds: int,
    costs: Mapping[str, float],
    policy_file: Path | None,
    accounts: Path | None,
    seed: int,
    as_json: bool,
    forum: str,
) -> None:
    """Tell who should answer, and what that costs beside rules and always the same."""
    with errors_said():
        encoder = training_encoder(Settings())
        policy = _policy(policy_file, costs)
        fit = FitOptions(seed=seed, precision_wanted=precision_by(policy, USUAL_PRECISION))
        options = RoutingOptions(policy, folds=folds, seed=seed, fit=fit)
        found = evaluate_routing(
            read_case_file(cases),
            _encoding(encoder),
            options,
            say,
            _read_accounts(accounts) if accounts else (),
        )
    show(found, as_json)


def _policy(file: Path | None, costs: Mapping[str, float]) -> Policy:
    """Return the policy to judge by, with costs that were typed in place of its own."""
    policy = Policy() if file is None else read_policy(file.read_text(encoding="utf-8"))
    try:
        return replace(policy, costs=replace(policy.costs, **costs))
    except ValueError as error:
        raise BadField("costs", f"do not fit together: {str(error).rstrip('.')}") from None


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
