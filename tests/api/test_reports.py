"""/v1/reports over HTTP."""

import csv
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
    refused = world.send("GET", "/v1/reports/exports/words", "analyst")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_field")


@pytest.mark.parametrize("table", ["cards", "weeks", "slices_lang", "guardrails", "gaps", "flat"])
def test_what_pages_show_is_taken_along_too(world: World, table: str) -> None:
    query = f"{MARCH}&product=Ledger&time_zone=Europe/Oslo"
    response = world.send("GET", f"/v1/reports/exports/{table}?{query}", "analyst")
    assert response.status_code == 200, response.text
    assert response.headers["Content-Disposition"].endswith(f'-{table}.csv"')
    rows = list(csv.DictReader(io.StringIO(response.text)))
    report = get(world, f"/v1/reports?{query}")
    if table == "cards":
        parts = {row["name"]: int(row["part"]) for row in rows}
        assert (parts["asks"], parts["offer_rate"]) == (report["asks"], report["offered"])
        assert parts["deflection_low"] > 0
    if table == "flat":
        assert sum(row["counted"] == "true" for row in rows) == report["asks"]
    if table == "weeks":
        assert sum(int(row["asks"]) for row in rows) == report["asks"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("as_of=2026-03-20", "as_of"), ("from=2026-03-01T10:00", "from"), ("account=x", "account")],
)
def test_a_table_of_pages_is_of_whole_days_as_of_now(world: World, query: str, field: str) -> None:
    refused = world.send("GET", f"/v1/reports/exports/cards?{query}", "analyst")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_field")
    assert field in refused.text


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


@pytest.mark.parametrize(
    ("query", "only"),
    [
        ("product=Portal", {"product": "Portal"}),
        ("account=acme", {"account": "acme"}),
        ("destination=Expert", {"destination": "expert"}),
    ],
)
def test_a_report_is_of_a_product_an_account_or_a_destination(
    world: World, query: str, only: dict[str, str]
) -> None:
    everybody, some = (get(world, f"/v1/reports?{MARCH}{more}") for more in ("", f"&{query}"))
    assert 0 < some["asks"] < everybody["asks"]
    assert some["only"] == only
    assert 0 < everybody["simulated"] < everybody["asks"]


@pytest.mark.parametrize("query", ["product=nothing", "account=nobody", "destination=nowhere"])
def test_what_no_ask_has_is_refused_by_its_name(world: World, query: str) -> None:
    refused = world.send("GET", f"/v1/reports?{query}", "analyst")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_field")
    assert query.split("=")[0] in refused.json()["detail"]
