"""/lead/deliveries as the server sends it: how other systems are reached, what was given up."""

from datetime import UTC, datetime

import pytest

from triage.records import LANGUAGES, DeliveryState, MessageType, Role
from triage.store import (
    Message,
    SourceRow,
    get_delivery,
    iter_acts,
    post_message,
    put_incoming,
    put_source,
)
from triage.web import word

from .browsing import Browser, browser, shown
from .conftest import World
from .test_analytics import enter
from .test_channels import _nobody_delivers, made
from .test_deliveries import dead

__all__ = ["_nobody_delivers"]


@pytest.fixture
def channel_id(empty: World) -> str:
    told: str = made(empty, name="Tickets of the house")["channel_id"]
    return told


@pytest.fixture
def lead(empty: World) -> Browser:
    return enter(empty, Role.LEAD)


def state_of(world: World, channel_id: str, message_id: str) -> DeliveryState:
    with world.database.read() as c:
        row = get_delivery(c, world.forum().id, channel_id, message_id)
    assert row is not None
    return row.state


def acts_on(world: World, what: str) -> list[tuple[str, str]]:
    with world.database.read() as c:
        rows = list(iter_acts(c, world.forum().id))
    return [(row.act.act, row.act.actor.name) for row in rows if row.act.object == what]


def test_a_forum_without_channels_says_what_to_do(lead: Browser) -> None:
    page = lead.get("/lead/deliveries")
    assert page.status_code == 200
    assert "No other system is connected." in shown(page)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FRONTEND])
def test_others_may_not_look(empty: World, channel_id: str, role: Role) -> None:
    there = enter(empty, role)
    message_id = dead(empty, channel_id)
    assert there.get("/lead/deliveries").status_code == 403
    assert there.get(f"/lead/deliveries/{channel_id}/{message_id}").status_code == 403
    assert there.change(f"/lead/deliveries/{channel_id}/{message_id}/skip").status_code == 403
    assert browser(empty).get("/lead/deliveries").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_tells_how_a_channel_stands(
    empty: World, lead: Browser, channel_id: str, lang: str
) -> None:
    message_id = dead(empty, channel_id)
    with empty.database.write() as c:
        now = datetime.now(UTC)
        put_incoming(c, empty.forum().id, channel_id, "topic:7", now)
        put_source(c, empty.forum().id, SourceRow(source="forum", kind="threads", started_at=now))
    said = shown(lead.get(f"/lead/deliveries?language={lang}"))
    for name in ("channel_holds_back", "state_dead", "incoming", "sources", "not_finished"):
        assert word(f"lead_deliveries.{name}", lang) in said, name
    assert word("lead_deliveries.dead_one", lang) in said
    told = shown(lead.get(f"/lead/deliveries/{channel_id}/{message_id}?language={lang}"))
    assert word("lead_deliveries.code_http", lang, status=500) in told


def test_neither_an_address_nor_a_secret_is_shown(
    empty: World, lead: Browser, channel_id: str
) -> None:
    message_id = dead(empty, channel_id)
    for path in ("", f"/{channel_id}/{message_id}"):
        page = lead.get(f"/lead/deliveries{path}")
        assert page.status_code == 200
        assert "hooks.example" not in page.text
        assert "secret" not in page.text.lower()


def test_deliveries_are_found_and_turned(empty: World, lead: Browser, channel_id: str) -> None:
    given_up = dead(empty, channel_id)
    now = datetime.now(UTC)
    with empty.database.write() as c:
        for number in range(55):
            question_id = f"q{number % 2}"
            told = {"question_id": question_id}
            message = Message(
                type=MessageType.ANSWERED,
                stream=f"question:{number}",
                at=now,
                data=told,
                question_id=question_id,
            )
            post_message(c, empty.forum().id, message)
    first = lead.get("/lead/deliveries").text
    assert first.count(f'<a href="/lead/deliveries/{channel_id}/') == 50
    next_page = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = lead.get(next_page).text
    assert second.count(f'<a href="/lead/deliveries/{channel_id}/') == 6
    assert f"{channel_id}/{given_up}" in second
    only = lead.get("/lead/deliveries?state=dead").text
    assert f"{channel_id}/{given_up}" in only
    assert only.count(f'<a href="/lead/deliveries/{channel_id}/') == 1
    about = lead.get("/lead/deliveries?question=q1").text
    assert about.count(f'<a href="/lead/deliveries/{channel_id}/') == 27
    assert "No delivery fits." in shown(lead.get("/lead/deliveries?channel=ch_unknown"))
    for query in ("state=lost", "after=x", "after=99999999999999999999"):
        assert lead.get(f"/lead/deliveries?{query}").status_code == 422, query


def test_what_was_given_up_is_tried_anew_once(empty: World, lead: Browser, channel_id: str) -> None:
    message_id = dead(empty, channel_id)
    path = f"/lead/deliveries/{channel_id}/{message_id}"
    sent = lead.change(f"{path}/replay")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}?said=replayed")
    assert "It is tried anew." in shown(lead.get(sent.headers["location"]))
    assert state_of(empty, channel_id, message_id) is DeliveryState.PENDING
    again = lead.change(f"{path}/replay")
    assert again.status_code == 409
    assert "Below is how it stands" in shown(again)
    assert acts_on(empty, message_id) == [("delivery.replay", "lead@example.com")]


def test_a_message_is_skipped(empty: World, lead: Browser, channel_id: str) -> None:
    message_id = dead(empty, channel_id)
    path = f"/lead/deliveries/{channel_id}/{message_id}"
    assert lead.change(f"{path}/skip").status_code == 303
    page = lead.get(path)
    assert "/skip" not in page.text
    assert "/replay" not in page.text
    assert lead.change(f"{path}/skip").status_code == 409
    assert acts_on(empty, message_id) == [("delivery.skip", "lead@example.com")]


def test_all_that_a_channel_gave_up_is_tried_anew(
    empty: World, lead: Browser, channel_id: str
) -> None:
    ids = [dead(empty, channel_id) for _ in range(3)]
    sent = lead.change("/lead/deliveries/replay", channel_id=channel_id)
    assert sent.status_code == 303
    assert {state_of(empty, channel_id, one) for one in ids} == {DeliveryState.PENDING}
    none = lead.change("/lead/deliveries/replay", channel_id=channel_id)
    assert "Nothing of this system is given up" in shown(lead.get(none.headers["location"]))
    assert lead.change("/lead/deliveries/replay", channel_id="ch_x").status_code == 404


def test_what_persons_are_told_does_not_exist_here(empty: World, lead: Browser) -> None:
    for path in ("ch_none/msg", "a/b"):
        assert lead.get(f"/lead/deliveries/{path}").status_code == 404
        assert lead.change(f"/lead/deliveries/{path}/skip").status_code == 404
