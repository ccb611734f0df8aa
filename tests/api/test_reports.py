"""/v1/reports over HTTP."""

import io
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.reports.months import Kept, month

from .conftest import World

MARCH = "from=2026-03-01&to=2026-03-31"


@pytest.fixture
def world(empty: World) -> World:
    Kept(empty.database, empty.forum().id).put(month(persons=60))
    return empty


def get(world: World, path: str, key: str = "analyst") -> dict[str, Any]:
    response = world.send("GET", path, key)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_report_has_the_measures_of_the_command(world: World) -> None:
    found = get(world, f"/v1/reports?{MARCH}&cost_per_post=10&time_zone=Europe/Oslo")
    assert found["asks"] > 60
    assert found["lift_low"] < found["lift"] < found["lift_high"]
    assert found["saved"] == pytest.approx(10 * found["incremental"])
    assert found["from_local"] == "2026-03-01T00:00:00+01:00"


def test_a_period_is_closed_by_leads_and_listed(world: World) -> None:
    body = {"from": "2026-03-01", "to": "2026-03-31"}
    assert world.send("POST", "/v1/reports/periods", "analyst", json=body).status_code == 403
    closed = world.send("POST", "/v1/reports/periods", "lead", json=body)
    assert closed.status_code == 201, closed.text
    assert closed.json()["from"] == "2026-03-01T00:00:00Z"
    again = world.send("POST", "/v1/reports/periods", "lead", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "period_closed")
    listed = get(world, "/v1/reports/periods?limit=1")
    assert listed["periods"][0]["figures"]["asks"] == closed.json()["figures"]["asks"]
    assert listed["next_before"] is None
    assert get(world, f"/v1/reports?{MARCH}")["closed"]["changed"] == {}


def test_what_was_before_is_put_and_told(world: World) -> None:
    periods = [{"from": "2025-01-01", "to": "2025-01-31", "questions": 93}]
    put = world.send("PUT", "/v1/reports/baseline", "lead", json={"periods": periods})
    assert put.status_code == 200, put.text
    assert get(world, "/v1/reports/baseline") == put.json()
    assert get(world, "/v1/reports")["baseline"]["questions_per_day"] == 3.0
    twice = world.send("PUT", "/v1/reports/baseline", "lead", json={"periods": periods * 2})
    assert (twice.status_code, twice.json()["code"]) == (422, "bad_field")


def test_an_export_says_of_which_version_its_columns_are(world: World) -> None:
    response = world.send("GET", f"/v1/reports/exports/outcomes?format=parquet&{MARCH}", "analyst")
    assert response.headers["Triage-Columns"] == "1"
    assert pq.read_table(io.BytesIO(response.content)).num_rows > 60
    text = world.send("GET", "/v1/reports/exports/asks", "analyst").text
    assert text.startswith("ask_id,opened_at,")
    assert world.send("GET", "/v1/reports/exports/asks", "frontend").status_code == 403
    assert world.send("GET", "/v1/reports/exports/words", "analyst").status_code == 422


@pytest.mark.parametrize(
    "query",
    ["from=spring", "time_zone=Mars/Olympus", "cost_low=3", "cost_per_post=1&cost_low=2", "to="],
)
def test_a_wrong_question_names_its_field(world: World, query: str) -> None:
    response = world.send("GET", f"/v1/reports?{query}", "analyst")
    assert response.status_code == 422
    assert response.json()["code"] in ("bad_field", "bad_request")


def test_a_report_is_of_some_asks_alone_where_that_is_asked_for(world: World) -> None:
    everybody = get(world, f"/v1/reports?{MARCH}")
    some = get(world, f"/v1/reports?{MARCH}&lang=nb-NO")
    assert 0 < some["asks"] < everybody["asks"]
    assert some["only"] == {"lang": "nb"}
    told = some["excluded"]["not_asked_for"] + some["asks"]
    assert told >= everybody["asks"]
    assert (some["baseline"], some["closed"], some["routing"]) == (None, None, None)
    refused = world.send("GET", "/v1/reports?lang=xx", "analyst")
    assert refused.status_code == 422
    assert "there are" in refused.json()["detail"]
