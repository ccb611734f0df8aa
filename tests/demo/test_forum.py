"""A thread of the demo forum: who sees it, who may write in it, and that nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.forum import SmallForum
from tests.questions.kept import HOUR, MONDAY, Forum
from triage.demo.browsing import Wanted, search
from triage.demo.forum import DemoForum, Reader
from triage.errors import BadField, NoAnswer, NoThread
from triage.lifecycle import State, Who, Why
from triage.questions import Asked, Told
from triage.records import Answer, Destination, Thread
from triage.redaction import NO_REDACTION

ASKER = Reader(person="p-asker", account="a05")
ADMIN = Reader(person="p-admin", account="a05", account_admin=True)
COLLEAGUE = Reader(person="p-colleague", account="a05")
HELPER = Reader(person="p-helper")
STAFF = Reader(person="p-staff", staff=True)
GUEST = Reader()


@pytest.fixture
def forum(small: SmallForum) -> DemoForum:
    knowledge = small.desk().knowledge
    knowledge.sync()
    return DemoForum(small.database, small.forum.id, knowledge, NO_REDACTION)


@pytest.fixture
def posted(small: SmallForum) -> Forum:
    return Forum(small.database, small.forum.id)


def ask(posted: Forum, to: Destination = Destination.COMMUNITY, **more: Any) -> Told:  # noqa: ANN401
    return posted.post(to, person=ASKER.person, account=ASKER.account, **more)


def accepted_in(thread: Thread) -> list[str]:
    return [answer.id for answer in thread.answers if answer.accepted]


def test_what_goes_to_the_community_stands_there_and_is_found(
    forum: DemoForum, posted: Forum, small: SmallForum
) -> None:
    told = ask(posted, title="Chain slips in third gear", product="bikes")
    assert forum.place(told)
    topic = forum.open(told.row.question_id, GUEST)
    assert (topic.thread.title, topic.thread.product) == ("Chain slips in third gear", "bikes")
    assert topic.thread.url == f"/t/{told.row.question_id}"
    assert (topic.public, topic.mine, topic.thread.solved) == (True, False, False)
    looked = Wanted("chain slips in third gear")
    found = search(small.desk().parts(), frozenset(), GUEST.may_read, looked)
    assert found.threads[0].id == told.row.question_id


def test_placed_again_it_stays_with_what_was_written_in_it(forum: DemoForum, posted: Forum) -> None:
    told = ask(posted)
    forum.place(told)
    name = forum.answer(forum.open(told.row.question_id, HELPER), HELPER, "Oil it.", "f1", MONDAY)
    assert forum.place(told)
    assert [a.id for a in forum.open(told.row.question_id, GUEST).thread.answers] == [name]


def test_a_question_without_a_title_is_called_by_how_it_begins(
    forum: DemoForum, posted: Forum
) -> None:
    told = ask(posted, title="", body="The chain\n slips " + "and slips " * 20)
    forum.place(told)
    title = forum.open(told.row.question_id, GUEST).thread.title
    assert title.startswith("The chain slips and slips")
    assert len(title) <= 80


def test_what_goes_to_experts_is_for_its_asker_their_account_and_staff(
    forum: DemoForum, posted: Forum
) -> None:
    told = ask(posted, Destination.EXPERT)
    assert not forum.place(told)
    assert forum.knowledge.fetch([told.row.question_id]) == {}
    for reader in (ASKER, ADMIN, STAFF):
        topic = forum.open(told.row.question_id, reader)
        assert (topic.public, topic.mine) == (False, reader is ASKER)
        assert topic.may_answer is (reader is STAFF)
    for reader in (GUEST, HELPER, COLLEAGUE, Reader(person="x", account_admin=True)):
        with pytest.raises(NoThread):
            forum.open(told.row.question_id, reader)


def test_a_private_question_shows_what_staff_answered(forum: DemoForum, posted: Forum) -> None:
    told = ask(posted, Destination.EXPERT)
    asked = Asked(State.ANSWERED, Who.STAFF, "c1", by="orla", answer_id="a1", words="Do this.")
    posted.keep(told.row.question_id, asked, MONDAY + HOUR)
    topic = forum.open(told.row.question_id, ASKER)
    assert [(a.body, a.staff, a.accepted) for a in topic.thread.answers] == [
        ("Do this.", True, False)
    ]
    assert topic.may_accept
    thanked = Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, "c2", answer_id="a1")
    posted.keep(told.row.question_id, thanked, MONDAY + 2 * HOUR)
    topic = forum.open(told.row.question_id, ASKER)
    assert (topic.thread.solved, accepted_in(topic.thread)) == (True, ["a1"])
    assert not topic.may_accept


@pytest.mark.parametrize("thread_id", ["secret", "nowhere"])
def test_what_is_of_a_group_is_as_if_it_were_not_there(forum: DemoForum, thread_id: str) -> None:
    with pytest.raises(NoThread):
        forum.open(thread_id, HELPER)


def test_an_answer_is_redacted_and_can_be_found(forum: DemoForum, small: SmallForum) -> None:
    words = "Call me on +46 70 123 45 67. The moon phase toggle is under Settings > Appearance."
    name = forum.answer(forum.open("open", HELPER), HELPER, words, "f1", MONDAY)
    thread = forum.open("open", GUEST).thread
    given = thread.answers[-1]
    assert (given.id, given.person, given.staff) == (name, "p-helper", False)
    assert (given.created, thread.updated) == (MONDAY, MONDAY)
    assert "123 45 67" not in given.body
    assert "Settings > Appearance" in given.body
    found = search(small.desk().parts(), frozenset(), GUEST.may_read, Wanted("moon phase toggle"))
    assert found.threads[0].id == "open"


def test_a_form_sent_twice_answers_once_and_nobody_elses_form_is_it(forum: DemoForum) -> None:
    first = forum.answer(forum.open("open", HELPER), HELPER, "Not yet.", "f1", MONDAY)
    again = forum.answer(forum.open("open", HELPER), HELPER, "Not yet.", "f1", MONDAY + HOUR)
    other = forum.answer(forum.open("open", STAFF), STAFF, "Soon.", "f1", MONDAY)
    assert first == again != other
    answers = forum.open("open", GUEST).thread.answers
    assert [(a.body, a.staff) for a in answers] == [("Not yet.", False), ("Soon.", True)]


def test_of_many_who_answer_at_once_nobody_is_lost(forum: DemoForum) -> None:
    def write(number: int) -> str:
        reader = Reader(person=f"p{number}")
        topic = forum.open("open", reader)
        return forum.answer(topic, reader, f"Answer {number}", "f", MONDAY)

    with ThreadPoolExecutor(6) as pool:
        names = set(pool.map(write, range(6)))
    assert {a.id for a in forum.open("open", GUEST).thread.answers} == names
    assert len(names) == 6


def test_who_is_not_signed_in_and_who_asked_cannot_answer(forum: DemoForum, posted: Forum) -> None:
    told = ask(posted)
    forum.place(told)
    for reader in (GUEST, ASKER):
        topic = forum.open(told.row.question_id, reader)
        assert not topic.may_answer
        with pytest.raises(NoThread):
            forum.answer(topic, reader, "Me.", "f1", MONDAY)
    assert forum.open(told.row.question_id, GUEST).thread.answers == ()


@pytest.mark.parametrize("words", ["", " \n", "\u200b"])
def test_an_answer_needs_words(forum: DemoForum, words: str) -> None:
    with pytest.raises(BadField):
        forum.answer(forum.open("open", HELPER), HELPER, words, "f1", MONDAY)


def test_a_thread_that_was_not_posted_here_is_solved_by_its_asker_alone(
    forum: DemoForum,
) -> None:
    both = (Answer("a1", "Try this."), Answer("a2", "Or that."))
    forum.knowledge.put([Thread("mine", "Mine", "How?", both, person=ASKER.person, lang="en")])
    with pytest.raises(NoThread):
        forum.accept(forum.open("mine", HELPER), "a1", MONDAY)
    with pytest.raises(NoAnswer):
        forum.accept(forum.open("mine", ASKER), "a9", MONDAY)
    forum.accept(forum.open("mine", ASKER), "a2", MONDAY)
    forum.accept(forum.open("mine", ASKER), "a1", MONDAY)
    topic = forum.open("mine", ASKER)
    assert (topic.thread.solved, accepted_in(topic.thread)) == (True, ["a2"])
    assert not topic.may_accept


def test_a_thread_says_what_its_question_says(forum: DemoForum, posted: Forum) -> None:
    told = ask(posted)
    question_id = told.row.question_id
    forum.place(told)
    name = forum.answer(forum.open(question_id, HELPER), HELPER, "Oil it.", "f1", MONDAY)
    named = f"{question_id}:{name}"
    answered = Asked(State.ANSWERED, Who.COMMUNITY, name, answer_id=named, answer_public=True)
    posted.keep(question_id, answered, MONDAY + HOUR)
    assert forum.open(question_id, ASKER).may_accept
    solved = Asked(State.CONFIRMED_SOLVED, Who.CUSTOMER, "c2", answer_id=named)
    posted.keep(question_id, solved, MONDAY + 2 * HOUR)
    forum.follow(question_id)
    topic = forum.open(question_id, HELPER)
    assert (topic.thread.solved, accepted_in(topic.thread)) == (True, [name])
    # What is solved takes no more answers, until it is open again.
    assert not topic.may_answer
    posted.keep(question_id, Asked(State.REOPENED, Who.CUSTOMER, "c3"), MONDAY + 3 * HOUR)
    forum.follow(question_id)
    topic = forum.open(question_id, HELPER)
    assert (topic.thread.solved, accepted_in(topic.thread)) == (False, [])
    assert topic.may_answer


def test_a_question_that_anothers_answer_was_given_to_says_where_it_stands(
    forum: DemoForum, posted: Forum
) -> None:
    told = ask(posted)
    forum.place(told)
    for number, named in enumerate(("bank:bank-a1", "secret:secret-a1", "answer:x")):
        given = {"why": Why.SAME_ANSWER, "by": "affected", "answer_id": named}
        asked = Asked(State.ANSWERED, Who.MACHINE, f"c{number}", **given)
        posted.keep(told.row.question_id, asked, MONDAY + HOUR)
    topic = forum.open(told.row.question_id, ASKER)
    assert [one.id for one in topic.elsewhere] == ["bank"]


def test_a_private_question_has_no_thread_to_follow(forum: DemoForum, posted: Forum) -> None:
    told = ask(posted, Destination.EXPERT)
    forum.follow(told.row.question_id)
    assert forum.knowledge.fetch([told.row.question_id]) == {}


def test_what_waits_for_experts_is_listed_newest_first(forum: DemoForum, posted: Forum) -> None:
    first = posted.post(Destination.EXPERT, at=MONDAY)
    ask(posted)
    second = posted.post(Destination.EXPERT, at=MONDAY + HOUR)
    waiting = [row.question_id for row in forum.waiting()]
    assert waiting == [second.row.question_id, first.row.question_id]
    answered = Asked(State.ANSWERED, Who.STAFF, "c1", by="orla", answer_id="a1", words="So.")
    posted.keep(second.row.question_id, answered, MONDAY + 2 * HOUR)
    assert [row.question_id for row in forum.waiting()] == [first.row.question_id]
