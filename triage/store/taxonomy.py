"""Labels as they were filed and as they were said: how often, in which languages, by which cases.

In: a forum, a target, days. Out: counts, and the ids of some cases and asks.
Not here: which spellings are one label (taxonomy), what a label is called (api).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

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


# So many times as many replies are read at once as are wanted: some are not their ask's last one.
_AT_ONCE = 4


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
    targets: Sequence[Target],
    since: datetime,
    *,
    include_simulated: bool = False,
) -> dict[Target, list[SaidLabel]]:
    """Return what was last said of each ask since then, by label; no test asks, no bots.

    Of all targets at once: reading the replies is what takes long.
    """
    number = func.row_number().over(
        partition_by=triages.c.ask_id, order_by=(triages.c.at.desc(), triages.c.triage_id.desc())
    )
    last = (
        select(triages.c.triage_id, number.label("number"))
        .join(asks, (asks.c.forum_id == triages.c.forum_id) & (asks.c.ask_id == triages.c.ask_id))
        .where(
            triages.c.forum_id == forum_id,
            *_counts(since, include_simulated=include_simulated),
        )
        .subquery()
    )
    said = [part for target in targets for part in _said(target)]
    query = (
        select(*said, func.count())
        .join(last, last.c.triage_id == triages.c.triage_id)
        .where(triages.c.forum_id == forum_id, last.c.number == 1)
        .group_by(*said)
    )
    found: dict[Target, Counter[tuple[str, bool]]] = {target: Counter() for target in targets}
    for *told, asked in c.execute(query):
        for place, target in enumerate(targets):
            label, abstained = told[2 * place : 2 * place + 2]
            if label is not None:
                found[target][str(label), bool(abstained)] += asked
    return {
        target: [SaidLabel(*said, asked) for said, asked in sorted(counted.items())]
        for target, counted in found.items()
    }


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
    """Return the ids of the last triages of the newest asks that were given a label.

    Replies are read from the newest on, until there are so many.
    """
    value, abstained = _said(target)
    of = triages.c
    query = (
        select(of.triage_id, of.ask_id, of.at)
        .where(of.forum_id == forum_id, of.at >= since, value == label, abstained.is_(False))
        .order_by(of.at.desc(), of.triage_id.desc())
        .limit(_AT_ONCE * most)
    )
    found: list[str] = []
    part = query
    while len(found) < most and (rows := c.execute(part).all()):
        last = _last_of(c, forum_id, {row.ask_id for row in rows})
        counted = _counting(
            c, forum_id, {row.ask_id for row in rows}, since, include_simulated=include_simulated
        )
        found += [
            row.triage_id
            for row in rows
            if row.ask_id in counted and last[row.ask_id] == row.triage_id
        ]
        end = rows[-1]
        part = query.where(or_(of.at < end.at, and_(of.at == end.at, of.triage_id < end.triage_id)))
    return found[:most]


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


def _said(target: Target) -> tuple[ColumnElement[str], ColumnElement[bool]]:
    """Return the label of a reply, and whether the model was not sure enough of it."""
    label = triages.c.reply["labels"][target.value]
    return label["value"].as_string(), label["abstained"].as_boolean()


def _counts(since: datetime, *, include_simulated: bool) -> list[ColumnElement[bool]]:
    return [
        asks.c.opened_at >= since,
        asks.c.test.is_(False),
        asks.c.barred.is_(None),
        true() if include_simulated else asks.c.simulated.is_not(True),
    ]


def _counting(
    c: Connection, forum_id: int, ids: Collection[str], since: datetime, *, include_simulated: bool
) -> set[str]:
    """Return which of these asks count."""
    wanted = _counts(since, include_simulated=include_simulated)
    found: set[str] = set()
    for part in chunks(ids):
        mine = (asks.c.forum_id == forum_id, asks.c.ask_id.in_(part))
        found.update(c.execute(select(asks.c.ask_id).where(*mine, *wanted)).scalars())
    return found


def _last_of(c: Connection, forum_id: int, ids: Collection[str]) -> dict[str, str]:
    """Return the last triage of each of these asks."""
    of = triages.c
    last: dict[str, str] = {}
    for part in chunks(ids):
        query = select(of.ask_id, of.triage_id).where(of.forum_id == forum_id, of.ask_id.in_(part))
        rows = c.execute(query.order_by(of.ask_id, of.at, of.triage_id))
        last.update({ask_id: triage_id for ask_id, triage_id in rows})
    return last
