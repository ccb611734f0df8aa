"""Ranker and adaptation are fitted together, or the space stays as it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from tests.shifted import ENCODER, QUICK, linked, pairs_of, settled
from triage import store
from triage.embedding import space_of
from triage.encode import HashingEncoder, TextRole
from triage.learn.adaptation import AdaptationOptions, learn_adaptation
from triage.learn.space import Space, fit_from_duplicates, fit_space
from triage.rank import load_ranker
from triage.records import Thread
from triage.text import digest, units_of

FORUM = (*settled(40), *linked(60))


def silent(line: str) -> None:
    pass


def threads_of(small: SmallForum) -> list[Thread]:
    with small.database.read() as c:
        return list(store.iter_threads(c, small.forum.id))


def fit(small: SmallForum, options: AdaptationOptions | None = QUICK) -> Space:
    return fit_as_read(small, threads_of(small), revision_of(small), options)


def fit_as_read(
    small: SmallForum,
    threads: list[Thread],
    revision: int,
    options: AdaptationOptions | None = QUICK,
) -> Space:
    return fit_space(
        small.database, small.forum.id, small.encoder, threads, revision, options, silent
    )


def revision_of(small: SmallForum) -> int:
    with small.database.read() as c:
        return store.revision_of(c, small.forum.id)


@pytest.fixture(scope="module")
def shifted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallForum]:
    with small_forum(tmp_path_factory.mktemp("shifted"), FORUM, ENCODER) as small:
        yield small


@pytest.fixture(scope="module")
def space(shifted: SmallForum) -> Space:
    return fit(shifted)


def test_what_helps_is_kept_with_a_ranker_of_its_own(space: Space) -> None:
    assert space.facts["kept"], space.facts["why"]
    assert space.adaptation is not None
    assert space.adaptation.encoder_id == ENCODER.id
    assert space.ranker.fitted_on == "duplicate links, adapted"
    assert space.facts["pairs"] == {"answer": 100, "duplicate": 60}
    assert space.facts["served"]["after"] > space.facts["served"]["before"] + 0.1


def test_the_ranker_is_fitted_on_questions_that_its_maps_have_not_seen(
    shifted: SmallForum, space: Space
) -> None:
    """With the final map, which has seen them, the same links would look better than they are."""
    threads = threads_of(shifted)
    learnt = learn_adaptation(pairs_of(threads), ENCODER, QUICK, silent)
    unseen = fit_from_duplicates(threads, ENCODER, silent, learnt.held_out)
    assert space.ranker == unseen.ranker


def test_without_duplicate_links_the_space_stays_and_says_what_it_lacks(tmp_path: Path) -> None:
    with small_forum(tmp_path, tuple(settled(120)), ENCODER) as small:
        found = fit(small)
    assert found.adaptation is None
    assert found.ranker == load_ranker()
    assert not found.facts["kept"]
    assert "40 duplicate links" in found.facts["why"]
    assert found.facts["mrr"]["after"] > found.facts["mrr"]["before"]


def test_a_question_leaves_no_vector_that_its_thread_would_not_take_along(tmp_path: Path) -> None:
    """What is deleted with a thread are the vectors of its passages, in every role."""
    threads = [replace(t, body="One line.\nAnother.") for t in settled(100)]
    with small_forum(tmp_path, tuple(threads), ENCODER) as small:
        fit(small)
        asked = [p.text for p in pairs_of(threads_of(small)).pairs]
        units = {digest(u.text) for t in threads_of(small) for u in units_of(t)}
        assert not units & {digest(text) for text in asked}
        with small.database.read() as c:
            space = space_of(ENCODER, TextRole.QUERY)
            assert not store.get_vectors(c, small.forum.id, space, [digest(t) for t in asked])


def test_a_thread_deleted_while_it_is_learnt_from_leaves_no_vector(tmp_path: Path) -> None:
    with small_forum(tmp_path, tuple(settled(120)), ENCODER) as small:
        read, revision = threads_of(small), revision_of(small)
        gone = read[0]
        small.knowledge().remove(gone.id)
        fit_as_read(small, read, revision)
        digests = [digest(u.text) for u in units_of(gone)]
        with small.database.read() as c:
            space = space_of(ENCODER, TextRole.PASSAGE)
            assert not store.get_vectors(c, small.forum.id, space, digests)


def test_a_small_forum_says_how_many_pairs_it_needs(tmp_path: Path) -> None:
    with small_forum(tmp_path, tuple(settled(35)), ENCODER) as small:
        found = fit(small)
    assert found.adaptation is None
    assert found.facts["why"] == "35 pairs of a question and what settles it; 100 are needed"


@pytest.mark.parametrize("encoder", [ENCODER, None])
def test_it_can_be_left_out_and_needs_an_encoder(
    tmp_path: Path, encoder: HashingEncoder | None
) -> None:
    with small_forum(tmp_path, tuple(settled(5)), encoder) as small:
        found = fit(small, QUICK if encoder is None else None)
    why = "there is no encoder" if encoder is None else "it was not asked for"
    assert found.facts == {"kept": False, "why": why}
    assert found.adaptation is None


def test_of_many_threads_a_sample_is_learnt_from_and_links_stay_whole(tmp_path: Path) -> None:
    options = replace(QUICK, most_threads=100, fewest=1000)
    with small_forum(tmp_path, (*settled(80), *linked(35)), ENCODER) as small:
        assert fit(small, options).facts["pairs"] == {"answer": 65, "duplicate": 35}
        everything = replace(options, most_threads=150)
        assert fit(small, everything).facts["pairs"] == {"answer": 115, "duplicate": 35}


class EnglishEncoder(HashingEncoder):
    """The plainest encoder, as if it were made for English."""

    @property
    def languages(self) -> frozenset[str]:
        """English alone."""
        return frozenset({"en"})


def test_questions_without_links_of_their_own_are_not_moved(tmp_path: Path) -> None:
    """Weights that no moved question was fitted on must not be given moved ones."""
    foreign = settled(60, seed=1, lang="sv")
    encoder = EnglishEncoder(64)
    with small_forum(tmp_path, (*FORUM, *foreign), encoder) as small:
        found = fit(small)
    assert found.adaptation is not None, found.facts["why"]
    assert (found.adaptation.moves(True), found.adaptation.moves(False)) == (True, False)
    assert found.facts["languages"] == {"en": 160}
    assert found.ranker.regimes["both-foreign"] == load_ranker().regimes["both-foreign"]
