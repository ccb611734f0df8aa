"""A trial of a policy as a command makes it: by itself, or beside a server that asked for it.

In: a version, a text, or the draft; days. Out: what the trial tells, kept beside the version.
Not here: the trial (policies.trial), showing it (policy_shown).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from triage.cli.working import working
from triage.policies.drafting import Policies
from triage.policies.in_force import InForce, of_row, policy_in_force
from triage.policies.trial import MOST_DAYS, UNKEPT, try_policy
from triage.policy import read_policy

Command = TypeVar("Command", bound=Callable[..., Any])


def days_option(command: Command) -> Command:
    """Add `--days`."""
    return click.option(
        "--days",
        type=click.FloatRange(1, MOST_DAYS),
        default=30.0,
        show_default=True,
        help="How far back.",
    )(command)


def simulated_option(command: Command) -> Command:
    """Add `--simulated`."""
    return click.option(
        "--simulated",
        is_flag=True,
        help="Try it on asks that a simulation made, too, as a demo does.",
    )(command)


def run_trial(
    policies: Policies,
    version: int | None,
    text: str | None,
    days: float,
    beside: int | None,
    *,
    simulated: bool,
) -> dict[str, Any]:
    """Try what is asked for. Beside a server nothing is noted: the server does that itself."""
    row = policies.find(version) if text is None else None
    draft = InForce(read_policy(text or ""), UNKEPT) if row is None else of_row(row)
    with working(beside):
        with policies.database.read() as c:
            current = policy_in_force(c, policies.forum_id)
        now = datetime.now(UTC)
        found = try_policy(
            policies.database,
            policies.forum_id,
            draft,
            current,
            days,
            now,
            include_simulated=simulated,
        )
    told = found.told()
    if beside is None:
        policies.note_simulated(row, days, told)
    return told
