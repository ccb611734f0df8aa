"""From which confidence on each label of a head speaks, so that none hides behind another."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.classify import ABSTAIN_ALWAYS
from triage.learn.heads.automation import sure_threshold
from triage.learn.heads.speaking import MISSED, Shown, Told, choose_speech, speaking_facts, told_of
from triage.learn.statistics.scores import per_class
from triage.records import Target

TONES = ("angry", "at_risk", "calm")


def world(counts: Sequence[int], rates: Sequence[float], seed: int = 0) -> Told:
    """Guesses of one kind of label after another, right at its rate however sure they are."""
    rng = np.random.default_rng(seed)
    guess = np.repeat(np.arange(len(counts)), counts)
    right = rng.random(len(guess)) < np.repeat(rates, counts)
    other = (guess + rng.integers(1, len(counts), len(guess))) % len(counts)
    classes = tuple(f"l{place}" for place in range(len(counts)))
    confidence = rng.uniform(0.5, 1, len(guess))
    truth = np.where(right, guess, other)
    return Told(Target.KIND, classes, guess, confidence, truth, np.arange(len(guess)))


def tones(n: int, seed: int) -> Told:
    """Tones as a head that mostly hears the calm says them: its probabilities are true."""
    rng = np.random.default_rng(seed)
    upset = rng.beta(0.25, 2.2, n)
    truth = np.where(rng.random(n) < upset, 0, 2)
    spread = np.stack([upset, np.zeros(n), 1 - upset], axis=1)
    return told_of(Target.TONE, TONES, spread, truth, np.arange(n))


def precision_of(told: Told, sure_from: float, place: int) -> float | None:
    said = (told.guess == place) & (told.confidence >= sure_from)
    return float(told.right[said].mean()) if said.any() else None


def test_a_common_label_does_not_let_a_rare_one_be_wrong() -> None:
    told = world([900, 60], [0.95, 0.5])
    everything = sure_threshold(told.judged(np.arange(960)), 0.8)
    assert everything is not None
    assert (told.confidence >= everything).mean() > 0.9  # one threshold for both would not notice
    speech = choose_speech(told, 0.8)
    assert speech.shown == (Shown.ALONE, Shown.SILENT)
    assert speech.sure_from[1] == ABSTAIN_ALWAYS
    assert speech.speaks(told)[told.guess == 0].mean() > 0.9


def test_a_rare_label_is_not_silenced_by_a_common_one_that_is_wrong() -> None:
    speech = choose_speech(world([900, 60], [0.6, 0.98]), 0.8)
    assert speech.shown == (Shown.SILENT, Shown.ALONE)


def test_labels_too_rare_to_be_tested_alone_speak_if_they_are_precise_together() -> None:
    told = world([9] * 10, [0.98] * 10)
    speech = choose_speech(told, 0.8)
    assert set(speech.shown) == {Shown.TOGETHER}
    assert speech.speaks(told).mean() > 0.8


def test_a_rare_label_that_was_seen_to_be_wrong_does_not_hide_among_the_others() -> None:
    speech = choose_speech(world([9] * 20 + [3], [1.0] * 20 + [0.0]), 0.8)
    assert speech.shown[20] is Shown.SILENT
    assert speech.shown.count(Shown.TOGETHER) == 20


def test_no_label_that_speaks_was_seen_less_precise_than_wanted() -> None:
    rng = np.random.default_rng(1)
    for seed in range(40):
        told = world(rng.integers(1, 60, 12).tolist(), rng.uniform(0.6, 1, 12).tolist(), seed)
        speech = choose_speech(told, 0.8)
        for place, sure_from in enumerate(speech.sure_from):
            precision = precision_of(told, sure_from, place)
            assert precision is None or precision >= 0.8


@pytest.mark.parametrize("counts", [[300, 40], [40] * 8, [14] * 20])
def test_labels_just_below_what_is_wanted_speak_in_few_worlds_only(counts: list[int]) -> None:
    worlds = 200
    alone = together = 0
    for seed in range(worlds):
        shown = choose_speech(world(counts, [0.8 - 1e-9] * len(counts), seed), 0.8).shown
        alone += shown.count(Shown.ALONE)
        together += Shown.TOGETHER in shown
    # One in ten, and two standard errors.
    assert alone / (worlds * len(counts)) <= 0.1 + 2 * np.sqrt(0.09 / (worlds * len(counts)))
    assert together / worlds <= 0.1 + 2 * np.sqrt(0.09 / worlds)


def test_the_calm_are_doubted_where_many_who_are_not_would_be_passed_over() -> None:
    told = tones(1500, 0)
    facts = speaking_facts(told, choose_speech(told, 0.8), {})
    upset = told.truth != 2
    assert (upset & (told.guess == 2)).sum() > 0.5 * upset.sum()
    assert facts["per_class"]["calm"]["shown"] == "alone"
    assert 0.2 < facts["per_class"]["calm"]["coverage"] < 0.9
    assert facts["passed_over"]["labels"] == ["angry", "at_risk"]
    assert facts["passed_over"]["share"] < MISSED


def test_of_the_next_cases_few_who_are_upset_are_surely_called_calm() -> None:
    coming, worlds, broken = tones(100_000, 999), 60, 0
    for seed in range(worlds):
        speech = choose_speech(tones(400, seed), 0.8)
        upset = coming.truth != 2
        missed = speech.speaks(coming) & (coming.guess == 2)
        broken += missed[upset].mean() > MISSED
    assert broken <= 0.1 * worlds


def test_with_too_few_grave_cases_to_show_it_the_milder_labels_are_silent() -> None:
    few = np.zeros((300, 3))
    few[:, 2] = 0.99
    truth = np.full(300, 2)
    truth[:10] = 0
    few[:10] = [0.99, 0, 0.01]
    ten = told_of(Target.TONE, TONES, few, truth, np.arange(300))
    assert choose_speech(ten, 0.8).shown[2] is Shown.SILENT
    truth[10], few[10] = 0, few[0]
    eleven = told_of(Target.TONE, TONES, few, truth, np.arange(300))
    assert choose_speech(eleven, 0.8).shown[2] is Shown.ALONE


def test_where_nothing_is_grave_nothing_is_passed_over() -> None:
    told = world([300, 40], [0.95, 0.95])
    assert "passed_over" not in speaking_facts(told, choose_speech(told, 0.8), {})


def test_a_label_that_was_never_guessed_is_silent_alone_and_goes_by_the_others_together() -> None:
    assert choose_speech(world([200, 0], [0.95, 0]), 0.8).shown == (Shown.ALONE, Shown.SILENT)
    rare = world([9] * 10 + [0], [0.98] * 11)
    assert choose_speech(rare, 0.8).shown[10] is Shown.TOGETHER


def test_no_guesses_at_all_leave_a_head_silent() -> None:
    none = world([0, 0], [0, 0])
    speech = choose_speech(none, 0.8)
    assert speech.shown == (Shown.SILENT, Shown.SILENT)
    facts = speaking_facts(none, speech, {})
    assert facts["coverage"] is facts["precision"] is None


def test_the_facts_say_of_every_label_what_it_is_worth() -> None:
    told = world([400, 60, 8], [0.98, 0.5, 0.9])
    names = np.array(told.classes)
    table = per_class(list(names[told.truth]), list(names[told.guess]))
    facts = speaking_facts(told, choose_speech(told, 0.8), table)
    row = facts["per_class"]["l0"]
    assert row["said"] == 400
    assert row["shown"] == "alone"
    assert row["precision_spoken"] >= 0.8
    assert row["n"] == table["l0"]["n"]
    assert facts["per_class"]["l1"]["precision_spoken"] is None
    assert facts["silent"] == 2
    for choice in facts["precision_coverage"].values():
        assert choice["alone"] + choice["together"] + choice["silent"] == 3
        assert set(choice["labels"]) == set(told.classes)
    assert facts["precision_coverage"]["0.80"]["one_threshold"] > facts["coverage"]
    assert facts["precision_coverage"]["0.80"]["coverage"] == facts["coverage"]


def test_the_table_names_no_labels_where_they_are_many() -> None:
    told = world([30] * 21, [0.95] * 21)
    facts = speaking_facts(told, choose_speech(told, 0.8), {})
    assert "labels" not in facts["precision_coverage"]["0.80"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.8, 0.9]))
def test_the_order_of_the_cases_has_no_part_in_it(seed: int, wanted: float) -> None:
    told = tones(400, seed)
    shuffled = told.only(np.random.default_rng(seed).permutation(400))
    assert choose_speech(told, wanted) == choose_speech(shuffled, wanted)
