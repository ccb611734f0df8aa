"""The policy on its pages: written in a form or as text, tried, followed, gone back from."""

import html
import re

import pytest

from triage.policies.drafting import Policies
from triage.policy import Policy, read_policy
from triage.records import LANGUAGES, Actor, ActorKind, Role
from triage.web import word

from .browsing import Browser, browser, shown
from .conftest import World
from .test_analytics import enter

DRAFT = {"title": "Chain slips", "body": "In third gear.", "lang": "en", "stage": "submit"}
TO_EXPERTS = '[routing]\ndefault = "expert"\n'
PAGES = ("", "/edit", "/text", "/rules/new", "/versions/default")


@pytest.fixture
def lead(empty: World) -> Browser:
    return enter(empty, Role.LEAD)


def policies(world: World) -> Policies:
    return Policies(world.database, world.forum().id, Actor(ActorKind.COMMAND, "somebody"))


def hidden(page: str, name: str) -> str:
    """Return what a page's forms bring hidden under a name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])


def said(key: str) -> str:
    return word(f"lead_policy.{key}", "en")


@pytest.mark.parametrize("place", PAGES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_is_there_in_every_language(lead: Browser, place: str, lang: str) -> None:
    page = lead.get(f"/lead/policy{place}?language={lang}")
    assert page.status_code == 200
    assert f'<html lang="{lang}">' in page.text
    assert not re.search(r"<style|style=|\son[a-z]+=", page.text)


def test_who_does_not_lead_is_not_let_in(empty: World) -> None:
    for place in PAGES:
        assert enter_as(empty, Role.ANALYST).get(f"/lead/policy{place}").status_code == 403
    assert browser(empty).get("/lead/policy").headers["location"].startswith("/sign-in")
    assert enter_as(empty, Role.ADMIN).get("/lead/policy").status_code == 200


_ENTERED: dict[tuple[int, Role], Browser] = {}


def enter_as(world: World, role: Role) -> Browser:
    key = (id(world), role)
    if key not in _ENTERED:
        _ENTERED[key] = enter(world, role)
    return _ENTERED[key]


def test_a_form_becomes_a_draft_that_says_what_differs(empty: World, lead: Browser) -> None:
    sent = lead.change("/lead/policy/edit", **{"costs.missed_expert": "4,5", "reason": "So."})
    assert sent.headers["location"] == "/lead/policy?said=drafted"
    draft = policies(empty).show().draft
    assert draft is not None
    assert read_policy(draft.toml).costs.missed_expert == pytest.approx(4.5)
    page = shown(lead.get("/lead/policy?said=drafted"))
    for text in (said("said_drafted"), said("costs_missed_expert"), "4.5", "So."):
        assert text in page, text


def test_all_that_is_wrong_in_a_form_is_said_at_its_field_and_kept(lead: Browser) -> None:
    typed = {"shown.most": "99", "load.most_up": "a lot", "groups.closed": "early birds"}
    sent = lead.change("/lead/policy/edit", **typed)
    assert sent.status_code == 422
    for value in ("99", "a lot"):
        assert f'value="{value}"' in sent.text
    assert "early birds</textarea>" in sent.text
    assert sent.text.count('aria-invalid="true"') == 2
    assert 'href="#p-shown-most"' in sent.text
    assert said("error_fields") in shown(sent)


def test_a_text_that_cannot_be_is_marked_at_its_line_and_kept(empty: World, lead: Browser) -> None:
    toml = "[costs]\nexpert = 1.0\nmised_expert = 3.0\n"
    for do in ("save", "check"):
        sent = lead.change("/lead/policy/text", toml=toml, do=do)
        assert sent.status_code == 422
        assert '<span class="at-fault">3</span>' in sent.text
        assert "costs.mised_expert" in shown(sent)
        assert "mised_expert = 3.0" in sent.text
    assert policies(empty).show().draft is None


def test_a_text_can_be_checked_without_being_saved(empty: World, lead: Browser) -> None:
    sent = lead.change("/lead/policy/text", toml=TO_EXPERTS, do="check")
    assert sent.status_code == 200
    assert word("lead_policy.differences_one", "en") in shown(sent)
    assert policies(empty).show().draft is None
    lead.change("/lead/policy/text", toml=TO_EXPERTS.replace("\n", "\r\n"), do="save")
    draft = policies(empty).show().draft
    assert draft is not None
    assert read_policy(draft.toml).default_destination == "expert"


def test_what_changes_nothing_makes_no_draft(empty: World, lead: Browser) -> None:
    sent = lead.change("/lead/policy/edit", **{"shown.most": "3"})
    assert sent.headers["location"] == "/lead/policy?said=same"
    assert policies(empty).show().draft is None


def test_who_wrote_in_the_meantime_is_not_overwritten_unless_one_wants_to(
    empty: World, lead: Browser
) -> None:
    seen = hidden(lead.get("/lead/policy/edit").text, "seen")
    theirs = policies(empty).draft(TO_EXPERTS)
    form = {"shown.most": "7", "from": "default", "seen": seen}
    refused = lead.change("/lead/policy/edit", **form)
    assert refused.status_code == 409
    assert said("error_policy_changed") in shown(refused)
    assert 'value="7"' in refused.text
    draft = policies(empty).show().draft
    assert draft is not None
    assert draft.version == theirs.version
    sent = lead.change("/lead/policy/edit", **form, anyway="yes")
    assert sent.status_code == 303
    draft = policies(empty).show().draft
    assert draft is not None
    assert read_policy(draft.toml) == Policy(most_shown=7)


def test_rules_are_added_moved_changed_and_taken_out(empty: World, lead: Browser) -> None:
    def rules() -> list[str]:
        shown_now = policies(empty).show().draft
        assert shown_now is not None
        return [rule.name for rule in read_policy(shown_now.toml).rules]

    for name in ("first", "second"):
        rule = {"name": name, "destination": "expert", "words": f"{name} word\nother word"}
        sent = lead.change("/lead/policy/rules/new", **rule)
        assert sent.headers["location"] == "/lead/policy/edit?said=drafted#rules"
    assert rules() == ["first", "second"]
    lead.change("/lead/policy/rules/2", do="up")
    assert rules() == ["second", "first"]
    page = lead.get("/lead/policy/rules/2").text
    assert 'value="first"' in page
    assert "first word\nother word</textarea>" in page
    other = {"name": "first", "destination": "community", "templates": "print* invoice"}
    lead.change("/lead/policy/rules/2", **other, **{"reason.sv": "Medlemmarna kan det."})
    lead.change("/lead/policy/rules/1", do="remove")
    assert rules() == ["first"]
    draft = policies(empty).show().draft
    assert draft is not None
    (rule_kept,) = read_policy(draft.toml).rules
    assert rule_kept.templates == ("print* invoice",)
    assert rule_kept.reason == {"sv": "Medlemmarna kan det."}
    for place in ("2", "0", "x", "9999"):
        assert lead.get(f"/lead/policy/rules/{place}").status_code == 404, place


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"name": "Big"}, "wrong_rule_name"),
        ({"words": "", "templates": ""}, "wrong_rule_words"),
        ({"templates": "*"}, "wrong_rule_templates"),
        ({"destination": ""}, "wrong_rule_destination"),
        ({"reason.en": "x" * 400}, "wrong_rule_reason"),
    ],
)
def test_a_rule_that_cannot_be_says_why_and_keeps_what_was_typed(
    lead: Browser, more: dict[str, str], key: str
) -> None:
    rule = {"name": "one", "destination": "expert", "words": "kept words", **more}
    sent = lead.change("/lead/policy/rules/new", **rule)
    assert sent.status_code == 422
    assert said(key) in shown(sent)
    assert f"{rule['words']}</textarea>" in sent.text


def test_two_rules_of_one_name_are_refused(lead: Browser) -> None:
    rule = {"name": "one", "destination": "expert", "words": "kept words"}
    assert lead.change("/lead/policy/rules/new", **rule).status_code == 303
    assert said("wrong_rule_name") in shown(lead.change("/lead/policy/rules/new", **rule))


def test_a_draft_is_tried_followed_and_gone_back_from(empty: World, lead: Browser) -> None:
    for n in range(4):
        assert empty.ask({**DRAFT, "user": f"asker-{n}"})["destination"] == "community"
    lead.change("/lead/policy/text", toml=TO_EXPERTS, do="save")
    first = str(policies(empty).find().version)
    tried = lead.change("/lead/policy/simulate", version=first, days="7")
    assert tried.headers["location"] == "/lead/policy?said=tried#trial"
    page = lead.get("/lead/policy?said=tried")
    assert "Of 4 questions in 7 days, 4 more would go to an expert" in shown(page)
    assert page.text.count("Chain slips") == 4
    assert page.text.count('class="plot"') == 2
    live = hidden(page.text, "instead")
    assert live == "default"
    form = {"version": first, "instead": live}
    without = lead.change("/lead/policy/activate", **form)
    assert without.status_code == 422
    assert said("error_no_reason") in shown(without)
    done = lead.change("/lead/policy/activate", **form, reason="Better in the trial.")
    assert done.headers["location"] == "/lead/policy?said=activated"
    assert empty.ask(DRAFT)["destination"] == "expert"
    lead.change("/lead/policy/edit", **{"routing.default": "community", "shown.most": "2"})
    second = str(policies(empty).find().version)
    lead.change("/lead/policy/activate", version=second, instead=first, reason="Calmer again.")
    assert empty.ask(DRAFT)["destination"] == "community"
    back = lead.get("/lead/policy")
    assert said("go_back") in shown(back)
    lead.change("/lead/policy/activate", version=first, instead=second, reason="It was right.")
    assert empty.ask(DRAFT)["destination"] == "expert"
    told = shown(lead.get("/lead/policy"))
    for text in ("It was right.", "Calmer again.", f"Version {first} decides in place of {second}"):
        assert text in told, text


def test_who_looked_at_another_live_version_is_told(empty: World, lead: Browser) -> None:
    one = policies(empty).draft(TO_EXPERTS).version
    policies(empty).activate(one)
    two = policies(empty).draft("[shown]\nmost = 1\n").version
    sent = lead.change(
        "/lead/policy/activate", version=str(two), instead="default", reason="As I saw it."
    )
    assert sent.status_code == 409
    assert said("error_policy_changed") in shown(sent)
    assert 'value="As I saw it."' in sent.text
    assert policies(empty).show().version == str(one)


def test_a_trial_without_questions_says_so_on_the_page(empty: World, lead: Browser) -> None:
    version = str(policies(empty).draft(TO_EXPERTS).version)
    sent = lead.change("/lead/policy/simulate", version=version, days="30")
    assert sent.status_code == 409
    assert said("error_not_enough_data") in shown(sent)


def test_a_draft_is_given_up_and_a_version_that_was_cannot_decide(
    empty: World, lead: Browser
) -> None:
    version = str(policies(empty).draft(TO_EXPERTS).version)
    sent = lead.change("/lead/policy/discard", version=version, reason="No.")
    assert sent.headers["location"] == "/lead/policy?said=discarded"
    refused = lead.change("/lead/policy/activate", version=version, reason="Yes after all.")
    assert refused.status_code == 422
    assert said("error_bad_field") in shown(refused)
    again = lead.change("/lead/policy/discard", version=version)
    assert again.status_code == 404
    for stale in ("99", "x"):
        for act in ("simulate", "activate"):
            if (act, stale) != ("simulate", "x"):
                page = lead.change(f"/lead/policy/{act}", version=stale, reason="It was there.")
                assert page.status_code == 404
                assert said("error_no_policy") in shown(page)
                assert word("lead_policy.versions", "en") in shown(page)
    for place in ("99", "x", "default1"):
        assert lead.get(f"/lead/policy/versions/{place}").status_code == 404
    begun = lead.get(f"/lead/policy/edit?from={version}")
    assert word("lead_policy.form_is", "en", begun=f"Version {version}") in shown(begun)
    assert '<option value="expert" selected>' in begun.text


def test_a_version_shows_its_text_and_how_it_differs_line_by_line(
    empty: World, lead: Browser
) -> None:
    version = policies(empty).draft(TO_EXPERTS).version
    page = lead.get(f"/lead/policy/versions/{version}")
    assert page.status_code == 200
    assert 'class="came"' in page.text
    assert 'class="went"' in page.text
    assert "default = &#34;expert&#34;" in page.text


def test_the_history_is_turned_page_by_page(empty: World, lead: Browser) -> None:
    for most in range(15):
        policies(empty).draft(f"[shown]\nmost = {most}\n")
        policies(empty).discard()
    first = lead.get("/lead/policy").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    rest = lead.get(html.unescape(older[1]))
    assert "Version 1 drafted" in shown(rest)
    assert "Version 1 drafted" not in html.unescape(re.sub(r"<[^>]+>", " ", first))


def test_what_people_wrote_is_text_and_nothing_else(empty: World, lead: Browser) -> None:
    wild = '<b>&"x</textarea><script>alert(1)</script>'
    lead.change("/lead/policy/edit", **{"groups.closed": wild})
    for place in ("", "/edit", "/text", "/versions/1"):
        assert "<script>alert" not in lead.get(f"/lead/policy{place}").text
    refused = lead.change("/lead/policy/text", toml=wild, do="save")
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    assert empty.forum().name == "bikes"


def test_a_reason_is_kept_whole_or_not_at_all(empty: World, lead: Browser) -> None:
    long = "why " * 251
    for path, template in (("edit", "form"), ("text", "text"), ("rules/new", "rule")):
        page = lead.change(f"/lead/policy/{path}", reason=long, toml="", name="x")
        assert page.status_code == 422, template
        assert said("wrong_reason") in shown(page)
        assert long.strip() in page.text
    version = str(policies(empty).draft(TO_EXPERTS).version)
    for act in ("activate", "discard"):
        page = lead.change(f"/lead/policy/{act}", version=version, reason=long)
        assert page.status_code == 422
        assert said("wrong_reason") in shown(page)
        assert long.strip() in page.text
    assert policies(empty).show().draft is not None
