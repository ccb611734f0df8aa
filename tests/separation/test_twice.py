"""Every POST of the interface, sent twice under one Idempotency-Key, acts once."""

from dataclasses import replace

import pytest

from triage.api.matrix import MATRIX

from .house import Call, House
from .probes import PROBES

POSTS = [row for row in MATRIX if row[0] == "POST" and row[1].startswith("/v1/")]
# The same twice as once.
HARMLESS = {
    ("POST", "/v1/training-runs/current/cancel"),
    ("POST", "/v1/alerts/{alert_id}/seen"),
    ("POST", "/v1/drift/alerts/{alert_id}/seen"),
    ("POST", "/v1/incoming/{channel_id}"),
    # Changes nothing, and no copy is kept of what it gives.
    ("POST", "/v1/persons/export"),
}


@pytest.mark.parametrize("row", POSTS, ids=" ".join)
def test_the_second_is_given_what_the_first_was(shared_house: House, row: tuple[str, str]) -> None:
    house = shared_house
    known = house.making()
    if row[1].endswith("/rollback"):
        house.go_through_versions()
    call = PROBES[row](known, "words")
    key = {"Idempotency-Key": f"twice {row[1]}".replace(" ", "-")}
    once = replace(call, headers={**call.headers, **key})
    first, again = house.send(once), house.send(once)
    assert first.status_code in call.answers, first.text
    if row in HARMLESS:
        assert "idempotency-replayed" not in again.headers
        return
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    other = house.send(_with_more(once))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")


def _with_more(call: Call) -> Call:
    body = call.json if isinstance(call.json, dict) else {}
    return replace(call, json={**body, "more": 1})
