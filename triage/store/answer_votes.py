"""What people and staff say of single answers, and what is known of who was helped.

In: threads by id, keyed hashes of persons. Out: counts and moments, never who said what.
Not here: what they amount to (rank.answer_trust), threads themselves (threads).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, delete, func, select

from triage.records import EventType, StaffWord, Word
from triage.store.dialects import upsert
from triage.store.simulated import is_real
from triage.store.tables.answer import answer_reviews, answer_votes
from triage.store.tables.ask import events
from triage.streams import chunks

AnswerKey = tuple[str, str]

# Drafts ask for them: making them anew would take longer than carrying them out.
_FORUM: BindParameter[int] = bindparam("forum")
_THREADS: BindParameter[list[str]] = bindparam("threads", expanding=True)
_VOTED = (
    select(
        answer_votes.c.thread_id,
        answer_votes.c.answer_id,
        answer_votes.c.word,
        func.count().label("n"),
    )
    .where(answer_votes.c.forum_id == _FORUM, answer_votes.c.thread_id.in_(_THREADS))
    .group_by(answer_votes.c.thread_id, answer_votes.c.answer_id, answer_votes.c.word)
)
_REVIEWED = select(answer_reviews).where(
    answer_reviews.c.forum_id == _FORUM, answer_reviews.c.thread_id.in_(_THREADS)
)
_HELPED = (
    select(
        events.c.thread_id,
        events.c.type,
        func.count(events.c.ask_id.distinct()).label("n"),
        func.max(events.c.occurred_at).label("last"),
    )
    .where(
        events.c.forum_id == _FORUM,
        events.c.thread_id.in_(_THREADS),
        events.c.type.in_([EventType.SOLVED.value, EventType.NOT_SOLVED.value]),
        events.c.test.is_(False),
        events.c.held.is_(None),
        is_real(events.c.ask_id, _FORUM),
    )
    .group_by(events.c.thread_id, events.c.type)
)


@dataclass(frozen=True, slots=True)
class Votes:
    """What people said of one answer here; `outdated` are the moments, the oldest first."""

    helpful: int = 0
    not_helpful: int = 0
    outdated: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """The last word of staff on one answer.

    `outdated_before` is how many outdated votes the forum itself had counted then.
    """

    word: StaffWord
    at: datetime
    valid_versions: str | None = None
    outdated_before: int = 0


@dataclass(frozen=True, slots=True)
class Helped:
    """How many asks a thread settled, as their askers said, how many not, and when last."""

    confirmed: int = 0
    contradicted: int = 0
    last_at: datetime | None = None


def put_vote(
    c: Connection, forum_id: int, key: AnswerKey, person: str, word: Word | None, at: datetime
) -> None:
    """Keep somebody's last word on an answer; without one, forget what they said."""
    thread_id, answer_id = key
    if word is not None:
        row = {"forum_id": forum_id, "thread_id": thread_id, "answer_id": answer_id}
        upsert(c, answer_votes, [{**row, "person": person, "word": word.value, "at": at}])
        return
    c.execute(
        delete(answer_votes).where(
            answer_votes.c.forum_id == forum_id,
            answer_votes.c.thread_id == thread_id,
            answer_votes.c.answer_id == answer_id,
            answer_votes.c.person == person,
        )
    )


def votes_of(
    c: Connection, forum_id: int, thread_ids: Collection[str]
) -> Mapping[AnswerKey, Votes]:
    """Return what was said of the answers of these threads; of others nothing was."""
    counts: dict[AnswerKey, dict[str, int]] = {}
    moments: dict[AnswerKey, list[datetime]] = {}
    t = answer_votes.c
    for part in chunks(thread_ids):
        for row in c.execute(_VOTED, {"forum": forum_id, "threads": part}):
            counts.setdefault((row.thread_id, row.answer_id), {})[row.word] = row.n
    # When something was doubted matters, and seldom anything is.
    doubted = {key[0] for key, words in counts.items() if Word.OUTDATED.value in words}
    for part in chunks(doubted):
        query = select(t.thread_id, t.answer_id, t.at).where(
            t.forum_id == forum_id, t.thread_id.in_(part), t.word == Word.OUTDATED.value
        )
        for row in c.execute(query.order_by(t.at)):
            moments.setdefault((row.thread_id, row.answer_id), []).append(row.at)
    return {
        key: Votes(
            counts.get(key, {}).get(Word.HELPFUL.value, 0),
            counts.get(key, {}).get(Word.NOT_HELPFUL.value, 0),
            tuple(moments.get(key, ())),
        )
        for key in counts
    }


