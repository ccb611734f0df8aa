"""/analytics: whether the service earns its place, in a minute.

In: a reading. Out: the verdict, every card with the asks behind it, the funnel, what changed over
the weeks, and what must not get worse.
Not here: the figures and the words of the verdict (analytics), which asks a card counts (drilling).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.analytics.cards import CARDS, figure_of
from triage.analytics.charting import RowMap, bounds_chart, funnel_chart, lift_chart
from triage.analytics.headline import headline
from triage.analytics.values import FEWEST_PERSONS, Figure
from triage.analytics.verdicts import verdict_shown
from triage.api.pages.analytics.cells import Charted, Col, Shown, rows_of, shown
from triage.api.pages.analytics.here import Here, Values

# All cards stand on the page, each in one group; what answers the question first, first.
GROUPS: Mapping[str, Sequence[str]] = {
    "works": (
        *("deflection_low", "deflection_high", "posting_treatment", "posting_holdout"),
        "false_deflection",
    ),
    "guarded": ("severe_delayed", "still_need_help", "still_need_help_unmet"),
    "became": ("confirmed", "silent", "posted", "contradicted"),
    "reach": ("asks", "treated", "offer_rate", "abstention", "seen", "opened", "open"),
}
_WAITS = frozenset({"useful_answer_treatment", "useful_answer_holdout"})


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card as people read it. `part_href` and `whole_href` lead to the asks behind it."""

    name: str
    title: str
    meaning: str
    value: str
    span: str
    enough: bool
    part: str
    whole: str | None
    persons: str
    part_href: str
    whole_href: str | None


def overview(here: Here) -> Values:
    """Return what the first tab shows."""
    cards = {name: card(here, figure_of(here.context.view, name)) for name in CARDS}
    return {
        "verdict": verdict_shown(headline(here.context.view), here.numbers.lang),
        "groups": [(group, [cards[name] for name in names]) for group, names in GROUPS.items()],
        "charts": _charts(here),
        "guardrails": _guardrails(here),
        "fewest": FEWEST_PERSONS,
    }


def card(here: Here, figure: Figure) -> CardShown:
    """Return a card as people read it."""
    numbers, name = here.numbers, figure.name
    counted = figure.whole is None
    value = numbers.count(figure.part) if counted else numbers.share(figure.share)
    if not figure.enough:
        value = here.say("analytics.too_few")
    return CardShown(
        name=name,
        title=here.say(f"card.{name}"),
        meaning=here.say(f"card_is.{name}"),
        value=value,
        span=numbers.span(figure.low, figure.high) if figure.enough else "",
        enough=figure.enough,
        part=numbers.count(figure.part),
        whole=None if figure.whole is None else numbers.count(figure.whole),
        persons=here.counted("analytics.persons", figure.persons),
        part_href=here.link("/analytics/asks", card=name, side="part"),
        whole_href=None if counted else here.link("/analytics/asks", card=name, side="whole"),
    )


def behind(here: Here, key: str) -> str:
    """Return where the asks behind a row are."""
    return here.link("/analytics/asks", behind=key)


def _charts(here: Here) -> list[Charted]:
    lang, weeks, steps = here.numbers.lang, rows_of(here, "weeks"), rows_of(here, "funnel")
    lift = shown(here, "weeks", _LIFT, weeks, caption=here.say("chart.lift"))
    bounds = shown(here, "weeks", _BOUNDS, weeks, caption=here.say("chart.bounds"))
    return [
        Charted(funnel_chart(steps, lang), shown(here, "funnel", _FUNNEL, steps)),
        Charted(bounds_chart(weeks, lang), bounds),
        Charted(lift_chart(weeks, lang), lift),
    ]


def _guardrails(here: Here) -> Shown:
    """Return what must not get worse: what wants a look first, then all asks, then slices."""
    rows = rows_of(here, "guardrails")
    rows.sort(key=lambda row: (not row["alarm"], row["dimension"] is not None))
    return shown(here, "guardrails", _GUARDS, rows)


def _slice_said(here: Here, row: RowMap) -> str:
    if row["dimension"] is None:
        return here.say("analytics.all_asks")
    value = here.name_of(row["dimension"], row["value"])
    return f"{here.say('analytics.by_' + row['dimension'])}: {value}"


def _result_said(here: Here, row: RowMap) -> str:
    """Return what a guardrail came to: a wait, how likely a split is, a share."""
    numbers = here.numbers
    if row["name"] in _WAITS:
        if not row["enough"]:
            return here.say("analytics.too_few")
        if row["seconds"] is None:
            return here.say("guard.not_reached")
        return f"{numbers.wait(row['seconds'])} ({_wait_span(here, row)})"
    if row["p_value"] is not None:
        return f"p: {numbers.chance(row['p_value'])}"
    if row["share"] is None:
        return here.say("analytics.too_few")
    return f"{numbers.share(row['share'])} ({numbers.span(row['low'], row['high'])})"


def _wait_span(here: Here, row: RowMap) -> str:
    low, high = (here.numbers.wait(row[end]) for end in ("seconds_low", "seconds_high"))
    return f"{low} … {high}"


def _counted_said(here: Here, row: RowMap) -> str:
    part, whole = (here.numbers.count(row[name]) for name in ("part", "whole"))
    return f"{part} / {whole}"


def _alarm_said(here: Here, row: RowMap) -> str:
    if not row["alarm"]:
        return here.say("guard.fine")
    why = ", ".join(here.say(f"value.why_{one}") for one in (row["why"] or "").split())
    return why or here.say("guard.look")


_WEEK = Col("week", link=lambda here, row: behind(here, f"week:{row['week']}"))
_BOUNDS = (
    _WEEK,
    Col("asks"),
    Col("persons"),
    Col("seen"),
    Col("deflection_low"),
    Col("deflection_high"),
    Col("open", word="open_asks"),
)
_LIFT = (
    _WEEK,
    Col("problems_treatment"),
    Col("problems_holdout"),
    Col("lift", ("lift_low", "lift_high")),
)
_FUNNEL = (
    Col(
        "name",
        say=lambda here, row: here.say(f"card.{row['name']}"),
        link=lambda here, row: here.link("/analytics/asks", card=row["name"], side="part"),
        word="step",
    ),
    Col("part", word="asks"),
    Col("share", ("low", "high"), word="share_of_before"),
    Col("persons"),
)
_GUARDS = (
    Col("name", say=lambda here, row: here.say(f"guard.{row['name']}"), word="guardrail"),
    Col("value", say=_slice_said, word="slice"),
    Col("share", say=_result_said, word="result"),
    Col("part", say=_counted_said, word="part_of_whole"),
    Col("alarm", say=_alarm_said, warn=lambda row: bool(row["alarm"])),
)
