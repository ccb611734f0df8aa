"""What may be asked of a person's data, and what is replied.

In: who it is about, as the forum names them. Out: receipts, exports, originals as JSON.
Not here: doing it (privacy, originals).
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from triage.api.schemas.triage import Received, Told, UserName

_Named = Annotated[UserName, Field(pattern=r"\S")]


class PersonRequest(Received):
    """Whom it is about."""

    user: _Named = Field(description="As the forum names the person.")


class ErasureRequest(PersonRequest):
    """Who is to be erased."""

    keep_staff_answers: bool = Field(
        False, description="Of answers that they gave as staff only the author goes."
    )
    texts: list[Annotated[str, Field(max_length=20_000)]] = Field(
        default_factory=list,
        max_length=20,
        description="Words of theirs that the proof looks for as well. They are not kept.",
    )


class VersionReply(Told):
    """A model version that was learnt from cases of the person."""

    version: str
    live: bool
    cases: int | None = Field(description="How many; null: it keeps no list of its cases.")


class PlaceReply(Told):
    """Where others have written the same words."""

    table: str
    column: str
    rows: int


class ProofReply(Told):
    """What was looked for afterwards, and where it still stood."""

    searched_for: int = Field(description="How many of the person's longest lines.")
    elsewhere: list[PlaceReply] = Field(
        description="Where others have written the same, or quoted it: it is theirs, look at it."
    )
    files: list[str] = Field(description="Files in which anything was found; done: none.")
    index: list[str] = Field(description="Removed threads that a search found; done: none.")
    index_searched: bool
    cleared_later: bool = Field(
        description="The files were cleared when there were no words left to look for in them:"
        " another process had still been reading."
    )


class ErasureReply(Told):
    """The receipt of an erasure."""

    erasure_id: str
    forum: str
    person: str = Field(description="The keyed hash.")
    asked_at: datetime
    done_at: datetime | None
    state: str = Field(
        description="`done`, or `unfinished` while another process reads what was there before;"
        " the next start of any process, or the same call again, finishes it."
    )
    replayed: bool = Field(description="Repeated after a restore, from the log beside the store.")
    keep_staff_answers: bool
    removed: dict[str, int] = Field(
        description="Rows by table; `answers_of_others` stood under questions of the person."
    )
    models: list[VersionReply] = Field(
        description="Versions that are still learnt from cases of the person, as of now."
    )
    proof: ProofReply | None


class ErasuresReply(Told):
    """Every erasure of the forum, oldest first."""

    erasures: list[ErasureReply]


class PersonExportReply(Told):
    """Everything that is kept of a person."""

    forum: str
    person: str = Field(description="The keyed hash.")
    exported_at: datetime
    tables: dict[str, list[dict[str, Any]]]


class OriginalReply(Told):
    """What only an expert may read of a question; secrets are not in it."""

    triage_id: str
    fields: dict[str, str] = Field(
        description="The fields of the draft in which something private was taken out."
    )


ERASURE_REQUEST: dict[str, Any] = {"user": "anna.larsson", "keep_staff_answers": False}
PERSON_REQUEST: dict[str, Any] = {"user": "anna.larsson"}
ERASURE: dict[str, Any] = {
    "erasure_id": "72c8820edac46196",
    "forum": "demo",
    "person": "c20bc23d2626ad67e919239c026b3e9a",
    "asked_at": "2026-03-06T16:15:02Z",
    "done_at": "2026-03-06T16:15:03Z",
    "state": "done",
    "replayed": False,
    "keep_staff_answers": False,
    "removed": {"answers": 1, "asks": 2, "cases": 1, "events": 4, "triages": 7, "vectors": 4},
    "models": [{"version": "20260227-160911-0b77aa", "live": True, "cases": 1}],
    "proof": {
        "searched_for": 10,
        "elsewhere": [],
        "files": [],
        "index": [],
        "index_searched": True,
        "cleared_later": False,
    },
}
ERASURES: dict[str, Any] = {"erasures": [ERASURE]}
PERSON_EXPORT: dict[str, Any] = {
    "forum": "demo",
    "person": "c20bc23d2626ad67e919239c026b3e9a",
    "exported_at": "2026-03-06T16:15:02Z",
    "tables": {"asks": [{"ask_id": "e41d9a07c8b34f5f8d26a05b13c97f4e", "lang": "en"}]},
}
ORIGINAL: dict[str, Any] = {
    "triage_id": "5b0c7e6f2a914d38a1c4be0f97d3e862",
    "fields": {"body": "Write to anna.larsson@example.com, the password is [PASSWORD]."},
}
