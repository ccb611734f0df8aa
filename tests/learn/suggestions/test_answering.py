"""A forum's accepted answers -> a quality of its own, if it is better."""

import random
from dataclasses import replace

import pytest

from triage.errors import NotEnoughData
from triage.learn.suggestions.answering import (
    FEWEST_THREADS,
    fit_quality,
    judged,
    learn_quality,
    precision_of,
)
from triage.rank.answer_quality import SIGNS, load_quality
from triage.records import Answer, Thread

COLD = load_quality()
WORDS = "the feed stops when a bank asks for consent again so renew it and fetch".split()


def prose(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


def forum(threads: int, telling: bool, seed: int = 0) -> list[Thread]:
    """Make threads whose accepted answer holds a number where that is telling, else any one."""
    rng = random.Random(seed)
    made = []
    for i in range(threads):
        right = rng.randrange(4)
        bodies = [prose(rng, rng.randint(15, 90)) for _ in range(4)]
        if telling:
            bodies = [f"{b} 17" if n == right else b for n, b in enumerate(bodies)]
        answers = tuple(
            Answer(f"{n}", body, f"p{n}", accepted=n == right) for n, body in enumerate(bodies)
        )
        made.append(Thread(f"t{i}", "Bank feed", "It stops.", answers, "asker", solved=True))
    return made


def test_a_forum_with_few_threads_keeps_the_shipped_weights() -> None:
    found = learn_quality(forum(FEWEST_THREADS - 1, telling=True), COLD)
    assert found.quality is COLD
    assert not found.fitted
    assert found.facts == {"threads": FEWEST_THREADS - 1, "needed": FEWEST_THREADS}


def test_a_forum_that_shows_what_helps_is_learnt_from() -> None:
    found = learn_quality(forum(150, telling=True), COLD)
    assert found.fitted
    assert found.facts["after"] > found.facts["before"]  # type: ignore[operator]
    number = list(SIGNS).index("number")
    assert found.quality.weights[number] > COLD.weights[number]
    assert (found.quality.accepted, found.quality.staff) == (COLD.accepted, COLD.staff)
    later = forum(60, telling=True, seed=1)
    gains = [precision_of(found.quality, t) - precision_of(COLD, t) for t in later]
    assert sum(gains) > 0


def test_a_forum_that_shows_nothing_keeps_the_shipped_weights() -> None:
    found = learn_quality(forum(150, telling=False), COLD)
    assert found.quality is COLD
    assert found.facts["p_better"] > 0.05  # type: ignore[operator]


def test_learning_twice_from_the_same_comes_to_the_same() -> None:
    threads = forum(120, telling=True)
    assert learn_quality(threads, COLD) == learn_quality(threads, COLD)


def test_threads_without_a_choice_teach_nothing() -> None:
    both = forum(1, telling=True)[0]
    none = replace(both, answers=tuple(replace(a, accepted=False) for a in both.answers))
    one = replace(both, answers=tuple(a for a in both.answers if a.accepted))
    assert judged([none, one, both, replace(both, answers=())]) == [both]
    with pytest.raises(NotEnoughData):
        fit_quality([none], COLD, fitted_on="")
    with pytest.raises(NotEnoughData):
        fit_quality([], COLD, fitted_on="")


def test_a_sign_that_the_forum_does_not_show_keeps_its_weight() -> None:
    fitted = fit_quality(forum(40, telling=True), COLD, fitted_on="here")
    for name in ("votes", "votes_lead", "link", "code", "by_asker", "again"):
        at = list(SIGNS).index(name)
        assert fitted.weights[at] == pytest.approx(COLD.weights[at], abs=1e-3)
    assert fitted.fitted_on == "here"


def test_no_weight_turns_against_the_direction_of_its_sign() -> None:
    # Here the longest answer is never the right one.
    threads = [
        replace(
            t,
            answers=tuple(
                replace(a, accepted=a is min(t.answers, key=lambda b: len(b.body)))
                for a in t.answers
            ),
        )
        for t in forum(60, telling=False)
    ]
    fitted = fit_quality(threads, COLD, fitted_on="")
    ways = [way for way, _ in SIGNS.values()]
    assert all(w * way >= 0 for w, way in zip(fitted.weights, ways, strict=True))
