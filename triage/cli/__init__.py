"""The command line: commands parse, call and show; nothing is decided here.

JSON goes alone to standard output, progress and errors to standard error. Exit codes: 0 all done,
1 an error (its code is printed), 2 wrong usage, 3 some lines were refused and the rest kept,
4 stopped at a bad line by --strict.
"""

import click

from triage.cli.ask import ask
from triage.cli.boilerplate import boilerplate
from triage.cli.encode import encode
from triage.cli.evaluate import evaluate
from triage.cli.ingest import ingest
from triage.cli.keys import keys


@click.group()
def main() -> None:
    """Question triage: ingest a forum, ask it, make keys, change its encoder, learn, measure."""


main.add_command(ingest)
main.add_command(ask)
main.add_command(keys)
main.add_command(encode)
main.add_command(evaluate)
main.add_command(boilerplate)
