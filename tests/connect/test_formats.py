import pytest

from triage.connect import (
    account_from,
    case_from,
    judgement_from,
    query_from,
    thread_from,
)
from triage.crypto.persons import person_hasher
from triage.errors import BadField
from triage.records import Judgement

HASH = person_hasher(b"0123456789abcdef", "demo")


def test_a_thread_needs_an_id_and_some_text() -> None:
    assert thread_from({"id": 7, "title": "T"}, HASH).id == "7"
    assert thread_from({"id": "t", "answers": [{"body": "A"}]}, HASH).answers[0].id == "t-a1"
    for row in ({"title": "T"}, {"id": "t"}, {"id": "t", "answers": [{"body": ""}]}):
        with pytest.raises(BadField):
            thread_from(row, HASH)


def test_persons_are_hashed_at_once() -> None:
    thread = thread_from(
        {
            "id": "t",
            "title": "T",
            "user": "anna",
            "verified_by": "anna",
            "answers": [{"body": "A", "user": "bo"}],
        },
        HASH,
    )
    assert thread.person == thread.verified_by == HASH("anna")
    assert thread.answers[0].person == HASH("bo")
    assert case_from({"id": 1, "title": "T", "user": 5}, HASH).person == HASH("5")


def test_a_missing_answer_id_is_derived_and_never_taken_twice() -> None:
    row = {"id": "t", "answers": [{"body": "A"}, {"body": "B", "id": "t-a1"}, {"body": "C"}]}
    ids = [answer.id for answer in thread_from(row, HASH).answers]
    assert ids == ["t-a1-", "t-a1", "t-a3"]
    with pytest.raises(BadField, match=r"answers\.1\.id"):
        thread_from({"id": "t", "answers": [{"id": 1, "body": "A"}, {"id": 1, "body": "B"}]}, HASH)


def test_a_thread_with_an_accepted_answer_is_solved_unless_said_otherwise() -> None:
    row = {"id": "t", "answers": [{"body": "A", "accepted": True}]}
    assert thread_from(row, HASH).solved
    assert not thread_from({**row, "solved": False}, HASH).solved


def test_null_means_absent() -> None:
    row = dict.fromkeys(
        ["body", "answers", "user", "solved", "lang", "tags", "valid_versions", "groups", "url",
         "created", "duplicate_of", "outdated_votes"]
    )  # fmt: skip
    assert thread_from({"id": "t", "title": "T", **row}, HASH) == thread_from(
        {"id": "t", "title": "T"}, HASH
    )


def test_one_or_many_duplicates_are_accepted() -> None:
    assert thread_from({"id": "t", "title": "T", "duplicate_of": 5}, HASH).duplicate_of == ("5",)
    many = thread_from({"id": "t", "title": "T", "duplicate_of": ["a", "t", "b"]}, HASH)
    assert many.duplicate_of == ("a", "b")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answers", "A"),
        ("answers", ["A"]),
        ("answers", [{"body": 1, "votes": "many"}]),
        ("answers", [{"body": "A"}] * 10_001),
        ("valid_versions", "8"),
        ("created", "yesterday"),
        ("groups", [""]),
    ],
)
def test_a_bad_field_of_a_thread_is_named(field: str, value: object) -> None:
    with pytest.raises(BadField) as caught:
        thread_from({"id": "t", "title": "T", field: value}, HASH)
    assert caught.value.field.startswith(field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("severity", 5),
        ("severity", 0),
        ("customer_severity", "bad"),
        ("difficulty", 1.5),
        ("kind", "riddle"),
        ("destination", "nowhere"),
        ("escalated", "perhaps"),
    ],
)
def test_a_bad_field_of_a_case_is_named(field: str, value: object) -> None:
    with pytest.raises(BadField) as caught:
        case_from({"id": 1, "body": "B", field: value}, HASH)
    assert caught.value.field == field


def test_a_case_keeps_what_happened() -> None:
    case = case_from(
        {"id": 1, "body": "B", "kind": "bug", "severity": "2", "difficulty": 0.25, "group": 9,
         "destination": "expert", "escalated": "no"},
        HASH,
    )  # fmt: skip
    assert (case.kind, case.severity, case.difficulty, case.group) == ("bug", 2, 0.25, "9")
    assert (case.destination, case.escalated) == ("expert", False)


def test_an_account_needs_only_an_id() -> None:
    account = account_from({"id": 3, "customised_products": "Portal"})
    assert (account.id, account.customised_products) == ("3", ("Portal",))


def test_a_query_and_a_judgement_are_read() -> None:
    assert query_from({"id": 1, "title": "T", "candidates": [1, "b"]}).candidates == ("1", "b")
    assert judgement_from({"query_id": 1, "doc_id": "d", "gain": "2"}) == Judgement("1", "d", 2)
    for gain in (None, 1.5, -1, "x"):
        with pytest.raises(BadField):
            judgement_from({"query_id": 1, "doc_id": "d", "gain": gain})
