import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from tests.empty_store import put_store
from triage.api import create_app
from triage.api.access import MATRIX, PUBLIC
from triage.api.examples import asking as examples
from triage.api.examples import question as question_examples
from triage.api.examples import training as training_examples
from triage.api.problems import PROBLEMS
from triage.api.schemas.audit import AUDIT_REPLY, AuditReply
from triage.api.schemas.event import EventBatchBody, EventBatchReply, EventBody
from triage.api.schemas.explanation import ExplanationReply
from triage.api.schemas.my import MyReply
from triage.api.schemas.question import (
    ChangeRequest,
    QuestionReply,
    QuestionRequest,
    QuestionsReply,
)
from triage.api.schemas.rule import AlertsReply, IntakeReply, RulesBody, RulesReply
from triage.api.schemas.thread import ThreadBatchBody, ThreadBatchReply, ThreadBody, ThreadReply
from triage.api.schemas.training import TrainingRequest, TrainingRunReply
from triage.api.schemas.triage import TriageReply, TriageRequest
from triage.records import EventType

from .conftest import World, keyed, settings_in
from .samples import REPLY_FIELDS

# What they are about stands in the address.
BODILESS = (
    *("/cancel", "{channel_id}/rotate", "{channel_id}/enable", "{channel_id}/disable"),
    *("{channel_id}/ping", "{message_id}/replay", "{message_id}/skip"),
    *("{review_id}/skip", "{review_id}/undo"),
)
PUBLIC_ROWS = {f"{m.lower()} {path}" for (m, path), access in MATRIX.items() if access is PUBLIC}


