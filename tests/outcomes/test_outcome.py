import pytest

from tests.outcomes.told import asked, event, outcomes, report


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([], "silent"),
        ([("solved", 1)], "confirmed"),
        ([("not_solved", 1)], "contradicted"),
        ([("still_need_help", 1)], "contradicted"),
        ([("posted", 1)], "posted"),
        ([("escalated", 1)], "posted"),
        ([("solved", 1), ("not_solved", 2)], "contradicted"),
        ([("not_solved", 1), ("solved", 2)], "confirmed"),
        ([("solved", 1), ("still_need_help", 2)], "contradicted"),
        ([("still_need_help", 1), ("solved", 2)], "confirmed"),
        ([("solved", 1), ("reopened", 9)], "contradicted"),
        ([("solved", 1), ("posted", 2)], "posted"),
        ([("posted", 1), ("solved", 2)], "posted"),
        ([("not_solved", 1), ("posted", 2)], "posted"),
        ([("followed", 1)], "posted"),
        ([("opened", 1), ("rated", 2), ("dismissed", 3)], "silent"),
        ([("survey_reply", 1)], "silent"),
        ([("solved", 1), ("not_solved", 1)], "contradicted"),
    ],
)
def test_what_follows_an_ask_makes_its_outcome(
    after: list[tuple[str, float]], expected: str
) -> None:
    rows = [asked(), *(event(kind, days) for kind, days in after)]
    assert outcomes(rows) == {"a": expected}


def test_a_late_contradiction_takes_the_credit_back() -> None:
    rows = [asked(), event("solved", 0.1), event("not_solved", 20)]
    assert outcomes(rows, as_of=10) == {"a": "confirmed"}
    assert outcomes(rows, as_of=21) == {"a": "contradicted"}


def test_what_comes_after_the_window_changes_no_outcome() -> None:
    rows = [asked(), event("solved", 0.1), event("posted", 8)]
    assert outcomes(rows, window=7) == {"a": "confirmed"}
    assert outcomes(rows, window=9) == {"a": "posted"}


def test_coming_back_with_the_same_problem_contradicts() -> None:
    rows = [asked(), event("solved", 0.1), asked(5, "b", return_of="a")]
    assert outcomes(rows) == {"a": "contradicted", "b": "silent"}


def test_another_person_does_not_come_back() -> None:
    rows = [asked(), event("solved", 0.1), asked(5, "b", person="q", return_of="a")]
    assert outcomes(rows) == {"a": "confirmed", "b": "silent"}


def test_a_clock_that_is_behind_moves_an_event_to_its_ask() -> None:
    rows = [asked(1), event("posted", 0.9)]
    assert outcomes(rows) == {"a": "posted"}
    found = report([*rows, asked(1, "b", person="q", arm="holdout")])
    assert found["posting_treatment"]["share"] == 1.0


def test_the_order_of_two_words_is_that_of_one_clock_however_wrong_it_is() -> None:
    rows = [asked(1), event("solved", 0.5), event("not_solved", 0.6)]
    assert outcomes(rows) == {"a": "contradicted"}


def test_keystrokes_of_one_ask_are_one_ask() -> None:
    rows = [
        asked(0, offered=False),
        event("asked", 0.001, arm="treatment", offered=True, user="p"),
    ]
    found = report(rows)
    assert (found["asks"], found["offered"]) == (1, 1)


def test_an_ask_whose_window_is_not_over_is_open() -> None:
    rows = [asked(0), asked(20, "b")]
    assert report(rows, as_of=30)["open"] == 1
    assert report(rows, as_of=60)["open"] == 0
