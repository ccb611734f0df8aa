"""The examples of channels and deliveries in the API's own documents; fictional, used by tests.

In: nothing. Out: JSON values.
Not here: the schemas (schemas.channel, schemas.delivery).
"""

from typing import Any

_CHANNEL_ID = "ch_5f2c8a01b7d94e63a0f81c27"
_MESSAGE_ID = "msg_9d41f07c33b8e2a65d1084fe"
_QUESTION_ID = "0c1f7a9be25d4c6db1f3a8e47d90526c"

CHANNEL_REQUEST: dict[str, Any] = {
    "kind": "webhook",
    "name": "Reporting",
    "address": "https://hooks.example.com/triage",
    "wants": ["question.with_expert", "question.answered", "alert.raised"],
}
CHANNEL: dict[str, Any] = {
    "channel_id": _CHANNEL_ID,
    "kind": "webhook",
    "name": "Reporting",
    "address": "https://hooks.example.com/triage",
    "options": {},
    "wants": ["alert.raised", "question.answered", "question.with_expert"],
    "credentials": [],
    "secret": None,
    "secret_made_at": "2026-03-02T09:00:00Z",
    "former_secret_until": None,
    "incoming": None,
    "opens": True,
    "enabled": True,
    "disabled_at": None,
    "disabled_why": None,
    "failures": 0,
    "reached_at": "2026-03-02T12:01:04Z",
    "waiting": 0,
    "dead": 0,
    "created_at": "2026-03-02T09:00:00Z",
}
MADE_CHANNEL: dict[str, Any] = {
    **CHANNEL,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwX0Zr4c1Yh2A=",
    "reached_at": None,
}
CHANNELS: dict[str, Any] = {"channels": [CHANNEL]}
DELIVERY: dict[str, Any] = {
    "channel_id": _CHANNEL_ID,
    "message_id": _MESSAGE_ID,
    "type": "question.with_expert",
    "stream": f"question:{_QUESTION_ID}",
    "question_id": _QUESTION_ID,
    "state": "pending",
    "attempts": 1,
    "created_at": "2026-03-02T12:01:00Z",
    "due_at": "2026-03-02T12:01:06Z",
    "last_at": "2026-03-02T12:01:01Z",
    "status": 503,
    "code": "http_503",
    "milliseconds": 212,
}
DELIVERY_DETAIL: dict[str, Any] = {
    **DELIVERY,
    "data": {"question_id": _QUESTION_ID, "state": "with_expert", "revision": 2, "severity": 2},
    "failed_attempts": [
        {
            "number": 1,
            "at": "2026-03-02T12:01:01Z",
            "status": 503,
            "code": "http_503",
            "milliseconds": 212,
        }
    ],
}
DELIVERIES: dict[str, Any] = {"deliveries": [DELIVERY], "next_after": "4711"}
PING: dict[str, Any] = {
    **DELIVERY,
    "type": "ping",
    "stream": _MESSAGE_ID,
    "question_id": None,
    "attempts": 0,
    "last_at": None,
    "status": None,
    "code": None,
    "milliseconds": None,
}
REPLAY: dict[str, Any] = {"channel_id": _CHANNEL_ID}
REPLAYED: dict[str, Any] = {"channel_id": _CHANNEL_ID, "replayed": 3}
INCOMING: dict[str, Any] = {"topic": {"id": 2077}}
TAKEN: dict[str, Any] = {"taken": 1}
