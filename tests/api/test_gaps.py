"""Gaps over HTTP: who sees them, who changes them."""

from datetime import UTC, datetime, timedelta

import pytest

from triage import store

from .conftest import World
from .samples import EXPORT_DRAFT


@pytest.fixture
def gap_id(world: World) -> str:
    """Three people ask what nothing answers."""
    draft = {**EXPORT_DRAFT, "title": "Where is the moon base?", "body": "I cannot find it."}
    now = datetime.now(UTC)
    asks = [world.ask({**draft, "user": f"asker {n}"})["ask_id"] for n in range(3)]
    forum = world.forum()
    with world.database.write() as c:
        store.put_groups(c, forum.id, ["moon"], now)
        store.put_group_members(c, forum.id, dict.fromkeys(asks, "moon"), dict.fromkeys(asks, now))
    return "moon"


def test_analysts_see_gaps_and_leads_change_them(world: World, gap_id: str) -> None:
    (gap,) = world.send("GET", "/v1/gaps", "analyst").json()["gaps"]
    assert (gap["gap_id"], gap["asks"], gap["persons"], gap["state"]) == (gap_id, 3, 3, "open")
    body = {"state": "drafting"}
    assert world.send("POST", f"/v1/gaps/{gap_id}", "analyst", json=body).status_code == 403
    told = world.send("POST", f"/v1/gaps/{gap_id}", "lead", json=body).json()
    assert (told["state"], told["thread_id"]) == ("drafting", None)
    (gap,) = world.send("GET", "/v1/gaps", "lead").json()["gaps"]
    assert (gap["state"], gap["by"], gap["rank"]) == ("drafting", told["by"], 1)
    assert world.send("GET", "/v1/gaps", "frontend").status_code == 403


def test_filters_are_those_of_the_page(world: World, gap_id: str) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    assert world.send("GET", f"/v1/gaps?to={yesterday}", "analyst").json()["gaps"] == []
    assert len(world.send("GET", "/v1/gaps?lang=en", "analyst").json()["gaps"]) == 1
    assert world.send("GET", "/v1/gaps?from=soon", "analyst").json()["code"] == "bad_field"


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("none", {"state": "drafting"}, "no_gap"),
        ("moon", {"state": "answered"}, "bad_field"),
        ("moon", {"state": "answered", "thread_id": "none"}, "no_thread"),
        ("moon", {"state": "written"}, "bad_request"),
    ],
)
def test_what_cannot_become_of_a_gap_is_refused(
    world: World, gap_id: str, path: str, body: dict[str, str], code: str
) -> None:
    response = world.send("POST", f"/v1/gaps/{path}", "lead", json=body)
    assert response.json()["code"] == code, gap_id
