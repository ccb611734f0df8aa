from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pytest
from numpy.typing import NDArray

from triage.classify import ABSTAIN_ALWAYS, Facts
from triage.encode import HashingEncoder, TextRole
from triage.learn.heads.calibration import fit_calibration
from triage.learn.heads.fitting import FitOptions, FitReport, fit_classifier
from triage.learn.heads.labels import labels_of
from triage.learn.statistics.folds import assign_folds
from triage.records import HEADS, Case, Label, Target

BUGS = ("Crash on export", "It fails with error KV-1042 and a stack trace", "bug")
ASKS = ("How do I export", "Which menu has the setting, can you tell me?", "how_to")
WORDS = "invoice payment portal webshop mobile printer ledger report bank user".split()


def make_cases(n: int = 60) -> list[Case]:
    cases = []
    for i in range(n):
        title, body, kind = (BUGS, ASKS)[i % 2]
        word = WORDS[i % 10]
        other = WORDS[(i * 7 + i // 10) % 10]
        hard = kind == "bug"
        cases.append(
            Case(
                f"c{i}",
                f"{title} {word}",
                f"{body} {other} {i}",
                kind=kind,
                topic=word,
                severity=1 if hard else 4,
                difficulty=0.9 if hard else 0.1,
                escalated=hard,
                tone="angry" if hard else "calm",
                group=f"g{i // 2 * 2 + i % 2}",
            )
        )
    return cases


def fit(cases: Sequence[Case], options: FitOptions | None = None) -> FitReport:
    return fit_classifier(cases, encode(cases), "hashing", options or FitOptions(), lambda _: None)


def encode(cases: Sequence[Case]) -> NDArray[np.float32]:
    return HashingEncoder(32).encode([case.text for case in cases], TextRole.QUERY)


def ask(report: FitReport, title: str, body: str, target: Target) -> Label:
    case = Case("q", title, body)
    return report.classifier.predict([title], [body], encode([case]))[0][target]


@pytest.fixture(scope="module")
def report() -> FitReport:
    return fit(make_cases())


def test_every_head_learns_what_it_can_see(report: FitReport) -> None:
    assert not report.missing
    assert ask(report, "Crash on start", "error KV-9 stack trace", Target.KIND).value == "bug"
    assert ask(report, "How do I print", "which menu?", Target.KIND).value == "how_to"
    assert ask(report, "Crash on start", "error KV-9", Target.SEVERITY).value == "1"
    hard = ask(report, "Crash on start", "error KV-9 stack trace", Target.DIFFICULTY).value
    assert isinstance(hard, float)
    assert hard > 0.5


def test_a_missing_destination_is_what_happened(report: FitReport) -> None:
    label = ask(report, "Crash on start", "error KV-9 stack trace", Target.DESTINATION)
    assert label.value == "expert"


def test_probabilities_are_calibrated_out_of_fold(report: FitReport) -> None:
    metrics = report.metrics[Target.KIND]
    assert metrics["accuracy"] > 0.95
    assert metrics["ece"] < 0.1
    assert metrics["precision"] >= 0.8


def test_what_was_said_of_unseen_cases_comes_with_the_heads(report: FitReport) -> None:
    unseen = report.unseen[Target.KIND]
    cases = make_cases()
    assert [unseen.classes[i] for i in unseen.truth] == [cases[i].kind for i in unseen.places]
    assert unseen.probabilities.shape == (60, 2)
    np.testing.assert_allclose(unseen.probabilities.sum(axis=1), 1)
    guessed = unseen.probabilities.argmax(axis=1)
    assert (guessed == unseen.truth).mean() == pytest.approx(
        report.metrics[Target.KIND]["accuracy"]
    )


def test_what_the_words_do_not_say_the_facts_do() -> None:
    cases = [
        Case(str(i), f"Same {i}", "words", severity=1 + i % 2, customer_severity=1 + i % 2)
        for i in range(60)
    ]
    report = fit(cases, FitOptions(targets=(Target.SEVERITY,)))
    vectors = encode([Case("q", "Same", "words")])
    for severity in (1, 2):
        facts = [Facts(customer_severity=severity)]
        (labels,) = report.classifier.predict(["Same"], ["words"], vectors, facts)
        assert labels[Target.SEVERITY].value == str(severity)


def test_what_one_person_keeps_saying_is_in_no_vocabulary() -> None:
    cases = [replace(case, person=f"p{i % 9}") for i, case in enumerate(make_cases())]
    talker = [
        Case(f"t{i}", "zyxwvut", "zyxwvut", kind="bug", person="one", group=f"t{i}")
        for i in range(9)
    ]
    featuriser = fit([*cases, *talker]).classifier.featuriser
    for vocabulary in featuriser.vocabularies:
        assert not [term for term in vocabulary.words.vocabulary_ if "zy" in term]


def test_the_same_seed_gives_the_same_classifier(report: FitReport) -> None:
    cases = make_cases()
    again = fit(cases)
    texts = [c.title for c in cases], [c.body for c in cases]
    assert again.classifier.predict(*texts, encode(cases)) == report.classifier.predict(
        *texts, encode(cases)
    )
    assert again.metrics == report.metrics


def test_a_classifier_is_saved_and_opened(report: FitReport, tmp_path: Path) -> None:
    joblib.dump(report.classifier, tmp_path / "heads.joblib")
    opened = joblib.load(tmp_path / "heads.joblib")
    cases = make_cases(6)
    texts = [c.title for c in cases], [c.body for c in cases]
    assert opened.predict(*texts, encode(cases)) == report.classifier.predict(*texts, encode(cases))


def test_no_labels_at_all_leave_every_head_abstaining() -> None:
    report = fit([Case(str(i), "t", "b") for i in range(5)])
    assert set(report.missing) == set(HEADS)
    assert report.missing[Target.KIND] == "0 cases have a kind; 20 more are needed."
    assert ask(report, "t", "b", Target.KIND) == Label()


def test_no_cases_leave_every_head_abstaining() -> None:
    assert set(fit([]).missing) == set(HEADS)


def test_one_class_is_no_head() -> None:
    report = fit([Case(str(i), f"t {i}", "b", kind="bug") for i in range(30)])
    assert "1 more such are needed" in report.missing[Target.KIND]


def test_a_class_with_two_cases_is_learnt_and_one_with_a_single_case_is_dropped() -> None:
    rare = [Case(f"r{i}", f"slow {i}", "very slow", kind="complaint") for i in range(2)]
    lone = [Case("l", "please add", "wish", kind="request")]
    report = fit([*make_cases(), *rare, *lone])
    assert report.classifier.heads[Target.KIND].classes == ("bug", "complaint", "how_to")
    assert report.metrics[Target.KIND]["dropped_classes"] == ["request"]


def test_a_class_within_one_group_is_learnt_though_no_fold_can_judge_it() -> None:
    twins = [Case(f"r{i}", f"slow {i}", "slow", kind="complaint", group="one") for i in range(3)]
    report = fit([*make_cases(), *twins])
    assert report.metrics[Target.KIND]["per_class"]["complaint"]["recall"] == 0


def test_two_classes_of_one_group_each_still_fit() -> None:
    cases = [
        Case(str(i), f"word{i % 2} {i}", "", kind=("bug", "how_to")[i % 2], group=str(i % 2))
        for i in range(24)
    ]
    head = fit(cases).classifier.heads[Target.KIND]
    assert head.abstain_below == (ABSTAIN_ALWAYS, ABSTAIN_ALWAYS)


def test_five_hundred_topics_fit() -> None:
    cases = [
        Case(f"{t}-{i}", f"topic{t}", "", topic=f"t{t:03}") for t in range(500) for i in range(2)
    ]
    options = FitOptions(targets=(Target.TOPIC,), folds=2, workers=1)
    report = fit_classifier(cases, None, None, options, lambda _: None)
    assert len(report.classifier.heads[Target.TOPIC].classes) == 500
    label = report.classifier.predict(["topic7"], [""], None)[0][Target.TOPIC]
    assert label.value == "t007"


def test_contradictory_labels_make_a_head_that_abstains() -> None:
    cases = [Case(str(i), "same", "same", kind=("bug", "how_to")[i % 2]) for i in range(40)]
    report = fit(cases)
    assert set(report.classifier.heads[Target.KIND].abstain_below) == {ABSTAIN_ALWAYS}
    assert ask(report, "same", "same", Target.KIND).abstained


def test_large_fits_share_processes_and_stay_the_same(
    monkeypatch: pytest.MonkeyPatch, report: FitReport
) -> None:
    monkeypatch.setattr("triage.learn.heads.solving.MANY", 0)
    monkeypatch.setattr("triage.learn.heads.parts._WORTH_SHARING", 1)
    shared = fit(make_cases(), FitOptions(targets=(Target.KIND,), workers=2))
    alone = fit(make_cases(), FitOptions(targets=(Target.KIND,), workers=1))
    assert shared.metrics == alone.metrics


def test_spellings_are_joined_under_the_commonest() -> None:
    spelt = ["Billing ", "billing", " billing", "Log  in", "log in", "log in", "", None]
    cases = [Case(str(i), "t", "", topic=topic) for i, topic in enumerate(spelt)]
    assert labels_of(cases, Target.TOPIC) == ["billing"] * 3 + ["log in"] * 3 + [None] * 2


def test_a_closed_set_keeps_its_own_spelling() -> None:
    cases = [Case(str(i), "t", "", kind="BUG") for i in range(3)]
    assert labels_of(cases, Target.KIND) == ["bug"] * 3


def test_folds_keep_groups_whole_and_classes_even() -> None:
    labels = ["a"] * 50 + ["b"] * 25
    groups = [f"g{i // 3}" for i in range(75)]
    fold_of = assign_folds(labels, groups, 5, seed=1)
    for group in set(groups):
        assert len({f for f, g in zip(fold_of, groups, strict=True) if g == group}) == 1
    assert all(3 <= np.sum(fold_of[50:] == fold) <= 8 for fold in range(5))
    assert fold_of.tolist() == assign_folds(labels, groups, 5, seed=1).tolist()


def test_calibration_finds_the_scale_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    margins = rng.normal(size=(4000, 3))
    chances = np.exp(margins / 0.4)
    chances /= chances.sum(axis=1, keepdims=True)
    truth = np.array([rng.choice(3, p=row) for row in chances])
    found = fit_calibration(margins, truth)
    assert found.temperature == pytest.approx(0.4, rel=0.1)
    assert np.ptp(found.bias) < 0.3


def test_calibration_of_very_many_cases_reads_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    margins = rng.normal(size=(6000, 3))
    truth = (margins + rng.gumbel(size=(6000, 3))).argmax(axis=1)
    every = fit_calibration(margins, truth)
    monkeypatch.setattr("triage.learn.heads.calibration._ENOUGH", 3000)
    some = fit_calibration(margins, truth)
    assert some.temperature != every.temperature
    assert some.temperature == pytest.approx(every.temperature, rel=0.1)
    assert some.lapse == every.lapse
