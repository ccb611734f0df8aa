"""A period is closed with its figures; if they change later, both are told.

In: a report that was made. Out: a row that nothing changes; of a later report of the same period,
what differs from it.
Not here: making the report (reading), what its figures mean (outcomes).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from triage import store
from triage.audit.acting import Acting
from triage.errors import PeriodClosed, PeriodOpen

# Not figures: when and of what a report was made, and what is told beside it.
_ABOUT = frozenset(
    {"as_of", "made_at", "closed", "baseline", "events", "lateness", "days_until_known"}
    | {"from_local", "to_local", "time_zone", "routing", "worth_knowing"}
)
# Rounding differs between machines; a figure that changed differs by more.
_SAME = 1e-9


def close_period(
    c: store.Connection,
    acting: Acting,
    since: datetime | None,
    until: datetime | None,
    found: Mapping[str, Any],
    now: datetime,
) -> store.ClosedPeriod:
    """Keep a report as the figures of its period. Raises PeriodOpen, PeriodClosed."""
    as_of = datetime.fromisoformat(found["as_of"])
    if since is None or until is None:
        raise PeriodOpen("it has no beginning or no end")
    if until > as_of:
        raise PeriodOpen("it is not over yet")
    figures = {name: value for name, value in found.items() if name != "closed"}
    # Ids of asks are of people, who may be erased; figures stay.
    figures["guardrails"] = {**figures["guardrails"], "severe_delayed_asks": []}
    period = store.ClosedPeriod(
        since, until, found["time_zone"], as_of, now, acting.actor.name, figures
    )
    if not store.close_period(c, acting.forum_id, period):
        raise PeriodClosed(since.isoformat(), until.isoformat())
    acting.note(
        c,
        "period.close",
        f"{since.isoformat()}/{until.isoformat()}",
        after={name: figures[name] for name in ("as_of", "asks", "lift", "open")},
    )
    return period


def changes_told(
    c: store.Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime | None,
    found: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Return how a period was closed and what has changed since; None for one that is open."""
    if since is None or until is None:
        return None
    closed = store.closed_period(c, forum_id, since, until)
    if closed is None:
        return None
    return {**told_closed(closed), "changed": changes(closed.figures, found)}


def told_closed(period: store.ClosedPeriod) -> dict[str, Any]:
    """Return who closed a period and when, and as of when its figures are."""
    return {
        "closed_at": _utc(period.closed_at),
        "by": period.by,
        "as_of": _utc(period.as_of),
        "window_days": period.figures.get("window_days"),
        "figures": dict(period.figures),
    }


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the figures that are others now, by their names, each as it was and as it is."""
    before, after = dict(_figures(old)), dict(_figures(new))
    return {
        name: {"old": before[name], "new": after[name]}
        for name in before
        if name in after and not _same(before[name], after[name])
    }


def _figures(found: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Give every figure with its name, of those within others as `arms.holdout.asks`."""
    for name, value in found.items():
        if not above and name in _ABOUT:
            continue
        if isinstance(value, Mapping):
            yield from _figures(value, f"{above}{name}.")
        elif not isinstance(value, list | tuple):
            yield f"{above}{name}", value


def _same(one: object, other: object) -> bool:
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if not numbers or isinstance(one, bool):
        return one == other
    assert isinstance(one, int | float)
    assert isinstance(other, int | float)
    return abs(one - other) <= _SAME * max(1.0, abs(one), abs(other))


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
