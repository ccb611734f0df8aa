"""Many ask the same at once: a known issue is proposed, once, and published by one act."""

from datetime import timedelta

from triage import store
from triage.affected import Publisher, Watcher, published
from triage.store import IssueState

from .conftest import EXPORT, NOON, PHONE, Forum, minutes

PEOPLE = ("anna", "bo", "cia", "dan", "eva", "fia")


def quiet_weeks(forum: Forum) -> None:
    """Have one ask a day for four weeks, each about something else."""
    for day in range(1, 28):
        title = f"How do I change colour number {day} of template {day * 7}"
        forum.ask(title, f"p{day}", at=NOON - timedelta(days=28 - day))


def burst(forum: Forum, title: str = EXPORT, people: tuple[str, ...] = PEOPLE, at: int = 0) -> None:
    for place, person in enumerate(people):
        forum.ask(title, person, at=minutes(at + place))


def proposals(forum: Forum) -> list[store.KnownIssueRow]:
    with forum.database.read() as c:
        return store.list_issues(c, forum.id, [IssueState.PROPOSED])


def test_a_burst_is_proposed_at_the_next_look(forum: Forum) -> None:
    quiet_weeks(forum)
    watcher = forum.watcher()
    assert forum.look(minutes(-1), watcher).proposed == ()
    burst(forum)
    seen = forum.look(minutes(6), watcher)
    (row,) = proposals(forum)
    assert seen.proposed == (row.issue_id,)
    assert (row.title, row.person is not None) == (EXPORT, True)
    assert row.evidence is not None
    assert row.evidence["persons"] == len(PEOPLE)
    assert row.evidence["expected"] < 1
    with forum.database.read() as c:
        assert len(store.affected_asks(c, forum.id, row.issue_id)) == len(PEOPLE)
    # Askers see nothing of it before a lead has published it.
    assert forum.ask(EXPORT, "gus", at=minutes(7)).known_issues == ()


def test_one_act_publishes_it_and_tells_who_asked(forum: Forum) -> None:
    quiet_weeks(forum)
    watcher = forum.watcher()
    forum.look(minutes(-1), watcher)
    burst(forum)
    forum.look(minutes(6), watcher)
    (row,) = proposals(forum)
    publisher = Publisher(forum.database, forum.id, forum.encoder)
    publisher.put(published(row, minutes(8)), minutes(8), lambda c: None)
    assert forum.ask(EXPORT, "gus", at=minutes(9)).known_issues[0].issue_id == row.issue_id
    for person in PEOPLE:
        assert [one.kind.value for one in forum.notices(person)] == ["known_issue"]


def test_one_meaning_is_proposed_once_and_grows(forum: Forum) -> None:
    quiet_weeks(forum)
    watcher = forum.watcher()
    forum.look(minutes(-1), watcher)
    burst(forum)
    forum.look(minutes(6), watcher)
    burst(forum, people=("gus", "hal"), at=7)
    assert forum.look(minutes(10), watcher).proposed == ()
    (row,) = proposals(forum)
    assert row.evidence is not None
    assert row.evidence["persons"] == len(PEOPLE) + 2
    # Another server, and one that was just started, know of it as well.
    assert forum.look(minutes(11), forum.watcher()).proposed == ()


def test_one_person_and_a_trickle_are_no_burst(forum: Forum) -> None:
    quiet_weeks(forum)
    watcher = forum.watcher()
    forum.look(minutes(-1), watcher)
    for place in range(8):
        forum.ask(EXPORT, "anna", session=f"s{place}", at=minutes(place))
    forum.ask(PHONE, "bo", at=minutes(3))
    assert forum.look(minutes(9), watcher).proposed == ()


def test_private_asks_propose_without_their_words(forum: Forum) -> None:
    quiet_weeks(forum)
    watcher = forum.watcher()
    forum.look(minutes(-1), watcher)
    secret = "My card is 4111 1111 1111 1111"
    for place, person in enumerate(PEOPLE):
        forum.ask(EXPORT, person, body=secret, at=minutes(place))
    forum.look(minutes(6), watcher)
    (row,) = proposals(forum)
    assert (row.title, row.body, row.person) == ("", "", None)


def test_a_server_that_was_away_looks_at_what_came_meanwhile(forum: Forum) -> None:
    quiet_weeks(forum)
    forum.look(minutes(-30))
    burst(forum)
    watcher: Watcher = forum.watcher()
    assert len(forum.look(minutes(20), watcher).proposed) == 1
