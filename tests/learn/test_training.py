"""A whole run: what was learnt is published, opened and served."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.forum import SmallForum, cases, small_forum
from tests.shifted import ENCODER, linked, settled
from triage import store
from triage.bundle import open_bundle
from triage.learn.training import Trained, train
from triage.pipeline import Parts, ranked
from triage.rank import load_ranker
from triage.records import Question
from triage.text import digest

FORUM = (*settled(40), *linked(60))
TWINS = [t for t in FORUM if t.duplicate_of]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallForum]:
    with small_forum(tmp_path_factory.mktemp("training"), FORUM, ENCODER) as made:
        with made.database.write() as c:
            store.put_cases(c, made.forum.id, [(k, digest(k.text)) for k in cases()])
        yield made


def run(small: SmallForum, *, adapt: bool = True) -> Trained:
    return train(
        small.database,
        "demo",
        small.encoder,
        small.models_dir,
        adapt=adapt,
        progress=lambda line: None,
    )


def reciprocal_rank(parts: Parts) -> float:
    """Return how well the originals of some duplicates are found."""
    originals = frozenset(t.id for t in FORUM if not t.duplicate_of)
    found = 0.0
    for twin in TWINS[:15]:
        _, matches = ranked(parts, Question(twin.title, twin.body, "en"), among=originals)
        found += 1 / (1 + [m.thread_id for m in matches].index(twin.duplicate_of[0]))
    return found / 15


def test_an_adaptation_is_published_and_served(small: SmallForum) -> None:
    trained = run(small)
    assert trained.adaptation["kept"], trained.adaptation["why"]
    assert trained.written is not None
    assert trained.written.manifest["adaptation"] == trained.adaptation
    folder = small.models_dir / "demo"
    bundle = open_bundle(folder, trained.written.version, trained.written.manifest_digest)
    assert bundle.ranker.fitted_on == "duplicate links, adapted"
    parts = small.desk().parts()
    assert parts.adaptation is not None
    plain = replace(parts, adaptation=None, ranker=load_ranker())
    assert reciprocal_rank(parts) > reciprocal_rank(plain) + 0.1


def test_the_space_can_be_left_as_it_is(small: SmallForum) -> None:
    trained = run(small, adapt=False)
    assert trained.adaptation == {"kept": False, "why": "it was not asked for"}
    assert "adapted" not in trained.ranker
    assert small.desk().parts().adaptation is None
