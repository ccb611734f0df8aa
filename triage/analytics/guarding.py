"""A view -> what must not get worse while posts get fewer, a row each, with an alarm where it did.

In: a `View`. Out: rows: counts and shares, waits, the split between the arms, harmed slices.
Not here: the measures (outcomes.guardrails, outcomes.harm), their meaning (docs/measures.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage.analytics.cards import figure_of
from triage.analytics.rates import compared, persons_of
from triage.analytics.slices import slice_asks
from triage.analytics.values import FEWEST_PERSONS, View
from triage.outcomes.bounds import offered_asks
from triage.outcomes.outcome import Outcome
from triage.outcomes.told import HOLDOUT, TREATMENT
from triage.reports.values import Column, Row

# Cards that are guardrails, and whether a single ask is an alarm.
GUARDED: Mapping[str, bool] = {
    "severe_delayed": True,
    "still_need_help": False,
    "still_need_help_unmet": False,
    "contradicted": False,
    "false_deflection": False,
}


@dataclass(frozen=True, slots=True)
class Guard:
    """One guardrail. `dimension` and `value` name the slice that it is of; None: of all.

    `why` says of a harmed slice by which measures it is.
    """

    name: str
    dimension: str | None = None
    value: str | None = None
    part: int | None = None
    whole: int | None = None
    persons: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    seconds: float | None = None
    seconds_low: float | None = None
    seconds_high: float | None = None
    p_value: float | None = None
    why: str | None = None
    enough: bool = True
    alarm: bool = False


GUARD_COLUMNS = (
    Column("name", "text", "which guardrail, as docs/measures.md names it"),
    Column("dimension", "text", "what the slice is by; empty: all asks"),
    Column("value", "text", "the language, topic, ... itself"),
    Column("part", "whole", "asks that it counts"),
    Column("whole", "whole", "asks that these are a share of"),
    Column("persons", "whole", "how many persons the whole is of"),
    Column("share", "number", "the share; empty: too few persons, or none"),
    Column("low", "number", "at least that, at 95 %"),
    Column("high", "number", "at most that, at 95 %"),
    Column("seconds", "number", "median wait of all, those who still wait among them"),
    Column("seconds_low", "number", "at least that, at 95 %"),
    Column("seconds_high", "number", "at most that, at 95 %; empty: not reached"),
    Column("p_value", "number", "how likely a split so uneven is by chance alone"),
    Column("why", "text", "by which measures the slice is harmed, separated by blanks"),
    Column("enough", "yes", "enough persons for a share or a wait"),
    Column("alarm", "yes", "somebody should look at it"),
)


def guards(view: View) -> tuple[Guard, ...]:
    """Return all guardrails: those of all asks first, then every slice that can be harmed."""
    return tuple(_all(view))


def guard_rows(view: View) -> Iterator[Row]:
    """Give every guardrail as a row of GUARD_COLUMNS."""
    for guard in guards(view):
        yield tuple(getattr(guard, column.name) for column in GUARD_COLUMNS)


def _all(view: View) -> Iterator[Guard]:
    for name, alarms in GUARDED.items():
        found = figure_of(view, name)
        yield Guard(
            name,
            part=found.part,
            whole=found.whole,
            persons=found.persons,
            share=found.share,
            low=found.low,
            high=found.high,
            enough=found.enough,
            alarm=alarms and found.part > 0,
        )
    for arm, name in ((TREATMENT, "treatment"), (HOLDOUT, "holdout")):
        yield _wait(view, arm, name)
    yield _split(view)
    for dimension, slices in view.report["guardrails"]["harm"].items():
        for one in slices:
            yield _slice(view, dimension, one)


def _wait(view: View, arm: int, name: str) -> Guard:
    told = view.report["guardrails"]["useful_answer"][name]
    persons = persons_of(view.who[view.kept & (view.asks.arm == arm)])
    enough = persons >= FEWEST_PERSONS
    return Guard(
        f"useful_answer_{name}",
        part=told["came"],
        whole=told["asks"],
        persons=persons,
        seconds=told["median_seconds"] if enough else None,
        seconds_low=told["median_seconds_low"] if enough else None,
        seconds_high=told["median_seconds_high"] if enough else None,
        enough=enough,
    )


def _split(view: View) -> Guard:
    """Return whether the persons are split between the arms as they were drawn."""
    report = view.report
    return Guard(
        "srm_p",
        part=report["persons_in_holdout"],
        whole=report["persons"],
        persons=persons_of(compared(view).who),
        p_value=report["srm_p"],
        alarm=report["srm_alarm"],
    )


def _slice(view: View, dimension: str, told: Mapping[str, Any]) -> Guard:
    """Return the share of contradictions of a slice, and whether anything there is harmed."""
    share = told["contradicted"] or {}
    among = slice_asks(view, dimension, told["slice"]) & offered_asks(view.asks, view.kept)
    contradicted = among & view.settled.ended(Outcome.CONTRADICTED)
    persons = persons_of(view.who[among])
    enough = bool(share) and persons >= FEWEST_PERSONS
    return Guard(
        "harm",
        dimension=dimension,
        value=told["slice"],
        part=int(np.sum(contradicted)),
        whole=told["offered"],
        persons=persons,
        share=share["share"] if enough else None,
        low=share["low"] if enough else None,
        high=share["high"] if enough else None,
        why=" ".join(told["why"]) or None,
        enough=enough,
        alarm=told["harmed"],
    )
