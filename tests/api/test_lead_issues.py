"""/lead/issues as the server sends it: what is published, split and settled, what goes wrong."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.analytics.asking import asks_of, put
from tests.reports.months import Kept
from triage.api.pages.lead.issue_typed import typed_asks
from triage.records import LANGUAGES, Role, Visibility
from triage.store import Asked, iter_acts
from triage.store.tables.base import triages
from triage.web import word

from .browsing import Browser, browser, shown
from .bursting import burst
from .conftest import World
from .test_analytics import enter
from .test_together import FREEZE, Look, look, notices, post, publish

__all__ = ["look"]

TYPED = {
    **FREEZE,
    "products": "ledger\nportal",
    "groups": "",
    "versions": "",
    "workaround": "Restart it.",
    "fix": "",
    "fixed_in": "",
    "thread_id": "",
}


@pytest.fixture
def lead(world: World) -> Browser:
    return enter(world, Role.LEAD)


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def send(lead: Browser, path: str, do: str = "", **form: str) -> Any:  # noqa: ANN401
    """Send a form of a page as it was filled."""
    hidden = {"forgery_token": lead.forgery_token(), **({"do": do} if do else {})}
    return lead.post(path, {**hidden, **form})


def listed(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.send("GET", "/v1/known-issues", "lead").json()[
        "known_issues"
    ]
    return found


def acts(world: World) -> list[tuple[str, str]]:
    with world.database.read() as c:
        rows = [row.act for row in iter_acts(c, world.forum().id)]
    return [(act.act, act.actor.name) for act in rows if act.actor.name == "lead@example.com"]


def test_a_forum_that_nobody_has_asked_says_so_everywhere(world: World, lead: Browser) -> None:
    text = shown(lead.get("/lead/issues"))
    for key in ("proposals", "live", "candidates", "clusters", "bursts"):
        assert word(f"lead_issues.no_{key}", "en") in text


@pytest.mark.parametrize("place", ["", "/new", "/ki_none"])
def test_only_who_leads_may_look(world: World, place: str) -> None:
    assert enter(world, Role.ADMIN).get("/lead/issues").status_code == 200
    there = enter(world, Role.ANALYST)
    assert there.get(f"/lead/issues{place}").status_code == 403
    assert browser(world).get(f"/lead/issues{place}").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("place", ["/new", "/ki_none", "/clusters/c1/split", "/bursts/b1"])
def test_only_who_leads_may_act(world: World, place: str) -> None:
    assert send(enter(world, Role.ANALYST), f"/lead/issues{place}", "publish").status_code == 403
    forged = enter(world, Role.LEAD).post(f"/lead/issues{place}", {"do": "publish"})
    assert forged.status_code == 403
    assert listed(world) == []


def test_an_issue_is_published_from_the_form(world: World, lead: Browser) -> None:
    world.ask({**FREEZE, "user": "anna"})
    new = lead.get("/lead/issues/new").text
    typed = {**TYPED, "issue_id": field(new, "issue_id")}
    done = send(lead, "/lead/issues/new", "publish", **typed)
    assert done.status_code == 303
    (issue,) = listed(world)
    assert done.headers["location"] == f"/lead/issues/{issue['issue_id']}?said=published"
    assert (issue["state"], issue["products"]) == ("published", ["ledger", "portal"])
    assert (issue["workaround"], issue["fix"]) == ("Restart it.", None)
    assert [one["kind"] for one in notices(world, "anna")] == ["known_issue"]
    # Who sends it twice has written it once.
    again = send(lead, "/lead/issues/new", "publish", **typed)
    assert again.headers["location"] == done.headers["location"]
    assert len(listed(world)) == 1
    assert acts(world) == [
        ("session.open", "lead@example.com"),
        ("known_issue.publish", "lead@example.com"),
    ]
    page = lead.get(done.headers["location"])
    assert "Published. Whoever asked about it is told." in shown(page)
    assert "1 person, 1 ask" in shown(page)
    assert FREEZE["title"] in shown(lead.get("/lead/issues"))


def test_it_says_whom_it_is_about_and_tells_nobody(world: World, lead: Browser) -> None:
    world.ask({**FREEZE, "user": "anna"})
    world.ask({**FREEZE, "user": "bo"})
    page = send(lead, "/lead/issues/new", "preview", **TYPED)
    assert page.status_code == 200
    assert "2 people asked about it within 90 days" in shown(page)
    assert FREEZE["title"] in shown(page)
    assert 'id="workaround" name="workaround"' in page.text
    assert "Restart it.</textarea>" in page.text
    assert listed(world) == []
    assert notices(world, "anna") == []
    # Enter presses the first button of a form: this one.
    buttons = re.findall(r'<button name="do" value="(\w+)"', page.text)
    assert buttons == ["preview", "publish", "keep"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("title", "  "),
        ("versions", "eight"),
        ("fixed_in", "8.2.3"),
        ("thread_id", "no-such-thread"),
        ("title", "x" * 301),
        ("body", "x" * 20_001),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    name: str, typed: str, world: World, lead: Browser
) -> None:
    page = send(lead, "/lead/issues/new", "publish", **{**TYPED, name: typed})
    assert page.status_code in (404, 422)
    assert f'id="{name}-error"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert 'role="alert"' in page.text
    # Nothing that was typed is lost.
    assert "Restart it.</textarea>" in page.text
    assert typed in page.text
    assert listed(world) == []


def test_a_proposal_is_looked_at_changed_and_published(world: World, lead: Browser) -> None:
    issue = publish(world, publish=False)
    path = f"/lead/issues/{issue['issue_id']}"
    assert shown(lead.get("/lead/issues")).count("Proposed") >= 2
    page = lead.get(path).text
    typed = {**TYPED, "title": "Closing a month freezes it", "revision": field(page, "revision")}
    assert send(lead, path, "save", **typed).headers["location"] == f"{path}?said=saved"
    assert listed(world)[0]["state"] == "proposed"
    typed["revision"] = field(lead.get(path).text, "revision")
    assert send(lead, path, "publish", **typed).status_code == 303
    assert (listed(world)[0]["state"], listed(world)[0]["title"]) == ("published", typed["title"])
    typed |= {"revision": field(lead.get(path).text, "revision"), "fix": "Update.", "fixed_in": "9"}
    assert send(lead, path, "save", **typed).status_code == 303
    assert listed(world)[0]["state"] == "fixed"
    page = lead.get(path).text
    assert 'value="publish"' not in page
    withdrawn = send(
        lead, path, "withdraw", revision=field(page, "revision"), reason="Their router"
    )
    assert withdrawn.headers["location"] == f"{path}?said=withdrawn"
    assert listed(world)[0]["state"] == "withdrawn"
    assert [act for act, _ in acts(world)][1:] == [
        *("known_issue.change", "known_issue.publish"),
        *("known_issue.change", "known_issue.withdraw"),
    ]


def test_who_was_overtaken_sees_both_and_may_save_again(world: World, lead: Browser) -> None:
    issue = publish(world)
    path = f"/lead/issues/{issue['issue_id']}"
    revision = field(lead.get(path).text, "revision")
    world.send(
        "PUT", f"/v1/known-issues/{issue['issue_id']}", "lead", json={**FREEZE, "title": "Theirs"}
    )
    mine = {**TYPED, "title": "Mine", "revision": revision}
    page = send(lead, path, "save", **mine)
    assert page.status_code == 409
    assert "Somebody else changed this issue while you wrote." in shown(page)
    assert re.search(r"As it stands now.*Theirs", shown(page), re.DOTALL)
    assert 'value="Mine"' in page.text
    assert listed(world)[0]["title"] == "Theirs"
    mine["revision"] = field(page.text, "revision")
    assert send(lead, path, "save", **mine).status_code == 303
    assert listed(world)[0]["title"] == "Mine"


def test_who_goes_back_and_publishes_what_was_kept_has_published_it(
    world: World, lead: Browser
) -> None:
    world.ask({**FREEZE, "user": "anna"})
    typed = {**TYPED, "issue_id": field(lead.get("/lead/issues/new").text, "issue_id")}
    kept = send(lead, "/lead/issues/new", "keep", **typed)
    assert kept.headers["location"].endswith("?said=kept")
    assert listed(world)[0]["state"] == "proposed"
    done = send(lead, "/lead/issues/new", "publish", **typed)
    assert done.headers["location"].endswith("?said=published")
    assert [one["state"] for one in listed(world)] == ["published"]
    assert [one["kind"] for one in notices(world, "anna")] == ["known_issue"]
    # Back again: what is published is not kept from anybody by saving it.
    back = send(lead, "/lead/issues/new", "keep", **typed)
    assert back.headers["location"].endswith("?said=already")
    assert word("lead_issues.said_already", "en") in shown(lead.get(back.headers["location"]))
    assert listed(world)[0]["state"] == "published"


def test_other_words_never_take_the_place_of_what_was_kept_unseen(
    world: World, lead: Browser
) -> None:
    typed = {**TYPED, "issue_id": field(lead.get("/lead/issues/new").text, "issue_id")}
    send(lead, "/lead/issues/new", "keep", **typed)
    path = f"/lead/issues/{typed['issue_id']}"
    for do in ("keep", "publish"):
        page = send(lead, "/lead/issues/new", do, **{**typed, "title": "Other words"})
        assert page.status_code == 409
        assert word("lead_issues.error_kept_already", "en") in shown(page)
        assert 'value="Other words"' in page.text
        assert listed(world)[0]["title"] == FREEZE["title"]
        assert f'action="{path}"' in page.text
    # What is sent from there is kept: both were seen.
    again = {**typed, "title": "Other words", "revision": field(page.text, "revision")}
    assert send(lead, path, "publish", **again).headers["location"] == f"{path}?said=published"
    assert (listed(world)[0]["title"], listed(world)[0]["state"]) == ("Other words", "published")
    revision = field(lead.get(path).text, "revision")
    send(lead, path, "withdraw", revision=revision)
    # What was withdrawn since is not published again by who goes back.
    page = send(lead, "/lead/issues/new", "publish", **{**typed, "title": "Other words"})
    assert page.status_code == 409
    assert listed(world)[0]["state"] == "withdrawn"


def test_a_form_of_an_issue_that_is_sent_twice_is_no_quarrel(world: World, lead: Browser) -> None:
    issue = publish(world, publish=False)
    path = f"/lead/issues/{issue['issue_id']}"
    typed = {**TYPED, "title": "Mine", "revision": field(lead.get(path).text, "revision")}
    for do, state in (("save", "proposed"), ("publish", "published")):
        typed["revision"] = field(lead.get(path).text, "revision")
        first, second = (send(lead, path, do, **typed) for _ in range(2))
        assert first.headers["location"] == second.headers.get("location"), do
        assert listed(world)[0]["state"] == state
    hidden = {"revision": field(lead.get(path).text, "revision"), "reason": "Twice"}
    first, second = (send(lead, path, "withdraw", **hidden) for _ in range(2))
    assert first.headers["location"] == second.headers.get("location")
    done = [act for act, _ in acts(world)]
    assert done[1:] == ["known_issue.change", "known_issue.publish", "known_issue.withdraw"]


def test_why_an_issue_is_withdrawn_is_kept_whole_or_comes_back(world: World, lead: Browser) -> None:
    issue = publish(world)
    path, long = f"/lead/issues/{issue['issue_id']}", "why " * 251
    revision = field(lead.get(path).text, "revision")
    page = send(lead, path, "withdraw", revision=revision, reason=long)
    assert page.status_code == 422
    assert word("lead_issues.wrong_reason", "en") in shown(page)
    assert f'value="{long}"' in page.text
    assert listed(world)[0]["state"] == "published"


def test_an_issue_that_there_is_not_is_a_page_of_its_own(world: World, lead: Browser) -> None:
    assert lead.get("/lead/issues/ki_none").status_code == 404
    assert send(lead, "/lead/issues/ki_none", "save", **TYPED).status_code == 404
    assert send(lead, "/lead/issues/new", "burn", **TYPED).status_code == 422


def test_one_is_taken_out_of_a_cluster_and_the_rest_is_written_down(
    world: World, lead: Browser, look: Look
) -> None:
    ids = [post(world, user) for user in ("anna", "bo", "cia")]
    look()
    (cluster,) = world.send("GET", "/v1/clusters", "lead").json()["clusters"]
    page = lead.get("/lead/issues")
    assert "3 questions, 3 of them open, by 3 people" in shown(page)
    split = f"/lead/issues/clusters/{cluster['cluster_id']}/split"
    assert f'action="{split}"' in page.text
    done = send(lead, split, question_id=ids[2])
    assert done.headers["location"] == "/lead/issues?said=split"
    assert "2 questions, 2 of them open, by 2 people" in shown(lead.get("/lead/issues"))
    again = send(lead, split, question_id=ids[2])
    assert again.status_code == 404
    assert "does not stand with the others any more" in shown(again)
    # The form begins with words that all may read, and the questions stand for the issue.
    new = lead.get(f"/lead/issues/new?cluster={cluster['cluster_id']}")
    assert field(new.text, "title") == FREEZE["title"]
    typed = {**TYPED, "title": "Month end", "body": "", "cluster": cluster["cluster_id"]}
    send(lead, "/lead/issues/new", "publish", **typed)
    assert listed(world)[0]["asks"] >= 2
    assert "See the issue that there is" in shown(lead.get("/lead/issues"))
    gone = lead.get("/lead/issues/new?cluster=none")
    assert gone.status_code == 404
    assert word("lead_issues.error_no_cluster", "en") in shown(gone)


def test_words_of_private_questions_never_begin_an_issue(
    world: World, lead: Browser, look: Look
) -> None:
    secret = {"body": f"{FREEZE['body']} My card is 4111 1111 1111 1111."}
    for user in ("anna", "bo"):
        post(world, user, **secret)
    look()
    (cluster,) = world.send("GET", "/v1/clusters", "lead").json()["clusters"]
    new = lead.get(f"/lead/issues/new?cluster={cluster['cluster_id']}").text
    assert field(new, "title") == ""
    assert FREEZE["body"] not in new


def test_a_burst_is_left_out_and_later_counts_for_good(world: World, lead: Browser) -> None:
    burst_id = burst(world)
    page = lead.get("/lead/issues")
    assert "51 events of one person" in shown(page)
    assert "51 on 1 thread" in shown(page)
    assert "hasty" not in page.text
    path = f"/lead/issues/bursts/{burst_id}"
    left = send(lead, path, counts="no")
    assert left.headers["location"] == "/lead/issues?said=left_out"
    assert "Left out" in shown(lead.get("/lead/issues"))
    assert send(lead, path, counts="yes").headers["location"] == "/lead/issues?said=counted"
    page = send(lead, path, counts="no")
    assert page.status_code == 409
    assert "that cannot be taken back" in shown(page)
    assert send(lead, "/lead/issues/bursts/none", counts="no").status_code == 404
    assert send(lead, path, counts="maybe").status_code == 422
    assert [act for act, _ in acts(world)][1:] == ["burst.settle"] * 2


def test_what_rises_and_names_one_error_begins_an_issue(world: World, lead: Browser) -> None:
    """What the last seven days brought, of a forum whose asks are made up for it."""
    today = datetime.now(UTC)
    # The last of these days is now.
    shift = today.date() - date(2026, 4, 5)
    usual = [asks_of(f"usual {n}", 130, topic=f"usual-{n}", offered=True) for n in range(2)]
    new = asks_of("lock", 12, day=lambda n: 84 + n * 0.4, words="error KV-7731 frozen lock")
    asks = [replace(one, at=one.at + shift) for one in chain(*usual, new)]
    kept = [one for one in asks if one.at < today]
    put(Kept(world.database, world.forum().id), kept, today)
    with world.database.write() as c:
        locked = triages.c.ask_id.startswith("lock")
        (said, *_) = c.execute(select(triages.c.question).where(locked)).scalars()
        named = {**said, "product": "Kvarn Office"}
        c.execute(update(triages).where(locked).values(question=named))
    page = lead.get("/lead/issues")
    assert "12 people in seven days" in shown(page)
    assert "Errors: kv-7731" in shown(page)
    (place,) = re.findall(r'href="(/lead/issues/new\?candidate=[^"]+)"', page.text)
    # These asks are private: their words are nobody's to begin with.
    begun = lead.get(place).text
    assert field(begun, "title") == ""
    # The name of a product is one name, however many words it has.
    assert re.search(r'<textarea id="products"[^>]*>\nKvarn Office</textarea>', begun)
    # One that is not there any more begins with nothing.
    assert field(lead.get("/lead/issues/new?candidate=none").text, "title") == ""


def test_an_issue_begins_with_the_latest_words_that_all_may_read() -> None:
    def asked(title: str, minute: int, visibility: Visibility) -> Asked:
        at = datetime(2026, 3, 2, 9, minute, tzinfo=UTC)
        groups = frozenset({"acme"}) if visibility is Visibility.GROUP else frozenset()
        return Asked(
            ask_id=title,
            triage_id="t",
            at=at,
            person=None,
            lang="sv",
            title=title,
            body="Det fryser.",
            product=None,
            version=None,
            visibility=visibility,
            groups=groups,
        )

    public = [asked("Old", 1, Visibility.PUBLIC), asked("New", 2, Visibility.PUBLIC)]
    closed = [asked("Secret", 3, Visibility.PRIVATE), asked("Acme's", 4, Visibility.GROUP)]
    typed = typed_asks([*closed, *public], ["Ledger Pro", "portal"])
    assert (typed["title"], typed["body"], typed["lang"]) == ("New", "Det fryser.", "sv")
    assert (typed["groups"], typed["products"]) == ("", "Ledger Pro\nportal")
    theirs = typed_asks(closed, ())
    assert (theirs["title"], theirs["groups"]) == ("Acme's", "acme")
    assert typed_asks(closed[:1], ())["title"] == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages_speak_every_language(lang: str, world: World, lead: Browser) -> None:
    issue = publish(world)
    burst(world)
    for place, key in (("", "bursts"), ("/new", "new"), (f"/{issue['issue_id']}", "do_withdraw")):
        page = lead.get(f"/lead/issues{place}?language={lang}")
        assert page.status_code == 200
        assert f'<html lang="{lang}">' in page.text
        assert word(f"lead_issues.{key}", lang) in shown(page)
