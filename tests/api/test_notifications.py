"""What a person is told and how they choose to be told, through the API."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.connect.smtp import post_office
from triage.channels import open_channel
from triage.delivering import Engine, Opened, PersonMailSender
from triage.records import ChannelKind
from triage.store import Database, channels_of_person, list_deliveries
from triage.visitors import create_secret, sign_visitor

from .conftest import Start, World
from .samples import EXPORT_DRAFT

FEED, READ = "/v1/notifications", "/v1/notifications/read"
SETTINGS = "/v1/notifications/settings"
KINDS = ("known_issue", "issue_fixed", "same_answer", "answered", "asked_back")
MAIL = "anna@customer.example"
HOOK = "https://hooks.customer.example/in"
Bring = Callable[..., dict[str, str]]
Json = dict[str, Any]


@pytest.fixture
def bring(store: Database, world: World) -> Bring:
    """Return what makes the header of a visitor for whom the forum's server vouches."""
    with store.write() as c:
        now = datetime.now(UTC)
        secret = create_secret(c, world.forum(), world.settings.person_key, "server", now)

    def header(user: str) -> dict[str, str]:
        return {"Triage-Visitor": sign_visitor(*secret, "bikes", user=user, at=datetime.now(UTC))}

    return header


def post(world: World, user: str, n: int = 0) -> str:
    body = {**EXPORT_DRAFT, "title": f"Export {n} stops", "user": user, "session": f"{user}-{n}"}
    response = world.send("POST", "/v1/questions", "frontend", json=body)
    assert response.status_code == 200, response.text
    found: str = response.json()["question_id"]
    return found


def answer(world: World, question_id: str, **more: object) -> None:
    body = {"state": "answered", "words": "Update it.", **more}
    path = f"/v1/questions/{question_id}/changes"
    assert world.send("POST", path, "lead", json=body).status_code == 200


def ask_back(world: World, question_id: str) -> None:
    body = {"state": "waiting_for_customer", "asked": ["ask_version"]}
    answer(world, question_id, **body)


def feed(world: World, user: str, more: str = "") -> Json:
    response = world.send("GET", f"{FEED}?user={user}{more}", "frontend")
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def choose(world: World, key: str = "frontend", headers: Any = None, **body: object) -> Json:  # noqa: ANN401
    response = world.send("PUT", SETTINGS, key, json=body, headers=headers)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def sent(world: World, user: str = "anna") -> list[tuple[str, str]]:
    """Return through which kind of address which message goes to somebody."""
    person = world.client.app.state.installation.hasher(world.forum())(user)  # type: ignore[attr-defined]
    with world.database.read() as c:
        kinds = {
            row.channel_id: row.kind for row in channels_of_person(c, world.forum().id, person)
        }
        rows = list_deliveries(c, world.forum().id, person=person)
    return [(kinds[row.channel_id].value, row.type) for row in rows]


def code(world: World, user: str = "anna") -> str:
    person = world.client.app.state.installation.hasher(world.forum())(user)  # type: ignore[attr-defined]
    with world.database.read() as c:
        rows = channels_of_person(c, world.forum().id, person)
    (row,) = [row for row in rows if row.kind is ChannelKind.PERSON_EMAIL]
    return str(open_channel(row, world.forum(), world.settings.person_key).secrets["code"])


@pytest.fixture
def mailing(start: Start, world: World) -> World:
    """The same forum, of a service that sends e-mail."""
    return start(smtp_url="smtp://127.0.0.1:2525", smtp_from="Help <help@bikes.example>")


def test_the_feed_is_newest_first_with_how_much_is_unread(world: World) -> None:
    ids = [post(world, "anna", n) for n in range(3)]
    for question_id in ids:
        ask_back(world, question_id)
    answer(world, ids[0])
    told = feed(world, "anna")
    shown = [(one["kind"], one["question_id"]) for one in told["notifications"]]
    assert shown == [("answered", ids[0]), *(("asked_back", one) for one in reversed(ids))]
    assert told["notifications"][0]["text"] == "Your question has an answer."
    assert told["unread"]["all"] == 4
    assert told["unread"]["by_kind"] == {**dict.fromkeys(KINDS, 0), "answered": 1, "asked_back": 3}
    assert feed(world, "bo")["unread"]["all"] == 0


