"""The examples of threads in the API's own documents; fictional, and used by tests as well.

In: nothing. Out: JSON values.
Not here: the schemas, every other example (examples).
"""

from typing import Any

from triage.api.schemas.trust import ANSWER_TRUST

THREAD: dict[str, Any] = {
    "title": "Invoice export ends with E-417",
    "body": "The export of more than 500 invoices stops and shows E-417.",
    "answers": [
        {
            "id": "1042-a1",
            "body": "Turn off the preview pane before you export; 8.2.2 repairs it for good.",
            "accepted": True,
            "staff": True,
            "votes": 7,
        }
    ],
    "solved": True,
    "lang": "en",
    "tags": ["invoices", "export"],
    "product": "portal",
    "valid_versions": ">=8.2,<8.2.2",
    "groups": [],
    "url": "https://forum.example/t/1042",
    "created": "2026-02-11T09:30:00Z",
}

THREAD_REPLY: dict[str, Any] = {
    "id": "1042",
    **THREAD,
    "answers": [
        {
            **THREAD["answers"][0],
            **{
                "created": None,
                "updated": None,
                "outdated_votes": 0,
                "by": None,
                "trust": ANSWER_TRUST,
            },
        },
    ],
    "asked_by": None,
    "updated": None,
    "duplicate_of": [],
    "superseded_by": None,
    "outdated_votes": 0,
    "verified_at": None,
}

THREAD_BATCH: dict[str, Any] = {
    "threads": [{"id": "1042", **THREAD}, {"id": "1043", "title": "Where is my receipt?"}]
}

THREAD_RESULT: dict[str, Any] = {"id": "1042", "state": "created", "code": None, "detail": None}

THREAD_BATCH_REPLY: dict[str, Any] = {
    "results": [
        THREAD_RESULT,
        {
            "id": "1043",
            "state": "refused",
            "code": "bad_field",
            "detail": "Field `created` is no date that exists.",
        },
    ]
}
