"""/lead/questions: what is open, with whom, how old it is and what is late; and what has ended.

In: a page's frame, what its address asks for. Out: values of the template: who is to look at once,
what each owner has, and the questions, the latest first.
Not here: what late means (lifecycle, questions), one question (question), changing any (routes).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage import questions, store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.question_cells import (
    ended_row,
    figures,
    loads_table,
    open_row,
    questions_table,
    titled,
)
from triage.api.pages.lead.question_filters import (
    ENDED,
    Asked,
    asked_of,
    fields_of,
    fits,
    page_of,
)
from triage.api.problems import FieldProblem, bad_request
from triage.errors import Unavailable
from triage.lifecycle import Waits
from triage.questions import Queued

Values = Mapping[str, Any]
PAGE = 50
_MOST_ALERTS = 20


@dataclass(frozen=True, slots=True)
class AlertShown:
    """Somebody who is to look at a question at once."""

    id: str
    title: str
    lang: str | None
    path: str
    why: str
    owner: str
    at: datetime


def questions_values(here: Here) -> Values:
    """Return what the tab of questions shows. Raises Problem for what there is not."""
    given = here.request.query_params
    asked = asked_of(given)
    waits, known = waits_of(here)
    with here.database().read() as c:
        queue = questions.queue_of(c, here.forum.id, waits, here.now)
        rules = questions.rules_of(c, here.forum.id)
        alerts = _alerts(here, c)
        listed = _ended(here, c, asked) if asked.ended else _open(here, c, asked, queue)
    everything = questions.load_of(queue)
    loads = questions.loads_of(queue)
    owners = {*rules_owners(rules), *(one.row.owner for one in queue), here.caller.actor.name}
    products = {one.row.product for one in queue if one.row.product}
    return {
        "here": here,
        "figures": figures(here, everything),
        "loads": loads_table(here, loads, everything) if loads else None,
        "alerts": alerts,
        "fields": fields_of(here, asked, owners, products),
        "waits_known": known,
        "any": bool(queue),
        "narrowed": bool(asked.query()),
        "of_ended": asked.ended,
        **listed,
    }


def waits_of(here: Here) -> tuple[Waits, bool]:
    """Return how long others waited, and whether that could be read at this moment."""
    try:
        return here.caller.desk.foresight.waits(), True
    except Unavailable:
        # Questions are to be had also while an index is made: the forum's limits say what is late.
        return Waits({}), False


def rules_owners(rules: questions.Rules) -> set[str]:
    """Return everybody whom a forum's rules name as an owner."""
    owners = rules.owners
    named = (*owners.accounts.values(), *owners.teams.values(), *owners.topics.values())
    return {owners.forum, *named}


def _open(here: Here, c: store.Connection, asked: Asked, queue: Sequence[Queued]) -> Values:
    wanted = [one for one in queue if fits(one, asked)]
    page = page_of(here.request.query_params.get("page"))
    pages = max(1, -(-len(wanted) // PAGE))
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    rows = store.get_questions(c, here.forum.id, [one.row.question_id for one in shown])
    cells = [
        open_row(here, rows[one.row.question_id], one)
        for one in shown
        if one.row.question_id in rows
    ]
    return {
        "shown": questions_table(here, cells, ended=False),
        "count": here.counted("lead_questions.found", len(wanted)),
        "before": _turn(asked, page - 1) if page > 1 else None,
        "after": _turn(asked, page + 1) if page < pages else None,
        "turned": here.say("lead.page_of", page=page, pages=pages),
    }


def _ended(here: Here, c: store.Connection, asked: Asked) -> Values:
    wanted = store.QuestionsWanted(
        open=False,
        state=asked.state if asked.state != ENDED else None,
        owner=asked.owner or None,
        destination=asked.destination or None,
        severity=int(asked.severity) if asked.severity else None,
        product=asked.product or None,
    )
    after = here.request.query_params.get("after")
    last = None if after is None else store.get_question(c, here.forum.id, after)
    if after is not None and last is None:
        raise bad_request([FieldProblem("after", "is no question of the page before")])
    rows = store.list_questions(c, here.forum.id, wanted, after=last, limit=PAGE + 1)
    more = rows[PAGE - 1].question_id if len(rows) > PAGE else None
    first = href("questions", **asked.query()) if after is not None else None
    return {
        "shown": questions_table(here, [ended_row(here, row) for row in rows[:PAGE]], ended=True),
        "count": "",
        "before": first,
        "after": None if more is None else href("questions", **asked.query(after=more)),
        "turned": "",
    }


def _alerts(here: Here, c: store.Connection) -> list[AlertShown]:
    rows = store.list_alerts(c, here.forum.id, unseen=True, limit=_MOST_ALERTS)
    about = store.get_questions(c, here.forum.id, [row.question_id for row in rows])
    return [
        AlertShown(
            row.alert_id,
            titled(here, about[row.question_id]),
            about[row.question_id].lang,
            href("questions", row.question_id),
            here.part(f"why_{row.why}"),
            row.owner,
            row.at,
        )
        for row in rows
        if row.question_id in about
    ]


def _turn(asked: Asked, page: int) -> str:
    return href("questions", **asked.query(page=str(page)))