def test_the_feed_is_paged_and_narrowed_to_what_is_unread(world: World) -> None:
    for n in range(3):
        answer(world, post(world, "anna", n))
    seen, after = [], ""
    while after is not None:
        page = feed(world, "anna", f"&limit=2{after}")
        seen += [one["notice_id"] for one in page["notifications"]]
        assert page["unread"]["all"] == 3
        after = f"&after={page['next_after']}" if page["next_after"] else None
    assert len(set(seen)) == 3
    read = {"user": "anna", "notice_ids": [seen[1]]}
    assert world.send("POST", READ, "frontend", json=read).json() == {"read": 1}
    left = feed(world, "anna", "&unread=true")
    assert [one["notice_id"] for one in left["notifications"]] == [seen[0], seen[2]]
    assert left["unread"]["all"] == 2


def test_all_up_to_one_is_read_at_once(world: World) -> None:
    for n in range(3):
        answer(world, post(world, "anna", n))
    ids = [one["notice_id"] for one in feed(world, "anna")["notifications"]]
    for user, count in (("bo", 0), ("anna", 2), ("anna", 0)):
        body = {"user": user, "up_to": ids[1]}
        assert world.send("POST", READ, "frontend", json=body).json() == {"read": count}
    told = feed(world, "anna")
    assert [one["read_at"] is None for one in told["notifications"]] == [True, False, False]
    for body in ({"user": "anna"}, {"user": "anna", "up_to": ids[0], "notice_ids": ids}):
        assert world.send("POST", READ, "frontend", json=body).json()["code"] == "bad_request"


def test_nobody_by_name_has_no_feed_and_chooses_nothing(world: World, bring: Bring) -> None:
    answer(world, post(world, "anna"))
    anonymous = world.send("GET", f"{FEED}?user=anna", "publishable").json()
    assert (anonymous["notifications"], anonymous["unread"]["all"]) == ([], 0)
    (one,) = feed(world, "anna")["notifications"]
    body = {"user": "anna", "notice_ids": [one["notice_id"]]}
    assert world.send("POST", READ, "publishable", json=body).json() == {"read": 0}
    for method, json in (("GET", None), ("PUT", {"user": "anna", "webhook": HOOK})):
        path = f"{SETTINGS}?user=anna" if method == "GET" else SETTINGS
        refused = world.send(method, path, "publishable", json=json)
        assert (refused.status_code, refused.json()["code"]) == (401, "bad_visitor")
    known = world.send("GET", FEED, "publishable", headers=bring("anna")).json()
    assert known["unread"]["all"] == 1


def test_a_kind_that_somebody_wants_none_of_is_not_kept(world: World, bring: Bring) -> None:
    choose(world, "publishable", bring("anna"), ways={"asked_back": "none"})
    question_id = post(world, "anna")
    ask_back(world, question_id)
    answer(world, question_id)
    assert [one["kind"] for one in feed(world, "anna")["notifications"]] == ["answered"]


def test_the_forums_server_sets_an_address_that_is_used_at_once(mailing: World) -> None:
    ways = {"answered": "email", "asked_back": "webhook"}
    told = choose(mailing, user="anna", email=MAIL, webhook=HOOK, ways=ways)
    assert told["email"] == {
        "address": "a…@customer.example",
        "state": "in_use",
        "why": None,
        "secret": None,
    }
    assert told["webhook"]["secret"].startswith("whsec_")
    assert told["ways"] == {**dict.fromkeys(KINDS, "feed"), **ways}
    again = mailing.send("GET", f"{SETTINGS}?user=anna", "frontend").json()
    assert again["webhook"]["secret"] is None
    assert MAIL not in str(again)
    question_id = post(mailing, "anna")
    ask_back(mailing, question_id)
    answer(mailing, question_id)
    assert sent(mailing) == [
        ("person_email", "notice.created"),
        ("person_webhook", "notice.created"),
    ]
    assert feed(mailing, "anna")["unread"]["all"] == 2


