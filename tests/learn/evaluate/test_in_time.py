"""How well it is told which questions are answered in time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from triage.encode import HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.errors import NotEnoughData
from triage.learn.evaluate.in_time import (
    InTimeOptions,
    answered_in_time,
    evaluate_in_time,
    site_of,
    split_by_time,
)
from triage.records import Answer, Thread

START = datetime(2025, 1, 1, tzinfo=UTC)
OPTIONS = InTimeOptions(resamples=50)


def thread(number: int, site: str = "site", answered_after: float | None = None) -> Thread:
    """One question a day; an accepted answer some days after it, or none."""
    created = START + timedelta(days=number)
    answers: tuple[Answer, ...] = ()
    if answered_after is not None:
        at = created + timedelta(days=answered_after)
        answers = (Answer(f"a{number}", "so", accepted=True, created=at),)
    kind = "How do I print this" if answered_after == 1 else "Strange crash in the kernel"
    return Thread(f"{site}:{number}", kind, f"{kind} {number}", answers, created=created)


def forum(n: int = 100, site: str = "site") -> list[Thread]:
    return [thread(i, site, 1 if i % 2 else None) for i in range(n)]


def encode(texts: Sequence[str]) -> Vectors:
    return HashingEncoder(32).encode(texts, TextRole.QUERY)


def test_in_time_is_an_accepted_answer_within_the_days() -> None:
    assert answered_in_time(thread(0, answered_after=7), 7)
    assert not answered_in_time(thread(0, answered_after=7.1), 7)
    assert not answered_in_time(thread(0), 7)
    early = thread(0, answered_after=1)
    unaccepted = replace(early, answers=(replace(early.answers[0], accepted=False),))
    assert not answered_in_time(unaccepted, 7)


def test_a_site_is_the_product_or_the_front_of_the_id() -> None:
    assert site_of(thread(1, "bikes")) == "bikes"
    assert site_of(replace(thread(1), product="Portal")) == "Portal"
    assert site_of(replace(thread(1), id="17")) == ""


def test_nothing_is_learnt_whose_days_were_not_over_when_the_judged_began() -> None:
    earlier, later = split_by_time(forum(), OPTIONS)
    start = min(t.created for t in later if t.created)
    for one in earlier:
        assert one.created is not None
        assert one.created + timedelta(days=7) <= start


def test_what_is_too_young_is_left_out_answered_or_not() -> None:
    everything = forum()
    last = max(a.created for t in everything for a in t.answers if a.created)
    for one in (t for side in split_by_time(everything, OPTIONS) for t in side):
        assert one.created is not None
        assert one.created + timedelta(days=7) <= last


def test_what_the_words_tell_is_found() -> None:
    found = evaluate_in_time(forum(160), encode, OPTIONS, lambda _: None)
    assert found["auroc"] > 0.95
    assert found["brier_skill"] > 0.5
    assert found["interval"]["auroc"]["low"] <= found["auroc"] <= found["interval"]["auroc"]["high"]
    assert found["n"] + found["learnt"] + found["left_out"] == 160


def test_where_nothing_tells_there_is_no_skill() -> None:
    random = np.random.default_rng(3)
    threads = [
        replace(t, title="A question", body=" ".join(random.choice(list("abcdefgh"), 8)))
        for t in forum(200)
    ]
    found = evaluate_in_time(threads, encode, OPTIONS, lambda _: None)
    assert abs(found["auroc"] - 0.5) < 0.2
    assert found["brier_skill"] < 0.15


def test_the_answer_itself_is_never_read() -> None:
    told = forum(120)
    changed = [
        replace(t, answers=tuple(replace(a, body="Thanks!", votes=99) for a in t.answers))
        for t in told
    ]
    first, second = (evaluate_in_time(t, encode, OPTIONS, lambda _: None) for t in (told, changed))
    assert first == second


def test_questions_are_ranked_within_their_site_alone() -> None:
    # One site answers everything but a few, the other nothing but a few: that is no skill.
    quick = [thread(i, "quick", None if i % 10 == 0 else 1) for i in range(100)]
    slow = [thread(i, "slow", 1 if i % 10 == 0 else None) for i in range(100)]
    random = np.random.default_rng(0)
    threads = [
        replace(t, title=site_of(t), body=f"{site_of(t)} {random.random()}") for t in quick + slow
    ]
    found = evaluate_in_time(threads, encode, OPTIONS, lambda _: None)
    assert set(found["by_site"]) == {"quick", "slow"}
    assert abs(found["auroc"] - 0.5) < 0.25


def test_no_dated_threads_are_too_few() -> None:
    with pytest.raises(NotEnoughData):
        evaluate_in_time([Thread("a:1", "t", "b")], None, OPTIONS, lambda _: None)
