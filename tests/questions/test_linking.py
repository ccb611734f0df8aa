"""Whoever needs a person of the company finds them with the question filled in."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from triage.lifecycle import State, Who, Why
from triage.questions import Asked, Linking, put_rules, rules_from, rules_of
from triage.records import Destination, Question, Stage

from .kept import MONDAY, Forum, answer, decided, labelled

PLACES = ("title", "situation", "problem", "next_step", "severity", "topic", "lang", "version")
FORM = "https://support.example.com/new?" + "&".join(f"{one}={{{one}}}" for one in PLACES)
WORDS = {
    "title": "Export stops",
    "body": "Since the update to 8.2 the export stops with E-417. How do I get the file?",
    "lang": "en",
}


@pytest.fixture
def linking(forum: Forum) -> Linking:
    with forum.database.write() as c:
        rules = rules_from({}, {}, f"{FORM}&id={{question_id}}&draft={{triage_id}}")
        put_rules(c, forum.id, rules, MONDAY)
    return Linking(forum.database, forum.id)


def asked(link: str | None) -> dict[str, str]:
    assert link is not None
    return {name: words for name, (words,) in parse_qs(urlsplit(link).query).items()}


def test_a_draft_for_an_expert_is_filled_in(linking: Linking) -> None:
    link = linking.of_draft(Question(**WORDS), labelled(severity=2), decided(_EXPERT), "t1")
    assert asked(link) == {
        "title": "Export stops",
        "problem": "Since the update to 8.2 the export stops with E-417.",
        "next_step": "How do I get the file?",
        "severity": "2",
        "topic": "api",
        "lang": "en",
        "version": "8.2",
        "draft": "t1",
    }


def test_what_the_community_answers_leads_nowhere_unless_a_person_is_wanted(
    linking: Linking,
) -> None:
    question = Question(**WORDS)
    assert linking.of_draft(question, {}, decided(), "t1") is None
    wanted = replace(question, wants_person=True)
    assert asked(linking.of_draft(wanted, {}, decided(), "t1"))["title"] == "Export stops"


def test_without_a_template_nobody_is_led_anywhere(forum: Forum) -> None:
    linking = Linking(forum.database, forum.id)
    assert linking.of_draft(Question(**WORDS), {}, decided(_EXPERT), "t1") is None
    assert linking.of_posted(forum.post(_EXPERT)) is None


def test_a_long_text_is_not_read_with_every_keystroke(linking: Linking) -> None:
    long = replace(Question(**WORDS), body=WORDS["body"] * 100, stage=Stage.TYPING)
    typed = asked(linking.of_draft(long, {}, decided(_EXPERT), "t1"))
    assert (typed["title"], "problem" in typed) == ("Export stops", False)
    sent = replace(long, stage=Stage.SUBMIT)
    assert "problem" in asked(linking.of_draft(sent, {}, decided(_EXPERT), "t1"))


def test_a_posted_question_leads_there_while_a_person_is_the_way(
    forum: Forum, linking: Linking
) -> None:
    told = forum.post(**WORDS)
    question_id = told.row.question_id
    assert linking.of_posted(told) is None
    wanted = Asked(State.ESCALATED, Who.CUSTOMER, "e", Why.WANTS_PERSON)
    told = forum.keep(question_id, wanted).told
    assert asked(linking.of_posted(told))["id"] == question_id
    assert linking.of_posted(forum.keep(question_id, answer()).told) is None


def test_a_template_is_looked_up_again_when_it_was_changed(forum: Forum, linking: Linking) -> None:
    told = forum.post(_EXPERT, **WORDS)
    assert linking.of_posted(told) is not None
    with forum.database.write() as c:
        put_rules(c, forum.id, rules_from({}, {}), MONDAY)
        assert rules_of(c, forum.id).handover_url is None
    assert linking.of_posted(told) is not None
    linking.forget()
    assert linking.of_posted(told) is None


_EXPERT = Destination.EXPERT
