"""Two models' answers to the same questions become a verdict."""

import json
from collections.abc import Sequence

import numpy as np
import pytest

from triage.classify import Facts
from triage.decide import Policy
from triage.decide.gate import shipped_gate
from triage.learn.contest.challenge import Trial, judge
from triage.learn.contest.said import Routing, answers_of, label_of
from triage.learn.contest.tables import table_of, verdict_lines
from triage.learn.contest.verdict import Basis, Outcome, Verdict
from triage.learn.heads.labels import filed_labels
from triage.learn.statistics.scores import expected_calibration_error
from triage.records import Case, Labels, Target

ROUTING = Routing(Policy(), shipped_gate())


def asked(n: int) -> list[Case]:
    return [
        Case(
            f"c{i}",
            "Question",
            "",
            lang=("en", "fi")[i % 4 == 0],
            kind=("bug", "how_to")[i % 2],
            destination=("expert", "community")[i % 2],
            severity=2 if i % 2 == 0 else 4,
            product="ledger",
        )
        for i in range(n)
    ]


def said(
    cases: Sequence[Case],
    wrong: Sequence[int] = (),
    *,
    confidence: float = 0.9,
    target: Target = Target.KIND,
) -> list[Labels]:
    """What a model says that is wrong about the cases at these places."""
    found: list[Labels] = []
    for i, case in enumerate(cases):
        truth = str(getattr(case, target.value))
        other = {"bug": "how_to", "how_to": "bug", "expert": "community", "community": "expert"}
        name = other[truth] if i in set(wrong) else truth
        found.append({target: label_of(target, name, confidence, 0.5)})
    return found


def trial(
    before: list[Labels], after: list[Labels], basis: Basis = Basis.TIME, new: bool = False
) -> Trial:
    cases = asked(len(before))
    facts = [Facts(new_account=new)] * len(cases)
    return Trial(basis, cases, facts, np.arange(len(cases)), before, after, filed_labels(cases))


def judged(*trials: Trial, lost: Sequence[Target] = ()) -> Verdict:
    return judge("v1", trials, ROUTING, lost, seed=0)


def test_equal_models_are_accepted() -> None:
    cases = asked(400)
    verdict = judged(trial(said(cases, range(40)), said(cases, range(40))))
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.undecided == ()
    assert verdict.sentence() == "Accepted: nowhere clearly worse than v1."


def test_a_loss_in_one_language_refuses_and_is_named() -> None:
    cases = asked(160)
    finnish = [i for i, case in enumerate(cases) if case.lang == "fi"]
    verdict = judged(trial(said(cases), said(cases, finnish[:16])))
    assert verdict.refused
    worse = {t.slice for t in verdict.tried if t.worse}
    assert "language fi" in worse
    assert "language en" not in worse
    told = next(t.told() for t in verdict.tried if t.worse and t.slice == "language fi")
    assert told.startswith("kind in language fi: right 100% before and 60% now on 40 cases that")
    assert "(0 better, 16 worse)" in told


def test_a_gain_elsewhere_does_not_pay_for_a_loss_in_a_slice() -> None:
    cases = asked(400)
    finnish = [i for i, case in enumerate(cases) if case.lang == "fi"]
    english = [i for i, case in enumerate(cases) if case.lang == "en"]
    verdict = judged(trial(said(cases, english[:120]), said(cases, finnish[:40])))
    overall = next(t for t in verdict.tried if (t.measure, t.slice) == ("kind", "all"))
    assert overall.found.after > overall.found.before
    assert verdict.refused


def test_too_small_slices_are_named_and_not_passed_silently() -> None:
    cases = asked(24)
    verdict = judged(trial(said(cases), said(cases)))
    assert verdict.outcome is Outcome.ACCEPTED
    assert "kind in language fi" in verdict.undecided
    assert "undecided" in verdict.sentence()


def test_what_one_basis_decides_is_decided() -> None:
    few, many = asked(24), asked(600)
    verdict = judged(trial(said(few), said(few)), trial(said(many), said(many), Basis.FOLDS))
    assert verdict.undecided == ()


