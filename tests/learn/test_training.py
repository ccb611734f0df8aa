"""A whole run: what was learnt is published, opened and served."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.forum import SIGNER, SmallForum, cases, small_forum
from tests.shifted import ENCODER, linked, settled
from triage.bundle import Bundle, open_bundle
from triage.classify import EASY, HARD
from triage.decide.gate import shipped_gate
from triage.encode import HashingEncoder
from triage.learn.heads.difficulty import Usual
from triage.learn.heads.material import gather_material
from triage.learn.suggestions.ranking import FEWEST_PAIRS
from triage.learn.training import Trained, TrainOptions
from triage.pipeline import Parts, gather, order, triage
from triage.rank import load_ranker
from triage.records import Answer, Draft, Question, Target, Thread
from triage.text import digest

DAY = timedelta(days=1)
FORUM = (*settled(40), *linked(60))
TWINS = [t for t in FORUM if t.duplicate_of]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallForum]:
    with small_forum(tmp_path_factory.mktemp("training"), FORUM, ENCODER) as made:
        made.put_cases(cases())
        yield made


def run(
    small: SmallForum, *, adapt: bool = True, risk: float = 0.1, said: list[str] | None = None
) -> Trained:
    options = TrainOptions(adapt=adapt, risk=risk)
    return small.train(options, (said if said is not None else []).append)


def opened(small: SmallForum, trained: Trained) -> Bundle:
    assert trained.written is not None
    version, digest = trained.written.version, trained.written.manifest_digest
    return open_bundle(small.models_dir / "demo", version, digest, SIGNER)


def duplicates(n: int, lang: str) -> list[Thread]:
    """Originals of six words and duplicates that keep three of them, but for one of twelve."""
    rng = np.random.default_rng([n, len(lang)])
    words = [f"{lang}word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400)]
    made = []
    for i in range(n):
        said, other = rng.choice(words, 6, replace=False), rng.choice(words, 2, replace=False)
        name = f"{lang}-{i:03}"
        answer = Answer(f"{name}-a", f"Press {said[0]} twice.", accepted=True)
        made += [
            Thread(name, " ".join(said), "", (answer,), solved=True, lang=lang),
            Thread(
                f"{name}-twin",
                " ".join([*said[: 3 if i % 12 else 0], *other]),
                "",
                lang=lang,
                duplicate_of=(name,),
            ),
        ]
    return made


def reciprocal_rank(parts: Parts) -> float:
    """Return how well the originals of some duplicates are found."""
    originals = frozenset(t.id for t in FORUM if not t.duplicate_of)
    found = 0.0
    for twin in TWINS[:15]:
        question = Question(twin.title, twin.body, "en")
        matches = order(parts, question, *gather(parts, question, among=originals))
        found += 1 / (1 + [m.thread_id for m in matches].index(twin.duplicate_of[0]))
    return found / 15


def test_an_adaptation_is_published_and_served(small: SmallForum) -> None:
    trained = run(small)
    assert trained.adaptation["kept"], trained.adaptation["why"]
    assert trained.written is not None
    assert trained.written.manifest["adaptation"] == trained.adaptation
    bundle = opened(small, trained)
    assert bundle.ranker.fitted_on == bundle.gate.fitted_on
    assert bundle.gate.fitted_on.endswith("duplicates, 0 confirmed questions, adapted")
    parts = small.desk().parts()
    assert parts.adaptation is not None
    plain = replace(parts, adaptation=None, ranker=load_ranker())
    assert reciprocal_rank(parts) > reciprocal_rank(plain) + 0.1


def test_the_space_can_be_left_as_it_is(small: SmallForum) -> None:
    trained = run(small, adapt=False)
    assert trained.adaptation == {"kept": False, "why": "it was not asked for"}
    assert "adapted" not in trained.ranker
    assert small.desk().parts().adaptation is None


@pytest.fixture(scope="module")
def two_languages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallForum]:
    threads = (*duplicates(180, "en"), *duplicates(20, "sv"))
    folder = tmp_path_factory.mktemp("languages")
    with small_forum(folder, threads, HashingEncoder(64)) as made:
        made.put_cases(cases())
        yield made


def test_a_trained_forum_is_served_with_its_own_gate(two_languages: SmallForum) -> None:
    """Twenty links prove nothing of a language: it goes by what holds for both together."""
    trained = run(two_languages, adapt=False, risk=0.25)
    bundle = opened(two_languages, trained)
    assert bundle.gate.risk == trained.gate["risk"] == 0.25
    assert bundle.manifest["gate"] == trained.gate
    assert bundle.manifest["reliability"]["n"] == trained.reliability["n"] > 0
    assert trained.gate["questions"] == 200
    assert bundle.gate.fitted_on == "200 duplicates, 0 confirmed questions"
    assert bundle.gate.threshold_for("en").guaranteed
    assert "sv" not in bundle.gate.by_language
    assert not bundle.gate.threshold_for("sv").guaranteed
    parts = two_languages.desk().parts()
    assert parts.gate == bundle.gate
    done = triage(parts, Draft("enwordaa enwordab enwordac", "", lang="en"))
    passed = [m for m in done.matches if bundle.gate.passes(m.probability, "en")]
    assert len(done.decision.shown) == min(3, len(passed))


def test_a_forum_with_few_links_keeps_the_shipped_gate_and_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    with small_forum(tmp_path, tuple(duplicates(10, "en")), HashingEncoder(64)) as made:
        made.put_cases(cases())
        trained = run(made, adapt=False, said=said)
        assert opened(made, trained).gate == shipped_gate()
    assert not trained.gate["fitted"]
    assert f"{FEWEST_PAIRS} pairs" in trained.gate["why"]
    assert any(line.startswith("gate not fitted") for line in said)


def answered(n: int, *, telling: bool) -> tuple[Thread, ...]:
    """Threads of three answers of any length; a number tells the accepted one where it is telling.

    Nothing else does, so that the shipped weights, which like length, are often wrong.
    """
    rng = np.random.default_rng(n)
    made = []
    for i in range(n):
        right = int(rng.integers(3))
        said = [" ".join(["again"] * int(rng.integers(15, 90))) for _ in range(3)]
        bodies = [f"{b} 17" if telling and at == right else b for at, b in enumerate(said)]
        answers = tuple(
            Answer(f"t{i}-{at}", body, f"p{at}", accepted=at == right)
            for at, body in enumerate(bodies)
        )
        made.append(Thread(f"t{i}", "Bank feed", "It stops.", answers, solved=True, lang="en"))
    return tuple(made)


@pytest.mark.parametrize("telling", [True, False])
def test_a_quality_of_answers_is_published_only_where_it_is_better(
    tmp_path: Path, telling: bool
) -> None:
    with small_forum(tmp_path, answered(120, telling=telling), None) as made:
        made.put_cases(cases())
        trained = run(made)
        quality = opened(made, trained).quality
    assert trained.answer_quality["threads"] == 120
    assert trained.answer_quality["fitted"] is telling
    assert (quality is not None) is telling


def test_what_a_lead_calls_usual_reaches_the_labels_that_the_gate_judges_by(
    tmp_path: Path,
) -> None:
    asked = datetime(2026, 3, 1, tzinfo=UTC)
    open_for_two_days = [
        replace(k, difficulty=None, destination=None, created=asked, closed=asked + DAY * 2)
        for k in cases(10)
    ]
    with small_forum(tmp_path) as made:
        labels = {}
        for days in (1, 3):
            found = gather_material(
                made.database,
                made.forum.id,
                made.encoder,
                [(case, digest(case.text)) for case in open_for_two_days],
                1,
                lambda line: None,
                Usual(DAY * days, asked + DAY * 60),
            )
            labels[days] = set(found.filed[Target.DIFFICULTY])
    assert labels == {1: {HARD}, 3: {EASY}}
