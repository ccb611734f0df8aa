"""Questions whose moment has come -> to staff, a reminder, or an end; each exactly once.

In: a store, a forum, the moment. Out: how many went which way. Each question is looked at in a
transaction of its own, so that nobody waits for long; two sweeps at once do no more than one.
Not here: when what is due (lifecycle), what starts a sweep (api, cli).
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from triage import store
from triage.errors import IdempotencyConflict, IllegalChange, NoQuestion
from triage.lifecycle import Then, Why, carry_out, due, name_owner
from triage.questions.changing import account_of, add, alert
from triage.questions.foresight import keep_learned
from triage.questions.reading import Said, Told, due_at, read
from triage.questions.reading import watched as watched_of
from triage.questions.rules import Rules, rules_of
from triage.questions.telling import raise_alert
from triage.records import Destination

_log = logging.getLogger(__name__)
_AT_ONCE = 200
_LATER = "later"


@dataclass(frozen=True, slots=True)
class Swept:
    """How many questions went to staff, how many owners were reminded, how many were closed."""

    to_staff: int = 0
    reminded: int = 0
    closed: int = 0

    def told(self) -> Mapping[str, int]:
        """Return it as it is printed and noted."""
        return asdict(self)


def sweep_forum(
    database: store.Database, forum_id: int, now: datetime, *, dry_run: bool = False
) -> Swept:
    """Do what is due in a forum; with `dry_run` only count it."""
    counts: Counter[str] = Counter()
    if dry_run:
        with database.read() as c:
            rules = rules_of(c, forum_id)
            for row in store.iter_unended_questions(c, forum_id):
                counts[_what(c, forum_id, read(c, forum_id, row.question_id), rules, now)] += 1
        return _swept(counts)
    keep_learned(database, forum_id, now)
    while True:
        with database.read() as c:
            rows = store.due_questions(c, forum_id, now, limit=_AT_ONCE)
        before = counts.total()
        for row in rows:
            if (then := _try(database, forum_id, row.question_id, now)) is not None:
                counts[then] += 1
        # Those that cannot be swept are due again at once: they shall not hold this one for ever.
        if len(rows) < _AT_ONCE or counts.total() == before:
            return _swept(counts)


def _try(database: store.Database, forum_id: int, question_id: str, now: datetime) -> str | None:
    """Do what is due with one question; one whose history is broken keeps no other waiting."""
    try:
        with database.write() as c:
            return _do(c, forum_id, question_id, now)
    except NoQuestion:
        # It was erased since it was listed.
        return None
    except (IllegalChange, IdempotencyConflict) as error:
        _log.error("not_swept question_id=%s code=%s", question_id, error.code)
        return None


def _what(c: store.Connection, forum_id: int, told: Told, rules: Rules, now: datetime) -> str:
    reminded = store.last_alert_at(c, forum_id, told.row.question_id)
    what = due(watched_of(told.row, told.question, reminded), rules.limits)
    return what.then if what is not None and what.at <= now else _LATER


def _do(c: store.Connection, forum_id: int, question_id: str, now: datetime) -> str:
    """Do what is due with one question, if it still is; it has another moment, or none, then."""
    told, rules = read(c, forum_id, question_id, lock=True), rules_of(c, forum_id)
    reminded = store.last_alert_at(c, forum_id, question_id)
    seen = watched_of(told.row, told.question, reminded)
    what = due(seen, rules.limits)
    if what is None or what.at > now:
        store.due_question(c, forum_id, question_id, None if what is None else what.at)
        return _LATER
    if what.then is Then.REMIND:
        _remind(c, forum_id, told, rules, now)
        return what.then
    account = account_of(c, forum_id, told.row)
    owner = name_owner(Destination.EXPERT, account, told.row.topic, rules.owners).owner
    made = carry_out(told.question, what, now, owner)
    assert made is not None, "the question is locked, so nobody was faster"
    alert(c, forum_id, add(c, forum_id, told, made, Said(), rules))
    return what.then


def _remind(c: store.Connection, forum_id: int, told: Told, rules: Rules, now: datetime) -> None:
    """Tell the owner again of a question that they have let lie, and look again later."""
    question = told.question
    name = f"remind:{question.question_id}:{int(now.timestamp())}"
    row = store.AlertRow(name, question.question_id, question.owner, Why.UNANSWERED, now)
    raise_alert(c, forum_id, told.row, row)
    moment = due_at(watched_of(told.row, question, now), rules.limits)
    store.due_question(c, forum_id, question.question_id, moment)


def _swept(counts: Mapping[str, int]) -> Swept:
    names = {"to_staff": Then.TO_STAFF, "reminded": Then.REMIND, "closed": Then.CLOSE}
    return Swept(**{name: counts.get(then, 0) for name, then in names.items()})
