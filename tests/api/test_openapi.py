import json
from typing import Any

import pytest
from pydantic import BaseModel

from triage.api import examples, question_examples, training_examples
from triage.api.access import MATRIX, PUBLIC
from triage.api.audit_schemas import AUDIT_REPLY, AuditReply
from triage.api.event_schemas import EventBatchBody, EventBatchReply
from triage.api.explanation_schemas import ExplanationReply
from triage.api.my_schemas import MyReply
from triage.api.problems import PROBLEMS
from triage.api.question_schemas import (
    ChangeRequest,
    QuestionReply,
    QuestionRequest,
    QuestionsReply,
)
from triage.api.rule_schemas import AlertsReply, IntakeReply, RulesBody, RulesReply
from triage.api.schemas import TriageReply, TriageRequest
from triage.api.thread_schemas import ThreadBatchBody, ThreadBatchReply, ThreadBody, ThreadReply
from triage.api.training_schemas import TrainingRequest, TrainingRunReply

from .conftest import World
from .samples import REPLY_FIELDS

PUBLIC_ROWS = {f"{m.lower()} {path}" for (m, path), access in MATRIX.items() if access is PUBLIC}


@pytest.fixture
def description(empty: World) -> dict[str, Any]:
    found: dict[str, Any] = empty.send("GET", "/openapi.json", None).json()
    return found


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
        if name.startswith(("post", "put")) and not name.endswith("/cancel"):
            assert operation["requestBody"]["content"]["application/json"]["example"], name
        for status in {"200", "202"} & operation["responses"].keys():
            content = operation["responses"][status]["content"]
            assert all(media["example"] for media in content.values()), name
        if "/v1/" in name and name not in PUBLIC_ROWS:
            assert operation["security"] == [{"API key": []}], name
            assert {"401", "403", "503"} <= operation["responses"].keys(), name


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
