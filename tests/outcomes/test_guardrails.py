"""What must not get worse is named: which asks waited, who got no help, who is harmed."""

import pytest

from tests.outcomes.told import Row, asked, event, report


def test_a_delayed_ask_is_named() -> None:
    rows = [
        asked(0, "waits", "p", severity=1),
        asked(0, "secret", "q", sensitive=True),
        event("posted", 2, "secret"),
        asked(0, "at-once", "r", severity=1),
        event("escalated", 0.01, "at-once"),
        asked(0, "mild", "s", severity=3),
        asked(0, "severe", "t", severity=2),
    ]
    found = report(rows)["guardrails"]
    assert (found["severe_offered"], found["severe_delayed"]) == (4, 3)
    assert sorted(found["severe_delayed_asks"]) == ["secret", "severe", "waits"]


def test_an_ask_of_a_minute_ago_is_not_delayed_yet() -> None:
    rows = [asked(0, "old", "q"), asked(5, "fresh", "p", severity=1)]
    found = report(rows, as_of=5.01)["guardrails"]
    assert (found["severe_offered"], found["severe_delayed"]) == (1, 0)


def test_whoever_asked_for_help_in_vain_is_counted() -> None:
    rows = [
        *(asked(0, ask, ask) for ask in "abcd"),
        *(event("still_need_help", 0.01, ask) for ask in "abc"),
        event("posted", 0.02, "a"),
        event("posted", 3, "b"),
    ]
    found = report(rows)["guardrails"]
    assert (found["still_need_help"], found["still_need_help_unmet"]) == (3, 2)
    assert found["still_need_help_share_low"] < 0.75 < found["still_need_help_share_high"]
    assert found["seconds_from_there_to_post_p90"] > found["seconds_from_there_to_post"] > 800


def test_a_useful_answer_is_waited_for_in_both_arms() -> None:
    rows: list[Row] = []
    for n in range(40):
        arm, days = ("holdout", 2.0) if n % 2 else ("treatment", 0.1)
        rows += [asked(0, f"a{n}", f"p{n}", arm=arm), event("posted", 0.01, f"a{n}")]
        # Every fourth gets none.
        rows += [event("answered", days, f"a{n}")] if n % 4 < 2 or n % 3 else []
    found = report(rows)["guardrails"]["useful_answer"]
    assert found["holdout"]["asks"] == 20
    assert found["treatment"]["median_seconds"] == pytest.approx(8_640)
    assert found["holdout"]["median_seconds"] == pytest.approx(172_800)
    assert found["treatment"]["within"]["day"]["share"] > found["holdout"]["within"]["day"]["share"]


def contradicting(lang: str, of: int, wrong: int, **more: object) -> list[Row]:
    rows = [asked(0, f"{lang}{n}", f"{lang}{n}", lang=lang, **more) for n in range(of)]
    return rows + [event("not_solved", 1, f"{lang}{n}") for n in range(wrong)]


def test_a_language_that_is_misled_more_than_others_is_named() -> None:
    rows = contradicting("fi", 60, 30, newcomer=True) + contradicting("sv", 200, 20, newcomer=False)
    harm = report(rows)["guardrails"]["harm"]
    by_lang = {row["slice"]: row for row in harm["lang"]}
    assert (by_lang["fi"]["harmed"], by_lang["fi"]["why"]) == (True, ["contradicted"])
    assert (by_lang["sv"]["harmed"], by_lang["sv"]["why"]) == (False, [])
    assert {row["slice"]: row["harmed"] for row in harm["newcomer"]} == {"no": False, "yes": True}
    assert by_lang["fi"]["contradicted"]["share"] == 0.5


def test_few_asks_and_small_differences_accuse_nobody() -> None:
    rows = contradicting("fi", 15, 12) + contradicting("sv", 200, 20) + contradicting("de", 60, 8)
    harm = report(rows)["guardrails"]["harm"]["lang"]
    assert [row["harmed"] for row in harm] == [False, False, False]
