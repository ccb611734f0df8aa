"""Open questions of one meaning stand together, and one answer is for all of them."""

from datetime import timedelta

import pytest

from triage import store
from triage.affected import also_affected, not_mine, pass_on
from triage.affected.spaces import sameness_of, space
from triage.insight import same_meaning
from triage.records import Visibility

from .conftest import EXPORT, NOON, PHONE, Forum, minutes

LATER = NOON + timedelta(hours=1)


def affected(forum: Forum, question_id: str, **reader: object) -> int:
    with forum.database.read() as c:
        return also_affected(c, forum.id, question_id, store.Readers(**reader))  # type: ignore[arg-type]


def together(forum: Forum, *question_ids: str) -> bool:
    return any(set(question_ids) <= set(members) for members in forum.clusters().values())


def test_questions_that_mean_the_same_stand_together(forum: Forum) -> None:
    one = forum.post(EXPORT, "anna")
    other = forum.post(f"{EXPORT}.", "bo")
    alone = forum.post(PHONE, "cia")
    seen = forum.look(minutes(1))
    assert (seen.looked, seen.gathered) == (True, 3)
    assert together(forum, one, other)
    assert not together(forum, one, alone)
    late = forum.post(EXPORT, "dan", at=minutes(2))
    forum.look(minutes(3))
    assert together(forum, one, other, late)


def test_of_several_servers_one_looks(forum: Forum) -> None:
    forum.post(EXPORT, "anna")
    assert forum.look(minutes(1)).looked
    assert not forum.look(minutes(1)).looked
    assert forum.look(minutes(2)).looked


def test_persons_are_counted_and_not_questions(forum: Forum) -> None:
    one = forum.post(EXPORT, "anna")
    for at in (1, 2):
        forum.post(EXPORT, "bo", at=minutes(at))
    forum.post(EXPORT, "anna", at=minutes(3))
    forum.look(minutes(4))
    assert affected(forum, one) == 1


def test_nobody_learns_of_what_they_may_not_read(forum: Forum) -> None:
    one = forum.post(EXPORT, "anna")
    forum.post(EXPORT, "bo", visibility=Visibility.PRIVATE)
    forum.post(
        EXPORT,
        "cia",
        visibility=Visibility.GROUP,
        readers=frozenset({"beta"}),
        groups=frozenset({"beta"}),
    )
    forum.look(minutes(1))
    assert affected(forum, one) == 0
    assert affected(forum, one, groups=frozenset({"beta"})) == 1
    assert affected(forum, one, groups=frozenset({"other"})) == 0
    assert affected(forum, one, reads_all=True) == 2


def test_a_draft_says_how_many_others_have_the_same(forum: Forum) -> None:
    forum.post(EXPORT, "anna")
    forum.post(EXPORT, "bo")
    forum.post(EXPORT, "cia", visibility=Visibility.PRIVATE)
    forum.look(minutes(1))
    assert forum.ask(EXPORT, "dan", at=minutes(2)).also_affected == 2
    assert forum.ask(EXPORT, "bo", at=minutes(2)).also_affected == 1
    assert forum.ask(PHONE, "dan", at=minutes(60)).also_affected == 0


def test_an_answer_answers_all_and_each_is_told_once(forum: Forum) -> None:
    source = forum.post(EXPORT, "anna")
    private = forum.post(EXPORT, "bo", visibility=Visibility.PRIVATE)
    other = forum.post(PHONE, "cia")
    forum.look(minutes(1))
    forum.answer(source, minutes(5))
    for _ in range(2):
        with forum.database.write() as c:
            pass_on(c, forum.id, source, forum.encoder, minutes(6))
    assert forum.state(private) == "answered"
    assert forum.state(other) == "with_community"
    with forum.database.read() as c:
        last = store.changes_of_question(c, forum.id, private)[-1]
    assert (last.who, last.why, last.answer_id) == ("machine", "same_answer", f"a-{source}")
    assert last.words == "Turn off the preview pane."
    assert [(one.kind, one.subject) for one in forum.notices("bo")] == [("same_answer", private)]
    assert [(one.kind, one.subject) for one in forum.notices("anna")] == [("answered", source)]
    assert forum.notices("cia") == []


def test_what_nobody_passed_on_is_found_at_the_next_look(forum: Forum) -> None:
    source, other = forum.post(EXPORT, "anna"), forum.post(EXPORT, "bo")
    forum.look(minutes(1))
    forum.answer(source, minutes(5))
    assert forum.look(minutes(6)).answered == 1
    assert forum.state(other) == "answered"
    assert forum.look(minutes(7)).answered == 0


