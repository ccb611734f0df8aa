from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from triage.encode import HashingEncoder, TextRole
from triage.errors import BadField, NotEnoughData
from triage.learn.evaluate.classification import evaluate_cases
from triage.records import Case, Target

KEYS = {"n", "accuracy", "macro_f1", "ece", "ece_floor", "per_class", "unlabelled", "seconds"}
KEYS |= {"coverage", "precision", "worst_precision"}
TOPICS = "invoice payment portal webshop mobile".split()


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    return HashingEncoder(64).encode(texts, TextRole.QUERY)


def make_cases(n: int, start: int = 0) -> list[Case]:
    return [
        Case(
            str(i),
            f"{TOPICS[i % 5]} trouble {i}",
            f"about my {TOPICS[i % 5]}",
            topic=TOPICS[i % 5],
            product=("cloud", "desk")[i // 5 % 2],
            difficulty=i % 5 / 4,
        )
        for i in range(start, start + n)
    ]


def test_a_test_set_is_judged_whole() -> None:
    results = evaluate_cases(make_cases(50), make_cases(20, 50), None, Target.TOPIC, encode)
    assert set(results) == KEYS
    assert results["n"] == 20
    assert results["accuracy"] == results["macro_f1"] == 1
    assert results["per_class"]["invoice"] == {"precision": 1, "recall": 1, "f1": 1, "n": 4}


def test_folds_judge_every_case_once_without_an_encoder() -> None:
    results = evaluate_cases(make_cases(60), None, 3, Target.TOPIC, None)
    assert results["n"] == 60
    assert results["accuracy"] > 0.9


def test_the_twins_of_a_group_do_not_teach_each_other() -> None:
    rng = np.random.default_rng(0)
    twins = [
        Case(f"{g}-{i}", f"unique{g} same words", "", kind=kind, group=f"g{g}")
        for g, kind in enumerate(rng.permutation(["bug", "how_to"] * 15))
        for i in range(4)
    ]
    together = evaluate_cases(twins, None, 5, Target.KIND, None)
    apart = [Case(c.id, c.title, c.body, kind=c.kind) for c in twins]
    leaked = evaluate_cases(apart, None, 5, Target.KIND, None)
    assert together["accuracy"] < 0.75 < leaked["accuracy"]


def test_unlabelled_rows_are_left_out_and_counted() -> None:
    blank = [Case("x", "t", "b"), Case("y", "t", "b", topic=" ")]
    results = evaluate_cases(
        make_cases(50), [*make_cases(10, 50), *blank], None, Target.TOPIC, encode
    )
    assert results["unlabelled"] == 2
    assert results["n"] == 10


def test_one_model_per_product_and_the_mean_on_top() -> None:
    results = evaluate_cases(make_cases(100), None, 3, Target.TOPIC, encode, per="product")
    assert set(results) == KEYS | {"per"}
    assert set(results["per"]) == {"cloud", "desk"}
    assert results["n"] == 100
    mean = np.mean([part["macro_f1"] for part in results["per"].values()])
    assert results["macro_f1"] == pytest.approx(mean)


def test_where_filters_both_sides() -> None:
    results = evaluate_cases(
        make_cases(100), make_cases(20), None, Target.TOPIC, encode, where={"product": "desk"}
    )
    assert results["n"] == 10


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(BadField):
        evaluate_cases(make_cases(50), None, 3, Target.TOPIC, None, where={"colour": "red"})


def test_held_out_topics_are_scored_as_out_of_scope() -> None:
    results = evaluate_cases(
        make_cases(100), make_cases(50), None, Target.TOPIC, encode, hold_out_topics=0.2, seed=1
    )
    assert results["n"] == 40
    assert set(results) == KEYS | {"oos_auroc", "oos_recall_at_4"}
    assert results["oos_auroc"] > 0.9


def test_rows_of_topic_oos_are_never_trained_on() -> None:
    strange = [Case(f"o{i}", f"weather {i}", "sunny", topic="OOS") for i in range(10)]
    results = evaluate_cases(
        [*make_cases(50), *strange], [*make_cases(20), *strange], None, Target.TOPIC, encode
    )
    assert results["n"] == 20
    assert "OOS" not in results["per_class"]
    assert results["oos_auroc"] > 0.9


def test_a_test_label_spelt_otherwise_is_the_same_label() -> None:
    shouted = [Case("s", "portal trouble", "about my portal", topic=" PORTAL ")]
    results = evaluate_cases(make_cases(50), shouted, None, Target.TOPIC, encode)
    assert results["accuracy"] == 1


def test_difficulty_is_judged_as_easy_or_hard() -> None:
    results = evaluate_cases(make_cases(60), None, 3, Target.DIFFICULTY, encode)
    assert set(results["per_class"]) == {"easy", "hard"}
    assert results["accuracy"] > 0.9


def test_too_few_cases_say_what_is_missing() -> None:
    with pytest.raises(NotEnoughData, match="more are needed"):
        evaluate_cases(make_cases(8), None, 2, Target.TOPIC, encode)


def test_nothing_to_test_on_is_said() -> None:
    with pytest.raises(NotEnoughData):
        evaluate_cases(make_cases(50), [Case("x", "t", "b")], None, Target.TOPIC, encode)


def test_the_calibration_of_several_models_is_that_of_all_their_guesses() -> None:
    results = evaluate_cases(make_cases(100), None, 3, Target.TOPIC, encode, per="product")
    parts = results["per"].values()
    assert results["ece_floor"] < np.mean([part["ece_floor"] for part in parts])


def test_out_of_scope_is_told_by_what_the_cases_know_and_not_by_the_heads_confidence() -> None:
    names = [f"matter{i}" for i in range(10)]
    known = [
        Case(f"k{i}", f"{names[i % 10]} trouble {i}", "help", topic=names[i % 10])
        for i in range(200)
    ]
    strange = [
        Case(f"o{i}", "weather forecast sunny spells", f"wind {i}", topic="oos") for i in range(10)
    ]
    results = evaluate_cases(known[:150], known[150:] + strange, None, Target.TOPIC, encode)
    assert results["n"] == 50
    assert results["oos_auroc"] > 0.99
    assert results["oos_recall_at_4"] > 0.9
