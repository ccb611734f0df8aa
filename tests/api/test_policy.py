"""A policy through the front door: drafted, tried, followed, gone back from."""

from typing import Any

import pytest

from triage.api.errands import trials
from triage.policy import Policy, read_policy

from .conftest import World

DRAFT = {"title": "Chain slips", "body": "In third gear.", "lang": "en", "stage": "submit"}
TO_EXPERTS = '[routing]\ndefault = "expert"\n'


def put(world: World, toml: str = TO_EXPERTS, key: str = "lead") -> dict[str, Any]:
    response = world.send("PUT", "/v1/policy/draft", key, json={"toml": toml})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def post(world: World, what: str, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    response = world.send("POST", f"/v1/policy/{what}", "lead", json=body)
    assert response.status_code == status, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_policy_goes_from_draft_to_trial_to_the_next_question(world: World) -> None:
    before = world.send("GET", "/v1/policy", "lead").json()
    assert (before["version"], before["active"], before["draft"]) == ("default", None, None)
    assert read_policy(before["toml"]) == Policy()
    for n in range(3):
        asked = world.ask({**DRAFT, "user": f"asker-{n}"})
        assert asked["destination"] == "community"
    version = put(world)["version"]
    told = post(world, "simulate", {"days": 1})
    assert (told["asks"], told["persons"], told["moved_to_expert"]) == (3, 3, 3)
    assert (told["draft_version"], told["current_version"]) == (str(version), "default")
    assert told["difference"]["coverage"]["value"] == -1
    assert world.ask(DRAFT)["destination"] == "community"
    done = post(world, "activate", {"version": version, "reason": "Better in the trial."})
    assert done == {"version": version, "former": None}
    assert world.ask(DRAFT)["destination"] == "expert"
    now = world.send("GET", "/v1/policy", "lead").json()
    assert now["active"]["state"] == "active"
    assert now["active"]["simulated"]["moved_to_expert"] == 3
    history = world.send("GET", "/v1/policy/history?limit=1", "lead").json()
    assert history["changes"][0]["reason"] == "Better in the trial."
    more = world.send("GET", f"/v1/policy/history?before={history['next_before']}", "lead").json()
    assert [one["action"] for one in more["changes"]] == ["draft"]
    assert more["next_before"] is None


def test_what_is_wrong_is_named_by_field_and_line(world: World) -> None:
    body = {"toml": "[costs]\nexpert = 1.0\nmised_expert = 3.0\n"}
    problem = world.send("PUT", "/v1/policy/draft", "lead", json=body)
    assert (problem.status_code, problem.json()["code"]) == (422, "bad_field")
    error = problem.json()["errors"][0]
    assert error["field"] == "costs.mised_expert"
    assert "missed_expert" in error["problem"]
    assert "line 3" in error["problem"]
    assert world.send("GET", "/v1/policy", "lead").json()["draft"] is None


def test_a_draft_can_be_discarded_and_what_is_not_there_is_said(world: World) -> None:
    assert post(world, "discard", {}, 404)["code"] == "no_policy"
    version = put(world)["version"]
    assert post(world, "discard", {"version": version + 1}, 404)["code"] == "no_policy"
    assert post(world, "discard", {"version": version})["state"] == "discarded"
    assert post(world, "activate", {"version": version}, 422)["code"] == "bad_field"
    assert post(world, "activate", {"version": 99}, 404)["code"] == "no_policy"
    assert post(world, "simulate", {"toml": "[shown]\nmost = 1\n"}, 409)["code"] == (
        "not_enough_data"
    )
    kept = world.send("GET", f"/v1/policy/versions/{version}", "lead").json()
    assert read_policy(kept["toml"]).default_destination == "expert"


def test_an_activation_that_is_sent_twice_is_done_once(world: World) -> None:
    version = put(world)["version"]
    headers = {"Idempotency-Key": "k1"}
    replies = [
        world.send(
            "POST", "/v1/policy/activate", "lead", json={"version": version}, headers=headers
        )
        for _ in range(2)
    ]
    assert replies[0].json() == replies[1].json() == {"version": version, "former": None}
    assert len(world.send("GET", "/v1/policy/history", "lead").json()["changes"]) == 2


@pytest.mark.parametrize("key", ["publishable", "frontend", "analyst", "boats"])
def test_the_policy_is_for_the_leads_of_the_forum(world: World, key: str) -> None:
    version = put(world)["version"]
    found = world.send("GET", f"/v1/policy/versions/{version}", key)
    assert found.status_code == (404 if key == "boats" else 403)


def test_many_asks_are_tried_by_a_process_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        world.ask({**DRAFT, "user": f"asker-{n}"})
    put(world)
    here = post(world, "simulate", {"days": 1})
    monkeypatch.setattr(trials, "FEW", 1)
    told = post(world, "simulate", {"days": 1})
    since = {"since", "until"}
    assert {n: v for n, v in told.items() if n not in since} == {
        n: v for n, v in here.items() if n not in since
    }
    text = post(world, "simulate", {"days": 1, "toml": TO_EXPERTS})
    assert (text["draft_version"], text["moved_to_expert"]) == ("unkept", 2)
    busy = world.client.app.state.installation.trials._one  # type: ignore[attr-defined]
    with busy:
        assert post(world, "simulate", {"days": 1}, 503)["code"] == "too_busy"


def test_a_person_is_had_at_once_and_the_lead_is_told_why(world: World) -> None:
    wanted = {**DRAFT, "wants_person": True}
    told = world.ask(wanted, "publishable")
    assert (told["destination"], told["visibility"]) == ("expert", "private")
    assert told["reasons"][0]["code"] == "wants_person"
    assert "decision" not in told
    assert "decision" not in world.ask(wanted, "frontend")
    lead = world.ask(wanted, "lead")["decision"]
    assert (lead["policy_version"], lead["decided_by"]) == ("default", "wants_person")
    assert [one["code"] for one in lead["would_change"]] == ["turn_wants_person"]
    explained = world.send("GET", f"/v1/triage/{told['triage_id']}/explanation", "lead").json()
    assert explained["decision"] == lead


def test_a_health_check_says_which_version_decides(world: World) -> None:
    post(world, "activate", {"version": put(world)["version"]})
    parts = world.send("GET", "/ready", "lead").json()["parts"]
    assert (parts["policy_version"], parts["policy_refused"]) == ("1", None)
