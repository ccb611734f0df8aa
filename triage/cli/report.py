"""`report`: what suggestions prevented, from a file of events."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import click

from triage.cli.common import errors_said, say
from triage.connect import event_lines
from triage.errors import BadField, BadFile, BadRecord
from triage.outcomes import (
    WINDOW_DAYS,
    WORTH_KNOWING,
    Asks,
    Gathering,
    Wanted,
    asks_of,
    report_of,
    seconds,
)

_LINES_SHOWN = 20
_SHARE = click.FloatRange(0, 1, max_open=True)
_ABOVE_ZERO = click.FloatRange(0, min_open=True)


@click.command()
@click.option(
    "--events",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Events, one JSON object a line, in any order; .gz is unpacked.",
)
@click.option("--holdout", required=True, type=_SHARE, help="The share assigned to the holdout.")
@click.option("--from", "since", metavar="DAY", help="Asks from this day (UTC) or moment on.")
@click.option("--to", "until", metavar="DAY", help="To this day, inclusive, or before a moment.")
@click.option("--as-of", metavar="MOMENT", help="As things stood then; the end of the events.")
@click.option(
    "--window-days",
    type=_ABOVE_ZERO,
    default=WINDOW_DAYS,
    show_default=True,
    help="How long after an ask a post or a return belongs to it.",
)
@click.option(
    "--worth-knowing",
    type=_ABOVE_ZERO,
    default=WORTH_KNOWING,
    show_default=True,
    help="The lift that one wants to be able to see.",
)
@click.option("--cost-per-post", type=_ABOVE_ZERO, help="What one more post costs, in any money.")
@click.option("--strict", is_flag=True, help="Stop at the first bad line (exit code 4).")
@click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output.")
def report(
    events: Path,
    holdout: float,
    since: str | None,
    until: str | None,
    as_of: str | None,
    window_days: float,
    worth_knowing: float,
    cost_per_post: float | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Tell what suggestions prevented, with intervals, from a file of events.

    `posted`, `confirmed`, `contradicted` and `silent` share out the `offered` asks: those of the
    treatment that were offered a suggestion. `asks` counts both arms, `arms` has each by itself.
    `lift` is the share of the holdout's problems that end in a post or case within the window less
    the treatment's, whoever was offered something: above zero, suggestions prevent posts. Its 95 %
    interval knows that asks of one person belong together. `srm_p` tests the split of persons
    against --holdout. Only asks with a person count there; the others are under `sessions`.
    A bad line is told on standard error, counted, and left out. Days and times are UTC.
    Every measure is defined in docs/measures.md.
    """
    wanted = Wanted(
        holdout,
        _moment(since, "--from"),
        _moment(until, "--to", end=True),
        window_days,
        worth_knowing,
        cost_per_post,
    )
    moment = _moment(as_of, "--as-of", end=True)
    with errors_said(), _uncollected():
        gathering, bad = _gathered(events, strict)
        asks = _asks(events, gathering, moment)
        found = {**report_of(asks, wanted), "events": _told(gathering, bad)}
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    for line in _table(found):
        click.echo(line)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector still: events make no cycles, and it walks through all of them in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _gathered(path: Path, strict: bool) -> tuple[Gathering, int]:
    """Read a file; say which lines are bad, and how many."""
    gathering = Gathering()
    bad = 0
    for number, found in event_lines(path):
        try:
            if isinstance(found, str):
                raise BadRecord(str(path), number, None, found)
            gathering.take(found)
        except (BadRecord, BadField) as error:
            if strict:
                raise BadRecord(str(path), number, error.field, error.problem) from error
            bad += 1
            if bad <= _LINES_SHOWN:
                where = f" field `{error.field}`" if error.field else ""
                say(f"{path}:{number}{where} {error.problem}; the line is left out")
    if bad > _LINES_SHOWN:
        say(f"... and {bad - _LINES_SHOWN} more bad lines")
    if not gathering.events:
        raise BadFile(path, f"none of its {bad} lines is an event" if bad else "it is empty")
    return gathering, bad


