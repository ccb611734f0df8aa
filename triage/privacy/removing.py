"""A person -> nothing left of them in the store, in one transaction.

In: a connection that may write, a keyed hash. Out: how many rows went, and, for the proof that
they are gone, the words that stood in them; those go no further than the proof.
Threads and answers are the person's own text, so they go. A question goes with the answers under
it, which quote it and answer nothing without it. Of a thread of another only the answer goes.
Not here: files and indexes (erasing), what rows there are (store).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from triage import store
from triage.case_marks import case_mark
from triage.forgotten import Forgotten, without_person
from triage.knowledge import boilerplate_of
from triage.records import Thread
from triage.reports import forget_gone
from triage.text import SegmentKind, digest, signature_keys, units_of

_SAID_TO_THEM = frozenset({"idempotency"})


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: rows by table, the words that stood in them, marks of cases, threads."""

    rows: Mapping[str, int]
    words: tuple[str, ...]
    case_marks: frozenset[str]
    threads: frozenset[str]


def remove_person(
    c: store.Connection, forum_id: int, person: str, how: Forgotten, marks_key: str
) -> Removed:
    """Remove all that is the person's. Doing it again finds nothing and does no harm."""
    found = store.rows_of_person(c, forum_id, person)
    # What is encoded at this moment sees by the revision that it may have been deleted meanwhile.
    revision = store.next_revision(c, forum_id)
    threads = frozenset(row["id"] for row in found.get("threads", ()))
    edited = _edited(c, forum_id, person, threads, found, how)
    digests = _digests(c, forum_id, found, threads, [before for before, _ in edited])
    gone = _remove_threads(c, forum_id, threads, revision)
    gone["answers"] += _put_edited(c, forum_id, edited, revision)
    edited_ids = {before.id for before, after in edited if _answer_ids(before) - _answer_ids(after)}
    gone.update(store.delete_rows_of_person(c, forum_id, found))
    # What reports keep of their asks, which are numbers made of them.
    forget_gone(c, forum_id)
    gone["vectors"] = store.drop_orphan_vectors(c, forum_id, None, digests)
    keys = {key for text in _texts(found) for key in signature_keys(person, text)}
    kind = SegmentKind.SIGNATURE.value
    gone["boilerplate"] = store.delete_segments(c, forum_id, kind, sorted(keys))
    named = _ids(found) | threads | edited_ids
    gone["idempotency"] = gone.get("idempotency", 0)
    gone["idempotency"] += store.drop_replies_about(c, forum_id, named)
    cases = found.get("cases", ())
    marks = frozenset(case_mark(marks_key, row["id"], row["text_digest"]) for row in cases)
    rows = {name: count for name, count in gone.items() if count}
    return Removed(rows, tuple(_texts(found)), marks, threads)


def _edited(
    c: store.Connection,
    forum_id: int,
    person: str,
    going: frozenset[str],
    found: store.PersonRows,
    how: Forgotten,
) -> list[tuple[Thread, Thread]]:
    """Return the threads of others that the person had a part in, as they are and without it."""
    answered = {row["thread_id"] for row in found.get("answers", ())}
    named = (answered | store.threads_verified_by(c, forum_id, person)) - going
    threads = store.get_threads(c, forum_id, sorted(named))
    return [(thread, without_person(thread, person, how)) for thread in threads.values()]


def _digests(
    c: store.Connection,
    forum_id: int,
    found: store.PersonRows,
    going: frozenset[str],
    edited: Sequence[Thread],
) -> set[str]:
    """Return of which texts there may be vectors that nobody needs afterwards."""
    boilerplate = boilerplate_of(c, forum_id)
    touched = [*store.get_threads(c, forum_id, sorted(going)).values(), *edited]
    digests = store.unit_digests(c, forum_id, [t.id for t in touched])
    digests |= {digest(u.text) for t in touched for u in units_of(t, boilerplate)}
    digests |= {row["text_digest"] for row in found.get("cases", ())}
    for row in (*found.get("triages", ()), *found.get("questions", ())):
        asked = row["question"]
        digests.add(digest(f"{asked.get('title', '')}\n{asked.get('body', '')}".strip()))
    return digests


def _remove_threads(
    c: store.Connection, forum_id: int, going: frozenset[str], revision: int
) -> dict[str, int]:
    gone: dict[str, int] = defaultdict(int)
    for thread in store.get_threads(c, forum_id, sorted(going)).values():
        gone["threads"] += store.delete_thread(c, forum_id, thread.id, revision)
        gone["answers"] += sum(a.person == thread.person for a in thread.answers)
        gone["answers_of_others"] += sum(a.person != thread.person for a in thread.answers)
    return gone


def _put_edited(
    c: store.Connection,
    forum_id: int,
    edited: Sequence[tuple[Thread, Thread]],
    revision: int,
) -> int:
    """Keep threads without what somebody wrote in them; return how many answers went."""
    boilerplate = boilerplate_of(c, forum_id)
    store.put_threads(c, forum_id, [after for _, after in edited], revision)
    for _, thread in edited:
        units = [(u.kind, u.answer_id, digest(u.text)) for u in units_of(thread, boilerplate)]
        store.put_units(c, forum_id, thread.id, units)
    return sum(len(before.answers) - len(after.answers) for before, after in edited)


def _answer_ids(thread: Thread) -> set[str]:
    return {answer.id for answer in thread.answers}


def _ids(found: store.PersonRows) -> set[str]:
    """Return the ids of asks, questions and the like, by which a kept reply is known."""
    tables = ("asks", "triages", "events", "questions")
    return {row[store.BY_TABLE[name].key or "id"] for name in tables for row in found.get(name, ())}


def _texts(found: store.PersonRows) -> Iterator[str]:
    """Give the words that the person wrote, text by text. What they were shown is not theirs."""
    for name, rows in found.items():
        for row in rows:
            for column in () if name in _SAID_TO_THEM else store.BY_TABLE[name].texts:
                if isinstance(row[column], str):
                    yield row[column]
        if name in ("triages", "questions"):
            for row in rows:
                yield from _strings_of(row["question"])


def _strings_of(question: Mapping[str, object]) -> Iterator[str]:
    context, attachments = question.get("context"), question.get("attachments")
    for value in (question.get("title"), question.get("body")):
        if isinstance(value, str):
            yield value
    if isinstance(context, Mapping):
        yield from (value for value in context.values() if isinstance(value, str))
    for one in attachments if isinstance(attachments, list) else ():
        yield from (one[name] for name in ("name", "text") if isinstance(one.get(name), str))
