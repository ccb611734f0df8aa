"""Why a question was labelled as it was: for leads, and for nobody else."""

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.forum import INSTALLATION_KEY, SIGNER
from tests.forum import cases as labelled_cases
from triage.encode import HashingEncoder
from triage.learn.training import train
from triage.records import Case
from triage.settings import Settings
from triage.store import Database, ensure_forum, put_cases, set_live_version, sqlite_url
from triage.text import digest

from .conftest import Start, World
from .samples import LABEL_FIELDS, LABELS

CANARY = "zanzibarquux"
CRASH = {"title": "Crash with a stack trace", "body": f"Data is lost in ledger {CANARY}"}
CLOSED = Case(
    "closed", "Crash in the quantum ledger", "Data is lost", kind="bug", groups=frozenset({"beta"})
)
# Cases have the word too, so that it is among those that move a prediction.
SAID_BEFORE = [
    Case(f"ledger-{n}", f"Crash in ledger {CANARY}", "Data is lost", kind="bug", person=f"p{n}")
    for n in range(6)
]
MOVED_FIELDS = {"kind", "text", "sign", "level", "towards", "weight"}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose forum `bikes` has a trained model, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("explained")
    database = Database(sqlite_url(folder / "triage.db"))
    with database.write() as c:
        forum = ensure_forum(c, "bikes")
        known = [*labelled_cases(), CLOSED, *SAID_BEFORE]
        put_cases(c, forum.id, [(case, digest(case.text)) for case in known])
    encoder = HashingEncoder()
    train(database, "bikes", encoder, folder / "models", signer=SIGNER, progress=lambda _: None)
    database.close()
    return folder / "triage.db"


@pytest.fixture
def trained(start: Start, settings: Settings, migrated: Path) -> World:
    """A server whose forum `bikes` has a model, and `boats` none."""
    assert settings.installation_key == INSTALLATION_KEY
    shutil.copytree(migrated.parent / "models", settings.models_dir)
    return start()


def explained(world: World, triage_id: str, query: str = "", key: str = "lead") -> dict[str, Any]:
    response = world.send("GET", f"/v1/triage/{triage_id}/explanation{query}", key)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_lead_is_told_what_moved_each_prediction(trained: World) -> None:
    reply = trained.ask(CRASH)
    found = explained(trained, reply["triage_id"])
    assert found["triage_id"] == reply["triage_id"]
    assert found["model_version"] == found["reply_model_version"] == reply["model_version"]
    assert found["same_model"] is True
    assert found["predictions"].keys() == LABELS
    for target, prediction in found["predictions"].items():
        said = {name: prediction[name] for name in LABEL_FIELDS}
        assert said == reply["labels"][target]
    kind = found["predictions"]["kind"]
    assert kind["explained"] == kind["value"] == "bug"
    assert kind["against"] == kind["alternatives"][0]["value"]
    assert all(moved.keys() == MOVED_FIELDS for moved in kind["moved_by"])
    assert any(moved["kind"] == "words" and moved["text"] for moved in kind["moved_by"])
    assert explained(trained, reply["triage_id"], key="admin") == found


def test_the_weights_add_up_to_the_log_odds(trained: World) -> None:
    found = explained(trained, trained.ask(CRASH)["triage_id"])
    judged = [p for p in found["predictions"].values() if p["log_odds"] is not None]
    assert judged
    for one in judged:
        signed = [
            m["weight"] if m["towards"] == one["explained"] else -m["weight"]
            for m in one["moved_by"]
        ]
        assert one["base"] + sum(signed) == pytest.approx(one["log_odds"], abs=0.01)
        assert {m["towards"] for m in one["moved_by"]} <= {one["explained"], one["against"]}


def test_difficulty_is_explained_between_easy_and_hard(trained: World) -> None:
    found = explained(trained, trained.ask(CRASH)["triage_id"])["predictions"]["difficulty"]
    assert isinstance(found["value"], float)
    assert {found["explained"], found["against"]} == {"easy", "hard"}


