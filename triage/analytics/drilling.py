"""A card and one of its sides -> the asks that it counts, a page of them at a time.

In: a `View`, the name of a card, a side. Out: which asks; rows of them without anybody's words.
Not here: the rules (cards), what those asks said and who may read it (api).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np

from triage import store
from triage.analytics.cards import CARDS
from triage.analytics.values import View
from triage.errors import BadField
from triage.outcomes.asks import Flags, Names
from triage.outcomes.bounds import seen_asks
from triage.outcomes.outcome import OUTCOMES, posted_after
from triage.outcomes.told import CODE_OF, HOLDOUT, MILD, TREATMENT
from triage.records import EventType

PAGE = 50
MOST_A_PAGE = 500
_ARMS = {TREATMENT: "treatment", HOLDOUT: "holdout"}


class Side(StrEnum):
    """What is looked at of a card."""

    PART = "part"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Listed:
    """One ask behind a figure; `triage_id` and `question_id` are None where there are none.

    What it is about is what its first call said, by which it was counted. `days_to_post` is None
    for not yet. `open`: its window is not over, so that what became of it may change.
    """

    ask_id: str
    started_at: datetime
    arm: str | None
    lang: str | None
    topic: str | None
    product: str | None
    account: str | None
    destination: str | None
    newcomer: bool | None
    severity: int | None
    sensitive: bool
    simulated: bool
    offered: bool
    seen: bool
    opened: bool
    outcome: str
    open: bool
    days_to_post: float | None
    triage_id: str | None
    question_id: str | None


def drilled(view: View, card: str, side: str = Side.PART) -> Flags:
    """Return the asks that a card counts on one side, by the rule that its figure is made by.

    Raises BadField for a card or a side that is none.
    """
    found = CARDS.get(card)
    if found is None:
        raise BadField("card", f"is none; there are {', '.join(CARDS)}")
    if side not in {*Side}:
        raise BadField("side", f"is none; there are {', '.join(Side)}")
    rule = found.part if side == Side.PART else found.whole
    if rule is None:
        raise BadField("side", f"`{side}` is none that `{card}` has: it is a count")
    return rule(view)


def asks_listed(
    c: store.Connection,
    forum_id: int,
    view: View,
    flags: Flags,
    page: int = 1,
    size: int = PAGE,
) -> tuple[Listed, ...]:
    """Return one page of marked asks, the latest first; beyond the last one there is nothing.

    Raises BadField for a page below 1 and for a size that is none.
    """
    if page < 1:
        raise BadField("page", "should be 1 or more")
    if not 1 <= size <= MOST_A_PAGE:
        raise BadField("size", f"should be from 1 to {MOST_A_PAGE}")
    places = np.flatnonzero(flags)[::-1][(page - 1) * size : page * size]
    return _listed(c, forum_id, view, places.tolist())


def _listed(
    c: store.Connection, forum_id: int, view: View, places: Sequence[int]
) -> tuple[Listed, ...]:
    asks, n = view.asks, len(view.asks)
    seen, posted = seen_asks(asks, view.kept), posted_after(asks)
    opened = asks.followings.of(CODE_OF[EventType.OPENED]).any(n)
    links = store.links_of_asks(c, forum_id, [asks.ids[place] for place in places])
    rows = []
    for place in places:
        newcomer, severity = int(asks.newcomer[place]), int(asks.severity[place])
        link = links[asks.ids[place]]
        rows.append(
            Listed(
                ask_id=asks.ids[place],
                started_at=datetime.fromtimestamp(float(asks.start[place]), UTC),
                arm=_ARMS.get(int(asks.arm[place])),
                lang=_name(asks.lang, place),
                topic=_name(asks.topic, place),
                product=_name(asks.product, place),
                account=_name(asks.account, place),
                destination=_name(asks.destination, place),
                newcomer=None if newcomer < 0 else bool(newcomer),
                severity=None if severity == MILD else severity,
                sensitive=bool(asks.sensitive[place]),
                simulated=bool(asks.simulated[place]),
                offered=bool(asks.offered[place]),
                seen=bool(seen[place]),
                opened=bool(opened[place]),
                outcome=OUTCOMES[view.settled.outcome[place]].value,
                open=bool(view.settled.open[place]),
                days_to_post=float(posted[place]) if np.isfinite(posted[place]) else None,
                triage_id=link.triage_id,
                question_id=link.question_id,
            )
        )
    return tuple(rows)


def _name(names: Names, place: int) -> str | None:
    code = int(names.code[place])
    return names.names[code] if code >= 0 else None
