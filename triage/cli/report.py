"""`report`: what suggestions prevented, from the store or from a file of events."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from triage import store
from triage.audit.acting import Acting
from triage.cli.choosing import only_of, where_option
from triage.cli.common import errors_said, forum_option, opened_store, say, typist
from triage.cli.report_shown import lines_of
from triage.connect import event_lines
from triage.errors import BadField, BadFile, BadRecord
from triage.outcomes import (
    WINDOW_DAYS,
    WORTH_KNOWING,
    Asks,
    Costs,
    Gathering,
    asks_of,
    report_of,
)
from triage.reports import ReportOrder, close_period, day_or_moment, report_of_forum
from triage.reports.reading import uncollected
from triage.settings import Settings

_LINES_SHOWN = 20
_SHARE = click.FloatRange(0, 1, max_open=True)
_ABOVE_ZERO = click.FloatRange(0, min_open=True)
_FROM_ZERO = click.FloatRange(0)

_OPTIONS = (
    click.option(
        "--events",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Events, one JSON object a line, in any order; .gz is unpacked. Without: the store.",
    ),
    click.option("--holdout", type=_SHARE, help="The share assigned to the holdout."),
    click.option("--from", "since", metavar="DAY", help="Asks from this day or moment on."),
    click.option(
        "--to", "until", metavar="DAY", help="To this day, inclusive, or before a moment."
    ),
    where_option,
    click.option("--as-of", metavar="MOMENT", help="As things stood then."),
    click.option(
        "--time-zone",
        default="UTC",
        show_default=True,
        help="In which days are meant, such as Europe/Oslo.",
    ),
    click.option(
        "--window-days",
        type=_ABOVE_ZERO,
        default=WINDOW_DAYS,
        show_default=True,
        help="How long after an ask a post or a return belongs to it.",
    ),
    click.option(
        "--worth-knowing",
        type=_ABOVE_ZERO,
        default=WORTH_KNOWING,
        show_default=True,
        help="The lift that one wants to be able to see.",
    ),
    click.option(
        "--cost-per-post", type=_ABOVE_ZERO, help="What one more post costs, in any money."
    ),
    click.option("--cost-low", type=_FROM_ZERO, help="At least so much; with --cost-high."),
    click.option("--cost-high", type=_FROM_ZERO, help="At most so much; with --cost-low."),
    click.option("--service-cost", type=_FROM_ZERO, help="What the service cost in the period."),
    click.option("--strict", is_flag=True, help="Stop at the first bad line (exit code 4)."),
    click.option("--close", is_flag=True, help="Close the period with these figures."),
    click.option("--json", "as_json", is_flag=True, help="JSON alone on standard output."),
)


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@_options
@forum_option
def report(
    events: Path | None,
    strict: bool,
    close: bool,
    as_json: bool,
    forum: str,
    **given: Any,  # noqa: ANN401
) -> None:
    """Tell what suggestions prevented, with intervals, from the store or from a file of events.

    `posted`, `confirmed`, `contradicted` and `silent` share out the `offered` asks: those of the
    treatment that were offered a suggestion. `asks` counts both arms, `arms` has each by itself.
    `lift` is the share of the holdout's problems that end in a post or case within the window less
    the treatment's, whoever was offered something: above zero, suggestions prevent posts. Its 95 %
    interval knows that asks of one person belong together. `srm_p` tests the split of persons
    against the holdout's share. Only asks with a person count there; the others are under
    `sessions`. --close keeps the figures of a period of the store: a later report of it tells what
    has changed. With --events a bad line is told on standard error, counted, and left out.
    Every measure is defined in docs/measures.md.
    """
    order = _order(given)
    if close and order.only.told:
        raise click.UsageError("A period is closed with the figures of all asks, without --where.")
    if events is not None:
        found = _of_file(events, order, strict, close)
    else:
        if strict:
            raise click.UsageError("--strict is for --events.")
        found = _of_store(forum, order, close)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    for line in lines_of(found):
        click.echo(line)


def _order(given: dict[str, Any]) -> ReportOrder:
    """Read what the options say together."""
    zone, post = given["time_zone"], given["cost_per_post"]
    low, high, service = given["cost_low"], given["cost_high"], given["service_cost"]
    if post is None and any(cost is not None for cost in (low, high, service)):
        raise click.UsageError("--cost-low, --cost-high and --service-cost need --cost-per-post.")
    if (low is None) != (high is None):
        raise click.UsageError("--cost-low and --cost-high go together.")
    if low is not None and not low <= post <= high:
        raise click.UsageError("--cost-per-post is not between --cost-low and --cost-high.")
    return ReportOrder(
        since=_moment(given["since"], "--from", zone),
        until=_moment(given["until"], "--to", zone, end=True),
        as_of=_moment(given["as_of"], "--as-of", zone, end=True),
        time_zone=zone,
        holdout=given["holdout"],
        window_days=given["window_days"],
        worth_knowing=given["worth_knowing"],
        costs=None if post is None else Costs(post, low, high, service),
        only=only_of(given["where"]),
    )


def _of_store(forum: str, order: ReportOrder, close: bool) -> dict[str, Any]:
    with errors_said(), opened_store(Settings()) as database:
        with database.read() as c:
            forum_id = store.get_forum(c, forum).id
        found = report_of_forum(database, forum_id, order, tell=_progress())
        if close:
            with database.write() as c:
                acting = Acting(forum_id, typist())
                now = datetime.now(UTC)
                close_period(c, acting, order.since, order.until, found, now)
        return found


def _progress() -> Callable[[int, int], None]:
    """Return what tells now and then how far reading events is."""
    told = [0]

    def tell(done: int, total: int) -> None:
        if total > 20_000 and done - told[0] >= total // 20:
            told[0] = done
            say(f"{done} of {total} asks that changed since the last report are read")

    return tell


def _of_file(events: Path, order: ReportOrder, strict: bool, close: bool) -> dict[str, Any]:
    if close:
        raise click.UsageError("--close is for the store, not for --events.")
    if order.holdout is None:
        raise click.UsageError("--events needs --holdout.")
    as_of = None if order.as_of is None else order.as_of.timestamp()
    with errors_said(), uncollected():
        gathering, bad = _gathered(events, strict)
        asks = _asks(events, gathering, as_of)
        return {**report_of(asks, order.wanted(order.holdout)), "events": _told(gathering, bad)}


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


def _moment(text: str | None, option: str, zone: str, *, end: bool = False) -> datetime | None:
    """Read a day or a moment; a day that ends something ends with its last moment."""
    if text is None:
        return None
    try:
        return day_or_moment(text, option, zone, end=end)
    except BadField as error:
        if error.field == "time_zone":
            raise click.BadParameter(str(error), param_hint="--time-zone") from error
        raise click.BadParameter(f"{text!r} is no ISO 8601 date.", param_hint=option) from error
