"""The command line: commands parse, call and show; nothing is decided here.

JSON goes alone to standard output, progress and errors to standard error. Exit codes: 0 all done,
1 an error (its code is printed), 2 wrong usage, 3 some lines were refused and the rest kept,
4 stopped at a bad line by --strict.
"""

import click

from triage.cli.access import access
from triage.cli.answers import answers
from triage.cli.ask import ask
from triage.cli.audit import audit
from triage.cli.baseline import baseline
from triage.cli.boilerplate import boilerplate
from triage.cli.cases import cases
from triage.cli.encode import encode
from triage.cli.erasures import erase, erasures, export_person_
from triage.cli.evaluate import evaluate
from triage.cli.evaluate_routing import difficulty, routing
from triage.cli.explain import explain
from triage.cli.export import export
from triage.cli.holdout import bursts, holdout
from triage.cli.ingest import ingest
from triage.cli.keys import keys
from triage.cli.models import models
from triage.cli.policy import policy
from triage.cli.redact import redact
from triage.cli.report import report
from triage.cli.retain import retain_
from triage.cli.returns import returns_
from triage.cli.sweep import sweep
from triage.cli.train import train
from triage.cli.users import users
from triage.cli.visitors import visitors


@click.group()
def main() -> None:
    """Question triage: ingest a forum, ask it, make keys, change its encoder, train, measure."""


main.add_command(ingest)
main.add_command(ask)
main.add_command(explain)
main.add_command(keys)
main.add_command(visitors)
main.add_command(users)
main.add_command(access)
main.add_command(encode)
main.add_command(evaluate)
evaluate.add_command(difficulty)
evaluate.add_command(routing)
main.add_command(boilerplate)
main.add_command(train)
main.add_command(models)
main.add_command(cases)
main.add_command(answers)
main.add_command(report)
main.add_command(export)
main.add_command(baseline)
main.add_command(audit)
main.add_command(erase)
main.add_command(erasures)
main.add_command(export_person_)
main.add_command(retain_)
main.add_command(sweep)
main.add_command(redact)
main.add_command(policy)
main.add_command(holdout)
main.add_command(bursts)
main.add_command(returns_)
