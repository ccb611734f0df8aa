"""/analytics/asks: the asks behind any figure, counted anew, a page at a time.

In: a reading, and what the address asks for. Out: how many they are, and what is known of each.
Words of an ask are for whoever reads all of the forum; an analyst sees what was counted.
Not here: which asks a figure counts (behind), why a question was labelled as it was (explanations).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from triage import store
from triage.analytics.drilling import PAGE, Listed, asks_listed
from triage.api.pages.analytics.behind import asks_behind
from triage.api.pages.analytics.here import Here, Values, address
from triage.errors import BadField
from triage.kept import kept_question
from triage.reports import zone_of

_HOW = ("card", "side", "behind")
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class AskShown:
    """One ask as people read it. `words` and the links are None for whoever may not read them."""

    ask_id: str
    at: datetime
    arm: str
    about: str
    account: str | None
    marks: Sequence[str]
    outcome: str
    wait: str
    lang: str | None
    words: str | None
    explanation: str | None
    question: str | None


def asks(here: Here) -> Values:
    """Return what the tab of asks shows. Raises BadField for what there is not."""
    given = here.request.query_params
    title, marked = asks_behind(here, given)
    count, page = int(np.sum(marked)), _page_of(given.get("page"))
    context = here.context
    rows = asks_listed(context.connection, context.forum_id, context.view, marked, page, PAGE)
    how = {name: given[name] for name in _HOW if given.get(name)}
    words = _words_of(here, rows)
    pages = max(1, -(-count // PAGE))
    return {
        "drilled": bool(how),
        "title": title,
        "count": count,
        "counted": here.counted("analytics.asks_n", count),
        "persons": here.counted(
            "analytics.persons", len(np.unique(context.view.who[marked])) if count else 0
        ),
        "rows": [_shown(here, row, words) for row in rows],
        "reads_words": here.caller.reads_all,
        "page": page,
        "pages": pages,
        "before": _turn(here, how, page - 1) if page > 1 else None,
        "after": _turn(here, how, page + 1) if page < pages else None,
        "all_href": here.link("/analytics/asks") if how else None,
        "hidden": how,
    }


def _page_of(given: str | None) -> int:
    if not given:
        return 1
    if not given.isdecimal() or not 1 <= int(given[:9]):
        raise BadField("page", "should be 1 or more")
    return int(given[:9])


def _turn(here: Here, how: Mapping[str, str], page: int) -> str:
    said = (*here.filters.query(), *how.items(), ("page", str(page)))
    return address("/analytics/asks", said)


def _words_of(here: Here, rows: Sequence[Listed]) -> Mapping[str, str]:
    """Return what was asked, redacted, by reply: for whoever reads all of the forum alone."""
    if not here.caller.reads_all:
        return {}
    c, forum_id = here.context.connection, here.context.forum_id
    found = {}
    for row in rows:
        kept = None if row.triage_id is None else store.get_triage(c, forum_id, row.triage_id)
        if kept is not None and row.triage_id is not None:
            question = kept_question(kept)
            said = question.title or question.body
            found[row.triage_id] = said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
    return found


def _shown(here: Here, row: Listed, words: Mapping[str, str]) -> AskShown:
    numbers, reads_all = here.numbers, here.caller.reads_all
    about = [
        here.name_of(dimension, value)
        for dimension, value in (
            ("lang", row.lang),
            ("topic", row.topic),
            ("product", row.product),
            ("destination", row.destination),
        )
        if value is not None
    ]
    marks = [name for name in ("offered", "seen", "opened", "sensitive") if getattr(row, name)]
    if row.newcomer:
        marks.append("newcomer")
    days = row.days_to_post
    return AskShown(
        ask_id=row.ask_id,
        at=row.started_at.astimezone(zone_of(here.filters.time_zone)),
        arm=here.say(f"value.{row.arm}") if row.arm else "–",
        about=" · ".join(about),
        account=row.account,
        marks=[here.say(f"mark.{mark}") for mark in marks],
        outcome=here.say(f"outcome.{row.outcome}")
        + (f" ({here.say('analytics.so_far')})" if row.open else ""),
        wait="" if days is None else here.say("analytics.after", wait=numbers.wait(days * 86_400)),
        lang=row.lang,
        words=words.get(row.triage_id or ""),
        explanation=f"/v1/triage/{row.triage_id}/explanation"
        if reads_all and row.triage_id
        else None,
        question=f"/v1/questions/{row.question_id}" if reads_all and row.question_id else None,
    )
