import pytest
from hypothesis import given, settings

from tests.outcomes.test_log import months
from tests.outcomes.told import Row, asked, event, report


@settings(max_examples=60, deadline=None)
@given(rows=months())
def test_bounds_and_counts_keep_their_order(rows: list[Row]) -> None:
    found = report(rows)
    assert found["asks"] >= found["offered"] >= found["seen"]
    outcomes = ("posted", "confirmed", "contradicted", "silent")
    assert sum(found[name] for name in outcomes) == found["offered"]
    for arm in found["arms"].values():
        assert sum(arm[name] for name in outcomes) == arm["asks"]
    if found["seen"]:
        low, high = found["deflection_low"], found["deflection_high"]
        assert found["deflection_low_from"] <= low <= high <= found["deflection_high_to"]
        assert found["durable_confirmed"] <= 1


def test_bounds_count_what_was_seen_in_the_treatment() -> None:
    rows = [
        *(asked(0, ask, ask) for ask in "abcd"),
        *(event("shown", 0, ask) for ask in "abc"),
        event("solved", 1, "a"),
        event("posted", 1, "b"),
        asked(0, "e", "e", offered=False),
        asked(0, "f", "f", arm="holdout"),
    ]
    found = report(rows)
    assert (found["deflection_low"], found["deflection_high"]) == (1 / 3, 2 / 3)
    assert (found["offered"], found["seen"], found["offered_unseen"]) == (4, 3, 1)
    assert (found["offer_rate"], found["abstention"], found["not_offered"]) == (0.8, 0.2, 1)
    assert found["naive_deflection"] == 0.75


def test_where_nothing_tells_of_seeing_the_offered_count_as_seen() -> None:
    found = report([asked(0, ask, ask) for ask in "abcd"])
    assert (found["seen"], found["seen_told"]) == (4, False)


def test_to_judge_a_suggestion_one_must_have_seen_it() -> None:
    rows = [asked(), asked(0, "b", "q"), event("shown", 0, "b"), event("solved", 1)]
    assert report(rows)["seen"] == 2


def test_what_is_taken_back_counts_from_the_solving() -> None:
    rows = [
        row for n in range(100) for row in (asked(0, f"a{n}", f"p{n}"), event("solved", 1, f"a{n}"))
    ]
    rows += [event("not_solved", 3, f"a{n}") for n in range(30)]
    rows += [event("posted", 20, f"a{n}") for n in range(30, 40)]
    found = report(rows)["false_deflection"]
    assert [found[days]["share"] for days in ("1", "7", "28")] == pytest.approx([0, 0.3, 0.4])
    assert report(rows)["durable_confirmed"] == pytest.approx(0.6)
    assert report(rows)["confirmed"] == 60


def test_solved_asks_that_were_not_followed_long_enough_are_censored() -> None:
    rows = [
        row
        for n in range(100)
        for row in (asked(n / 10, f"a{n}", f"p{n}"), event("solved", n / 10, f"a{n}"))
    ]
    found = report(rows, as_of=10)["false_deflection"]
    assert found["1"]["days"] == 1
    assert found["7"]["days"] == 7
    assert 8 < found["28"]["days"] < 10


def test_a_post_before_the_solving_is_no_false_deflection() -> None:
    rows = [asked(), event("posted", 0.5), event("solved", 1)]
    assert report(rows)["false_deflection"]["28"] is None


def test_nothing_solved_is_nothing_durable() -> None:
    assert report([asked()])["durable_confirmed"] == 0
    assert report([asked(offered=False)])["durable_confirmed"] is None


def test_a_survey_reply_speaks_for_silent_asks_and_changes_no_outcome() -> None:
    rows = [asked(0, ask, ask) for ask in "abcde"]
    rows += [event("survey_reply", 3, ask, value="yes") for ask in "ab"]
    rows += [event("survey_reply", 3, "c", value="no"), event("survey_reply", 3, "d")]
    rows += [event("posted", 1, "e"), event("survey_reply", 3, "e", value="no")]
    found = report(rows)
    assert found["silent"] == 4
    survey = found["survey"]
    assert (survey["asked"], survey["answered"], survey["settled"]) == (4, 3, 2)
    surveyed = found["deflection_surveyed"]
    assert surveyed["share"] == pytest.approx(4 / 5 * 2 / 3)
    assert found["deflection_low"] <= surveyed["low"] <= surveyed["share"]
    assert surveyed["share"] <= surveyed["high"] <= found["deflection_high"]
