"""/v1/threads: the knowledge of a forum, one thread or many at a time.

In: threads in the documented format. Out: what became of each, or a thread without persons.
Not here: the format's fields (connect), redaction (text), the index (knowledge).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from triage import store
from triage.answers.trusting import trust_in
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.examples import asking as examples
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas.thread import (
    ThreadBatch,
    ThreadBatchBody,
    ThreadBatchReply,
    ThreadBody,
    ThreadReply,
    ThreadResult,
    ThreadRow,
    ThreadState,
)
from triage.audit.acting import Acting
from triage.connect import thread_from
from triage.errors import BadField, NoThread, PersonErased, Refused, TooMuch
from triage.profiles import faces
from triage.records import Thread

router = APIRouter(tags=["knowledge"])

# So many of a batch the log names; a forum's first export would fill it.
_NAMED = 20

ThreadId = Annotated[str, Path(description="May contain slashes.", max_length=300)]
Groups = Annotated[
    list[str] | None,
    Query(description="The groups of who reads, separated by commas; for keys of a front end."),
]


@router.post(
    "/v1/threads/batch",
    summary="Put many threads",
    description="Each thread is judged by itself: a bad one is refused, the good ones are kept."
    " Of two with one id the last counts.",
    response_model=ThreadBatchReply,
    responses={
        **gives(examples.THREAD_BATCH_REPLY),
        **documented(*READS, "body_too_large", "too_much", *ONCE, *COMMON),
    },
    openapi_extra=takes(ThreadBatchBody, examples.THREAD_BATCH),
)
def put_batch(caller: KnownCaller, request: SentOnce) -> Response:
    """Keep many threads and make them searchable."""
    batch = read_body(request.body, ThreadBatch)
    limit = caller.installation.settings.max_batch_threads
    if len(batch.threads) > limit:
        raise TooMuch("threads", len(batch.threads), limit, "TRIAGE_MAX_BATCH_THREADS")

    def act() -> str:
        return ThreadBatchReply(results=put_rows(caller, batch.threads)).model_dump_json()

    return once(caller, request, act)


@router.get(
    "/v1/threads/{thread_id:path}",
    summary="Get a thread",
    description="As it is kept: redacted, without persons but for names that they chose, with the"
    " trust in each answer. A thread of groups is given to keys of leads and administrators, and to"
    " other keys that name one of its groups; to the rest it does not exist.",
    response_model=ThreadReply,
    responses={
        **gives(examples.THREAD_REPLY),
        **documented("no_thread", "bad_request", *COMMON),
    },
)
def get_thread(caller: KnownCaller, thread_id: ThreadId, groups: Groups = None) -> Response:
    """Return one thread."""
    named = {g.strip() for part in groups or () for g in part.split(",") if g.strip()}
    thread = caller.desk.knowledge.fetch([thread_id]).get(thread_id)
    if thread is None or not caller.may_read(thread, named):
        raise NoThread(thread_id)
    with caller.installation.database().read() as c:
        trust = trust_in(c, caller.forum.id, [thread], None).get(thread_id, {})
        known = faces(c, caller.forum.id, [thread.person, *(a.person for a in thread.answers)])
    reply = ThreadReply.of(_pointing(caller, thread, named), trust, known)
    return json_reply(reply)


@router.put(
    "/v1/threads/{thread_id:path}",
    summary="Put a thread",
    description="Keeps the thread in place of what was there under its id. It can be suggested"
    " when this returns.",
    response_model=ThreadResult,
    responses={
        **gives(examples.THREAD_RESULT),
        **documented(*READS, "bad_field", "person_erased", "body_too_large", *COMMON),
    },
    openapi_extra=takes(ThreadBody, examples.THREAD),
)
def put_thread(caller: KnownCaller, thread_id: ThreadId, body: Raw) -> Response:
    """Keep one thread and make it searchable."""
    row = read_body(body, ThreadRow).root
    if row.get("id") not in (None, "", thread_id) and str(row["id"]) != thread_id:
        raise BadField("id", "is not the id in the address")
    thread = thread_from({**row, "id": thread_id}, caller.hash_person)
    if thread.id != thread_id:
        raise BadField("id", "has spaces around it")
    state = put_all(caller, [thread])[thread_id]
    return json_reply(ThreadResult(id=thread_id, state=state))


@router.delete(
    "/v1/threads/{thread_id:path}",
    summary="Delete a thread",
    description="Takes it out of the store and the index. It is never suggested again when this"
    " returns.",
    status_code=204,
    response_class=Response,
    responses={
        204: {"description": "It is gone."},
        **documented("no_thread", "bad_request", *COMMON),
    },
)
def delete_thread(caller: KnownCaller, thread_id: ThreadId) -> Response:
    """Delete one thread."""
    if not caller.desk.knowledge.remove(thread_id, noted(caller, [thread_id])):
        raise NoThread(thread_id)
    return Response(status_code=204)


def _pointing(caller: Caller, thread: Thread, groups: Collection[str]) -> Thread:
    """Return a thread that points only to threads that its reader may read, too."""
    pointers = {*thread.duplicate_of, *([thread.superseded_by] if thread.superseded_by else [])}
    if caller.reads_all or not pointers:
        return thread
    there = caller.desk.knowledge.fetch(pointers)
    open_ids = {i for i, found in there.items() if caller.may_read(found, groups)}
    return replace(
        thread,
        duplicate_of=tuple(i for i in thread.duplicate_of if i in open_ids),
        superseded_by=thread.superseded_by if thread.superseded_by in open_ids else None,
    )


def put_rows(caller: Caller, rows: Sequence[Any]) -> list[ThreadResult]:
    """Keep the rows that are threads; return what became of each, in their order."""
    read = [_read(caller, row) for row in rows]
    threads = [one for one in read if isinstance(one, Thread)]
    states = _put_each(caller, threads)
    results = []
    for one in read:
        found = states[one.id] if isinstance(one, Thread) else one
        if isinstance(found, ThreadResult):
            results.append(found)
        else:
            results.append(ThreadResult(id=one.id, state=found))
    return results


def _read(caller: Caller, row: object) -> Thread | ThreadResult:
    if not isinstance(row, Mapping):
        return _refused(None, BadField("threads", "has a member that is no object"))
    try:
        return thread_from(row, caller.hash_person)
    except Refused as error:
        given = row.get("id")
        return _refused(str(given)[:300] if isinstance(given, str | int) else None, error)


def _put_each(
    caller: Caller, threads: Sequence[Thread]
) -> Mapping[str, ThreadState | ThreadResult]:
    """Keep threads together, or one by one where the store refuses one of them."""
    try:
        return dict(put_all(caller, threads))
    except Refused:
        states: dict[str, ThreadState | ThreadResult] = {}
    for thread in threads:
        try:
            states.update(put_all(caller, [thread]))
        except Refused as error:
            states[thread.id] = _refused(thread.id, error)
    return states


def put_all(caller: Caller, threads: Sequence[Thread]) -> Mapping[str, ThreadState]:
    """Keep threads, have the index follow, and say what became of each."""
    knowledge = caller.desk.knowledge
    ids = [t.id for t in threads]
    before = knowledge.fetch(ids)
    knowledge.put(threads, note=noted(caller, ids, threads))
    # The writer waits for the index, so that the next asker need not.
    knowledge.sync()
    after = knowledge.fetch(ids)
    if not after.keys() >= set(ids):
        raise PersonErased
    return {i: _state(before.get(i), after.get(i)) for i in ids}


def noted(caller: Caller, ids: Sequence[str], coming: Sequence[Thread] = ()) -> store.Note:
    """Return what notes that threads are put, or deleted when none is coming in their place."""
    acting = Acting(caller.forum.id, caller.actor)

    def note(c: store.Connection) -> None:
        if len(ids) != 1:
            acting.note(
                c, "thread.put", "threads", after={"threads": len(ids), "ids": ids[:_NAMED]}
            )
            return
        former = store.get_thread(c, caller.forum.id, ids[0])
        act = "thread.put" if coming else "thread.delete"
        before, after = _seen(former), _seen(coming[0] if coming else None)
        acting.note(c, act, ids[0], before=before, after=after)

    return note


def _seen(thread: Thread | None) -> Mapping[str, Any] | None:
    """Return what the log says of a thread: never its text."""
    if thread is None:
        return None
    shown = {"groups": sorted(thread.groups), "solved": thread.solved}
    return {**shown, "answers": len(thread.answers)}


def _state(before: Thread | None, after: Thread | None) -> ThreadState:
    if before is None:
        return "created"
    return "unchanged" if before == after else "updated"


def _refused(thread_id: str | None, error: Refused) -> ThreadResult:
    return ThreadResult(id=thread_id, state="refused", code=error.code, detail=str(error))
