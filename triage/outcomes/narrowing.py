"""Asks of all times -> those that the report of a period needs, so that a month costs a month.

In: `Asks`, which count. Out: fewer of both, with which every measure is the same.
Not here: who counts, which is told by all asks of a person at any time (exclusion).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import overload

import numpy as np

from triage.outcomes.asks import Asks, Flags, Ints, Names
from triage.outcomes.exclusion import Counting

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
    fewer = replace(
        asks,
        ids=_Some(asks.ids, places),
        start=asks.start[places],
        followed=asks.followed[places],
        arm=asks.arm[places],
        person=asks.person[places],
        session=asks.session[places],
        offered=asks.offered[places],
        root=place[asks.root[places]],
        lang=Names(asks.lang.code[places], asks.lang.names),
        topic=Names(asks.topic.code[places], asks.topic.names),
        newcomer=asks.newcomer[places],
        severity=asks.severity[places],
        sensitive=asks.sensitive[places],
        barred=asks.barred[places],
        followings=replace(told, ask=place[told.ask]),
        survey_probability=asks.survey_probability[places],
        share=asks.share[places],
    )
    return fewer, replace(counted, kept=counted.kept[places])


class _Some(Sequence[str]):
    """Some of many ids, none of them looked at before it is asked for."""

    def __init__(self, ids: Sequence[str], places: Ints) -> None:
        self._ids, self._places = ids, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return _Some(self._ids, self._places[place])
        return self._ids[int(self._places[place])]