@pytest.fixture(scope="module")
def description(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> Iterator[dict[str, Any]]:
    """What a server says of itself: making it takes longer than all that is asked of it."""
    ours = settings_in(tmp_path_factory.mktemp("description"))
    put_store(ours.data_dir / "triage.db", keyed(migrated)[0])
    with TestClient(create_app(ours)) as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    before = json.dumps(found)
    yield found
    assert json.dumps(found) == before


def _operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_is_described_with_examples(description: dict[str, Any]) -> None:
    operations = _operations(description)
    # Every row of the table but those that people read.
    called = [path for _, path in MATRIX if path.startswith(("/v1/", "/health", "/ready"))]
    assert len(operations) == len(called)
    for name, operation in operations:
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        if name.startswith(("post", "put")) and not name.endswith(BODILESS):
            assert operation["requestBody"]["content"]["application/json"]["example"], name
        for status in {"200", "202"} & operation["responses"].keys():
            content = operation["responses"][status]["content"]
            assert all(media["example"] for media in content.values()), name
        if "/v1/" in name and name not in PUBLIC_ROWS:
            assert operation["security"] == [{"API key": []}], name
            assert {"401", "403", "503"} <= operation["responses"].keys(), name


def test_the_first_page_names_calls_and_fields_that_there_are(description: dict[str, Any]) -> None:
    page = description["info"]["description"]
    for method, path in re.findall(r"`(GET|POST|PUT)\s+(/v1/[^`]+)`", page):
        assert method.lower() in description["paths"][path], path
        access = MATRIX[method, path]
        assert access is not None
        assert access.publishable, f"a page cannot call {path}"
    asked, told = TriageRequest.model_fields, TriageReply.model_fields
    events, changes = EventBatchBody.model_json_schema(), ChangeRequest.model_json_schema()
    for name in ("stage", "session"):
        assert f"`{name}" in page
        assert name in asked
    for name in ("known_issues", "suggestions", "reasons", "triage_id", "ask_id", "visibility"):
        assert f"`{name}`" in page
        assert name in told
    for name in ("shown", "opened", "solved", "not_solved", "still_need_help"):
        assert f"`{name}`" in page
        assert name in events["$defs"]["EventType"]["enum"]
    for name in ("confirmed_solved", "reopened", "escalated", "closed"):
        assert f"`{name}`" in page
        assert name in changes["$defs"]["State"]["enum"]


def test_every_call_says_who_may_make_it(description: dict[str, Any]) -> None:
    for name, operation in _operations(description):
        assert operation["description"].count("**Callers**") == 1, name
    events = description["paths"]["/v1/events"]["post"]["description"]
    assert events.endswith("a publishable key; a secret key of `frontend`, `lead`, `admin`.")
    thread = description["paths"]["/v1/threads/{thread_id}"]["get"]["description"]
    assert "publishable" not in thread
    assert thread.endswith("these roles signed in to the pages.")


def test_the_types_of_events_that_a_field_lists_are_all() -> None:
    said = EventBody.model_fields["type"].description or ""
    assert {str(kind) for kind in EventType} <= set(re.findall(r"`(\w+)`", said))


def test_what_a_browser_may_call_takes_the_token_of_a_visitor(description: dict[str, Any]) -> None:
    called = {f"{m.lower()} {path}" for (m, path), a in MATRIX.items() if a and a.publishable}
    assert {"post /v1/triage", "post /v1/events"} <= called
    for name, operation in _operations(description):
        names = {parameter["name"] for parameter in operation.get("parameters", ())}
        assert ("Triage-Visitor" in names) is (name in called)


def test_problems_are_described_as_such(description: dict[str, Any]) -> None:
    for name, operation in _operations(description):
        for status, response in operation["responses"].items():
            if int(status) >= 400 and "/v1/" in name:
                content = response["content"]["application/problem+json"]
                assert all(PROBLEMS[code].status == int(status) for code in content["examples"])


def test_everything_that_is_referred_to_is_there(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    text = json.dumps(description)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in schemas
    assert "HTTPValidationError" not in schemas
    assert set(schemas["TriageReply"]["required"]) == REPLY_FIELDS


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (TriageRequest, examples.TRIAGE_REQUEST),
        (TriageReply, examples.TRIAGE_REPLY),
        (ExplanationReply, examples.EXPLANATION_REPLY),
        (ThreadBody, examples.THREAD),
        (ThreadReply, examples.THREAD_REPLY),
        (ThreadBatchBody, examples.THREAD_BATCH),
        (ThreadBatchReply, examples.THREAD_BATCH_REPLY),
        (EventBatchBody, examples.EVENT_BATCH),
        (EventBatchReply, examples.EVENT_BATCH_REPLY),
        (AuditReply, AUDIT_REPLY),
        (QuestionRequest, question_examples.QUESTION_REQUEST),
        (QuestionReply, question_examples.QUESTION_REPLY),
        (ChangeRequest, question_examples.CHANGE_REQUEST),
        (QuestionReply, question_examples.CHANGED_REPLY),
        (QuestionsReply, question_examples.QUESTIONS_REPLY),
        (MyReply, question_examples.MY_REPLY),
        (IntakeReply, question_examples.INTAKE_REPLY),
        (RulesBody, question_examples.RULES),
        (RulesReply, question_examples.RULES_REPLY),
        (AlertsReply, question_examples.ALERTS_REPLY),
        (TrainingRequest, training_examples.TRAINING_REQUEST),
        (TrainingRunReply, training_examples.TRAINING_ASKED),
        (TrainingRunReply, training_examples.TRAINING_RUN),
    ],
)
def test_an_example_is_what_its_schema_says(model: type[BaseModel], example: object) -> None:
    read = model.model_validate_json(json.dumps(example))
    if model.__name__.endswith("Reply"):
        assert json.loads(read.model_dump_json()) == example


def test_the_examples_can_be_sent(empty: World) -> None:
    assert empty.send("PUT", "/v1/threads/1042", json=examples.THREAD).status_code == 200
    reply = empty.ask(examples.TRIAGE_REQUEST)
    assert reply.keys() == examples.TRIAGE_REPLY.keys()
    batch = empty.send("POST", "/v1/threads/batch", json=examples.THREAD_BATCH).json()
    assert [r["state"] for r in batch["results"]] == ["unchanged", "created"]
    assert empty.send("GET", "/v1/threads/1042").json() == examples.THREAD_REPLY
    events = empty.send("POST", "/v1/events", json=examples.EVENT_BATCH).json()
    assert events["results"][0]["code"] == "unknown_triage"


def test_the_page_loads_nothing_from_elsewhere(empty: World) -> None:
    page = empty.send("GET", "/docs", None)
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in page.text
    assert "<script>" not in page.text
    linked = [p.split('"')[0] for p in page.text.replace('src="', 'href="').split('href="')[1:]]
    assert len(linked) == 5
    for address in linked:
        response = empty.send("GET", f"/{address}", None)
        assert response.status_code == 200
        assert response.content


@pytest.mark.parametrize("name", ["redoc.standalone.js", "..%2fcore.py", "x"])
def test_only_the_files_of_the_page_are_given(empty: World, name: str) -> None:
    assert empty.send("GET", f"/docs/{name}", None).status_code == 404
