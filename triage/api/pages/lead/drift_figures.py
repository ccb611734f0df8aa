"""Daily cards of a look -> what each label's precision and coverage are, together and by day.

In: a look, what the model promised, looks of the days before. Out: cards, charts with their tables.
Not here: counting (watching.daily), verdicts (drift).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from triage import store
from triage.api.pages.lead.drift_look import Look
from triage.api.pages.lead.drift_naming import measure_of
from triage.api.pages.lead.here import Here
from triage.api.pages.showing import Cell, Charted, Head, Shown
from triage.insight.drift import Part, Verdict
from triage.outcomes.intervals import Share
from triage.watching import Card
from triage.watching.saying import heard
from triage.web import Chart, ChartKind, Series, Unit

_HISTORY = timedelta(days=90)
_FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class CardShown:
    """One label of all days together. `precision` and `coverage` are None where nobody can say."""

    name: str
    title: str
    precision: str | None
    precision_span: str
    judged: str
    promised: str
    coverage: str
    below: bool


def cards(here: Here, look: Look, promises: Mapping[str, float]) -> list[CardShown]:
    """Return a card for each label that the model says, of all the days together."""
    return [
        _card(here, card, promises.get(card.target.value))
        for card in look.watched.cards
        if card.day is None and _is_known(look, card)
    ]


def charts(here: Here, look: Look, promises: Mapping[str, float]) -> list[Charted]:
    """Return how precision and coverage of each label went day by day."""
    together = [c for c in look.watched.cards if c.day is None and _is_known(look, c)]
    return [_charted(here, look, card, promises.get(card.target.value)) for card in together]


def history(here: Here, look: Look) -> Charted | None:
    """Return how many measures had drifted on each day that somebody looked; None: too few days."""
    until = look.asked.day
    with here.database().read() as c:
        days = store.drift_days(c, here.forum.id, until - _HISTORY, until)
    if len(days) < _FEWEST_POINTS:
        return None
    counts = [_drifted(day) for day in days]
    names = [day.day.isoformat() for day in days]
    series = [
        Series(
            here.part(part.value),
            [count[part] for count in counts],
            [here.numbers.count(count[part]) for count in counts],
        )
        for part in Part
    ]
    about = here.part("history")
    chart = Chart(
        about=about,
        told=here.part("history_told"),
        kind=ChartKind.BARS,
        unit=Unit.COUNT,
        names=names,
        series=series,
        separators=here.numbers.separators,
        dates=True,
        stacked=True,
    )
    heads = (Head("day", here.part("h_day")), *(Head(p, here.part(p), True) for p in Part))
    rows = tuple(
        (Cell(name), *(Cell(here.numbers.count(count[p]), number=True) for p in Part))
        for name, count in reversed(list(zip(names, counts, strict=True)))
    )
    return Charted(chart, Shown("drift_history", about, heads, rows))


def _drifted(day: store.DriftDay) -> Mapping[Part, int]:
    drifts = heard(day.found).drifts
    return {
        part: sum(one.part is part and one.verdict is Verdict.DRIFTED for one in drifts)
        for part in Part
    }


def _is_known(look: Look, card: Card) -> bool:
    """Say whether there is anything of a label: a model without such a head says nothing of it."""
    return bool(card.asks or card.judged)


def _card(here: Here, card: Card, promise: float | None) -> CardShown:
    numbers, right = here.numbers, card.precision
    said = card.coverage
    return CardShown(
        name=card.target.value,
        title=measure_of(here, card.target.value),
        precision=None if right is None else numbers.share(right.value),
        precision_span="" if right is None else numbers.span(right.low, right.high),
        judged=here.counted("lead_drift.judged", card.judged),
        promised="" if promise is None else here.part("promised", share=numbers.share(promise)),
        coverage=here.part(
            "said_of",
            share=numbers.share(None if said is None else said.value),
            span=numbers.span(None if said is None else said.low, said.high if said else None),
            asks=here.counted("analytics.asks_n", card.asks),
        ),
        below=right is not None and promise is not None and right.high < promise,
    )


def _charted(here: Here, look: Look, whole: Card, promise: float | None) -> Charted:
    days = sorted(
        (c for c in look.watched.cards if c.target is whole.target and c.day is not None),
        key=lambda c: str(c.day),
    )
    about = here.part("by_day", what=measure_of(here, whole.target.value))
    known = [c for c in days if c.coverage is not None or c.precision is not None]
    chart = None if len(known) < _FEWEST_POINTS else _chart(here, about, days, whole, promise)
    return Charted(chart, _table(here, about, days))


def _chart(
    here: Here, about: str, days: Sequence[Card], whole: Card, promise: float | None
) -> Chart:
    drawn = [_series(here, "coverage", [card.coverage for card in days], 0)]
    if any(card.precision is not None for card in days):
        drawn.append(_series(here, "precision", [card.precision for card in days], 1))
        if promise is not None:
            said = here.numbers.share(promise)
            line = [promise] * len(days)
            drawn.append(Series(here.part("h_promised"), line, [said] * len(days), tone=4))
    shares = (whole.coverage, whole.precision)
    coverage, precision = (here.numbers.share(s.value if s else None) for s in shares)
    judged = here.counted("lead_drift.judged", whole.judged)
    told = "by_day_told" if whole.judged else "by_day_unjudged"
    return Chart(
        about=about,
        told=here.part(told, coverage=coverage, precision=precision, judged=judged),
        kind=ChartKind.LINES,
        unit=Unit.SHARE,
        names=[str(card.day) for card in days],
        series=drawn,
        separators=here.numbers.separators,
        dates=True,
    )


def _series(here: Here, name: str, shares: Sequence[Share | None], tone: int) -> Series:
    return Series(
        here.part(f"h_{name}"),
        [None if one is None else one.value for one in shares],
        [_said(here, one) for one in shares],
        [None if one is None else one.low for one in shares],
        [None if one is None else one.high for one in shares],
        tone,
    )


def _said(here: Here, share: Share | None) -> str:
    if share is None:
        return here.numbers.share(None)
    return f"{here.numbers.share(share.value)} ({here.numbers.span(share.low, share.high)})"


def _table(here: Here, about: str, days: Sequence[Card]) -> Shown:
    names = ("day", "asks", "coverage", "judged", "precision")
    heads = tuple(Head(name, here.part(f"h_{name}"), name != "day") for name in names)
    rows = tuple(
        (
            Cell(str(card.day)),
            Cell(here.numbers.count(card.asks), number=True),
            _share_cell(here, card.coverage),
            Cell(here.numbers.count(card.judged), number=True),
            _share_cell(here, card.precision),
        )
        for card in reversed(days)
        if card.asks or card.judged
    )
    return Shown("drift_days", about, heads, rows)


def _share_cell(here: Here, share: Share | None) -> Cell:
    hint = "" if share is None else here.numbers.span(share.low, share.high)
    return Cell(here.numbers.share(None if share is None else share.value), hint, number=True)


__all__ = ["CardShown", "cards", "charts", "history"]
