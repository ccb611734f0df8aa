"""/lead/drift: is traffic still what the live model was made for, and what is to be done.

In: a look. Out: one verdict above all, then each part: what moved, since when, how surely, by
measure and slice, and what is missing where nobody can say.
Not here: which look it is (drift_look), figures by day (drift_figures), alerts (drift_alerts).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from triage.api.pages.lead.drift_look import ALL, Look
from triage.api.pages.lead.drift_naming import (
    chance_of,
    measure_of,
    moved_of,
    slice_of,
    verdict_cell,
)
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell, Head, Shown
from triage.insight.drift import ALL as EVERYTHING
from triage.insight.drift import WEEK, Drift, Looking, Part, Span, Verdict
from triage.watching.looking import worst
from triage.watching.moments import date_of

_TONES = {
    Verdict.DRIFTED: "bad",
    Verdict.WATCH: "",
    Verdict.STEADY: "good",
    Verdict.TOO_FEW: "",
}
_UNUSUAL = (Verdict.DRIFTED, Verdict.WATCH)
_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Headline:
    """What is said before any number."""

    tone: str
    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part: what is said of it, what it was held against, what moved, and all measures.

    `few` says what is missing where nobody can say; `steps` are where something can be done.
    """

    name: str
    title: str
    about: str
    verdict: Cell
    held: str
    few: Sequence[str]
    unusual: Shown
    everything: Shown
    steps: Sequence[tuple[str, str]]


def headline(here: Here, look: Look) -> Headline:
    """Return the verdict over everything."""
    drifts = look.watched.drifts
    many = {verdict: sum(one.verdict is verdict for one in drifts) for verdict in Verdict}
    found = next((v for v in (*_UNUSUAL, Verdict.STEADY) if many[v]), Verdict.TOO_FEW)
    key = f"lead_drift.all_{found}"
    title = here.counted(key, many[found]) if found in _UNUSUAL else here.say(key)
    begun = [one.since for one in drifts if one.verdict is found and one.since is not None]
    lines = [here.part(f"all_{found}_means")]
    if found in _UNUSUAL and begun:
        lines.insert(0, here.part("begun", day=here.numbers.day(date_of(min(begun)))))
    return Headline(_TONES[found], title, [*lines, _source(here, look)])


def parts(here: Here, look: Look) -> list[PartShown]:
    """Return the three parts."""
    return [_part(here, look, part) for part in Part]


def _source(here: Here, look: Look) -> str:
    """Say of which model it is, of which day, and who looked when."""
    moment = f"{look.looked_at:%Y-%m-%d %H:%M} UTC"
    who = here.part("kept_at" if look.kept else "looked_now", at=moment)
    facts = {"version": look.watched.model_version, "made": here.numbers.day(look.made)}
    told = [here.part("of_model", **facts), who]
    if look.asked.asks == ALL:
        told.append(here.part("with_simulated"))
    return " ".join(told)


def _part(here: Here, look: Look, part: Part) -> PartShown:
    drifts = [one for one in look.watched.drifts if one.part is part]
    verdict = worst(drifts, part)
    span = dict(look.watched.references).get(part)
    # The surest first, and of those the ones that are about everything.
    unusual = sorted(
        (one for one in drifts if one.verdict in _UNUSUAL),
        key=lambda one: (one.verdict is Verdict.WATCH, _odds(one), one.slice != EVERYTHING),
    )
    return PartShown(
        name=part.value,
        title=here.part(part.value),
        about=here.part(f"{part}_about"),
        verdict=verdict_cell(here, verdict),
        held=_held(here, look, part, span),
        few=list(_few(here, look, part, drifts, span)),
        unusual=_unusual_table(here, part, unusual),
        everything=_everything(here, part, drifts),
        steps=_steps(here, part) if unusual else (),
    )


def _odds(one: Drift) -> float:
    return 1 / one.e_value if one.e_value else one.p_value if one.p_value is not None else 1.0


def _held(here: Here, look: Look, part: Part, span: Span | None) -> str:
    if part is Part.PRECISION:
        return here.part("held_promise")
    if span is None:
        return ""
    days = {
        "first": here.numbers.day(date_of(span.first)),
        "last": here.numbers.day(date_of(span.end - 1)),
    }
    told = here.part("held", **days)
    # A forum that had no asks before the training lends its first weeks.
    return told if look.made is None or _before(look, span) else f"{told} {here.part('held_late')}"


def _before(look: Look, span: Span) -> bool:
    made = look.asked.since or look.made
    return made is None or date_of(span.first) < made


