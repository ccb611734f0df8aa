"""A training run that is started, followed and cancelled over HTTP; the process is a real one."""

import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.forum import cases, put_cases
from tests.waiting import is_alive, wait_for
from triage import store
from triage.records import JobKind, JobState

from .conftest import Start, World
from .samples import EXPORT_DRAFT

RUNS = "/v1/training-runs"
CURRENT = f"{RUNS}/current"


def start_run(world: World, key: str = "lead", **body: object) -> dict[str, Any]:
    response = world.send("POST", RUNS, key, json=body)
    assert response.status_code == 202, response.text
    assert response.headers["location"] == CURRENT
    found: dict[str, Any] = response.json()
    return found


def run_of(world: World) -> dict[str, Any]:
    response = world.send("GET", CURRENT, "lead")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def ended(world: World) -> dict[str, Any]:
    wait_for(lambda: run_of(world)["state"] in ("done", "failed", "cancelled"))
    return run_of(world)


def encoded_elsewhere(world: World) -> None:
    """Have a forum's runs wait for another machine: what is asked here needs no process."""
    by = "elsewhere:1:x"
    with world.database.write() as c:
        store.claim_job(c, world.forum().id, JobKind.ENCODE, {}, by, datetime.now(UTC))


def row(world: World) -> store.JobRow:
    with world.database.read() as c:
        found = store.get_job(c, world.forum().id, JobKind.TRAIN)
    assert found is not None
    return found


def folders(world: World) -> list[Path]:
    folder = world.settings.models_dir / "bikes"
    return sorted(path for path in folder.glob("*") if path.is_dir()) if folder.exists() else []


def process_of(world: World) -> int:
    wait_for(lambda: row(world).state is JobState.RUNNING)
    return int((row(world).claimed_by or "").split(":")[1])


def events_of(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the events of a stream: their ids and data."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if "data" in fields:
            assert fields["event"] == "run"
            found.append((fields["id"], json.loads(fields["data"])))
    return found


def test_a_run_is_started_followed_and_live(world: World) -> None:
    put_cases(world.database, world.forum().id, cases(40))
    assert world.ask(EXPORT_DRAFT)["mode"] == "unrouted"
    run = start_run(world)
    assert run["state"] == "queued"
    assert world.keys["lead"].startswith(run["by"])
    response = world.send("GET", f"{CURRENT}/events", "lead")
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    states = [data["state"] for _, data in events]
    assert states[0] == "queued"
    assert states[-1] == "done"
    assert any(data["note"] for _, data in events)
    last_id, last = events[-1]
    version = last["result"]["version"]
    assert last["result"]["live"]
    assert [folder.name for folder in folders(world)] == [version]
    assert world.ask(EXPORT_DRAFT)["model_version"] == version
    assert run_of(world) == last

    def again(seen: str) -> Any:  # noqa: ANN401
        headers = {"Last-Event-ID": seen}
        return world.send("GET", f"{CURRENT}/events", "lead", headers=headers)

    assert events_of(again(events[0][0]).text) == [events[-1]]
    assert again(last_id).status_code == 204


def test_a_dry_run_publishes_nothing_and_keeps_its_verdict(world: World) -> None:
    put_cases(world.database, world.forum().id, cases(40))
    start_run(world, dry_run=True, since="2001-01-01", seed=3, precision={"kind": 0.9})
    run = ended(world)
    assert (run["state"], run["code"]) == ("failed", "not_enough_data")
    assert "20 more are needed" in run["note"]
    start_run(world, dry_run=True, seed=3, precision={"kind": 0.9}, risk=0.2)
    run = ended(world)
    assert run["state"] == "done", run
    assert (run["seed"], run["precision"], run["risk"]) == (3, "kind=0.9", 0.2)
    assert (run["result"]["version"], run["result"]["live"]) == (None, False)
    assert run["result"]["verdict"]
    assert run["done"] == run["total"] > 0
    assert not folders(world)
    assert world.ask(EXPORT_DRAFT)["mode"] == "unrouted"


def test_a_second_run_is_refused_and_the_same_request_is_one(world: World) -> None:
    encoded_elsewhere(world)
    headers = {"Idempotency-Key": "friday"}
    first = world.send("POST", RUNS, "lead", json={"seed": 5}, headers=headers)
    again = world.send("POST", RUNS, "lead", json={"seed": 5}, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["location"] == CURRENT
    refused = world.send("POST", RUNS, "admin", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "job_taken")
    assert "since 20" in refused.json()["detail"]
    assert world.send("POST", f"{CURRENT}/cancel", "admin").status_code == 200
    assert run_of(world)["state"] == "cancelled"
    assert world.send("POST", f"{CURRENT}/cancel", "lead").json()["state"] == "cancelled"


def test_a_cancelled_run_leaves_no_trace_but_its_row(world: World) -> None:
    put_cases(world.database, world.forum().id, cases(1500))
    start_run(world)
    wait_for(lambda: bool(row(world).note))
    process = process_of(world)
    told = world.send("POST", f"{CURRENT}/cancel", "lead").json()
    assert told["cancel_wanted"]
    run = ended(world)
    assert (run["state"], run["result"]) == ("cancelled", None)
    wait_for(lambda: not is_alive(process))
    assert not folders(world)
    assert world.ask(EXPORT_DRAFT)["mode"] == "unrouted"


def test_a_killed_run_is_over_until_a_person_starts_it_again(world: World) -> None:
    put_cases(world.database, world.forum().id, cases(1500))
    start_run(world)
    wait_for(lambda: bool(row(world).note))
    os.kill(process_of(world), signal.SIGKILL)
    run = ended(world)
    assert (run["state"], run["code"]) == ("failed", "job_lost")
    assert not folders(world)
    assert start_run(world, seed=1)["code"] is None


def test_a_run_that_the_server_s_end_interrupts_is_taken_up_by_the_next(
    world: World, start: Start
) -> None:
    put_cases(world.database, world.forum().id, cases(1500))
    start_run(world, seed=8, dry_run=True)
    wait_for(lambda: bool(row(world).note))
    process = process_of(world)
    world.client.__exit__(None, None, None)
    assert not is_alive(process)
    assert row(world).state is JobState.QUEUED
    second = start()
    assert process_of(second) != process
    assert run_of(second)["seed"] == 8


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("since", "yesterday"),
        ("seed", -1),
        ("seed", "1"),
        ("dry_run", "no"),
        ("force", "  "),
        ("precision", 1.0),
        ("precision", {"scope": 0.9}),
        ("precision", {"walrus": 0.9}),
        ("risk", 0.5),
    ],
)
def test_what_is_not_an_order_is_refused_by_its_field(
    empty: World, field: str, value: object
) -> None:
    response = empty.send("POST", RUNS, "lead", json={field: value, "walrus": True})
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")
    assert all(error["field"].startswith(field) for error in response.json()["errors"])
    assert empty.send("GET", CURRENT, "lead").json()["code"] == "no_job"


def test_the_reason_is_kept_without_what_is_nobody_s_business(empty: World) -> None:
    encoded_elsewhere(empty)
    start_run(empty, force="Anna <anna@example.com> needs the new topics")
    assert "anna@" not in run_of(empty)["force"]
    assert "new topics" in row(empty).options["force"]
