"""Asks -> every measure of a period, under stable names.

In: `Asks`, and what is wanted. Out: one mapping of numbers, texts and nothing else, ready to be
written as JSON; what is not known is None.
Not here: the measures themselves, each in its own file; reading and printing (cli).
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from triage.outcomes.asks import DAY, Asks, Flags, Ints
from triage.outcomes.bounds import (
    deflection,
    durable_confirmed,
    offered_asks,
    seen_asks,
    taken_back,
    who_asked,
)
from triage.outcomes.exclusion import Counting, counting
from triage.outcomes.experiment import Wanted, experiment, offered_lift, share_told, slices_told
from triage.outcomes.guardrails import guardrails
from triage.outcomes.harm import harm_of
from triage.outcomes.intervals import clusters_of
from triage.outcomes.lift import Problems, problems_of
from triage.outcomes.narrowing import narrowed
from triage.outcomes.outcome import OUTCOMES, Outcome, Settled, settle
from triage.outcomes.surveying import Survey, answered_asks, silent_asks, survey_of
from triage.outcomes.told import HOLDOUT, TREATMENT

_TAKEN_BACK_DAYS = (1, 7, 28)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the parts of a report share."""

    asks: Asks
    counted: Counting
    settled: Settled
    who: Ints
    wanted: Wanted

    @property
    def kept(self) -> Flags:
        return self.counted.kept


def report_of(asks: Asks, wanted: Wanted) -> dict[str, Any]:
    """Return the measures of these asks by their names in docs/measures.md."""
    told = _told_of(asks, wanted)
    asks, counted = narrowed(asks, counting(asks, wanted.since, wanted.until))
    settled = settle(asks, wanted.window_days)
    parts = _Parts(asks, counted, settled, who_asked(asks), wanted)
    named = problems_of(asks, parts.kept, asks.person)
    unnamed = problems_of(asks, parts.kept & (asks.person < 0), parts.who)
    # Where nobody at all is known there is no headline, and what can be said is said of sessions.
    headline = bool(len(named.who)) or not len(unnamed.who)
    return {
        **_counts(parts),
        **experiment(named if headline else unnamed, wanted),
        "unit": "person" if headline else "session",
        "headline": headline,
        **offered_lift(asks, named if headline else unnamed, wanted.window_days),
        **_deflection(parts),
        "arms": {
            "treatment": _arm(parts, parts.kept & (asks.arm == TREATMENT)),
            "holdout": _arm(parts, parts.kept & (asks.arm == HOLDOUT)),
        },
        "sessions": {
            "asks": int(np.sum(parts.kept & (asks.person < 0))),
            **experiment(unnamed, wanted),
        },
        "guardrails": _guardrails(parts, named if headline else unnamed),
        **slices_told(asks, named if headline else unnamed, wanted.window_days),
        "excluded": _excluded(counted),
        **told,
    }


def _guardrails(parts: _Parts, problems: Problems) -> dict[str, Any]:
    asks, offered = parts.asks, offered_asks(parts.asks, parts.kept)
    return {
        **asdict(guardrails(asks, parts.kept, offered, parts.who)),
        "harm": harm_of(
            asks, parts.settled, offered, parts.who, problems, parts.wanted.window_days
        ),
    }


def _counts(parts: _Parts) -> dict[str, Any]:
    """Count the asks, and what became of those that were offered something."""
    offered = offered_asks(parts.asks, parts.kept)
    return {
        "asks": int(np.sum(parts.kept)),
        "offered": int(np.sum(offered)),
        **_outcomes(parts.settled, offered),
        "seen": int(np.sum(seen_asks(parts.asks, parts.kept))),
        "open": int(np.sum(parts.kept & parts.settled.open)),
        "unassigned": int(np.sum(parts.kept & (parts.asks.arm < 0))),
    }


def _outcomes(settled: Settled, among: Flags) -> dict[str, int]:
    return {outcome.value: settled.count(outcome, among) for outcome in OUTCOMES}


