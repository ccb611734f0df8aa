"""The labels of a forum on their pages: counted, with examples, to whom they may be shown."""

import re

import pytest

from triage import store
from triage.records import LANGUAGES, Case, Role
from triage.text import digest
from triage.web import word

from .browsing import browser, shown
from .conftest import World
from .test_analytics import enter

CASES = [
    *(Case(f"i-{n}", "Invoice logo", "It is blurry.", topic="Invoices", kind="problem", severity=3,
           lang="en") for n in range(3)),
    Case("i-4", "Fakturalogga", "Den är suddig.", topic="invoices ", kind="problem", lang="sv"),
    Case("a-1", "Odd one", "", topic="in-voices", kind="how_to", severity=1),
    Case("s-1", "Slashed", "", topic="a/b & c?", kind="how_to"),
]  # fmt: skip


@pytest.fixture
def filed(empty: World) -> World:
    with empty.database.write() as c:
        rows = [(case, digest(case.text)) for case in CASES]
        store.put_cases(c, empty.forum().id, rows)
    return empty


@pytest.mark.parametrize("target", ["topic", "kind", "severity"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_target_is_shown_in_every_language(filed: World, target: str, lang: str) -> None:
    page = enter(filed, Role.LEAD).get(f"/lead/taxonomy?target={target}&language={lang}")
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    assert f"target={target}" in page.text


def test_a_forum_without_cases_has_the_page_too(empty: World) -> None:
    page = enter(empty, Role.LEAD).get("/lead/taxonomy")
    assert page.status_code == 200
    assert word("lead.nothing", "en") in shown(page)
    assert "0 topics in 0 cases." in shown(page)


def test_who_does_not_lead_is_not_let_in(filed: World) -> None:
    for path in ("/lead/taxonomy", "/lead/taxonomy/topic/Invoices"):
        assert enter_once(filed, Role.ANALYST, path) == 403
        assert browser(filed).get(path).headers["location"].startswith("/sign-in")
    assert enter_once(filed, Role.ADMIN, "/lead/taxonomy") == 200


def enter_once(world: World, role: Role, path: str) -> int:
    with world.database.write() as c:
        known = [user for user in store.list_users(c, world.forum().id) if user.role is role]
        for user in known:
            store.remove_user(c, world.forum().id, user.id)
    return enter(world, role).get(path).status_code


def test_labels_are_counted_under_their_commonest_spelling(filed: World) -> None:
    page = enter(filed, Role.LEAD).get("/lead/taxonomy?sort=cases")
    text = re.sub(r"\s+", " ", shown(page))
    assert "3 topics in 6 cases." in text
    assert re.search(r"Invoices 2 spellings 4 2/6", text)
    assert "One label is spelt in several ways" in text
    assert "Two topics look nearly the same" in text


def test_a_label_has_a_page_whatever_is_in_its_name(filed: World) -> None:
    lead = enter(filed, Role.LEAD)
    listed = lead.get("/lead/taxonomy").text
    links = re.findall(r'href="(/lead/taxonomy/topic/[^"]+)"', listed)
    assert links
    for link in set(links):
        assert lead.get(link).status_code == 200, link
    page = shown(lead.get("/lead/taxonomy/topic/INVOICES"))
    for text in ("Invoice logo", "Fakturalogga", "invoices", word("lead_taxonomy.spellings", "en")):
        assert text in page, text
    assert "Odd one" not in page
    assert lead.get("/lead/taxonomy/severity/1").status_code == 200


def test_what_there_is_not_is_not_found(filed: World) -> None:
    lead = enter(filed, Role.LEAD)
    for path in ("topic/nothing", "tone/angry", "severity/7", "nothing/x"):
        assert lead.get(f"/lead/taxonomy/{path}").status_code == 404, path
    assert lead.get("/lead/taxonomy?target=tone").status_code == 422
    assert lead.get("/lead/taxonomy?sort=backwards").status_code == 422
