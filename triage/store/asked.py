"""What was asked by whom, ask by ask: as much as known issues and bursts need of it.

In: ids of asks. Out: what the last call of each said, redacted, and who may know of it.
Not here: the vectors of asks (ask_vectors), posted questions (questions).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.engine import RowMapping

from triage.records import Visibility
from triage.store.tables.base import asks, triages
from triage.streams import chunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One ask as its last call told it; without words where they were too old to be kept."""

    ask_id: str
    triage_id: str
    at: datetime
    person: str | None
    lang: str | None
    title: str
    body: str
    product: str | None
    version: str | None
    visibility: Visibility
    groups: frozenset[str]
    error_text: str = ""

    @property
    def said(self) -> str:
        """All that was written: title, text and the words of the error."""
        return f"{self.title}\n{self.body}\n{self.error_text}".strip()


def get_asked(c: Connection, forum_id: int, ask_ids: Collection[str]) -> dict[str, Asked]:
    """Return what the last call of each ask told; asks without any are left out."""
    found: dict[str, Asked] = {}
    for part in chunks(ask_ids):
        query = (
            select(triages, asks.c.person, asks.c.lang)
            .join(
                asks, (asks.c.forum_id == triages.c.forum_id) & (asks.c.ask_id == triages.c.ask_id)
            )
            .where(triages.c.forum_id == forum_id, triages.c.ask_id.in_(part))
            .order_by(triages.c.at, triages.c.triage_id)
        )
        found.update((row["ask_id"], _asked(row)) for row in c.execute(query).mappings())
    return found


def kinds_of_asks(c: Connection, forum_id: int, ask_ids: Collection[str]) -> dict[str, str]:
    """Return the likeliest kind of each ask, by its last call; those without one are left out."""
    kind, found = triages.c.reply["labels"]["kind"]["value"].as_string(), dict[str, str]()
    for part in chunks(ask_ids):
        query = select(triages.c.ask_id, kind).where(
            triages.c.forum_id == forum_id, triages.c.ask_id.in_(part)
        )
        for ask_id, value in c.execute(query.order_by(triages.c.at, triages.c.triage_id)):
            if value is not None:
                found[ask_id] = value
    return found


def _asked(row: RowMapping) -> Asked:
    question, decision = row["question"], row["reply"].get("decision") or {}
    return Asked(
        ask_id=row["ask_id"],
        triage_id=row["triage_id"],
        at=row["at"],
        person=row["person"],
        lang=question.get("lang") or row["lang"],
        title=question.get("title") or "",
        body=question.get("body") or "",
        product=question.get("product"),
        version=question.get("version"),
        # What nobody decided about is the staff's alone.
        visibility=Visibility(decision.get("visibility") or Visibility.PRIVATE),
        groups=frozenset(question.get("groups") or ()),
        error_text=(question.get("context") or {}).get("error_text") or "",
    )
