"""Every endpoint, called as it is meant to be called, by everybody: the table says who gets in."""

import pytest
from fastapi import FastAPI

from triage.api.matrix import MATRIX, PUBLIC

from .house import House
from .probes import PROBES

ROWS = pytest.mark.parametrize("row", MATRIX, ids=" ".join)
_DENIED = {401: {"no_key", "unknown_key"}, 403: {"wrong_role"}}


def routes_of(app: FastAPI) -> set[tuple[str, str]]:
    return {(m, str(r.path)) for r in app.routes for m in r.methods}  # type: ignore[attr-defined]


def test_every_endpoint_has_its_row_and_its_probe(shared_house: House) -> None:
    assert routes_of(shared_house.client.app) == set(MATRIX) == set(PROBES)  # type: ignore[arg-type]


@ROWS
def test_everybody_gets_what_the_table_says(shared_house: House, row: tuple[str, str]) -> None:
    house, access = shared_house, MATRIX[row]
    house.sign_in_again()
    known = house.making()
    for name, caller in list(house.callers.items()):
        lets_in = access is PUBLIC or (caller.by is not None and access.lets(caller.by))
        if lets_in and row[0] != "GET":
            # What one of them did may leave nothing for the next.
            known = house.making()
            if row[1].endswith("/rollback"):
                house.go_through_versions()
        call = PROBES[row](known, "words")
        response = house.send(call, name)
        if lets_in and "foreign" in name:
            # Let in, to another forum: there is nothing of this one there.
            assert response.status_code not in (401, 403), name
        elif lets_in:
            assert response.status_code in call.answers, (name, response.text)
        elif row[1].startswith("/v1/"):
            assert response.json()["code"] in _DENIED.get(response.status_code, ()), name
        else:
            # A page sends whoever is not signed in to the place where that is done.
            sent_on = response.headers.get("location", "").startswith("/sign-in?")
            assert response.status_code == 403 or (response.status_code == 303 and sent_on), name
