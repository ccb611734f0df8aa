"""Asks -> every measure of a period, under stable names.

In: `Asks`, and what is wanted. Out: one mapping of numbers, texts and nothing else, ready to be
written as JSON; what is not known is None.
Not here: the measures themselves, each in its own file; reading and printing (cli).
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
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
    solved_asks,
    taken_back,
    who_asked,
)
from triage.outcomes.exclusion import Counting, counting
from triage.outcomes.experiment import (
    Sliced,
    Wanted,
    experiment,
    offered_lift,
    share_told,
    slices_of,
    slices_told,
)
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
class Parts:
    """What the parts of a report share: the asks that it needs, which count, what became of them.

    `who` is the unit of each ask: its person, else its session, else the ask itself.
    """

    asks: Asks
    counted: Counting
    settled: Settled
    who: Ints
    wanted: Wanted

    @property
    def kept(self) -> Flags:
        """Say of each ask whether it counts."""
        return self.counted.kept


def report_of(asks: Asks, wanted: Wanted) -> dict[str, Any]:
    """Return the measures of these asks by their names in docs/measures.md."""
    return report_and_parts(asks, wanted)[0]


def report_and_parts(asks: Asks, wanted: Wanted) -> tuple[dict[str, Any], Parts]:
    """Return the same, and what it was made of, for whoever counts more of the same asks."""
    # Most of it is done outside the interpreter's lock, so that a second core halves the wait.
    with ThreadPoolExecutor(max_workers=1) as beside:
        told = beside.submit(_told_of, asks, wanted)
        parts = _parts_of(asks, wanted)
        named = problems_of(parts.asks, parts.kept, parts.asks.person)
        unnamed = problems_of(parts.asks, parts.kept & (parts.asks.person < 0), parts.who)
        compared = beside.submit(_compared, parts, named, unnamed)
        alone = _alone(parts)
        guarded = guardrails(
            parts.asks, parts.kept, offered_asks(parts.asks, parts.kept), parts.who
        )
        arms, slices = compared.result()
        report = {
            **alone,
            **arms,
            "guardrails": {**asdict(guarded), "harm": _harm(parts, slices)},
            "excluded": _excluded(parts.counted),
            **told.result(),
        }
    return report, parts


def _parts_of(asks: Asks, wanted: Wanted) -> Parts:
    meant = wanted.only.among(asks) if wanted.only.told else None
    asks, counted = narrowed(asks, counting(asks, wanted.since, wanted.until, meant))
    settled = settle(asks, wanted.window_days)
    return Parts(asks, counted, settled, who_asked(asks), wanted)


def _alone(parts: Parts) -> dict[str, Any]:
    """Return what is counted of asks without comparing the arms."""
    kept, arm = parts.kept, parts.asks.arm
    return {
        **_counts(parts),
        **_deflection(parts),
        "arms": {
            "treatment": _arm(parts, kept & (arm == TREATMENT)),
            "holdout": _arm(parts, kept & (arm == HOLDOUT)),
        },
    }


def _compared(
    parts: Parts, named: Problems, unnamed: Problems
) -> tuple[dict[str, Any], Mapping[str, Sliced]]:
    """Return how the arms compare, and the slices that this was looked at in."""
    asks, wanted = parts.asks, parts.wanted
    # Where nobody at all is known there is no headline, and what can be said is said of sessions.
    headline = bool(len(named.who)) or not len(unnamed.who)
    problems = named if headline else unnamed
    slices = slices_of(asks, problems, wanted.window_days)
    told = {
        **experiment(problems, wanted),
        "unit": "person" if headline else "session",
        "headline": headline,
        **offered_lift(asks, problems, wanted.window_days),
        "sessions": {
            "asks": int(np.sum(parts.kept & (asks.person < 0))),
            **experiment(unnamed, wanted),
        },
        **slices_told(slices),
    }
    return told, slices


def _harm(parts: Parts, slices: Mapping[str, Sliced]) -> dict[str, list[dict[str, Any]]]:
    offered = offered_asks(parts.asks, parts.kept)
    lifts = {name: one.slices for name, one in slices.items()}
    return harm_of(parts.asks, parts.settled, offered, parts.who, lifts)


def _counts(parts: Parts) -> dict[str, Any]:
    """Count the asks, and what became of those that were offered something."""
    offered = offered_asks(parts.asks, parts.kept)
    return {
        "asks": int(np.sum(parts.kept)),
        "offered": int(np.sum(offered)),
        **_outcomes(parts.settled, offered),
        "seen": int(np.sum(seen_asks(parts.asks, parts.kept))),
        "open": int(np.sum(parts.kept & parts.settled.open)),
        "unassigned": int(np.sum(parts.kept & (parts.asks.arm < 0))),
        "simulated": int(np.sum(parts.kept & parts.asks.simulated)),
    }


def _outcomes(settled: Settled, among: Flags) -> dict[str, int]:
    return {outcome.value: settled.count(outcome, among) for outcome in OUTCOMES}


def _arm(parts: Parts, among: Flags) -> dict[str, Any]:
    return {
        "asks": int(np.sum(among)),
        "persons": clusters_of(parts.asks.person[among & (parts.asks.person >= 0)]).number,
        "offered": int(np.sum(among & parts.asks.offered)),
        **_outcomes(parts.settled, among),
    }


def _deflection(parts: Parts) -> dict[str, Any]:
    asks, kept = parts.asks, parts.kept
    treated = kept & (asks.arm == TREATMENT)
    offered, seen = offered_asks(asks, kept), seen_asks(asks, kept)
    bounds = deflection(parts.settled, seen, parts.who)
    solved = solved_asks(asks, seen)
    back = {days: taken_back(solved, parts.who, days) for days in _TAKEN_BACK_DAYS}
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
        "durable_confirmed": durable_confirmed(solved, seen, back[_TAKEN_BACK_DAYS[-1]]),
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
        "not_asked_for": counted.others,
    }


def _told_of(asks: Asks, wanted: Wanted) -> dict[str, Any]:
    """Say of what time this speaks, and how late the events came in."""
    late = asks.late_seconds
    middle, most = np.quantile(late, [0.5, 0.95]).tolist() if len(late) else (None, None)
    return {
        "as_of": _moment(asks.as_of),
        "from": _moment(wanted.since),
        "to": _moment(wanted.until),
        "only": wanted.only.told,
        "first_ask": _moment(float(asks.start.min())) if len(asks) else None,
        "last_ask": _moment(float(asks.start.max())) if len(asks) else None,
        "time_zone": wanted.time_zone,
        "window_days": wanted.window_days,
        "holdout_share": wanted.holdout,
        "seen_told": asks.shown_told,
        "lateness": {
            "known": len(late),
            "median_seconds": middle,
            "p95_seconds": most,
            "over_a_day": int(np.count_nonzero(late > DAY)),
        },
        "events_without_ask": asks.orphans,
    }


def _ratio(part: Flags, whole: Flags) -> float | None:
    return float(np.sum(part) / np.sum(whole)) if np.any(whole) else None


def _moment(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