def test_a_prediction_can_be_compared_with_a_class_that_is_named(trained: World) -> None:
    triage_id = trained.ask(CRASH)["triage_id"]
    for named in ("request", "how_to"):
        found = explained(trained, triage_id, f"?against=kind:{named}&against=topic:app")
        assert found["predictions"]["kind"]["against"] == named
        assert found["predictions"]["topic"]["against"] == "app"


@pytest.mark.parametrize("asked", [f"kind:{CANARY}", f"{CANARY}:bug", "kind", "kind:", ""])
def test_a_class_that_is_none_is_refused(trained: World, asked: str) -> None:
    triage_id = trained.ask(CRASH)["triage_id"]
    response = trained.send("GET", f"/v1/triage/{triage_id}/explanation?against={asked}", "lead")
    assert (response.status_code, response.json()["code"]) == (422, "bad_field")
    assert CANARY not in response.text


def test_the_nearest_cases_come_with_their_labels_those_of_groups_too(trained: World) -> None:
    found = explained(
        trained, trained.ask({"title": CLOSED.title, "body": CLOSED.body})["triage_id"]
    )
    assert found["cases_compared"] == 67
    first = found["nearest_cases"][0]
    assert first == {
        "case_id": "closed",
        "title": CLOSED.title,
        "similarity": pytest.approx(1, abs=1e-3),
        "kind": "bug",
        **dict.fromkeys(("topic", "severity", "difficulty", "destination", "tone")),
    }
    assert len(found["nearest_cases"]) == 5


def test_who_asks_is_told_nothing_of_cases(trained: World) -> None:
    text = json.dumps(trained.ask({"title": CLOSED.title, "body": CLOSED.body}))
    for word in ("case", "closed", "moved_by", "explained"):
        assert word not in text


@pytest.mark.parametrize("key", ["publishable", "frontend", "analyst"])
def test_only_leads_and_administrators_reach_it(trained: World, key: str) -> None:
    triage_id = trained.ask(CRASH)["triage_id"]
    response = trained.send("GET", f"/v1/triage/{triage_id}/explanation", key)
    assert (response.status_code, response.json()["code"]) == (403, "wrong_role")


def test_a_triage_of_another_forum_looks_like_one_that_never_was(trained: World) -> None:
    triage_id = trained.ask(CRASH)["triage_id"]
    path = "/v1/triage/{}/explanation"
    foreign = trained.send("GET", path.format(triage_id), "boats")
    unknown = trained.send("GET", path.format("0" * 32), "boats")
    for response in (foreign, unknown):
        assert (response.status_code, response.json()["code"]) == (404, "no_triage")
    assert foreign.json()["detail"] == unknown.json()["detail"]


def test_without_a_model_the_predictions_are_empty_and_that_is_said(trained: World) -> None:
    triage_id = trained.ask(CRASH, "boats")["triage_id"]
    found = explained(trained, triage_id, key="boats")
    assert found["model_version"] is None
    assert found["predictions"].keys() == LABELS
    assert all(p["value"] is None and p["abstained"] for p in found["predictions"].values())
    assert (found["nearest_cases"], found["cases_compared"]) == ([], 0)


def test_another_model_than_the_replys_says_so(trained: World) -> None:
    reply = trained.ask(CRASH)
    with trained.database.write() as c:
        set_live_version(c, trained.forum().id, None)
    found = explained(trained, reply["triage_id"])
    assert found["model_version"] is None
    assert found["reply_model_version"] == reply["model_version"]
    assert found["same_model"] is False


def test_nothing_of_a_question_is_logged(trained: World, caplog: pytest.LogCaptureFixture) -> None:
    triage_id = trained.ask(CRASH)["triage_id"]
    caplog.set_level(logging.DEBUG)
    found = explained(trained, triage_id, f"?against=kind:request&q={CANARY}")
    assert CANARY in json.dumps(found)
    ours = [r for r in caplog.records if r.name.partition(".")[0] not in ("httpx2", "httpcore2")]
    assert not [r for r in ours if CANARY in r.getMessage() + str(r.exc_text)]
