"""The changes of posted questions, whoever is alerted of one, and a forum's rules about them.

In: rows. Out: rows again. Changes are only added, and each once: two writers of one revision, or of
one change id, are kept apart by the keys of the table.
Not here: which change is allowed (lifecycle), questions themselves (question_rows).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.engine import RowMapping

from triage.store.batches import pages, record_of, row_of
from triage.store.dialects import insert_if_new, upsert
from triage.store.tables.question import question_alerts, question_changes, question_rules


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One step of a question as it is kept.

    `words` are what the asker said or was told with it, `note` what the staff keep for themselves;
    both redacted. `answer_public` says whether others than the asker may have the answer.
    """

    question_id: str
    revision: int
    change_id: str
    before: str | None
    after: str
    who: str
    at: datetime
    why: str | None = None
    by: str | None = None
    answer_id: str | None = None
    answer_public: bool | None = None
    asked: tuple[str, ...] = ()
    owner: str | None = None
    destination: str | None = None
    shareable: bool | None = None
    words: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """Somebody of the staff who is told at once, or reminded, of a question."""

    alert_id: str
    question_id: str
    owner: str
    why: str
    at: datetime
    seen_at: datetime | None = None
    seen_by: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """Who owns what, how long what may wait, and what was learnt of waiting, as JSON.

    `handover_url` is where a person of the company is met.
    """

    owners: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, Any] = field(default_factory=dict)
    learned: dict[str, Any] = field(default_factory=dict)
    learned_at: datetime | None = None
    handover_url: str | None = None


def add_change(c: Connection, forum_id: int, row: ChangeRow) -> None:
    """Keep the next change of a question."""
    c.execute(insert(question_changes).values(forum_id=forum_id, **row_of(row)))


def changes_of_question(c: Connection, forum_id: int, question_id: str) -> list[ChangeRow]:
    """Return all changes of a question, oldest first."""
    query = select(question_changes).where(
        question_changes.c.forum_id == forum_id, question_changes.c.question_id == question_id
    )
    rows = c.execute(query.order_by(question_changes.c.revision)).mappings()
    return [record_of(ChangeRow, row) for row in rows]


def iter_question_changes(
    c: Connection, forum_id: int, *, since: datetime | None = None
) -> Iterator[ChangeRow]:
    """Give the changes made since then, question by question, each in its order."""
    query = select(question_changes).where(question_changes.c.forum_id == forum_id)
    if since is not None:
        query = query.where(question_changes.c.at >= since)
    order = [question_changes.c.question_id, question_changes.c.revision]
    for page in pages(c, query, order):
        yield from (record_of(ChangeRow, row) for row in page)


def add_alert(c: Connection, forum_id: int, row: AlertRow) -> bool:
    """Keep an alert; one of the same id is there already and stays. Return whether it is new."""
    return insert_if_new(c, question_alerts, {"forum_id": forum_id, **row_of(row)})


def list_alerts(
    c: Connection,
    forum_id: int,
    *,
    owner: str | None = None,
    unseen: bool = False,
    after: AlertRow | None = None,
    limit: int = 50,
) -> list[AlertRow]:
    """Return alerts, newest first, beginning behind `after`."""
    alerts = question_alerts.c
    query = select(question_alerts).where(alerts.forum_id == forum_id)
    if owner is not None:
        query = query.where(alerts.owner == owner)
    if unseen:
        query = query.where(alerts.seen_at.is_(None))
    if after is not None:
        later = (alerts.at == after.at) & (alerts.alert_id < after.alert_id)
        query = query.where((alerts.at < after.at) | later)
    query = query.order_by(alerts.at.desc(), alerts.alert_id.desc()).limit(limit)
    return [_alert(row) for row in c.execute(query).mappings()]


def get_alert(c: Connection, forum_id: int, alert_id: str) -> AlertRow | None:
    """Return an alert, or None where the forum has it not."""
    query = select(question_alerts).where(
        question_alerts.c.forum_id == forum_id, question_alerts.c.alert_id == alert_id
    )
    row = c.execute(query).mappings().first()
    return None if row is None else _alert(row)


def see_alert(c: Connection, forum_id: int, alert_id: str, by: str, at: datetime) -> bool:
    """Say that an alert was seen; return whether it had not been before."""
    query = update(question_alerts).where(
        question_alerts.c.forum_id == forum_id,
        question_alerts.c.alert_id == alert_id,
        question_alerts.c.seen_at.is_(None),
    )
    return c.execute(query.values(seen_at=at, seen_by=by)).rowcount > 0


def last_alert_at(c: Connection, forum_id: int, question_id: str) -> datetime | None:
    """Return when somebody was last alerted or reminded of a question."""
    query = select(func.max(question_alerts.c.at)).where(
        question_alerts.c.forum_id == forum_id, question_alerts.c.question_id == question_id
    )
    moment: datetime | None = c.execute(query).scalar()
    return moment


def get_question_rules(c: Connection, forum_id: int) -> QuestionRules:
    """Return the forum's rules; empty where it has made none."""
    query = select(question_rules).where(question_rules.c.forum_id == forum_id)
    row = c.execute(query).mappings().first()
    return QuestionRules() if row is None else record_of(QuestionRules, row)


def put_question_rules(c: Connection, forum_id: int, rules: QuestionRules) -> None:
    """Keep the forum's rules in place of those before."""
    upsert(c, question_rules, [{"forum_id": forum_id, **row_of(rules)}])


def note_learned_waits(
    c: Connection, forum_id: int, learned: Mapping[str, Any], at: datetime
) -> None:
    """Keep what was learnt of waiting beside the rules."""
    former = get_question_rules(c, forum_id)
    rules = replace(former, learned=dict(learned), learned_at=at)
    put_question_rules(c, forum_id, rules)


def _alert(row: RowMapping) -> AlertRow:
    return record_of(AlertRow, row)
