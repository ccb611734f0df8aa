"""/v1/erasures, /v1/persons/export, /v1/triage/{id}/original: the data of one person.

In: administrators, who name a person in a body, never in an address: addresses are logged. Leads
read what only an expert may. Out: receipts, exports, originals; each noted in the log of acts.
Not here: erasing and exporting (privacy), what is kept sealed (originals).
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from triage import privacy, store
from triage.api.access import Caller, KnownCaller
from triage.api.bodies import Raw, read_body
from triage.api.idempotency import SentOnce, once
from triage.api.openapi import gives, takes
from triage.api.original_opening import open_original
from triage.api.problems import documented
from triage.api.replies import json_reply
from triage.api.routes.triage import COMMON, ONCE, READS
from triage.api.schemas import person as told
from triage.audit.acting import Acting
from triage.errors import NoErasure, Unavailable

router = APIRouter(tags=["privacy"])

ErasureId = Annotated[str, Path(max_length=64)]
TriageId = Annotated[str, Path(description="Of one of this forum's replies.", max_length=64)]


@router.post(
    "/v1/erasures",
    summary="Erase a person",
    description="Removes everything of a person from store, index, caches, events, cases, review,"
    " and replies with a receipt: what went, which model versions were learnt from it, and where it"
    " was looked for afterwards. Questions of theirs go with the answers under them. Once more does"
    " no harm. Nothing of the request is kept but a keyed hash.",
    response_model=told.ErasureReply,
    responses={
        **gives(told.ERASURE),
        **documented(*READS, "body_too_large", *ONCE, *COMMON),
    },
    openapi_extra=takes(told.ErasureRequest, told.ERASURE_REQUEST),
)
def erase_person(caller: KnownCaller, request: SentOnce) -> Response:
    """Erase whoever is named."""
    asked = read_body(request.body, told.ErasureRequest)
    person = caller.hash_person(asked.user)
    order = privacy.Order(person, asked.keep_staff_answers, asked.texts)

    def act() -> str:
        row = _eraser(caller).erase(order, caller.actor, lambda: _search(caller))
        return _receipt(caller, row).model_dump_json()

    return once(caller, request, act)


@router.get(
    "/v1/erasures",
    summary="List erasures",
    description="Oldest first, as receipts.",
    response_model=told.ErasuresReply,
    responses={**gives(told.ERASURES), **documented(*COMMON)},
)
def list_erasures(caller: KnownCaller) -> Response:
    """Give every receipt."""
    with caller.installation.database().read() as c:
        rows = store.list_erasures(c, caller.forum.id)
    reply = told.ErasuresReply(erasures=[_receipt(caller, row) for row in rows])
    return json_reply(reply)


@router.get(
    "/v1/erasures/{erasure_id}",
    summary="Read a receipt",
    description="With the model versions that are learnt from the person's cases as of now: after"
    " training anew and removing old versions there are none.",
    response_model=told.ErasureReply,
    responses={**gives(told.ERASURE), **documented("no_erasure", "bad_request", *COMMON)},
)
def get_erasure(caller: KnownCaller, erasure_id: ErasureId) -> Response:
    """Give one receipt."""
    with caller.installation.database().read() as c:
        row = store.get_erasure(c, caller.forum.id, erasure_id)
    if row is None:
        raise NoErasure(erasure_id)
    return json_reply(_receipt(caller, row))


@router.post(
    "/v1/persons/export",
    summary="Export a person's data",
    description="Everything that is kept of a person, table by table, with what is sealed opened."
    " It changes nothing; it is a POST so that the name stands in no address.",
    response_model=told.PersonExportReply,
    responses={
        **gives(told.PERSON_EXPORT),
        **documented(*READS, "seal_broken", "body_too_large", *COMMON),
    },
    openapi_extra=takes(told.PersonRequest, told.PERSON_REQUEST),
)
def export_person(caller: KnownCaller, body: Raw) -> Response:
    """Give everything of whoever is named."""
    person = caller.hash_person(read_body(body, told.PersonRequest).user)
    database, forum = caller.installation.database(), caller.forum
    with database.write() as c:
        Acting(forum.id, caller.actor).note(c, "person.export", person)
    key = caller.installation.settings.person_key
    found = privacy.export_person(database, forum, person, key)
    return json_reply(told.PersonExportReply.model_validate(found))


@router.get(
    "/v1/triage/{triage_id}/original",
    summary="Read what only an expert may",
    description="The fields of a submitted question in which something private was taken out, as"
    " they were typed; secrets are never kept. For a time only, and every reading is noted.",
    response_model=told.OriginalReply,
    responses={
        **gives(told.ORIGINAL),
        **documented("no_original", "seal_broken", "bad_request", *COMMON),
    },
)
def read_original(caller: KnownCaller, triage_id: TriageId) -> Response:
    """Open what is kept sealed of one triage."""
    fields = open_original(caller, triage_id, datetime.now(UTC))
    reply = told.OriginalReply(triage_id=triage_id, fields=dict(fields))
    return json_reply(reply)


def _eraser(caller: Caller) -> privacy.Eraser:
    ours = caller.installation.settings
    log = privacy.ErasureLog(ours.erasures, ours.erasure_signer)
    database = caller.installation.database()
    where = ours.models_dir, ours.snapshots
    return privacy.Eraser(database, caller.forum, log, ours.signer, *where)


def _search(caller: Caller) -> privacy.IndexSearch | None:
    """Bring the index that is served up to the store, and return its search."""
    desk = caller.desk
    try:
        desk.knowledge.sync()
        groups = privacy.all_groups(caller.installation.database(), caller.forum.id)
        return privacy.index_search(desk.parts(), groups)
    except Unavailable:
        # The index follows with the next request; the receipt says that it was not searched.
        return None


def _receipt(caller: Caller, row: store.ErasureRow) -> told.ErasureReply:
    ours, forum = caller.installation.settings, caller.forum
    with caller.installation.database().read() as c:
        live = store.live_version_of(c, forum.id)
    found = privacy.told_receipt(row, forum.name, ours.models_dir / forum.name, live)
    return told.ErasureReply.model_validate(found)
