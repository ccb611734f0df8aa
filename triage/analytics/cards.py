"""A view -> its figures, each by a rule that says of every ask whether it counts.

In: a `View`. Out: figures; the rules by the names of cards, for whoever asks which asks they are.
Not here: what the measures mean (docs/measures.md, outcomes), lists of asks (drilling).

A card has one rule for its part and one for its whole, and nothing else counts it: the figure is
how many asks the rules mark, and the list behind it is those asks.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from triage.analytics.rates import Told, compared, count_figure, plain_share, share_figure
from triage.analytics.values import Figure, View
from triage.costs import SEVERE
from triage.outcomes.asks import Flags
from triage.outcomes.bounds import offered_asks, seen_asks, solved_asks
from triage.outcomes.guardrails import STILL, held_up_asks, unmet_asks
from triage.outcomes.outcome import Outcome
from triage.outcomes.told import CODE_OF, HOLDOUT, TREATMENT
from triage.records import EventType
from triage.reports.values import Column, Row

Rule = Callable[[View], Flags]
_OPENED = CODE_OF[EventType.OPENED]
_BACK_DAYS = "28"


@dataclass(frozen=True, slots=True)
class Card:
    """What a figure counts: `part` of `whole`, or `part` alone.

    `told` reads its share from the report where that is no plain share of the two, as with windows
    that are not over.
    """

    part: Rule
    whole: Rule | None = None
    told: Callable[[View], Told | None] | None = None


def figures(view: View) -> tuple[Figure, ...]:
    """Return the figure of every card, in their order."""
    return tuple(figure_of(view, name) for name in CARDS)


def figure_of(view: View, name: str) -> Figure:
    """Return the figure of one card."""
    card = CARDS[name]
    part = card.part(view)
    if card.whole is None:
        return count_figure(view, name, part)
    whole = card.whole(view)
    told = plain_share(view, part, whole) if card.told is None else card.told(view)
    return share_figure(view, name, part, whole, told)


def _kept(view: View) -> Flags:
    return view.kept


def _in_arm(arm: int) -> Rule:
    return lambda view: view.kept & (view.asks.arm == arm)


def _offered(view: View) -> Flags:
    return offered_asks(view.asks, view.kept)


def _seen(view: View) -> Flags:
    return seen_asks(view.asks, view.kept)


def _not_offered(view: View) -> Flags:
    return _in_arm(TREATMENT)(view) & ~view.asks.offered


def _opened(view: View) -> Flags:
    return _seen(view) & view.asks.followings.of(_OPENED).any(len(view.asks))


def _ended(*outcomes: Outcome, among: Rule) -> Rule:
    def rule(view: View) -> Flags:
        ended = np.zeros(len(view.asks), dtype=bool)
        for outcome in outcomes:
            ended |= view.settled.ended(outcome)
        return ended & among(view)

    return rule


def _open(view: View) -> Flags:
    return view.kept & view.settled.open


def _still(view: View) -> Flags:
    return _offered(view) & view.asks.followings.of(*STILL).any(len(view.asks))


def _unmet(view: View) -> Flags:
    return unmet_asks(view.asks, _offered(view))


def _severe(view: View) -> Flags:
    asks = view.asks
    severe: Flags = _offered(view) & ((asks.severity <= max(SEVERE)) | asks.sensitive)
    return severe


def _delayed(view: View) -> Flags:
    return _severe(view) & held_up_asks(view.asks)


def _solved(view: View) -> Flags:
    return solved_asks(view.asks, _seen(view)).solved


def _taken_back(view: View) -> Flags:
    found = solved_asks(view.asks, _seen(view))
    told = view.report["false_deflection"][_BACK_DAYS]
    days = float(_BACK_DAYS) if told is None else told["days"]
    marked = np.zeros(len(view.asks), dtype=bool)
    marked[np.flatnonzero(found.solved)[found.back <= days]] = True
    return marked


def _problems(arm: int, *, posted: bool) -> Rule:
    def rule(view: View) -> Flags:
        problems = compared(view)
        chosen = problems.arm == arm
        if posted:
            days = view.report["lift_days"]
            chosen &= problems.after <= (view.report["window_days"] if days is None else days)
        marked = np.zeros(len(view.asks), dtype=bool)
        marked[problems.ask[chosen]] = True
        return marked

    return rule


def _of_report(*path: str) -> Callable[[View], Told | None]:
    def told(view: View) -> Told | None:
        found = view.report
        for name in path:
            found = found[name]
            if found is None:
                return None
        return found["share"], found["low"], found["high"]

    return told


CARDS: Mapping[str, Card] = {
    "asks": Card(_kept),
    "treated": Card(_in_arm(TREATMENT), _kept),
    "offer_rate": Card(_offered, _in_arm(TREATMENT)),
    "abstention": Card(_not_offered, _in_arm(TREATMENT)),
    "seen": Card(_seen, _offered),
    "opened": Card(_opened, _seen),
    "deflection_low": Card(_ended(Outcome.CONFIRMED, among=_seen), _seen),
    "deflection_high": Card(_ended(Outcome.CONFIRMED, Outcome.SILENT, among=_seen), _seen),
    "posting_treatment": Card(
        _problems(TREATMENT, posted=True),
        _problems(TREATMENT, posted=False),
        _of_report("posting_treatment"),
    ),
    "posting_holdout": Card(
        _problems(HOLDOUT, posted=True),
        _problems(HOLDOUT, posted=False),
        _of_report("posting_holdout"),
    ),
    "posted": Card(_ended(Outcome.POSTED, among=_offered), _offered),
    "confirmed": Card(_ended(Outcome.CONFIRMED, among=_offered), _offered),
    "contradicted": Card(_ended(Outcome.CONTRADICTED, among=_offered), _offered),
    "silent": Card(_ended(Outcome.SILENT, among=_offered), _offered),
    "false_deflection": Card(_taken_back, _solved, _of_report("false_deflection", _BACK_DAYS)),
    "severe_delayed": Card(_delayed, _severe),
    "still_need_help": Card(_still, _offered),
    "still_need_help_unmet": Card(_unmet, _still),
    "open": Card(_open, _kept),
}
# Each of these is part of the one before it.
FUNNEL = ("asks", "treated", "offer_rate", "seen", "opened")

FIGURE_COLUMNS = (
    Column("name", "text", "which figure, as docs/measures.md names it"),
    Column("part", "whole", "asks that it counts"),
    Column("whole", "whole", "asks that these are a share of; empty: a count alone"),
    Column("share", "number", "the share; empty: too few persons, or not known"),
    Column("low", "number", "at least that, at 95 %"),
    Column("high", "number", "at most that, at 95 %"),
    Column("persons", "whole", "how many persons the whole, or the count, is of"),
    Column("enough", "yes", "enough persons for a share"),
)


def card_rows(view: View) -> Iterator[Row]:
    """Give every figure as a row of FIGURE_COLUMNS."""
    yield from map(_row, figures(view))


def funnel_rows(view: View) -> Iterator[Row]:
    """Give the figures of FUNNEL as rows of FIGURE_COLUMNS: each is a share of the one before."""
    yield from (_row(figure_of(view, name)) for name in FUNNEL)


def _row(found: Figure) -> Row:
    return tuple(getattr(found, column.name) for column in FIGURE_COLUMNS)
