"""Labels as they were filed and as they were said: how often, in which languages, by which cases.

In: a forum, a target, days. Out: counts, and the ids of some cases and asks.
Not here: which spellings are one label (taxonomy), what a label is called (api).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, select, true

from triage.records import Case, Target
from triage.store.batches import record_of
from triage.store.tables.base import asks, cases, triages
from triage.streams import chunks

__all__ = [
    "FiledLabel",
    "SaidLabel",
    "asks_said",
    "cases_labelled",
    "count_unlabelled",
    "filed_labels",
    "said_labels",
]


@dataclass(frozen=True, slots=True)
class FiledLabel:
    """So many cases have this label, spelt so, in this language; `last` is the newest."""

    label: str
    lang: str | None
    cases: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class SaidLabel:
    """So many asks were given this label; `abstained`: the model was not sure enough to say so."""

    label: str
    abstained: bool
    asks: int


def filed_labels(c: Connection, forum_id: int, target: Target) -> list[FiledLabel]:
    """Return every spelling of a target's labels, by language, with the cases that have it."""
    label = cases.c[target.value]
    query = (
        select(label, cases.c.lang, func.count(), func.max(cases.c.created))
        .where(cases.c.forum_id == forum_id, label.is_not(None))
        .group_by(label, cases.c.lang)
        .order_by(label, cases.c.lang)
    )
    return [
        FiledLabel(str(said), lang, number, last) for said, lang, number, last in c.execute(query)
    ]


def count_unlabelled(c: Connection, forum_id: int, target: Target) -> int:
    """Return how many cases have no label of a target."""
    query = select(func.count()).where(
        cases.c.forum_id == forum_id, cases.c[target.value].is_(None)
    )
    return c.execute(query).scalar_one()


def said_labels(
    c: Connection,
    forum_id: int,
    target: Target,
    since: datetime,
    *,
    include_simulated: bool = False,
) -> list[SaidLabel]:
    """Return what was last said of each ask since then, by label; no test asks, no bots."""
    told = _last_said(forum_id, target, since, include_simulated=include_simulated).subquery()
    query = (
        select(told.c.label, told.c.abstained, func.count())
        .where(told.c.number == 1, told.c.label.is_not(None))
        .group_by(told.c.label, told.c.abstained)
    )
    return [
        SaidLabel(str(label), bool(abstained), number)
        for label, abstained, number in c.execute(query)
    ]


def asks_said(
    c: Connection,
    forum_id: int,
    target: Target,
    label: str,
    since: datetime,
    most: int,
    *,
    include_simulated: bool = False,
) -> list[str]:
    """Return the ids of the last triages of the newest asks that were given a label."""
    told = _last_said(forum_id, target, since, include_simulated=include_simulated).subquery()
    query = (
        select(told.c.triage_id)
        .where(told.c.number == 1, told.c.label == label, told.c.abstained.is_(False))
        .order_by(told.c.at.desc(), told.c.triage_id)
        .limit(most)
    )
    return list(c.execute(query).scalars())


def cases_labelled(
    c: Connection, forum_id: int, target: Target, labels: Collection[str], most: int
) -> Iterator[Case]:
    """Give the newest cases that have one of these spellings, at most so many of each part."""
    column = cases.c[target.value]
    values: list[object] = [int(one) for one in labels] if target is Target.SEVERITY else [*labels]
    for part in chunks(values):
        query = (
            select(cases)
            .where(cases.c.forum_id == forum_id, column.in_(part))
            .order_by(cases.c.created.is_(None), cases.c.created.desc(), cases.c.id)
            .limit(most)
        )
        for row in c.execute(query).mappings():
            yield record_of(Case, row)


def _last_said(
    forum_id: int, target: Target, since: datetime, *, include_simulated: bool
) -> Select[tuple[str, datetime, str, bool, int]]:
    """Return the query of each ask's replies with what they say, the last numbered 1."""
    label = triages.c.reply["labels"][target.value]
    number = func.row_number().over(
        partition_by=triages.c.ask_id, order_by=(triages.c.at.desc(), triages.c.triage_id.desc())
    )
    return (
        select(
            triages.c.triage_id,
            triages.c.at,
            label["value"].as_string().label("label"),
            label["abstained"].as_boolean().label("abstained"),
            number.label("number"),
        )
        .join(asks, (asks.c.forum_id == triages.c.forum_id) & (asks.c.ask_id == triages.c.ask_id))
        .where(
            triages.c.forum_id == forum_id,
            asks.c.opened_at >= since,
            asks.c.test.is_(False),
            asks.c.barred.is_(None),
            true() if include_simulated else asks.c.simulated.is_not(True),
        )
    )
