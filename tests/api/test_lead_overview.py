"""The lead's first page as the server sends it: to whom, in which language, of what."""

import pytest

from tests.overseeing.busy import NOW, fill
from tests.reports.months import Kept
from tests.separation.test_audited import ACTS
from tests.separation.test_audited_commands import CANCELLING, WRITING
from triage.api.pages.lead.here import TABS
from triage.audit.acting import Acting
from triage.overseeing import ChangeKind, Silence, Speech
from triage.overseeing.day import FIGURES
from triage.overseeing.values import CODES, Check, Standing
from triage.records import LANGUAGES, Actor, ActorKind, Role
from triage.store import Stream
from triage.web import word
from triage.web.words import words_of

from .browsing import browser, shown
from .conftest import World
from .test_analytics import enter


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMIN])
def test_whoever_leads_has_a_first_page(empty: World, role: Role) -> None:
    page = enter(empty, role).get("/lead")
    assert page.status_code == 200
    assert '<a href="/lead" aria-current="page">' in page.text


@pytest.mark.parametrize("role", [Role.ANALYST, Role.FRONTEND])
def test_others_have_none_and_are_not_led_there(empty: World, role: Role) -> None:
    there = enter(empty, role)
    assert there.get("/lead").status_code == 403
    assert 'href="/lead"' not in there.get("/account").text


def test_who_is_nobody_is_asked_to_sign_in(empty: World) -> None:
    assert browser(empty).get("/lead").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_speaks_every_language(empty: World, lang: str) -> None:
    page = enter(empty, Role.LEAD).get(f"/lead?language={lang}")
    assert f'<html lang="{lang}">' in page.text
    said = shown(page)
    for tab in TABS:
        assert word(f"lead.tab_{tab}", lang) in said


def test_the_page_says_what_is_wrong_and_what_to_do(empty: World) -> None:
    forum = fill(Kept(empty.database, empty.forum().id), NOW, forum="bikes")
    assert forum.name == "bikes"
    page = enter(empty, Role.LEAD).get("/lead")
    said = shown(page)
    # What was put here ended long ago.
    assert 'data-alive="bad"' in page.text
    assert word("lead_overview.part_asks", "en") in said
    assert word("lead_overview.do_asks", "en") in said
    assert "None ever came." in said


def test_what_is_silent_stands_on_every_other_page_too(empty: World) -> None:
    lead = enter(empty, Role.LEAD)
    assert word("lead.silent", "en") not in shown(lead.get("/lead/audit"))
    one = Silence(Stream.ASKS, Speech.SILENT, NOW)
    empty.client.app.state.installation.silent[empty.forum().id] = (one,)  # type: ignore[attr-defined]
    for place in ("/lead/audit", "/lead/deliveries"):
        assert word("lead.silent", "en") in shown(lead.get(place))


def test_a_lead_is_told_of_no_acts_on_keys_and_an_administrator_is(empty: World) -> None:
    with empty.database.write() as c:
        typed = Acting(empty.forum().id, Actor(ActorKind.COMMAND, "ops"))
        typed.note(c, "key.create", "sk_abc", after={"name": "forum"})
        typed.note(c, "policy.activate", "2")
    lead, admin = (shown(enter(empty, role).get("/lead")) for role in (Role.LEAD, Role.ADMIN))
    assert word("act.key_create", "en") in admin
    assert word("act.key_create", "en") not in lead
    for said in (lead, admin):
        assert word("act.policy_activate", "en") in said
    assert word("lead_overview.changes_own", "en") in lead


def test_an_errand_that_fails_or_does_not_come_any_more_is_told(empty: World) -> None:
    lead = enter(empty, Role.LEAD)
    marks = empty.client.app.state.installation.marks  # type: ignore[attr-defined]
    assert word("lead_overview.part_errand", "en") not in shown(lead.get("/lead"))
    marks.failed("sweep", "store_unavailable", "bikes")
    said = shown(lead.get("/lead"))
    assert "store_unavailable" in said
    assert word("lead_overview.part_errand", "en") in said
    marks.well("sweep", "bikes")
    assert word("lead_overview.part_errand", "en") not in shown(lead.get("/lead"))


def test_every_code_of_every_check_has_words() -> None:
    words = words_of("en")
    for part, code in ((part, code) for part, codes in CODES.items() for code in codes):
        key = f"lead_overview.{part}_{code}"
        assert key in words or {f"{key}_one", f"{key}_other"} <= words.keys(), key
        assert f"lead_overview.part_{part}" in words, part
    # And nothing else can be said of a part.
    for part in CODES:
        Check(part, Standing.GOOD, min(CODES[part]))
        with pytest.raises(ValueError, match=part):
            Check(part, Standing.BAD, "unheard_of")
    for kind in set(ChangeKind) - {ChangeKind.ACT}:
        key = f"lead_overview.change_{kind}"
        assert key in words or f"{key}_one" in words, key
    for speech in Speech:
        assert f"lead_overview.stream_{speech}" in words
    for stream in Stream:
        assert f"lead_overview.part_{stream}" in words
        assert f"lead_overview.do_{stream}" in words
    for figure in FIGURES:
        assert f"lead_overview.figure_{figure}" in words


def test_every_act_has_words() -> None:
    acts = {*ACTS.values(), *WRITING.values(), *CANCELLING.values()}
    assert len(acts) > 50
    assert {f"act.{act.replace('.', '_')}" for act in acts} <= words_of("en").keys()