def _asks(path: Path, gathering: Gathering, as_of: float | None) -> Asks:
    asks = asks_of(gathering.log(), as_of)
    if not len(asks):
        before = " by then" if as_of is not None else ""
        raise BadFile(path, f"it holds no `asked` event{before}, so that nothing can be counted")
    return asks


def _told(gathering: Gathering, bad: int) -> dict[str, Any]:
    return {
        "taken": gathering.events - gathering.duplicates,
        "duplicates": gathering.duplicates,
        "conflicts": gathering.conflicts,
        "bad_lines": bad,
        "unknown_types": dict(gathering.unknown_types),
    }


def _moment(text: str | None, option: str, *, end: bool = False) -> float | None:
    """Read a day or a moment; a day that ends something ends with its last moment."""
    if text is None:
        return None
    try:
        if end and len(text.strip()) <= len("2026-03-01"):
            day = datetime.fromisoformat(text.strip()).date()
            return datetime.combine(day + timedelta(days=1), time(), UTC).timestamp()
        return seconds(text, option)
    except (ValueError, BadField) as error:
        raise click.BadParameter(f"{text!r} is no ISO 8601 date.", param_hint=option) from error


def _table(found: dict[str, Any]) -> Iterator[str]:
    """Word the figures that a person wants first; the rest is in the JSON."""
    yield f"{found['asks']} asks from {found['first_ask']} to {found['last_ask']},"
    yield f"as of {found['as_of']}; the window of {found['open']} is still open."
    yield ""
    yield f"{'':12}{'asks':>10}{'offered':>10}{'posted':>10}{'confirmed':>11}" + (
        f"{'contradicted':>14}{'silent':>10}"
    )
    rows = {"offered": {**found, "asks": found["offered"]}, **found["arms"]}
    for name, row in rows.items():
        yield f"{name:12}{row['asks']:>10}{row['offered']:>10}{row['posted']:>10}" + (
            f"{row['confirmed']:>11}{row['contradicted']:>14}{row['silent']:>10}"
        )
    yield ""
    yield from _lift_lines(found)
    low, high = found["deflection_low"], found["deflection_high"]
    if low is not None:
        yield f"Settled, of {found['seen']} asks that saw a suggestion: {low:.1%} to {high:.1%}"
    if found["naive_deflection"] is not None:
        yield f"Not posted (no measure of success): {found['naive_deflection']:.1%} of the offered"
    left_out = ", ".join(f"{n} {name}" for name, n in found["excluded"].items() if n)
    if left_out:
        yield f"Left out: {left_out.replace('_', ' ')}"
    events = found["events"]
    yield f"{events['taken']} events; {events['duplicates']} repeated, {events['bad_lines']} bad"


def _lift_lines(found: dict[str, Any]) -> Iterator[str]:
    what = "Lift" if found["headline"] else "By session, which is no headline: lift"
    if found["lift"] is None:
        yield f"{what}: not known; both arms need asks"
    else:
        low, high = found["lift_low"], found["lift_high"]
        yield f"{what}: {found['lift']:+.2%}, between {low:+.2%} and {high:+.2%} (95 %)"
        prevented = [found[f"incremental{end}"] for end in ("", "_low", "_high")]
        yield "Posts prevented: {:.0f}, between {:.0f} and {:.0f}".format(*prevented)
        if found["lift_always_low"] is not None:
            ends = found["lift_always_low"], found["lift_always_high"]
            yield "Holding at every look at once: {:+.2%} to {:+.2%}".format(*ends)
        more = found["days_until_known"]
        if more is not None and more > 0:
            yield f"A lift of {found['worth_knowing']:.0%} can be seen in {more:.0f} more days"
    if found["srm_alarm"]:
        yield f"ALARM: persons are not split as assigned (p {found['srm_p']:.2g}): no lift holds"
