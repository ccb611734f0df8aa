"""Somebody is known by a name that they chose, and by nothing else."""

import json
from typing import Any

import pytest

from triage.connect.accounts import account_from
from triage.crypto.persons import person_hasher
from triage.store import get_account, put_accounts, set_account_of

from .conftest import World
from .samples import EXPORT
from .test_answers import Sign, sign, vote

__all__ = ["sign"]
HELPER = "helper.of.export"


def choose(world: World, name: str | None, user: str = HELPER, **more: Any) -> Any:  # noqa: ANN401
    body = {"display_name": name, "user": user, **more}
    return world.send("PUT", "/v1/profile", "frontend", json=body)


def chosen(world: World, name: str, user: str = HELPER, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    reply = choose(world, name, user, **more)
    assert reply.status_code == 200, reply.text
    face: dict[str, Any] = reply.json()["profile"]
    return face


def belong(world: World, user: str = HELPER) -> str:
    """Have somebody belong to a company; return their hash."""
    person = person_hasher(world.settings.person_key, "bikes")(user)
    with world.database.write() as c:
        forum_id = world.forum().id
        put_accounts(c, forum_id, [account_from({"id": "acme", "name": "Acme Fjord"})])
        set_account_of(c, forum_id, person, "acme")
        assert get_account(c, forum_id, "acme") is not None
    return person


def thread(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.send("GET", "/v1/threads/export", "frontend").json()
    return found


def test_a_name_stands_beside_what_somebody_wrote_and_nothing_else_of_them(world: World) -> None:
    person = belong(world)
    assert thread(world)["answers"][0]["by"] is None
    face = chosen(world, "  Ledger   Owl ")
    assert face["display_name"] == "Ledger Owl"
    said = thread(world)
    assert said["answers"][0]["by"] == face
    assert said["asked_by"] is None
    text = json.dumps(said)
    assert not [word for word in (HELPER, person, "acme", "Acme") if word in text]


def test_the_company_is_hidden_unless_they_show_it(world: World) -> None:
    belong(world)
    assert chosen(world, "Ledger Owl")["company"] is None
    assert chosen(world, "Ledger Owl", company_shown=True)["company"] == "Acme Fjord"
    assert chosen(world, "Ledger Owl")["company"] is None


def test_standing_grows_with_the_people_who_were_helped(world: World) -> None:
    # The one who asked took the answer.
    face = chosen(world, "Ledger Owl")
    assert (face["answers"], face["accepted"], face["helped"]) == (1, 1, 1)
    assert (face["standing"], face["staff"]) == ("helping", True)
    for n in range(9):
        vote(world, f"reader-{n}", "helpful")
    read = world.send("GET", f"/v1/profiles/{face['profile_id']}", "publishable").json()
    assert (read["helped"], read["standing"]) == (10, "trusted")
    assert chosen(world, "Night Rider", "somebody else")["standing"] == "new"


def test_a_browser_has_a_profile_by_its_token_alone(world: World, sign: Sign) -> None:
    body = {"display_name": "Ledger Owl", "user": "somebody else"}
    reply = world.send("PUT", "/v1/profile", "publishable", json=body)
    assert reply.json()["code"] == "bad_visitor"
    reply = world.send("PUT", "/v1/profile", "publishable", json=body, headers=sign(HELPER))
    assert reply.status_code == 200
    assert thread(world)["answers"][0]["by"]["display_name"] == "Ledger Owl"
    own = world.send("GET", "/v1/profile", "publishable", headers=sign(HELPER)).json()
    assert own == reply.json()
    other = world.send("GET", "/v1/profile", "publishable", headers=sign("else")).json()
    assert other == {"profile": None}
    assert world.send("GET", "/v1/profile", "publishable").json() == {"profile": None}


@pytest.mark.parametrize(
    "name",
    [
        *("a", " .", "x" * 41, "Anna\u202eB", "Ledger <b>Owl</b>", "Owl\x00Owl"),
        *("Support Team", "Vendor_Admin", "Kundtjänst Eva", "The Moderators", "Asiakaspalvelu"),
        *("anna.larsson@example.com", "Call 070-123 45 67", "Owl of Acme Fjord", "Olsson Bygg AB"),
        # A Cyrillic letter among Latin ones.
        "Ledger \u041ewl",
        # The forum's own name for them.
        *("helper.of.export", "Helper.Of.Export"),
    ],
)
def test_a_name_that_tells_too_much_or_misleads_is_refused(world: World, name: str) -> None:
    belong(world)
    reply = choose(world, name)
    assert (reply.status_code, reply.json()["code"]) == (422, "bad_field")
    assert thread(world)["answers"][0]["by"] is None


@pytest.mark.parametrize("name", ["Ledger Owl", "ledger-owl", "LEDGER_0WL", "Lédger Owl"])
def test_nobody_takes_the_name_of_another_or_one_like_it(world: World, name: str) -> None:
    chosen(world, "Ledger Owl")
    reply = choose(world, name, "somebody else")
    assert (reply.status_code, reply.json()["code"]) == (409, "name_taken")
    assert chosen(world, name)["display_name"] == name


@pytest.mark.parametrize("name", ["Åsa Ölund", "Jörg-Peter 3", "O'Neill", "Снежана", "梅雨"])
def test_names_of_any_one_script_will_do(world: World, name: str) -> None:
    assert chosen(world, name)["display_name"] == name


def test_a_name_is_given_up_and_goes_with_its_person(world: World) -> None:
    first = chosen(world, "Ledger Owl")
    assert chosen(world, "Night Owl")["profile_id"] == first["profile_id"]
    assert choose(world, None).json() == {"profile": None}
    path = f"/v1/profiles/{first['profile_id']}"
    assert world.send("GET", path, "frontend").json()["code"] == "no_profile"
    second = chosen(world, "Night Owl")
    assert second["profile_id"] != first["profile_id"]
    receipt = world.send("POST", "/v1/erasures", json={"user": HELPER}).json()
    assert receipt["removed"]["profiles"] == 1
    path = f"/v1/profiles/{second['profile_id']}"
    assert world.send("GET", path, "frontend").status_code == 404
    world.send("PUT", "/v1/threads/export", json={**EXPORT, "created": None})
    assert "Night Owl" not in json.dumps(thread(world))


def test_another_forum_knows_neither_name_nor_profile(world: World) -> None:
    face = chosen(world, "Ledger Owl")
    reply = world.send("GET", f"/v1/profiles/{face['profile_id']}", "boats")
    assert reply.status_code == 404
    body = {"display_name": "Ledger Owl", "user": "else"}
    assert world.send("PUT", "/v1/profile", "boats", json=body).status_code == 200