def test_only_a_public_answer_leaves_a_private_question(forum: Forum) -> None:
    source = forum.post(EXPORT, "anna", visibility=Visibility.PRIVATE)
    other = forum.post(EXPORT, "bo")
    forum.look(minutes(1))
    forum.answer(source, minutes(5), public=False)
    assert forum.look(minutes(6)).answered == 0
    assert forum.state(other) == "with_community"
    assert forum.notices("bo") == []


def test_an_answer_of_a_group_goes_to_that_group(forum: Forum) -> None:
    beta = frozenset({"beta"})
    source = forum.post(EXPORT, "anna", visibility=Visibility.GROUP, readers=beta, groups=beta)
    inside = forum.post(EXPORT, "bo", groups=beta)
    outside = forum.post(EXPORT, "cia")
    forum.look(minutes(1))
    forum.answer(source, minutes(5))
    forum.look(minutes(6))
    assert (forum.state(inside), forum.state(outside)) == ("answered", "with_community")


def test_who_asked_later_or_wants_a_person_is_not_answered_by_it(forum: Forum) -> None:
    source = forum.post(EXPORT, "anna")
    urgent = forum.post(EXPORT, "bo")
    forum.look(minutes(1))
    with forum.database.write() as c:
        row = store.get_question(c, forum.id, urgent)
        assert row is not None
    from triage import questions
    from triage.lifecycle import State, Who, Why

    wish = questions.Asked(State.ESCALATED, Who.CUSTOMER, "help", why=Why.WANTS_PERSON)
    with forum.database.write() as c:
        questions.keep(c, forum.id, urgent, wish, minutes(2))
    forum.answer(source, minutes(5))
    late = forum.post(EXPORT, "cia", at=minutes(6))
    forum.look(minutes(7))
    assert (forum.state(urgent), forum.state(late)) == ("escalated", "with_community")
    # They keep their person, and hear that there is an answer.
    assert [one.subject for one in forum.notices("bo")] == [urgent]


def test_not_mine_opens_it_again_and_splits_for_ever(forum: Forum) -> None:
    source, other, third = (forum.post(EXPORT, who) for who in ("anna", "bo", "cia"))
    forum.look(minutes(1))
    forum.answer(source, minutes(5))
    forum.look(minutes(6))
    for _ in range(2):
        with forum.database.write() as c:
            told = not_mine(c, forum.id, other, forum.encoder, minutes(8))
        assert told.question.state == "reopened"
    assert not together(forum, source, other)
    assert together(forum, source, third)
    watcher = forum.watcher()
    for at in (9, 10):
        forum.look(minutes(at), watcher)
    assert forum.state(other) == "reopened"
    assert not together(forum, source, other)
    assert forum.state(third) == "answered"


@pytest.mark.parametrize("test", [True, False])
def test_what_is_asked_to_try_out_answers_nobody(forum: Forum, test: bool) -> None:
    source = forum.post(EXPORT, "anna", test=test)
    other = forum.post(EXPORT, "bo")
    forum.look(minutes(1))
    assert together(forum, source, other) is not test


def test_who_may_mean_something_else_is_told_and_stays_open(forum: Forum) -> None:
    source, sure = forum.post(EXPORT, "anna"), forum.post(f"{EXPORT}.", "bo")
    forum.look(minutes(1))
    doubtful = forum.post(PHONE, "cia", at=minutes(2))
    forum.look(minutes(3))
    name = next(iter(forum.clusters()))
    with forum.database.write() as c:
        store.put_clusters(c, forum.id, {name: (source, sure, doubtful)}, minutes(3))
    forum.answer(source, minutes(5))
    forum.look(minutes(6))
    assert (forum.state(sure), forum.state(doubtful)) == ("answered", "with_community")
    assert [one.subject for one in forum.notices("cia")] == [doubtful]


def test_who_only_probably_means_the_same_is_told_and_stays_open(forum: Forum) -> None:
    source = forum.post(EXPORT, "anna")
    near = forum.post("Invoice export stops at ninety percent since Monday, E-988", "bo")
    forum.look(minutes(1))
    assert forum.clusters() == {source: (source, near)}
    with forum.database.read() as c:
        vectors = store.get_question_vectors(c, forum.id, space(forum.encoder), [source, near])
    sure = same_meaning(vectors[source], "en", vectors[near], "en", sameness_of(forum.encoder))
    assert 0.5 < sure < 0.9
    forum.answer(source, minutes(5))
    with forum.database.write() as c:
        found = pass_on(c, forum.id, source, forum.encoder, minutes(6))
    assert (found.answered, found.told) == ((), (near,))
    assert forum.state(near) == "with_community"
    assert [one.kind for one in forum.notices("bo")] == ["same_answer"]