def _few(
    here: Here, look: Look, part: Part, drifts: Sequence[Drift], span: Span | None
) -> Iterator[str]:
    """Say what is missing for a verdict on the whole."""
    whole = [one for one in drifts if one.slice == EVERYTHING]
    if any(one.verdict is not Verdict.TOO_FEW for one in whole):
        return
    needed, say = Looking(), here.part
    if part is Part.PRECISION:
        judged = max((one.persons for one in whole), default=0)
        yield (
            here.counted("lead_drift.few_judged", judged) + " " + say("few_needed", n=needed.judged)
        )
        return
    if span is None:
        yield say("few_none")
        return
    ready = date_of(span.end + WEEK)
    if ready > look.asked.day:
        yield say("few_time", day=here.numbers.day(_next_look(ready, look.asked.day)))
        return
    recent = max((one.persons for one in whole), default=0)
    before = max((one.persons_before for one in whole), default=0)
    if recent < needed.persons:
        wanted = say("few_needed", n=needed.persons)
        yield f"{here.counted('lead_drift.few_recent', recent)} {wanted}"
    if before < 2 * needed.persons:
        wanted = say("few_needed", n=2 * needed.persons)
        yield f"{here.counted('lead_drift.few_before', before)} {wanted}"
    if span.weeks < needed.weeks or (recent >= needed.persons and before >= 2 * needed.persons):
        yield say("few_weeks", n=needed.weeks)


def _next_look(ready: date, day: date) -> date:
    return max(ready, day + timedelta(days=1))


def _unusual_table(here: Here, part: Part, rows: Sequence[Drift]) -> Shown:
    names = ("measure", "slice", "verdict", "since", "what", "chance", "persons")
    heads = tuple(
        Head(name, here.part(f"h_{name}"), number=name in ("chance", "persons")) for name in names
    )
    return Shown(
        f"drift_{part}",
        here.part("unusual"),
        heads,
        tuple(_unusual_row(here, one) for one in rows[:_MOST_ROWS]),
        max(0, len(rows) - _MOST_ROWS),
    )


def _unusual_row(here: Here, one: Drift) -> tuple[Cell, ...]:
    numbers = here.numbers
    return (
        Cell(measure_of(here, one.measure)),
        Cell(slice_of(here, one.slice)),
        verdict_cell(here, one.verdict),
        Cell(numbers.day(None if one.since is None else date_of(one.since))),
        Cell(moved_of(here, one)),
        Cell(chance_of(here, one), number=True),
        Cell(numbers.count(one.persons), number=True),
    )


def _everything(here: Here, part: Part, drifts: Sequence[Drift]) -> Shown:
    """Return all measures with their verdicts: by slice side by side where there are few."""
    caption = here.part("everything")
    if part is Part.PRECISION:
        heads = ("measure", "slice", "verdict", "what", "chance", "persons")
        rows = tuple(_precision_row(here, one) for one in drifts)
        return Shown(
            "drift_all",
            caption,
            tuple(Head(n, here.part(f"h_{n}"), n in ("chance", "persons")) for n in heads),
            rows[:_MOST_ROWS],
            max(0, len(rows) - _MOST_ROWS),
        )
    slices = list(dict.fromkeys(one.slice for one in drifts))
    measures = list(dict.fromkeys(one.measure for one in drifts))
    told = {(one.measure, one.slice): one for one in drifts}
    heads_of = tuple(Head(f"s{i}", slice_of(here, name)) for i, name in enumerate(slices))
    lines = tuple(
        (
            Cell(measure_of(here, measure)),
            *(_matrix_cell(here, told.get((measure, name))) for name in slices),
        )
        for measure in measures
    )
    return Shown("drift_all", caption, (Head("measure", here.part("h_measure")), *heads_of), lines)


def _matrix_cell(here: Here, one: Drift | None) -> Cell:
    # What a slice is made by cannot move within it.
    return Cell("–") if one is None else verdict_cell(here, one.verdict)


def _precision_row(here: Here, one: Drift) -> tuple[Cell, ...]:
    return (
        Cell(measure_of(here, one.measure)),
        Cell(slice_of(here, one.slice)),
        verdict_cell(here, one.verdict),
        Cell(moved_of(here, one)),
        Cell(chance_of(here, one), number=True),
        Cell(here.numbers.count(one.persons), number=True),
    )


def _steps(here: Here, part: Part) -> list[tuple[str, str]]:
    """Return what a lead can do about it, the likeliest first."""
    review = (here.part("step_review"), href("review"))
    train = (here.part("step_train"), href("training"))
    if part is Part.INPUTS:
        trends = (here.part("step_trends"), "/analytics/trends")
        issues = (here.part("step_issues"), href("issues"))
        return [trends, issues, review]
    if part is Part.PREDICTIONS:
        return [review, (here.part("step_taxonomy"), href("taxonomy")), train]
    return [review, train, (here.part("step_models"), href("models"))]