def test_an_address_that_comes_with_a_token_is_confirmed_first(
    mailing: World, bring: Bring
) -> None:
    told = choose(
        mailing, "publishable", bring("anna"), email=MAIL, lang="sv", ways={"answered": "email"}
    )
    assert (told["email"]["state"], told["email_offered"]) == ("unconfirmed", True)
    answer(mailing, post(mailing, "anna"))
    assert sent(mailing) == [("person_email", "address.confirm")]
    wrong = mailing.send(
        "PUT", SETTINGS, "publishable", json={"code": "NONONONO"}, headers=bring("anna")
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_field")
    other = mailing.send(
        "PUT", SETTINGS, "publishable", json={"code": code(mailing)}, headers=bring("bo")
    )
    assert other.json()["code"] == "bad_field"
    told = choose(mailing, "publishable", bring("anna"), code=code(mailing))
    assert told["email"]["state"] == "in_use"
    answer(mailing, post(mailing, "anna", 1))
    assert sent(mailing)[0] == ("person_email", "notice.created")


def deliver(world: World) -> None:
    """Send what is due, as the process beside a server does."""

    async def turn() -> None:
        mails = PersonMailSender(world.settings.mail, Opened(world.settings.person_key))
        await Engine(world.database, {ChannelKind.PERSON_EMAIL: mails}).turn()

    asyncio.run(turn())


def test_a_code_comes_by_mail_and_what_is_told_after_it(
    start: Start, world: World, bring: Bring
) -> None:
    with post_office() as office:
        url = f"smtp://127.0.0.1:{office.port}"
        mailing = start(smtp_url=url, smtp_from="Help <help@bikes.example>")
        mailing.client.app.state.installation._delivering.stop()  # type: ignore[attr-defined]
        ways = {"answered": "email"}
        choose(mailing, "publishable", bring("anna"), email=MAIL, lang="fi", ways=ways)
        deliver(mailing)
        (mail,) = office.mails
        assert (mail["To"], mail["Subject"]) == (MAIL, "Vahvista osoitteesi")
        found = re.search(r"^ {4}(\w{8})$", mail.get_content(), re.MULTILINE)
        assert found is not None
        choose(mailing, "publishable", bring("anna"), code=found[1])
        answer(mailing, post(mailing, "anna"))
        deliver(mailing)
    told = office.mails[1]
    assert told["Subject"] == "Your question has an answer"
    assert "Update it." not in told.get_content()


def test_a_service_without_mail_says_so(world: World, bring: Bring) -> None:
    told = world.send("GET", SETTINGS, "publishable", headers=bring("anna")).json()
    assert told["email_offered"] is False
    refused = world.send("PUT", SETTINGS, "frontend", json={"user": "anna", "email": MAIL})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_field")


@pytest.mark.parametrize(
    "body",
    [
        {"ways": {"answered": "webhook"}},
        {"ways": {"answered": "carrier pigeon"}},
        {"ways": {"gossip": "feed"}},
        {"webhook": "https://127.0.0.1/in"},
        {"code": "ABCDEFGH"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_of_it_kept(world: World, body: Json) -> None:
    sent_ = {"user": "anna", "ways": {"known_issue": "none"}, **body}
    refused = world.send("PUT", SETTINGS, "frontend", json=sent_)
    assert refused.status_code == 422, refused.text
    told = world.send("GET", f"{SETTINGS}?user=anna", "frontend").json()
    assert set(told["ways"].values()) == {"feed"}


def test_erasing_somebody_takes_their_settings_and_an_export_shows_them(mailing: World) -> None:
    choose(mailing, user="anna", email=MAIL, webhook=HOOK, ways={"answered": "email"})
    answer(mailing, post(mailing, "anna"))
    export = mailing.send("POST", "/v1/persons/export", "admin", json={"user": "anna"})
    tables = export.json()["tables"]
    assert {row["address"] for row in tables["channels"]} == {MAIL, HOOK}
    assert "whsec_" not in export.text
    assert [row["way"] for row in tables["notice_ways"]] == ["email"]
    assert len(tables["deliveries"]) == 1
    assert "owner" not in tables["messages"][0]["data"]
    erased = mailing.send("POST", "/v1/erasures", "admin", json={"user": "anna"})
    assert erased.status_code < 300, erased.text
    assert sent(mailing) == []
    told = mailing.send("GET", f"{SETTINGS}?user=anna", "frontend").json()
    assert (told["email"], told["webhook"]) == (None, None)
    assert set(told["ways"].values()) == {"feed"}


def test_settings_of_one_forum_are_unknown_to_another(mailing: World) -> None:
    choose(mailing, user="anna", webhook=HOOK)
    assert mailing.send("GET", f"{SETTINGS}?user=anna", "boats").json()["webhook"] is None


FORM = "https://support.example.com/new?about={title}&what={next_step}&ref={question_id}"
PRIVATE = {
    "title": "Wrong number in our payroll",
    "body": "Mine is 811228-9874. How do I get it corrected?",
    "lang": "en",
    "session": "visit-1",
}


def set_form(world: World, template: str | None = FORM) -> Json:
    body = {"owners": {"forum": "staff"}, "handover_url": template}
    response = world.send("PUT", "/v1/question-rules", "lead", json=body)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def test_whoever_needs_a_person_opens_the_companys_form_filled_in(world: World) -> None:
    assert world.ask(PRIVATE, "publishable")["handover_url"] is None
    assert set_form(world)["handover_url"] == FORM
    assert world.send("GET", "/v1/question-rules", "lead").json()["handover_url"] == FORM
    reply = world.ask(PRIVATE, "publishable")
    assert reply["destination"] == "expert"
    assert reply["handover_url"].startswith("https://support.example.com/new?about=Wrong%20number")
    assert reply["handover_url"].endswith("&what=How%20do%20I%20get%20it%20corrected%3F&ref=")
    body = {**PRIVATE, "triage_id": reply["triage_id"]}
    told = world.send("POST", "/v1/questions", "publishable", json=body).json()
    link = told["handover_url"]
    assert link.endswith(f"&ref={told['question_id']}")
    path = f"/v1/questions/{told['question_id']}"
    mine = world.send("GET", path, "publishable", headers={"Triage-Session": "visit-1"}).json()
    assert mine["handover_url"] == link
    assert world.send("GET", path, "lead").json()["handover_url"] == link
    assert set_form(world, None)["handover_url"] is None
    assert world.ask(PRIVATE, "publishable")["handover_url"] is None


def test_a_form_is_told_no_more_than_the_asker_reads(world: World) -> None:
    set_form(world, "https://support.example.com/?all={situation}{problem}{impact}{title}")
    secret = {**PRIVATE, "title": "My number is 811228-9874"}
    assert "811228" not in world.ask(secret, "publishable")["handover_url"]


def test_others_are_not_led_to_where_an_asker_is_met(world: World) -> None:
    set_form(world)
    body = {**EXPORT_DRAFT, "user": "anna"}
    question_id = world.send("POST", "/v1/questions", "frontend", json=body).json()["question_id"]
    path = f"/v1/questions/{question_id}"
    wants = {"state": "escalated", "user": "anna"}
    changed = world.send("POST", f"{path}/changes", "frontend", json=wants).json()
    assert changed["handover_url"].endswith(f"&ref={question_id}")
    other = world.send("GET", path, "publishable").json()
    assert (other["visibility"], other["handover_url"]) == ("public", None)


@pytest.mark.parametrize(
    "template",
    [
        "http://support.example.com/?q={title}",
        "https://support.example.com/{title}",
        "https://support.example.com/?q={password}",
        "javascript:alert(1)",
    ],
)
def test_a_form_elsewhere_is_refused(world: World, template: str) -> None:
    body = {"owners": {"forum": "staff"}, "handover_url": template}
    refused = world.send("PUT", "/v1/question-rules", "lead", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_field")
