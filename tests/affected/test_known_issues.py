"""A known issue stands beside drafts about it, and whoever asked hears of it and of its end."""

from dataclasses import replace

import pytest

from triage import store
from triage.affected import (
    Publisher,
    Written,
    new_issue,
    published,
    rewritten,
    safe_words,
    withdrawn,
)
from triage.affected.issues import LiveIssues, matched
from triage.errors import BadField, IssueChanged
from triage.insight import About
from triage.records import Context

from .conftest import EXPORT, NOON, PHONE, Forum, minutes


def shown(forum: Forum, title: str = EXPORT, **more: object) -> list[str]:
    return [one.issue_id for one in forum.ask(title, "dan", **more).known_issues]


def put(forum: Forum, row: store.KnownIssueRow, at: int) -> store.KnownIssueRow:
    publisher = Publisher(forum.database, forum.id, forum.encoder)
    return publisher.put(row, minutes(at), lambda c: None)


def kinds(forum: Forum, person: str) -> list[str]:
    return [one.kind.value for one in forum.notices(person)]


def test_a_draft_about_a_published_issue_sees_it(forum: Forum) -> None:
    assert shown(forum) == []
    issue = forum.publish(EXPORT, products=frozenset({"ledger"}), versions=">=8.2,<8.2.3")
    (one,) = forum.ask(EXPORT, "dan", product="ledger", version="8.2.1").known_issues
    assert (one.issue_id, one.title, one.certain) == (issue.issue_id, EXPORT, True)
    (one,) = forum.ask(EXPORT, "dan").known_issues
    assert not one.certain
    assert shown(forum, product="ledger", version="8.2.3") == []
    assert shown(forum, product="other") == []
    assert shown(forum, PHONE) == []


def test_what_is_withdrawn_or_only_proposed_is_not_shown(forum: Forum) -> None:
    issue = forum.publish(EXPORT)
    assert shown(forum) == [issue.issue_id]
    put(forum, withdrawn(issue, minutes(1)), 1)
    assert shown(forum) == []
    put(forum, new_issue(safe_words(Written(title=EXPORT)), NOON), 2)
    assert shown(forum) == []


def test_what_was_withdrawn_meanwhile_does_not_come_back(forum: Forum) -> None:
    live = put(forum, published(new_issue(Written(title=EXPORT), NOON), NOON), 0)
    put(forum, withdrawn(live, NOON), 1)
    with pytest.raises(IssueChanged):
        put(forum, replace(live, title="Exports stop"), 2)
    with forum.database.read() as c:
        assert store.get_issue(c, forum.id, live.issue_id).state is store.IssueState.WITHDRAWN


def test_an_issue_of_groups_is_there_for_them_alone(forum: Forum) -> None:
    forum.ask(EXPORT, "anna")
    forum.ask(EXPORT, "bo", groups=frozenset({"beta"}))
    issue = forum.publish(EXPORT, groups=frozenset({"beta"}), at=minutes(1))
    assert shown(forum) == []
    assert shown(forum, groups=frozenset({"beta"})) == [issue.issue_id]
    assert kinds(forum, "anna") == []
    assert kinds(forum, "bo") == ["known_issue"]


def test_who_asked_before_is_told_and_again_when_there_is_a_fix(forum: Forum) -> None:
    forum.ask(EXPORT, "anna")
    forum.ask(f"{EXPORT}!", "anna", at=minutes(60))
    forum.ask(PHONE, "bo")
    issue = forum.publish(EXPORT, at=minutes(90))
    assert kinds(forum, "anna") == ["known_issue"]
    assert kinds(forum, "bo") == []
    # Whoever asks afterwards sees it, and is told of the end alone.
    assert shown(forum, at=minutes(91)) == [issue.issue_id]
    assert forum.look(minutes(92)).affected >= 1
    assert kinds(forum, "dan") == []
    words = Written(title=EXPORT, lang="en", fix="Update to 8.2.3.", fixed_in="8.2.3")
    fixed = put(forum, rewritten(issue, safe_words(words), minutes(95)), 95)
    assert fixed.state is store.IssueState.FIXED
    assert kinds(forum, "anna") == ["issue_fixed", "known_issue"]
    assert kinds(forum, "dan") == ["issue_fixed"]
    put(forum, rewritten(fixed, safe_words(words), minutes(96)), 96)
    assert kinds(forum, "dan") == ["issue_fixed"]
    assert forum.ask(EXPORT, "eva", at=minutes(97)).known_issues[0].fix == "Update to 8.2.3."


