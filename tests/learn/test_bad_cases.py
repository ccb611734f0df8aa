"""Cases as they really come: one class, rare classes, sloppy labels, contradictions, odd dates.

Each goes through a whole training run, and what a lead would be told of it is looked at.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.forum import SmallForum, cases, small_forum
from triage import store
from triage.crypto.signing import bundle_signer
from triage.encode import HashingEncoder
from triage.errors import NotEnoughData
from triage.learn.heads.fitting import FitOptions, fit_classifier
from triage.learn.training import Trained, TrainOptions, train
from triage.records import Case, Target
from triage.text import digest

NOW = datetime.now(UTC)


def learn(small: SmallForum, some: Sequence[Case], said: list[str] | None = None) -> Trained:
    with small.database.write() as c:
        store.put_cases(c, small.forum.id, [(k, digest(k.text)) for k in some])
    return train(
        small.database,
        "demo",
        small.encoder,
        small.models_dir,
        signer=bundle_signer(b"0123456789abcdef"),
        options=TrainOptions(workers=1, adapt=False),
        progress=(said if said is not None else []).append,
    )


def trained_on(folder: Path, some: Sequence[Case]) -> Trained:
    with small_forum(folder, (), HashingEncoder(32)) as small:
        return learn(small, some)


def doubts_of(folder: Path, some: Sequence[Case]) -> list[store.DoubtRow]:
    with small_forum(folder, (), HashingEncoder(32)) as small:
        learn(small, some)
        with small.database.read() as c:
            return store.list_doubts(c, small.forum.id)


def topical(n: int, topics: int) -> list[Case]:
    """Cases whose topic stands in their words, and nothing else that could be learnt."""
    return [
        Case(
            f"c{i}",
            f"Question {i} about subject{i % topics} and subject{i % topics} alone",
            "",
            lang="en",
            topic=f"Area {i % topics % 7} / Subject {i % topics}",
        )
        for i in range(n)
    ]


def test_one_class_only_leaves_its_head_out_and_the_others_in(tmp_path: Path) -> None:
    trained = trained_on(tmp_path, [replace(c, kind="bug") for c in cases(30)])
    assert Target.KIND not in trained.metrics
    assert trained.missing[Target.KIND] == ("1 kind has at least 2 cases; 1 more such are needed.")
    assert Target.TOPIC in trained.metrics
    assert trained.live


def test_one_class_and_nothing_else_says_what_is_missing(tmp_path: Path) -> None:
    bare = [Case(f"c{i}", f"It crashed {i}", "", lang="en", kind="bug") for i in range(30)]
    with small_forum(tmp_path, (), HashingEncoder(32)) as small:
        with pytest.raises(NotEnoughData, match="1 kind has at least 2 cases") as caught:
            learn(small, bare)
        assert "topic: 0 cases have a topic; 20 more are needed." in str(caught.value)
        assert not list(small.models_dir.rglob("*"))


def test_a_class_with_two_cases_is_learnt_and_one_with_one_is_named(tmp_path: Path) -> None:
    mixed = cases(40)
    mixed[0], mixed[1] = replace(mixed[0], topic="rare"), replace(mixed[1], topic="Rare ")
    mixed[2] = replace(mixed[2], topic="unique")
    metrics = trained_on(tmp_path, mixed).metrics[Target.TOPIC]
    assert metrics["classes"] == 4
    assert metrics["per_class"]["Rare"]["n"] + metrics["per_class"].get("rare", {"n": 0})["n"] == 2
    assert metrics["dropped_classes"] == ["unique"]


def test_five_hundred_topics_are_learnt() -> None:
    options = FitOptions(folds=2, workers=1, targets=(Target.TOPIC,))
    report = fit_classifier(topical(1000, 500), None, None, options, lambda _: None)
    metrics = report.metrics[Target.TOPIC]
    assert (metrics["n"], metrics["classes"]) == (1000, 500)
    assert np.isfinite(metrics["ece"])


def test_labels_that_differ_by_case_and_spaces_are_one(tmp_path: Path) -> None:
    sloppy = [
        replace(
            c,
            topic=(str(c.topic), str(c.topic).upper(), f"  {c.topic} ")[i % 3],
            kind=(str(c.kind), str(c.kind).title())[i % 2],
        )
        for i, c in enumerate(cases(45))
    ]
    trained = trained_on(tmp_path, sloppy)
    assert trained.metrics[Target.TOPIC]["classes"] == 3
    assert set(trained.metrics[Target.KIND]["per_class"]) == {"how_to", "bug", "request"}
    assert trained.doubts == 0


def test_contradictory_duplicates_are_kept_for_review_and_learnt_from(tmp_path: Path) -> None:
    some = cases(30)
    twin = replace(some[0], id="twin", title=some[0].title.upper(), kind="request", group=None)
    rows = doubts_of(tmp_path, [*some, twin])
    assert {(d.case_id, d.label, d.likelier) for d in rows if "contradicted" in d.why} == {
        ("c0", "how_to", "request"),
        ("twin", "request", "how_to"),
    }


def test_every_case_twice_with_another_label_abstains(tmp_path: Path) -> None:
    """Nothing can be learnt where every question has two answers: the head may not speak."""
    some = [replace(c, group=None) for c in cases(60)]
    kinds = {"how_to": "bug", "bug": "request", "request": "how_to"}
    others = [replace(c, id=f"o{c.id}", kind=kinds[str(c.kind)]) for c in some]
    metrics = trained_on(tmp_path, [*some, *others]).metrics[Target.KIND]
    assert metrics["coverage"] == 0.0


@pytest.mark.parametrize("lang", ["fi", None, "xx"])
def test_cases_of_one_language_are_learnt(tmp_path: Path, lang: str | None) -> None:
    trained = trained_on(tmp_path, [replace(c, lang=lang) for c in cases(30)])
    assert Target.KIND in trained.metrics
    assert trained.live


def test_cases_from_the_future_are_learnt_and_never_judged(tmp_path: Path) -> None:
    """A wrong clock must not put half a forum's cases behind the gate, or stop a training."""
    began = NOW - timedelta(days=400)
    dated = [replace(c, created=began + timedelta(days=i)) for i, c in enumerate(cases(60))]
    ahead = [
        replace(c, id=f"f{c.id}", group=f"f{c.group}", title=f"{c.title} later",
                created=NOW + timedelta(days=3650))
        for c in cases(60)
    ]  # fmt: skip
    with small_forum(tmp_path, (), HashingEncoder(32)) as small:
        first = learn(small, [*dated, *ahead])
        assert first.metrics[Target.KIND]["n"] == 120
        late = [replace(c, id=f"l{c.id}", group=f"l{c.group}", title=f"{c.title} late",
                        created=NOW + timedelta(days=30)) for c in cases(60)]  # fmt: skip
        second = learn(small, late)
        assert second.cases == 180
        assert not second.refused


def test_dates_of_all_times_and_none_are_taken(tmp_path: Path) -> None:
    odd = [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), None, NOW]
    some = [
        replace(c, created=odd[i % 4], closed=odd[(i + 1) % 4]) for i, c in enumerate(cases(40))
    ]
    trained = trained_on(tmp_path, some)
    assert trained.cases == 40
    assert trained.live


def test_texts_without_words_are_taken(tmp_path: Path) -> None:
    empty = [
        replace(c, title=("", "?!", "\u200b", "\U0001f525")[i % 4], body="...")
        for i, c in enumerate(cases(40))
    ]
    assert trained_on(tmp_path, empty).cases == 40