def put_review(c: Connection, forum_id: int, key: AnswerKey, review: Review) -> None:
    """Keep the word of staff on an answer, in place of their former one."""
    row = {
        "forum_id": forum_id,
        "thread_id": key[0],
        "answer_id": key[1],
        "word": review.word.value,
        "valid_versions": review.valid_versions,
        "outdated_before": review.outdated_before,
        "at": review.at,
    }
    upsert(c, answer_reviews, [row])


def reviews_of(
    c: Connection, forum_id: int, thread_ids: Collection[str]
) -> Mapping[AnswerKey, Review]:
    """Return the word of staff on each answer of these threads that has one."""
    found: dict[AnswerKey, Review] = {}
    for part in chunks(thread_ids):
        for row in c.execute(_REVIEWED, {"forum": forum_id, "threads": part}):
            word = StaffWord(row.word)
            said = Review(word, row.at, row.valid_versions, row.outdated_before)
            found[row.thread_id, row.answer_id] = said
    return found


def helped_by(c: Connection, forum_id: int, thread_ids: Collection[str]) -> Mapping[str, Helped]:
    """Return how many asks each thread settled or not.

    Test keys, held events and simulated asks do not count.
    """
    found: dict[str, dict[str, tuple[int, datetime]]] = {}
    for part in chunks(thread_ids):
        for row in c.execute(_HELPED, {"forum": forum_id, "threads": part}):
            found.setdefault(row.thread_id, {})[row.type] = (row.n, row.last)
    return {thread_id: _helped(said) for thread_id, said in found.items()}


def agreed_since(c: Connection, forum_id: int, key: AnswerKey, since: datetime) -> int:
    """Return how many said after a moment that an answer helps: by a vote, or as askers."""
    e, t = events.c, answer_votes.c
    asked = select(func.count(e.ask_id.distinct())).where(
        e.forum_id == forum_id,
        e.thread_id == key[0],
        e.type == EventType.SOLVED.value,
        e.occurred_at > since,
        e.test.is_(False),
        e.held.is_(None),
        is_real(e.ask_id, forum_id),
    )
    voted = select(func.count()).where(
        t.forum_id == forum_id,
        t.thread_id == key[0],
        t.answer_id == key[1],
        t.word == Word.HELPFUL.value,
        t.at > since,
    )
    return c.execute(asked).scalar_one() + c.execute(voted).scalar_one()


def list_doubted(
    c: Connection, forum_id: int, *, after: AnswerKey | None = None, limit: int = 50
) -> list[AnswerKey]:
    """Return answers that somebody called outdated here, by thread and answer."""
    t = answer_votes.c
    conditions = [t.forum_id == forum_id, t.word == Word.OUTDATED.value]
    if after is not None:
        further = (t.thread_id > after[0]) | ((t.thread_id == after[0]) & (t.answer_id > after[1]))
        conditions.append(further)
    query = select(t.thread_id, t.answer_id).where(*conditions).distinct()
    rows = c.execute(query.order_by(t.thread_id, t.answer_id).limit(limit))
    return [(row.thread_id, row.answer_id) for row in rows]


def _helped(said: Mapping[str, tuple[int, datetime]]) -> Helped:
    confirmed = said.get(EventType.SOLVED.value)
    contradicted = said.get(EventType.NOT_SOLVED.value)
    return Helped(
        confirmed[0] if confirmed else 0,
        contradicted[0] if contradicted else 0,
        confirmed[1] if confirmed else None,
    )
