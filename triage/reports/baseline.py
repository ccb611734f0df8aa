"""What was before the service: a file of counts -> the store, and beside a report's figures.

In: rows of periods, a report. Out: rows kept, rates told.
Not here: the rates (outcomes.baseline), reading files (connect).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from triage import store
from triage.audit.acting import Acting
from triage.errors import BadField
from triage.outcomes import Asks
from triage.outcomes.asks import DAY
from triage.outcomes.baseline import Before, before_told
from triage.reports.days import day_or_moment

_NAMES = {"from", "to", "questions", "cases", "persons", "seconds_to_answer"}
_MOST_PERIODS = 1000


def read_period(row: Mapping[str, Any], time_zone: str) -> store.BaselinePeriod:
    """Read one row of a baseline. Raises BadField with the field that is wrong."""
    unknown = sorted(set(row) - _NAMES)
    if unknown:
        raise BadField(unknown[0], f"is none of {', '.join(sorted(_NAMES))}")
    since = day_or_moment(row.get("from"), "from", time_zone)
    until = day_or_moment(row.get("to"), "to", time_zone, end=True)
    if until <= since:
        raise BadField("to", "is before `from`")
    questions = _count(row, "questions")
    if questions is None:
        raise BadField("questions", "is missing")
    seconds = row.get("seconds_to_answer")
    if seconds in (None, ""):
        waited = None
    else:
        try:
            waited = float(str(seconds))
        except ValueError as error:
            raise BadField("seconds_to_answer", "is no number") from error
        if not 0 <= waited < float("inf"):
            raise BadField("seconds_to_answer", "is no time that somebody could wait")
    cases, persons = _count(row, "cases"), _count(row, "persons")
    return store.BaselinePeriod(since, until, questions, cases, persons, waited)


def put_baseline(
    c: store.Connection, acting: Acting, periods: Iterable[store.BaselinePeriod], at: datetime
) -> list[store.BaselinePeriod]:
    """Keep these periods in the place of those before. Raises BadField where two overlap."""
    found = sorted(periods, key=lambda period: period.since)
    if len(found) > _MOST_PERIODS:
        raise BadField("periods", f"are more than {_MOST_PERIODS}")
    for one, other in pairwise(found):
        if other.since < one.until:
            raise BadField("from", f"{other.since.isoformat()} is within the period before it")
    before = len(store.baseline_of(c, acting.forum_id))
    store.replace_baseline(c, acting.forum_id, found, acting.actor.name, at)
    acting.note(
        c, "baseline.import", "baseline", before={"periods": before}, after={"periods": len(found)}
    )
    return found


def told_period(period: store.BaselinePeriod) -> dict[str, Any]:
    """Return a period as it is told."""
    return {
        "from": _utc(period.since),
        "to": _utc(period.until),
        "questions": period.questions,
        "cases": period.cases,
        "persons": period.persons,
        "seconds_to_answer": period.seconds_to_answer,
    }


def baseline_told(
    c: store.Connection, forum_id: int, found: Mapping[str, Any], asks: Asks
) -> dict[str, Any] | None:
    """Return what was before the service beside what a report found; None without any counts."""
    periods = store.baseline_of(c, forum_id)
    if not periods:
        return None
    before = [
        Before(
            (period.until - period.since) / timedelta(days=1),
            period.questions,
            period.cases,
            period.persons,
            period.seconds_to_answer,
        )
        for period in periods
    ]
    posted = sum(arm["posted"] for arm in found["arms"].values())
    told = before_told(before, posted, _days(found, asks))
    return {"from": _utc(periods[0].since), "to": _utc(periods[-1].until), **told}


def _days(found: Mapping[str, Any], asks: Asks) -> float | None:
    """Return how many days the report is of, as far as they are over."""
    if not len(asks):
        return None
    since, until = (
        None if found[name] is None else datetime.fromisoformat(found[name]).timestamp()
        for name in ("from", "to")
    )
    begin = float(asks.start.min()) if since is None else since
    end = asks.as_of if until is None else min(until, asks.as_of)
    return (end - begin) / DAY if end > begin else None


def _count(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value in (None, ""):
        return None
    text = str(value).strip()
    if isinstance(value, bool) or not text.isdecimal():
        raise BadField(name, "is no whole number from 0 on")
    if len(text) > 9:
        raise BadField(name, "is more than a forum can have")
    return int(text)


def _utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
