"""What a trial told of a policy -> sentences, tables and charts.

In: what is kept beside a version of its last trial. Out: values for a template; nothing of what an
older release did not keep.
Not here: making a trial (errands.trials), the arithmetic (policies.simulation), the asks that would
go another way (policy_moved).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.api.pages.lead.here import Here
from triage.api.pages.lead.policy_moved import MovedAsk, moved_asks
from triage.api.pages.lead.policy_words import decided_said
from triage.api.pages.showing import Cell, Charted, Head, Shown
from triage.policies.simulation.comparing import MEASURES, SHARES, WAITS
from triage.web import Chart, ChartKind, Series, Unit

_SIDES = ("current", "draft")
_MOST_DECIDED = 12
# Of these, more is worse; of the others it is what somebody wanted.
_WORSE_UP = frozenset({"wrong_public", *WAITS})

Measured = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class TrialShown:
    """A trial for people. `stale` says that another policy decides now than it was held against."""

    sentence: str
    rests_on: tuple[str, ...]
    verdicts: tuple[str, ...]
    measures: Shown
    charts: tuple[Charted, ...]
    decided: Charted | None
    moved: tuple[tuple[str, tuple[MovedAsk, ...]], ...]
    stale: bool


def trial_shown(here: Here, told: Mapping[str, Any], current: str) -> TrialShown:
    """Return what a trial told; `current` is the version that decides now."""
    return TrialShown(
        sentence=_sentence(here, told),
        rests_on=tuple(_rests_on(here, told)),
        verdicts=tuple(_verdicts(here, told)),
        measures=_measures(here, told),
        charts=tuple(_charts(here, told)),
        decided=_decided(here, told),
        moved=tuple(moved_asks(here, told.get("moved", ()))),
        stale=told["current_version"] != current,
    )


def _sentence(here: Here, told: Mapping[str, Any]) -> str:
    count = here.numbers.count
    key = "moves" if told["moved_to_expert"] or told["moved_to_community"] else "moves_nothing"
    return here.part(
        f"trial_{key}",
        asks=count(told["asks"]),
        days=count(told["days"]),
        expert=count(told["moved_to_expert"]),
        community=count(told["moved_to_community"]),
    )


def _rests_on(here: Here, told: Mapping[str, Any]) -> Iterator[str]:
    count, day = here.numbers.count, here.numbers.day
    since, until = (datetime.fromisoformat(told[name]) for name in ("since", "until"))
    yield here.part(f"counted_{told['counted']}", since=day(since), until=day(until))
    yield here.part("trial_persons", persons=count(told["persons"]), known=count(told["known"]))
    if told.get("simulated"):
        yield here.part("trial_simulated", n=count(told["simulated"]))
    if told["wordless"]:
        yield here.part("trial_wordless", n=count(told["wordless"]))
    if not told["answer_times"]:
        yield here.part("trial_no_waits")
    hours = here.numbers.number(told["hours_per_question"], 1)
    yield here.part("trial_hours", hours=hours)


def _verdicts(here: Here, told: Mapping[str, Any]) -> Iterator[str]:
    for name in MEASURES:
        found = told["difference"].get(name)
        if found is not None and found["value"] is not None:
            way = _way(found)
            difference = _said(here, name, found["value"], signed=True)
            span = _span(here, name, found, signed=True)
            measure = here.part(f"measure_{name}")
            yield here.part(f"verdict_{way}", measure=measure, by=difference, span=span)


def _way(found: Measured) -> str:
    """Return whether something rises or falls for sure; `same` where nobody can tell."""
    low, high = found["low"], found["high"]
    if low is not None and low > 0:
        return "more"
    return "less" if high is not None and high < 0 else "same"


def _measures(here: Here, told: Mapping[str, Any]) -> Shown:
    heads = [
        Head("measure", here.part("head_measure")),
        *(Head(name, here.part(f"head_{name}"), number=True) for name in (*_SIDES, "difference")),
        Head("sure", here.part("head_sure")),
    ]
    rows = []
    for name in MEASURES:
        cells = [_cell(here, name, told[side].get(name)) for side in _SIDES]
        apart = told["difference"].get(name)
        rows.append(
            (
                Cell(here.part(f"measure_{name}"), hint=here.part(f"measure_{name}_is")),
                *cells,
                _cell(here, name, apart, signed=True),
                _surely(here, name, apart),
            )
        )
    return Shown("measures", here.part("what_it_does"), tuple(heads), tuple(rows))


def _cell(here: Here, name: str, found: Measured | None, *, signed: bool = False) -> Cell:
    if found is None or found["value"] is None:
        return Cell(here.say("lead.unknown"), number=True)
    value = _said(here, name, found["value"], signed=signed)
    return Cell(value, hint=_span(here, name, found, signed=signed), number=True)


def _surely(here: Here, name: str, found: Measured | None) -> Cell:
    if found is None or found["value"] is None:
        return Cell(here.say("lead.unknown"))
    way = _way(found)
    tone = "plain"
    if name in _WORSE_UP and way != "same":
        tone = "bad" if way == "more" else "good"
    return Cell(here.part(f"surely_{way}"), mark=tone)


def _said(here: Here, name: str, value: float | None, *, signed: bool = False) -> str:
    numbers = here.numbers
    if name in SHARES:
        return numbers.points(value) if signed else numbers.share(value)
    if name == "expert_questions":
        shown = numbers.count(value)
    else:
        shown = numbers.number(value, 1)
        if name in WAITS or name == "expert_hours":
            shown = here.part("hours_n", n=shown)
    return f"+{shown}" if signed and value is not None and round(value, 1) > 0 else shown


def _span(here: Here, name: str, found: Measured, *, signed: bool = False) -> str:
    low, high = found["low"], found["high"]
    if low is None or high is None:
        return ""
    if name in SHARES:
        return (here.numbers.points_span if signed else here.numbers.span)(low, high)
    ends = (_said(here, name, end, signed=signed) for end in (low, high))
    return " … ".join(ends)


def _charts(here: Here, told: Mapping[str, Any]) -> Iterator[Charted]:
    """Give a chart of the shares and one of the waits; the table of all stands above them."""
    for about, names, unit in (
        ("shares", SHARES, Unit.SHARE),
        ("waits", WAITS, Unit.COUNT),
    ):
        known = [n for n in names if all(_known(told[side].get(n)) for side in _SIDES)]
        if known:
            yield Charted(_both(here, told, about, known, unit), _of(here, told, about, known))


def _known(found: Measured | None) -> bool:
    return found is not None and found["value"] is not None


def _both(
    here: Here, told: Mapping[str, Any], about: str, names: Sequence[str], unit: Unit
) -> Chart:
    series = [
        Series(
            here.part(f"head_{side}"),
            [told[side][name]["value"] for name in names],
            [
                f"{_said(here, name, told[side][name]['value'])}"
                f" ({_span(here, name, told[side][name])})"
                for name in names
            ],
            [told[side][name]["low"] for name in names],
            [told[side][name]["high"] for name in names],
        )
        for side in _SIDES
    ]
    return Chart(
        about=here.part(f"chart_{about}"),
        told=here.part("chart_intervals"),
        kind=ChartKind.INTERVALS,
        unit=unit,
        names=[here.part(f"measure_{name}") for name in names],
        series=series,
        separators=here.numbers.separators,
    )


def _of(here: Here, told: Mapping[str, Any], about: str, names: Sequence[str]) -> Shown:
    heads = (
        Head("measure", here.part("head_measure")),
        *(Head(side, here.part(f"head_{side}"), number=True) for side in _SIDES),
    )
    rows = tuple(
        (
            Cell(here.part(f"measure_{name}")),
            *(_cell(here, name, told[side][name]) for side in _SIDES),
        )
        for name in names
    )
    return Shown(about, here.part(f"chart_{about}"), heads, rows)


def _decided(here: Here, told: Mapping[str, Any]) -> Charted | None:
    counts: Mapping[str, Mapping[str, int]] = told.get("decided") or {}
    if not counts:
        return None
    names = [decided_said(here, name) for name in counts]
    heads = (
        Head("by", here.part("head_by_rule")),
        *(Head(side, here.part(f"head_{side}"), number=True) for side in _SIDES),
    )
    rows = tuple(
        (Cell(name), *(Cell(here.numbers.count(found[side]), number=True) for side in _SIDES))
        for name, found in zip(names, counts.values(), strict=True)
    )
    few = list(counts.values())[:_MOST_DECIDED]
    series = [
        Series(
            here.part(f"head_{side}"),
            [found[side] for found in few],
            [here.numbers.count(found[side]) for found in few],
            tone=place,
        )
        for place, side in enumerate(_SIDES)
    ]
    about = here.part("chart_decided")
    chart = Chart(
        about=about,
        told=here.part("chart_decided_is"),
        kind=ChartKind.STEPS,
        unit=Unit.COUNT,
        names=names[:_MOST_DECIDED],
        series=series,
        separators=here.numbers.separators,
        title=here.part("axis_asks"),
    )
    return Charted(chart, Shown("decided", about, heads, rows))
