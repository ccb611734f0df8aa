"""The examples of follow-ups in the API's own documents; fictional, and used by tests as well.

In: nothing. Out: JSON values.
Not here: the schemas (schemas.follow_up), the other examples.
"""

from typing import Any

ASKER: dict[str, Any] = {"session": "visit-20481", "lang": "en"}
_ID = "9d1f0c6a7b3e4852a1c0d9e8f7b6a594"

DUE: dict[str, Any] = {
    "follow_ups": [
        {
            "follow_up_id": _ID,
            "ask_id": "6a1e9c0d2b7f4385a9d0e1c2b3f4a586",
            "about": "suggestions",
            "asked_at": "2026-03-02T12:00:41Z",
            "title": "The export to CSV stops halfway",
            "lang": "en",
            "text": "A while ago you looked for help here and then went on without asking. Is your"
            " problem solved?",
            "purpose": "We ask a few people, chosen by chance, once. Your reply is only counted, to"
            " learn how often we really help; it is not kept under your name.",
            "choices": [
                {"value": "yes", "text": "Yes"},
                {"value": "no", "text": "No"},
                {"value": "skip", "text": "Rather not say"},
            ],
            "opt_out": "Do not ask me this again",
            "expires_at": "2026-03-24T12:05:00Z",
        }
    ]
}
REPLY_BODY: dict[str, Any] = {**ASKER, "value": "yes"}
REPLY: dict[str, Any] = {
    "follow_up_id": _ID,
    "value": "yes",
    "state": "accepted",
    "text": "Thank you, that helps us.",
}
OPT_OUT_BODY: dict[str, Any] = {**ASKER, "opted_out": True}
OPT_OUT: dict[str, Any] = {"opted_out": True, "text": "We will not ask you this any more."}
COUNTS: dict[str, Any] = {
    "share": 0.2,
    "rest_days": 42,
    "drawable": 2140,
    "drawn": 401,
    "shown": 262,
    "yes": 97,
    "no": 58,
    "skipped": 11,
    "opted_out": 9,
}
