"""Asks of all times -> those that the report of a period needs, so that a month costs a month.

In: `Asks`, which count. Out: fewer of both, with which every measure is the same.
Not here: who counts, which is told by all asks of a person at any time (exclusion).
"""

from dataclasses import replace
from typing import Any

import numpy as np

from triage.outcomes.asks import Asks, Flags, Ints, Names
from triage.outcomes.columns import NAMED
from triage.outcomes.exclusion import Counting
from triage.outcomes.ids import ids_at

# Fewer than that is worth the copying.
_WORTH_IT = 0.7


def narrowed(asks: Asks, counted: Counting) -> tuple[Asks, Counting]:
    """Return the asks that count, those that come back to them, and those that they come back to.

    All that follows any of them stays; what is told of the whole log stays as it is.
    """
    if np.count_nonzero(counted.kept) > _WORTH_IT * len(asks):
        return asks, counted
    stays: Flags = counted.kept | counted.kept[asks.root]
    stays[asks.root[stays]] = True
    places = np.flatnonzero(stays)
    place = np.cumsum(stays) - 1
    told = asks.followings.where(stays[asks.followings.ask])
    named: dict[str, Any] = {name: _at(getattr(asks, name), places) for name in NAMED}
    fewer = replace(
        asks,
        ids=ids_at(asks.ids, places),
        start=asks.start[places],
        followed=asks.followed[places],
        arm=asks.arm[places],
        person=asks.person[places],
        session=asks.session[places],
        offered=asks.offered[places],
        root=place[asks.root[places]],
        **named,
        newcomer=asks.newcomer[places],
        severity=asks.severity[places],
        sensitive=asks.sensitive[places],
        barred=asks.barred[places],
        simulated=asks.simulated[places],
        followings=replace(told, ask=place[told.ask]),
        survey_probability=asks.survey_probability[places],
        share=asks.share[places],
        placings=asks.placings.of_asks(np.where(stays, place, -1)),
    )
    return fewer, replace(counted, kept=counted.kept[places])


def _at(names: Names, places: Ints) -> Names:
    return Names(names.code[places], names.names)
