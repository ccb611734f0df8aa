"""A front end asks what is due, shows it, and sends the reply, in the person's language."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from triage.measuring import follow_ups
from triage.measuring.follow_ups import Sampling, draw_all
from triage.records import LANGUAGES, EventType
from triage.store import iter_events

from .conftest import World
from .samples import EXPORT_DRAFT

DRAFT = {**EXPORT_DRAFT, "stage": "submit"}
LATER = timedelta(days=2)


def drawn(world: World, **asked: object) -> dict[str, Any]:
    """Ask, and come to the draw two days later."""
    reply = world.ask({**DRAFT, **asked})
    draw_all(world.database, world.forum().id, Sampling(1.0), datetime.now(UTC) + LATER)
    return reply


def due(world: World, key: str = "frontend", **who: object) -> list[dict[str, Any]]:
    response = world.send("POST", "/v1/follow-ups/due", key, json=who)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["follow_ups"]
    return found


def survey(world: World) -> list[str | float | None]:
    with world.database.read() as c:
        events = list(iter_events(c, world.forum().id))
    values = [event.value for event in events if event.type is EventType.SURVEY_REPLY]
    # The draw was of two days later.
    return sorted(values, key=lambda value: value is not None)


def test_whoever_was_drawn_is_asked_and_the_reply_counts_once(world: World) -> None:
    asked = drawn(world, user="anna", session="s1")
    (question,) = due(world, user="anna", lang="sv-SE")
    assert (question["ask_id"], question["about"]) == (asked["ask_id"], "suggestions")
    assert question["title"] == EXPORT_DRAFT["title"]
    assert question["text"].endswith("Är problemet löst?")
    assert "räknas bara" in question["purpose"]
    assert [choice["value"] for choice in question["choices"]] == ["yes", "no", "skip"]
    path = f"/v1/follow-ups/{question['follow_up_id']}/reply"
    for value, state in (("no", "accepted"), ("yes", "duplicate")):
        told = world.send("POST", path, "frontend", json={"user": "anna", "value": value}).json()
        assert (told["value"], told["state"]) == ("no", state)
    assert survey(world) == [None, "no"]
    assert due(world, user="anna") == []
    counts = world.send("GET", "/v1/follow-ups", "analyst").json()
    assert (counts["drawn"], counts["shown"], counts["no"], counts["yes"]) == (1, 1, 1, 0)


def test_a_browser_speaks_for_its_session_alone(world: World) -> None:
    reply = world.ask({**DRAFT, "user": "anna", "session": "s1"}, "publishable")
    draw_all(world.database, world.forum().id, Sampling(1.0), datetime.now(UTC) + LATER)
    assert due(world, user="anna", session="s1") == []
    assert due(world, "publishable", user="anna", session="s2") == []
    (question,) = due(world, "publishable", user="anna", session="s1")
    assert question["ask_id"] == reply["ask_id"]


def test_a_round_draws_no_more_than_it_may_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_ups, "_BATCH", 1)
    for person in ("anna", "bo", "cai"):
        world.ask({**DRAFT, "user": person, "session": person}, "frontend")
    at = world.database, world.forum().id, Sampling(1.0), datetime.now(UTC) + LATER
    assert [draw_all(*at, 2), draw_all(*at, 2), draw_all(*at, 2)] == [2, 1, 0]


def test_whoever_wants_none_is_asked_no_more(world: World) -> None:
    drawn(world, user="anna")
    body = {"user": "anna", "lang": "fi"}
    told = world.send("POST", "/v1/follow-ups/opt-out", "frontend", json=body).json()
    assert told == {"opted_out": True, "text": "Emme kysy tätä sinulta enää."}
    assert due(world, user="anna") == []
    back = {"user": "anna", "opted_out": False}
    assert world.send("POST", "/v1/follow-ups/opt-out", "frontend", json=back).is_success
    assert len(due(world, user="anna")) == 1


@pytest.mark.parametrize("who", [{}, {"user": ""}, {"session": None}])
def test_somebody_must_be_there(world: World, who: dict[str, object]) -> None:
    response = world.send("POST", "/v1/follow-ups/due", "publishable", json=who)
    assert (response.status_code, response.json()["code"]) == (422, "bad_request")


def test_a_reply_of_nobody_who_was_asked_is_unknown(world: World) -> None:
    drawn(world, user="anna")
    (question,) = due(world, user="anna")
    path = f"/v1/follow-ups/{question['follow_up_id']}/reply"
    response = world.send("POST", path, "frontend", json={"user": "eve", "value": "yes"})
    assert (response.status_code, response.json()["code"]) == (404, "no_follow_up")
    wrong = world.send("POST", path, "frontend", json={"user": "anna", "value": "maybe"})
    assert wrong.status_code == 422
    assert survey(world) == [None]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_the_whole_question(world: World, lang: str) -> None:
    drawn(world, user="anna")
    (question,) = due(world, user="anna", lang=lang)
    texts = [question["text"], question["purpose"], question["opt_out"]]
    texts += [choice["text"] for choice in question["choices"]]
    assert question["lang"] == lang
    assert all(texts)
    english = due(world, user="anna", lang="en")[0]["text"]
    assert (question["text"] == english) is (lang == "en")
