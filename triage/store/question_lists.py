"""Open questions as a list of them is ordered and counted: without their words.

In: a forum. Out: a narrow row for each open question of real people.
Not here: whole questions (question_rows), how late one is (lifecycle).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from triage.store.batches import record_of
from triage.store.question_rows import QuestionsWanted, questions_wanted
from triage.store.tables.question import questions


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """Where an open question stands, and since when."""

    question_id: str
    state: str
    destination: str
    owner: str
    kind: str | None
    topic: str | None
    severity: int | None
    product: str | None
    received_at: datetime
    since: datetime
    first_answer_at: datetime | None


def open_rows(c: Connection, forum_id: int) -> list[OpenRow]:
    """Return every open question, those of test keys left out, in no order."""
    columns = [questions.c[name] for name in OpenRow.__slots__]
    mine = questions_wanted(QuestionsWanted(open=True))
    query = select(*columns).where(questions.c.forum_id == forum_id, *mine)
    return [record_of(OpenRow, row) for row in c.execute(query).mappings()]
