"""How a file of cases would read, as it is shown before anything is kept."""

import json
from collections import Counter

import click

from triage.cli.common import say
from triage.connect import Preview

_VALUES_SHOWN = 20
_LINES_SHOWN = 5


def show_preview(preview: Preview, as_json: bool) -> None:
    """Print a preview, for people or as JSON."""
    reading = preview.reading
    for error in reading.errors[:_LINES_SHOWN]:
        say(str(error))
    if as_json:
        click.echo(json.dumps(_row(preview), ensure_ascii=False))
        return
    for number, case in enumerate(preview.shown, start=1):
        click.echo(f"row {number}")
        for name, value in case.items():
            click.echo(f"  {name:18} {value}")
    click.echo(f"{reading.rows} cases, {reading.error_count} lines refused; nothing was kept")
    if reading.unknown_fields:
        click.echo(f"columns that are not used: {counted(reading.unknown_fields)}")
    for name, values in preview.unmapped.items():
        click.echo(f"values of {name} that are not mapped: {counted(values)}")
    for loss in preview.losses:
        why = f", of them {loss.unmapped} for values that are not mapped" if loss.unmapped else ""
        click.echo(f"without {loss.field}: {loss.cases} of {reading.rows}{why}; {loss.cost}")


def counted(values: Counter[str]) -> str:
    """Say which values there are and how often, the most frequent first."""
    shown = ", ".join(f"{name!r} {n}" for name, n in values.most_common(_VALUES_SHOWN))
    more = len(values) - _VALUES_SHOWN
    return shown + (f" and {more} others" if more > 0 else "")


def _row(preview: Preview) -> dict[str, object]:
    reading = preview.reading
    return {
        "lines": reading.rows,
        "refused": reading.error_count,
        "repeated_ids": reading.repeated,
        "rows": list(preview.shown),
        "unknown_fields": dict(reading.unknown_fields),
        "unmapped_values": {name: dict(values) for name, values in preview.unmapped.items()},
        "lost": [
            {"field": x.field, "cases": x.cases, "unmapped": x.unmapped, "cost": x.cost}
            for x in preview.losses
        ],
    }