def test_the_affected_are_persons_and_those_the_reader_may_know_of(forum: Forum) -> None:
    for at in (0, 40, 80):
        forum.ask(EXPORT, "anna", at=minutes(at))
    forum.ask(EXPORT, "bo")
    forum.ask(EXPORT, None, session="visit")
    secret = "My card is 4111 1111 1111 1111"
    forum.ask(EXPORT, "cia", body=secret)
    issue = forum.publish(EXPORT, at=minutes(90))
    with forum.database.read() as c:
        asks = store.affected_asks(c, forum.id, issue.issue_id)

        def count(**reader: object) -> int:
            readers = store.Readers(**reader)  # type: ignore[arg-type]
            return store.count_affected(c, forum.id, [issue.issue_id], readers)[issue.issue_id]

        assert {one.visibility.value for one in asks if one.person == "cia"} == {"private"}
        assert count(reads_all=True) == 3
        assert count() == 2
        assert count(person="anna") == 1
    assert len(asks) == 6


def test_only_what_has_changed_is_read_again(forum: Forum) -> None:
    issue = forum.publish(EXPORT)
    assert shown(forum) == [issue.issue_id]
    other = forum.publish(f"{EXPORT} and more", at=minutes(1))
    assert set(shown(forum)) == {issue.issue_id, other.issue_id}
    with forum.database.write() as c:
        found = store.rows_of_person(c, forum.id, "nobody")
        store.put_issue(c, forum.id, replace(issue, person="zed"))
        found = store.rows_of_person(c, forum.id, "zed")
        assert store.delete_rows_of_person(c, forum.id, found) == {"known_issues": 1}
    assert shown(forum) == [other.issue_id]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("title", Written(title="  ")),
        ("versions", Written(title="x", versions="eight")),
        ("fixed_in", Written(title="x", fix="Update.", fixed_in="soon")),
        ("fixed_in", Written(title="x", fixed_in="8.2")),
    ],
)
def test_what_is_not_as_it_should_be_is_refused(field: str, words: Written) -> None:
    with pytest.raises(BadField) as refused:
        safe_words(words)
    assert refused.value.field == field


def test_what_is_written_is_redacted(forum: Forum) -> None:
    words = safe_words(Written(title="Export fails", body="Write to jane@customer.example"))
    assert "jane" not in words.body
    assert published(new_issue(words, NOON), NOON).state is store.IssueState.PUBLISHED


def test_the_same_error_code_brings_issue_and_asks_together(forum: Forum) -> None:
    title = "invoice export stops at ninety percent again on two computers"
    coded, other = (Context(error_text=f"{code}: failed") for code in ("E-417", "E-418"))
    forum.ask(title, "bo", context=coded)
    forum.ask(title, "cia", context=other)
    assert shown(forum, title, context=coded) == []
    issue = forum.publish(EXPORT, at=minutes(5))
    assert shown(forum, title, context=other) == shown(forum, title) == []
    assert shown(forum, title, context=coded) == [issue.issue_id]
    assert (kinds(forum, "bo"), kinds(forum, "cia")) == (["known_issue"], [])


def test_an_issue_that_is_narrowed_to_groups_tells_them_alone_of_its_fix(forum: Forum) -> None:
    beta = frozenset({"beta"})
    forum.ask(EXPORT, "anna", groups=beta)
    forum.ask(EXPORT, "bo")
    issue = forum.publish(EXPORT)
    words = Written(title=EXPORT, lang="en", groups=beta, fix="Update to 8.2.3.")
    put(forum, rewritten(issue, safe_words(words), minutes(5)), 5)
    assert kinds(forum, "anna") == ["issue_fixed", "known_issue"]
    assert kinds(forum, "bo") == ["known_issue"]


def test_of_very_many_issues_only_the_nearest_are_weighed(forum: Forum) -> None:
    for number in range(14):
        forum.publish(EXPORT, at=minutes(number))
    with forum.database.read() as c:
        live = LiveIssues(forum.id).now(c, forum.encoder)
    (vector, *_) = live[0].issue.vectors
    found = matched(live, vector, About("en"), forum.encoder)
    assert (len(live), len(found)) == (14, 10)
