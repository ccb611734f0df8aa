"""Names under which people chose to be known, and what their answers came to.

In: keyed hashes of persons. Out: rows, counts. Nothing here leads from a name back to a person but
the row itself, which no reply ever holds whole.
Not here: which names may be chosen, what is told to whom (profiles).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, cast, delete, func, select, update

from triage.records import Word
from triage.store.batches import record_of
from triage.store.dialects import insert_if_new
from triage.store.tables.answer import answer_votes, profiles
from triage.store.tables.base import account_members, accounts, answers
from triage.streams import chunks


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """The name that somebody chose, and whether their company is shown beside it."""

    person: str
    id: str
    display_name: str
    name_key: str
    company_shown: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Credit:
    """What somebody's answers came to; `helped` are people, each counted once."""

    answers: int = 0
    accepted: int = 0
    helped: int = 0
    staff: bool = False


def name_is_taken(c: Connection, forum_id: int, name_key: str, person: str) -> bool:
    """Say whether somebody else has this name."""
    query = select(profiles.c.person).where(
        profiles.c.forum_id == forum_id,
        profiles.c.name_key == name_key,
        profiles.c.person != person,
    )
    return c.execute(query).first() is not None


def put_profile(c: Connection, forum_id: int, row: ProfileRow) -> None:
    """Keep a name; one that was there keeps its id and the day it was first chosen."""
    changed = {
        "display_name": row.display_name,
        "name_key": row.name_key,
        "company_shown": row.company_shown,
        "updated_at": row.updated_at,
    }
    more = {"person": row.person, "id": row.id, "created_at": row.created_at}
    if not insert_if_new(c, profiles, {"forum_id": forum_id, **more, **changed}):
        mine = (profiles.c.forum_id == forum_id, profiles.c.person == row.person)
        c.execute(update(profiles).where(*mine).values(**changed))


def drop_profile(c: Connection, forum_id: int, person: str) -> bool:
    """Forget somebody's name; False if they had none."""
    query = delete(profiles).where(profiles.c.forum_id == forum_id, profiles.c.person == person)
    return c.execute(query).rowcount > 0


def profiles_of(c: Connection, forum_id: int, persons: Collection[str]) -> Mapping[str, ProfileRow]:
    """Return the names that these persons chose, by person."""
    found: dict[str, ProfileRow] = {}
    for part in chunks(persons):
        query = select(profiles).where(profiles.c.forum_id == forum_id, profiles.c.person.in_(part))
        for row in c.execute(query).mappings():
            found[row["person"]] = record_of(ProfileRow, row)
    return found


def profile_of_id(c: Connection, forum_id: int, profile_id: str) -> ProfileRow | None:
    """Return the profile of this id, or None where the forum has it not."""
    query = select(profiles).where(profiles.c.forum_id == forum_id, profiles.c.id == profile_id)
    row = c.execute(query).mappings().first()
    return None if row is None else record_of(ProfileRow, row)


def credits_of(c: Connection, forum_id: int, persons: Collection[str]) -> Mapping[str, Credit]:
    """Return what the answers of these persons came to; of others nothing is known."""
    found: dict[str, Credit] = {}
    a, v = answers.c, answer_votes.c
    counted = (
        func.count().label("answers"),
        func.sum(cast(a.accepted, Integer)).label("accepted"),
        func.max(cast(a.staff, Integer)).label("staff"),
    )
    same = (v.forum_id == a.forum_id) & (v.thread_id == a.thread_id) & (v.answer_id == a.id)
    for part in chunks(persons):
        mine = (a.forum_id == forum_id, a.person.in_(part))
        voters = (
            select(a.person, func.count(v.person.distinct()).label("n"))
            .join(answer_votes, same)
            .where(*mine, v.word == Word.HELPFUL.value, v.person != a.person)
            .group_by(a.person)
        )
        helped = {row.person: row.n for row in c.execute(voters)}
        for row in c.execute(select(a.person, *counted).where(*mine).group_by(a.person)):
            many = helped.get(row.person, 0)
            found[row.person] = Credit(row.answers, row.accepted, many, bool(row.staff))
    return found


def companies_of(c: Connection, forum_id: int, persons: Collection[str]) -> Mapping[str, str]:
    """Return the names of the companies that these persons belong to, where they are known."""
    found: dict[str, str] = {}
    m = account_members.c
    same = (accounts.c.forum_id == m.forum_id) & (accounts.c.id == m.account_id)
    for part in chunks(persons):
        query = (
            select(m.person, accounts.c.name)
            .join(accounts, same)
            .where(m.forum_id == forum_id, m.person.in_(part), accounts.c.name.is_not(None))
        )
        found.update({row.person: row.name for row in c.execute(query)})
    return found
