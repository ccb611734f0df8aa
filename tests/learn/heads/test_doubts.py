"""Labels that look wrong are found, and only those."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.forum import cases as labelled_cases
from triage.learn.heads.doubts import UNLIKELY, all_doubts, find_doubts
from triage.learn.heads.fitting import FitOptions, FitReport, fit_classifier
from triage.records import Case, Target

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TEXT = "The bank feed stopped on Monday morning"


def fitted(cases: list[Case]) -> FitReport:
    options = FitOptions(workers=1, targets=(Target.KIND, Target.SEVERITY))
    return fit_classifier(cases, None, None, options, lambda _: None)


def doubted(cases: list[Case], labels: list[str]) -> dict[str, tuple[str, str, float, str]]:
    """Doubts of cases about which no head has anything to say."""
    classes = sorted(set(labels))
    truth = np.array([classes.index(label) for label in labels])
    sure = np.eye(len(classes))[truth] * 0.9 + 0.1 / len(classes)
    found = find_doubts(cases, Target.TOPIC, classes, sure, truth)
    return {d.case_id: (d.label, d.likelier, round(d.probability, 2), d.why) for d in found}


def test_labels_that_the_words_speak_against_are_found() -> None:
    cases = labelled_cases(90)
    wrong = {"c0": "bug", "c40": "request", "c71": "how_to"}
    mixed = [replace(c, kind=wrong.get(c.id, c.kind)) for c in cases]
    report = fitted(mixed)
    rows = all_doubts(mixed, report.unseen, NOON)
    found = {d.case_id: d for d in rows if d.target == Target.KIND}
    assert set(found) >= set(wrong)
    assert len(found) <= 6
    assert {found[i].label for i in wrong} == set(wrong.values())
    truth = {c.id: c.kind for c in cases}
    assert all(found[i].likelier == truth[i] for i in wrong)
    assert {found[i].why for i in wrong} == {UNLIKELY}


def test_labels_that_nothing_speaks_against_are_left_alone() -> None:
    cases = labelled_cases(60)
    assert all_doubts(cases, fitted(cases).unseen, NOON) == []


def test_one_text_with_two_labels_is_a_doubt_about_both() -> None:
    cases = [
        Case("a", TEXT, ""),
        Case("b", TEXT.upper() + "!", ""),
        Case("c", "Other words here", ""),
    ]
    assert doubted(cases, ["bank", "feed", "bank"]) == {
        "a": ("bank", "feed", 0.5, "contradicted by b"),
        "b": ("feed", "bank", 0.5, "contradicted by a"),
    }


def test_of_one_text_the_rarer_label_is_in_doubt() -> None:
    cases = [Case(f"c{i}", TEXT, "") for i in range(6)]
    assert doubted(cases, ["bank"] * 5 + ["feed"]) == {
        "c5": ("feed", "bank", 0.83, "contradicted by c0, c1, c2 and 2 more"),
    }


@pytest.mark.parametrize(
    ("first", "second", "group", "expected"),
    [
        (TEXT, TEXT + ", sorry", "g", 2),
        (TEXT, TEXT + ", sorry", None, 0),
        (TEXT, "Nobody could print an invoice since then", "g", 0),
        ("Help!", "help", "g", 0),
    ],
)
def test_near_twins_count_within_a_group_alone(
    first: str, second: str, group: str | None, expected: int
) -> None:
    cases = [Case("a", first, "", group=group), Case("b", second, "", group=group)]
    assert len(doubted(cases, ["x", "y"])) == expected


def test_a_contradiction_is_told_though_too_few_cases_have_the_label_for_a_head() -> None:
    cases = [Case("a", TEXT, "", topic="Bank"), Case("b", TEXT, "", topic="Feed")]
    rows = all_doubts(cases, {}, NOON)
    assert [(d.case_id, d.target, d.label) for d in rows] == [
        ("a", Target.TOPIC, "Bank"),
        ("b", Target.TOPIC, "Feed"),
    ]
    assert {d.found_at for d in rows} == {NOON}


def test_spellings_of_one_label_do_not_contradict_one_another() -> None:
    cases = [Case("a", TEXT, "", topic="Bank  feed"), Case("b", TEXT, "", topic="bank feed")]
    assert all_doubts(cases, {}, NOON) == []


def test_how_hard_a_case_proved_is_not_in_doubt() -> None:
    cases = [Case("a", TEXT, "", difficulty=0.9), Case("b", TEXT, "", difficulty=0.1)]
    assert all_doubts(cases, {}, NOON) == []


def test_many_texts_of_one_group_are_told_apart_in_bounded_time() -> None:
    many = [
        Case(f"c{i}", " ".join(f"w{(i * 7 + j * 13) % 997}" for j in range(20)), "", group="g")
        for i in range(3000)
    ]
    assert isinstance(doubted(many, ["x", "y"] * 1500), dict)
