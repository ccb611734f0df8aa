"""A working example call of every endpoint: what comes to be an endpoint comes to be here.

Each test of this folder sends all of them: an endpoint that is not here fails the tests.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from .house import PASSWORD, Call, Known

Probe = Callable[[Known, str], Call]


def _triage(known: Known, words: str) -> Call:
    body = {
        "title": words,
        "body": f"It is so: {words}",
        "lang": "en",
        "product": words,
        "version": words,
        "context": {"page": words, "form": words, "record_type": words, "error_text": words},
        "attachments": [{"name": words, "type": words, "text": words}],
        "user": words,
        "session": words,
        "stage": "submit",
    }
    return Call("POST", "/v1/triage", json=body)


def _events(known: Known, words: str) -> Call:
    event = {
        "event_id": f"e-{known.triage_id}",
        "type": "survey_reply",
        "triage_id": known.triage_id,
        "ask_id": known.ask_id,
        "user": words,
        "session": words,
        "value": words,
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    return Call("POST", "/v1/events", json={"events": [event]})


def _thread(words: str) -> dict[str, object]:
    answer = {"id": "a1", "body": words, "user": words, "accepted": True}
    texts = dict.fromkeys(("title", "body", "user", "verified_by"), words)
    return {**texts, "tags": [words[:40]], "answers": [answer], "lang": "en"}


def _at(path: str, *answers: int) -> Probe:
    """Return the probe of a GET that needs nothing else."""
    return lambda known, words: Call(
        "GET", path.format(known=known), answers=frozenset(answers or {200})
    )


def _post(path: str, body: Mapping[str, object], *answers: int) -> Probe:
    return lambda known, words: Call(
        "POST",
        path.format(known=known),
        json={name: words if value is ... else value for name, value in body.items()},
        answers=frozenset(answers or {200}),
    )


def _form(path: str, fields: Mapping[str, str], *answers: int) -> Probe:
    return lambda known, words: Call(
        "POST",
        path,
        form={name: value.format(known=known, words=words) for name, value in fields.items()},
        answers=frozenset(answers or {303}),
    )


_NEW = {"new": "another long enough phrase", "again": "another long enough phrase"}

PROBES: Mapping[tuple[str, str], Probe] = {
    ("POST", "/v1/triage"): _triage,
    ("GET", "/v1/triage/{triage_id}/explanation"): _at("/v1/triage/{known.triage_id}/explanation"),
    ("POST", "/v1/events"): _events,
    ("GET", "/v1/threads/{thread_id:path}"): _at("/v1/threads/{known.thread_id}"),
    ("PUT", "/v1/threads/{thread_id:path}"): lambda known, words: Call(
        "PUT", f"/v1/threads/{known.thread_id}", json=_thread(words)
    ),
    ("DELETE", "/v1/threads/{thread_id:path}"): lambda known, words: Call(
        "DELETE", f"/v1/threads/{known.thread_id}", answers=frozenset({204})
    ),
    ("POST", "/v1/threads/batch"): lambda known, words: Call(
        "POST",
        "/v1/threads/batch",
        json={"threads": [{"id": f"{known.thread_id}-{n}", **_thread(words)} for n in range(2)]},
    ),
    ("POST", "/v1/training-runs"): _post("/v1/training-runs", {"force": ...}, 202),
    ("GET", "/v1/training-runs/current"): _at("/v1/training-runs/current", 200, 404),
    ("GET", "/v1/training-runs/current/events"): _at("/v1/training-runs/current/events", 200, 404),
    ("POST", "/v1/training-runs/current/cancel"): _post(
        "/v1/training-runs/current/cancel", {}, 200, 404
    ),
    ("GET", "/v1/models"): _at("/v1/models"),
    ("GET", "/v1/models/{version}"): _at("/v1/models/{known.version}"),
    ("POST", "/v1/models/{version}/activate"): _post(
        "/v1/models/{known.version}/activate", {"reason": ...}
    ),
    ("POST", "/v1/models/rollback"): _post("/v1/models/rollback", {"reason": ...}),
    ("GET", "/v1/triage/{triage_id}/original"): _at("/v1/triage/{known.triage_id}/original"),
    ("POST", "/v1/erasures"): lambda known, words: Call(
        "POST", "/v1/erasures", json={"user": f"gone {words}", "texts": [words]}
    ),
    ("GET", "/v1/erasures"): _at("/v1/erasures"),
    ("GET", "/v1/erasures/{erasure_id}"): _at("/v1/erasures/{known.erasure_id}"),
    ("POST", "/v1/persons/export"): lambda known, words: Call(
        "POST", "/v1/persons/export", json={"user": f"{known.user} {words}"}
    ),
    ("GET", "/v1/audit"): _at("/v1/audit"),
    ("GET", "/v1/audit/export"): _at("/v1/audit/export"),
    ("GET", "/sign-in"): _at("/sign-in?forum=bikes&next=/account", 200, 303),
    ("POST", "/sign-in"): _form(
        "/sign-in", {"forum": "bikes", "email": "{known.email}", "password": PASSWORD}
    ),
    ("GET", "/sign-in/link"): _at("/sign-in/link?token={known.link}"),
    ("POST", "/sign-in/link"): _form("/sign-in/link", {"token": "{known.link}"}),
    # Nobody here has a company's own sign-in.
    ("GET", "/sign-in/company"): _at("/sign-in/company", 404),
    ("GET", "/sign-in/company/return"): _at("/sign-in/company/return", 404),
    ("POST", "/sign-out"): _form("/sign-out", {}),
    ("GET", "/account"): _at("/account"),
    ("POST", "/account/password"): _form("/account/password", _NEW),
    ("POST", "/account/sessions/end"): _form(
        "/account/sessions/end", {"session": "{known.session}"}
    ),
    ("GET", "/pages/{name}"): _at("/pages/style.css", 200, 404),
    ("GET", "/trust"): _at("/trust"),
    ("GET", "/v1/trust"): _at("/v1/trust"),
    ("GET", "/health"): _at("/health"),
    ("GET", "/ready"): _at("/ready"),
    ("GET", "/docs"): _at("/docs"),
    ("GET", "/docs/{name}"): _at("/docs/start.js"),
    ("GET", "/openapi.json"): _at("/openapi.json"),
}