def _arm(parts: _Parts, among: Flags) -> dict[str, Any]:
    return {
        "asks": int(np.sum(among)),
        "persons": clusters_of(parts.asks.person[among & (parts.asks.person >= 0)]).number,
        "offered": int(np.sum(among & parts.asks.offered)),
        **_outcomes(parts.settled, among),
    }


def _deflection(parts: _Parts) -> dict[str, Any]:
    asks, kept = parts.asks, parts.kept
    treated = kept & (asks.arm == TREATMENT)
    offered, seen = offered_asks(asks, kept), seen_asks(asks, kept)
    bounds = deflection(parts.settled, seen, parts.who)
    back = {days: taken_back(asks, seen, parts.who, days) for days in _TAKEN_BACK_DAYS}
    survey = survey_of(asks, silent_asks(parts.settled, seen), parts.who)
    answered = survey_of(asks, answered_asks(asks, kept), parts.who)
    return {
        "offer_rate": _ratio(offered, treated),
        "abstention": _ratio(treated & ~asks.offered, treated),
        "not_offered": int(np.sum(treated & ~asks.offered)),
        "offered_unseen": int(np.sum(offered & ~seen)),
        "deflection_low": bounds and bounds.low.value,
        "deflection_high": bounds and bounds.high.value,
        "deflection_low_from": bounds and bounds.low.low,
        "deflection_high_to": bounds and bounds.high.high,
        "naive_deflection": _ratio(offered & ~parts.settled.ended(Outcome.POSTED), offered),
        "false_deflection": {
            str(days): None if found is None else {**share_told(found.share), "days": found.days}
            for days, found in back.items()
        },
        "durable_confirmed": durable_confirmed(asks, seen, parts.who, _TAKEN_BACK_DAYS[-1]),
        "survey": survey and asdict(survey),
        "survey_answered": answered and asdict(answered),
        "deflection_surveyed": _surveyed(parts.settled, seen, survey),
    }


def _surveyed(settled: Settled, seen: Flags, survey: Survey | None) -> dict[str, Any] | None:
    """Return the share of seen asks that was settled, when SILENT ones were as the survey says."""
    if survey is None:
        return None
    confirmed = settled.count(Outcome.CONFIRMED, seen) / int(np.sum(seen))
    silent = settled.count(Outcome.SILENT, seen) / int(np.sum(seen))
    among = survey.answered_share
    return {
        "share": None if among is None else confirmed + silent * among,
        "low": confirmed + silent * survey.low,
        "high": confirmed + silent * survey.high,
    }


def _excluded(counted: Counting) -> dict[str, int]:
    return {
        "bots": counted.bots,
        "staff": counted.staff,
        "test": counted.test,
        "bursts": counted.bursts,
        "outside_period": counted.outside,
    }


def _told_of(asks: Asks, wanted: Wanted) -> dict[str, Any]:
    """Say of what time this speaks, and how late the events came in."""
    late = asks.late_seconds
    return {
        "as_of": _moment(asks.as_of),
        "from": _moment(wanted.since),
        "to": _moment(wanted.until),
        "first_ask": _moment(float(asks.start.min())) if len(asks) else None,
        "last_ask": _moment(float(asks.start.max())) if len(asks) else None,
        "time_zone": wanted.time_zone,
        "window_days": wanted.window_days,
        "holdout_share": wanted.holdout,
        "seen_told": asks.shown_told,
        "lateness": {
            "known": len(late),
            "median_seconds": float(np.median(late)) if len(late) else None,
            "p95_seconds": float(np.quantile(late, 0.95)) if len(late) else None,
            "over_a_day": int(np.sum(late > DAY)),
        },
        "events_without_ask": asks.orphans,
    }


def _ratio(part: Flags, whole: Flags) -> float | None:
    return float(np.sum(part) / np.sum(whole)) if np.any(whole) else None


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