def test_dearer_decisions_refuse() -> None:
    cases = asked(200)
    experts = [i for i, case in enumerate(cases) if case.destination == "expert"][:30]
    right = said(cases, target=Target.DESTINATION)
    wrong = said(cases, experts, target=Target.DESTINATION)
    verdict = judged(trial(right, wrong))
    cost = next(t for t in verdict.tried if (t.measure, t.slice) == ("cost", "severity 1-2"))
    assert cost.worse
    assert cost.facts()["before"] == pytest.approx(1.0)
    assert cost.facts()["after"] == pytest.approx(1 + 9 * 0.3)
    assert "expert hours a question" in cost.told()


def test_probabilities_that_are_less_true_refuse() -> None:
    cases = asked(400)
    wrong = range(0, 400, 4)
    verdict = judged(
        trial(said(cases, wrong, confidence=0.75), said(cases, wrong, confidence=0.99))
    )
    assert verdict.refused
    assert "further from the truth" in verdict.why[0]
    assert not any(t.worse for t in verdict.tried)


def test_a_lost_head_refuses() -> None:
    cases = asked(100)
    verdict = judged(trial(said(cases), said(cases)), lost=[Target.TOPIC])
    assert verdict.why == ("it has no head for topic any more, which v1 has.",)
    assert verdict.refused


def test_nothing_to_compare_is_said_and_refuses_nothing() -> None:
    verdict = judged()
    assert verdict.outcome is Outcome.UNCOMPARED
    assert verdict.passed


def test_force_and_a_new_encoder_are_told_apart() -> None:
    cases = asked(100)
    verdict = judged(trial(said(cases), said(cases, range(30))))
    assert verdict.refused
    forced = verdict.forced("labels were wrong")
    assert (forced.outcome, forced.passed, forced.refused) == (Outcome.FORCED, False, False)
    assert forced.sentence().endswith("labels were wrong")
    unbound = verdict.unbound("The encoder changes.")
    assert (unbound.outcome, unbound.passed) == (Outcome.UNCOMPARED, True)
    assert "would have refused" in unbound.sentence()


def test_a_verdict_is_json_and_a_table() -> None:
    cases = asked(100)
    verdict = judged(trial(said(cases), said(cases, range(30)), new=True))
    facts = json.loads(json.dumps(verdict.facts()))
    assert (facts["outcome"], facts["passed"]) == ("refused", False)
    assert {"new accounts", "product ledger", "severity 1-2"} <= {
        r["slice"] for r in facts["slices"]
    }
    row = next(r for r in facts["slices"] if (r["measure"], r["slice"]) == ("kind", "all"))
    assert (row["wins"], row["ties"], row["losses"]) == (0, 70, 30)
    table = table_of(verdict, Basis.TIME)
    assert table[0] == ["slice", "cases", "kind"]
    assert table[1] == ["all", "100", "100% > 70% !"]
    lines = verdict_lines(verdict)
    assert lines[-1] == verdict.sentence()
    assert any(line.startswith("against  kind overall") for line in lines)


def test_labels_of_another_spelling_are_right_all_the_same() -> None:
    labels: Labels = {Target.TOPIC: label_of(Target.TOPIC, "Bank  Feed", 0.8, 0.5)}
    found = answers_of([labels], Target.TOPIC, ["bank feed"])
    assert found.right.tolist() == [1.0]


def test_a_difficulty_is_judged_as_easy_or_hard() -> None:
    easy: Labels = {Target.DIFFICULTY: label_of(Target.DIFFICULTY, "easy", 0.8, 0.5)}
    found = answers_of([easy, easy, {}], Target.DIFFICULTY, ["easy", "hard", "easy"])
    assert found.right.tolist()[:2] == [1.0, 0.0]
    assert np.isnan(found.right[2])


def test_the_calibration_error_is_the_one_that_is_published() -> None:
    rng = np.random.default_rng(0)
    cases = asked(203)
    labels = [
        {Target.KIND: label_of(Target.KIND, str(case.kind), float(rng.random()), 0.5)}
        for case in cases
    ]
    verdict = judged(trial(list(labels), list(labels)))
    answers = answers_of(labels, Target.KIND, filed_labels(cases)[Target.KIND])
    wanted = expected_calibration_error(answers.confidence, answers.right > 0)
    assert verdict.calibrated[0].after == pytest.approx(wanted)
