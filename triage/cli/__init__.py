"""The command line: commands parse, call and show; nothing is decided here.

JSON goes alone to standard output, progress and errors to standard error. Exit codes: 0 all done,
1 an error (its code is printed), 2 wrong usage, 3 some lines were refused and the rest kept,
4 stopped at a bad line by --strict.
"""

import click

from triage.cli.imported import Imported

_COMMANDS = Imported(
    {
        "ingest": "triage.cli.ingest:ingest",
        "import": "triage.cli.importing:import_",
        "ask": "triage.cli.ask:ask",
        "explain": "triage.cli.explain:explain",
        "keys": "triage.cli.keys:keys",
        "visitors": "triage.cli.visitors:visitors",
        "users": "triage.cli.users:users",
        "access": "triage.cli.access:access",
        "widget": "triage.cli.widget:widget",
        "encode": "triage.cli.encode:encode",
        "index": "triage.cli.index:index",
        "evaluate": "triage.cli.evaluate:evaluate",
        "boilerplate": "triage.cli.boilerplate:boilerplate",
        "train": "triage.cli.train:train",
        "models": "triage.cli.models:models",
        "cases": "triage.cli.cases:cases",
        "answers": "triage.cli.answers:answers",
        "report": "triage.cli.report:report",
        "export": "triage.cli.export:export",
        "weekly": "triage.cli.weekly:weekly",
        "baseline": "triage.cli.baseline:baseline",
        "audit": "triage.cli.audit:audit",
        "erase": "triage.cli.erasures:erase",
        "erasures": "triage.cli.erasures:erasures",
        "export-person": "triage.cli.erasures:export_person_",
        "retain": "triage.cli.retain:retain_",
        "sweep": "triage.cli.sweep:sweep",
        "channels": "triage.cli.channels:channels",
        "deliver": "triage.cli.deliver:deliver",
        "deliveries": "triage.cli.deliveries:deliveries",
        "redact": "triage.cli.redact:redact",
        "policy": "triage.cli.policy:policy",
        "holdout": "triage.cli.holdout:holdout",
        "bursts": "triage.cli.holdout:bursts",
        "returns": "triage.cli.returns:returns_",
        "group": "triage.cli.group:group",
        "drift": "triage.cli.drift:drift",
        "alive": "triage.cli.alive:alive",
        "reviews": "triage.cli.reviews:reviews",
        "demo-quarter": "triage.cli.demo_quarter:demo_quarter",
    }
)


@click.group(commands=_COMMANDS)
def main() -> None:
    """Question triage: ingest a forum, ask it, make keys, change its encoder, train, measure."""
