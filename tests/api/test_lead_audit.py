"""/lead/audit as the server sends it: all of it to administrators, to leads what leads may do."""

import re
from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.separation.test_audited import ACTS
from tests.separation.test_audited_commands import WRITING
from triage.audit.acting import Acting
from triage.audit.kinds import OF_LEADS, SUBJECTS, ActKind, kind_of, subjects_of
from triage.records import LANGUAGES, Actor, ActorKind, Role
from triage.web import word
from triage.web.words import words_of

from .browsing import Browser, browser, shown
from .conftest import World
from .test_analytics import enter

LEADS_ACTS = ("model.activate", "policy.activate", "question.change", "gap.change", "train.start")
OTHERS_ACTS = ("key.create", "user.add", "person.erase", "channel.add", "session.open")
LIKE_A_LEADS = ("modelling.done", "questionable.act")


def note(world: World, acts: Collection[str], by: str = "eva@example.com") -> None:
    acting = Acting(world.forum().id, Actor(ActorKind.USER, by))
    with world.database.write() as c:
        for act in acts:
            acting.note(c, act, f"about-{act}", before={"state": "a"}, after={"state": "b"})


def listed(page: Browser, query: str = "") -> list[str]:
    response = page.get(f"/lead/audit{query}")
    assert response.status_code == 200
    return re.findall(r'data-act="([^"]+)"', response.text)


@pytest.fixture
def noted(empty: World) -> World:
    note(empty, (*LEADS_ACTS, *OTHERS_ACTS, *LIKE_A_LEADS))
    return empty


def test_an_administrator_reads_every_act_newest_first(noted: World) -> None:
    admin = enter(noted, Role.ADMIN)
    found = listed(admin)
    assert found[0] == "session.open"
    expected = [*LEADS_ACTS, *OTHERS_ACTS, *LIKE_A_LEADS]
    assert [act for act in reversed(found) if act in expected][: len(expected)] == expected


def test_a_lead_reads_what_leads_may_do_however_it_is_asked_for(noted: World) -> None:
    lead = enter(noted, Role.LEAD)
    assert sorted(listed(lead)) == sorted(LEADS_ACTS)
    for act in (*OTHERS_ACTS, *LIKE_A_LEADS):
        assert listed(lead, f"?object=about-{act}") == []
    assert listed(lead, "?actor=lead@example.com") == []
    for kind in set(ActKind) - set(OF_LEADS):
        assert lead.get(f"/lead/audit?kind={kind}").status_code == 422
    page = lead.get("/lead/audit")
    assert "are not shown here" in shown(page)
    assert "/v1/audit/export" not in page.text
    # Who has only done what is not shown is not named.
    assert "admin@example.com" not in page.text
    assert lead.get("/v1/audit").status_code == 403


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FRONTEND])
def test_others_may_not_look(noted: World, role: Role) -> None:
    assert enter(noted, role).get("/lead/audit").status_code == 403


def test_who_is_nobody_signs_in_first(noted: World) -> None:
    assert browser(noted).get("/lead/audit").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
def test_every_language_names_acts(noted: World, role: Role, lang: str) -> None:
    page = enter(noted, role).get(f"/lead/audit?language={lang}")
    said = shown(page)
    assert f'<html lang="{lang}">' in page.text
    assert word("act.model_activate", lang) in said
    which = "lead_all" if role is Role.ADMIN else "lead_lead"
    assert word(f"lead_audit.{which}", lang) in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_through_which_door_somebody_acted_is_said(noted: World, lang: str) -> None:
    for kind in ActorKind:
        with noted.database.write() as c:
            acting = Acting(noted.forum().id, Actor(kind, f"somebody-{kind}"))
            acting.note(c, "policy.draft", "draft", after={"rules": ["a", {"b": 1}], "n": None})
    said = shown(enter(noted, Role.LEAD).get(f"/lead/audit?language={lang}"))
    for kind in ActorKind:
        assert f"somebody-{kind}" in said
        assert kind is ActorKind.USER or word(f"lead_audit.by_{kind}", lang) in said
    assert "a, b: 1" in said


def test_acts_are_found_by_what_they_are_of(noted: World) -> None:
    admin = enter(noted, Role.ADMIN)
    note(noted, ["model.rollback"], by="kim@example.com")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert listed(admin, "?kind=models") == ["model.rollback", "model.activate"]
    assert listed(admin, "?actor=kim@example.com") == ["model.rollback"]
    assert listed(admin, "?object=about-key.create") == ["key.create"]
    assert len(listed(admin, f"?from={today}&to={today}")) >= len(LEADS_ACTS)
    assert listed(admin, "?to=2020-01-01") == []
    assert "No act fits." in shown(admin.get("/lead/audit?to=2020-01-01"))
    for query in ("kind=nothing", "from=yesterday", "to=0001-01-01", "below=x"):
        assert admin.get(f"/lead/audit?{query}").status_code == 422, query


def test_what_it_was_about_is_a_link(noted: World) -> None:
    lead = enter(noted, Role.LEAD)
    html = lead.get("/lead/audit").text
    for path in ("/lead/questions/about-question.change", "/lead/models/about-model.activate"):
        assert f'<a href="{path}">' in html
    assert "<del>a</del>" in html
    assert "<ins>b</ins>" in html


def test_long_logs_are_turned_and_none_is_left_out(noted: World) -> None:
    lead = enter(noted, Role.LEAD)
    note(noted, ["question.change"] * 60)
    first = lead.get("/lead/audit?kind=questions").text
    path = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    numbers = [re.findall(r'id="act-(\d+)"', text_) for text_ in (first, lead.get(path).text)]
    assert [len(one) for one in numbers] == [50, 11]
    assert not set(numbers[0]) & set(numbers[1])


def test_whether_the_log_is_whole_is_found_out(noted: World) -> None:
    lead = enter(noted, Role.LEAD)
    assert "the log is whole" in shown(lead.get("/lead/audit?check=1"))
    with noted.database.write() as c:
        # Only who owns the file can: the database itself refuses to change an act.
        triggers = c.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
        ).scalars()
        for name in list(triggers):
            c.execute(text(f"DROP TRIGGER {name}"))
        c.execute(text("DELETE FROM audit WHERE number = 3"))
    page = lead.get("/lead/audit?check=1")
    assert "Act no. 3 is altered or missing" in shown(page)
    assert 'role="alert"' in page.text


def test_every_act_that_a_door_makes_has_a_kind() -> None:
    noted = {*ACTS.values(), *WRITING.values()}
    assert {act for act in noted if kind_of(act) is None} == set()
    for lang in LANGUAGES:
        assert {
            act for act in noted if f"act.{act.replace('.', '_')}" not in words_of(lang)
        } == set()
    assert len(subjects_of(tuple(ActKind))) == len({s for many in SUBJECTS.values() for s in many})
    closed = {act for act in ACTS.values() if kind_of(act) not in OF_LEADS}
    assert {act.partition(".")[0] for act in closed} == {
        *("channel", "original", "person", "session", "user")
    }
