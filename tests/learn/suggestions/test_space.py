"""Ranker and adaptation are fitted together, or the space stays as it is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import SmallForum, small_forum
from tests.shifted import ENCODER, QUICK, linked, pairs_of, settled
from triage import pipeline, store
from triage.decide.gate import shipped_gate
from triage.embedding import space_of
from triage.encode import HashingEncoder, TextRole
from triage.learn.suggestions.adaptation import AdaptationOptions, learn_adaptation
from triage.learn.suggestions.gating import Gated, GateOptions
from triage.learn.suggestions.known import Known, fit_from_pairs
from triage.learn.suggestions.space import Space, fit_gate_of, fit_space
from triage.rank import load_ranker
from triage.records import Answer, Thread
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
        small.database, small.forum.id, small.encoder, Known(threads), revision, options, silent
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
    assert space.ranker.fitted_on == "60 duplicates, 0 confirmed questions, adapted"
    assert space.facts["pairs"] == {"answer": 100, "duplicate": 60}
    assert space.facts["served"]["after"] > space.facts["served"]["before"] + 0.1


def test_the_ranker_is_fitted_on_questions_that_its_maps_have_not_seen(
    shifted: SmallForum, space: Space
) -> None:
    """With the final map, which has seen them, the same links would look better than they are."""
    threads = threads_of(shifted)
    learnt = learn_adaptation(pairs_of(threads), ENCODER, QUICK, silent)
    unseen = fit_from_pairs(Known(threads), ENCODER, silent, learnt.held_out)
    assert space.ranker == unseen.ranker


def test_without_duplicate_links_the_space_stays_and_says_what_it_lacks(tmp_path: Path) -> None:
    with small_forum(tmp_path, tuple(settled(120)), ENCODER) as small:
        found = fit(small)
    assert found.adaptation is None
    assert found.ranker == load_ranker()
    assert not found.facts["kept"]
    assert "40 pairs" in found.facts["why"]
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


def gate_of(threads: list[Thread]) -> Gated:
    plain = fit_from_pairs(Known(threads), ENCODER, silent)
    space = Space(plain.ranker, None, {}, plain.judged)
    return fit_gate_of(space, threads, GateOptions(), silent)


def test_a_gate_of_an_adapted_space_is_of_what_that_space_finds(
    shifted: SmallForum, space: Space
) -> None:
    threads = threads_of(shifted)
    learnt = learn_adaptation(pairs_of(threads), ENCODER, QUICK, silent)
    unseen = fit_from_pairs(Known(threads), ENCODER, silent, learnt.held_out)
    moved = fit_gate_of(space, threads, GateOptions(), silent)
    assert space.judged == unseen.judged
    assert moved.gate.fitted_on == "60 duplicates, 0 confirmed questions, adapted"
    assert moved.facts["questions"] == 60
    assert moved.reliability != gate_of(threads).reliability


def test_a_shipped_ranker_goes_with_the_shipped_gate() -> None:
    gated = gate_of(linked(20))
    assert gated.gate == shipped_gate()
    assert "40 pairs" in gated.facts["why"]


def test_a_chain_of_links_leads_to_the_thread_that_is_no_duplicate() -> None:
    """What stands in the middle of a chain is asked itself, and then it is no thread to find."""
    chained = Thread("twice", "Some words", "", lang="en", duplicate_of=("twin-0",))
    circle = [
        Thread(name, "More words", "", lang="en", duplicate_of=(other,))
        for name, other in (("here", "there"), ("there", "here"))
    ]
    fitted = fit_from_pairs(Known([*linked(60), chained, *circle]), ENCODER, silent)
    assert fitted.judged["twice"].right == frozenset({"original-0"})
    assert fitted.judged["twice"].group == fitted.judged["twin-0"].group
    assert fitted.judged["twin-1"].group != fitted.judged["twin-0"].group
    assert not {"here", "there"} & set(fitted.judged)


def test_other_duplicates_lend_their_evidence_as_in_serving() -> None:
    threads = linked(60)
    (twin,) = (t for t in threads if t.id == "twin-0")
    again = replace(twin, id="again")
    judged = fit_from_pairs(Known([*threads, again]), ENCODER, silent).judged
    alone = {h.thread_id: h for h in judged["twin-1"].hits}
    helped = {h.thread_id: h for h in judged["again"].hits}
    assert not {"twin-1", "again", "twin-0"} & (alone.keys() | helped.keys())
    own = alone["original-1"].similarity_title if "original-1" in alone else None
    assert (own or 0.0) < 0.9
    assert (helped["original-0"].similarity_title or 0.0) > 0.99


def test_an_answered_duplicate_stands_for_an_unanswered_original() -> None:
    threads = [
        replace(t, solved=False, answers=()) if t.id == "original-0" else t for t in linked(60)
    ]
    (twin,) = (t for t in threads if t.id == "twin-0")
    answered = replace(twin, id="answered", answers=(Answer("a", "b"),), solved=True)
    judged = fit_from_pairs(Known([*threads, answered]), ENCODER, silent).judged
    assert judged["twin-0"].right == frozenset({"original-0", "answered"})
    assert "answered" in {h.thread_id for h in judged["twin-0"].hits}


def test_a_thread_that_took_the_place_of_the_original_is_right_too() -> None:
    threads = linked(60)
    new = Thread("new", "Other words", "", (Answer("a", "b"),), solved=True, lang="en")
    threads[0] = replace(threads[0], superseded_by="new")
    fitted = fit_from_pairs(Known([*threads, new]), ENCODER, silent)
    assert fitted.judged["twin-0"].right == frozenset({"original-0", "new"})


@pytest.fixture
def all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every thread be a candidate: the plainest encoder finds few of the right ones first."""
    monkeypatch.setattr(pipeline, "CANDIDATES", 200)


@pytest.mark.usefixtures("all_found")
def test_questions_that_nothing_settles_are_not_counted_twice() -> None:
    """Half of them are asked as if nothing settled them; more would be another world."""
    threads = [
        replace(t, solved=t.solved and number >= 20, groups=frozenset(closed))
        for number, t in enumerate(linked(70))
        for closed in [{"beta"} if t.id == "original-69" else ()]
    ]
    gated = gate_of(threads)
    assert gated.fitted
    assert gated.facts["questions"] == 70 - 10 - 1


@pytest.mark.usefixtures("all_found")
def test_a_part_of_the_questions_is_fitted_as_the_whole_was() -> None:
    """Of 45 links no fold has the 40 that are asked of a forum; none of them is fitted less."""
    gated = gate_of(linked(45))
    assert gated.fitted, gated.facts["why"]
    assert gated.facts["questions"] == 45


def confirming(n: int) -> list[store.Judged]:
    return [
        store.Judged(
            f"ask-{i}", f"Asked anew {i}", f"Trouble number {i}.", "en", f"original-{i}", None
        )
        for i in range(n)
    ]


def test_what_askers_confirmed_is_a_pair_like_a_duplicate() -> None:
    known = Known(linked(25), confirming(25))
    fitted = fit_from_pairs(known, ENCODER, silent)
    assert fitted.ranker.fitted_on == "25 duplicates, 25 confirmed questions"
    assert fitted.judged["ask:ask-3"].right == frozenset({"original-3"})
    assert fitted.judged["ask:ask-3"].group == fitted.judged["twin-3"].group
    assert fit_from_pairs(Known(linked(25)), ENCODER, silent).ranker == load_ranker()


def test_a_confirmed_thread_that_is_gone_teaches_nothing() -> None:
    gone = [replace(c, thread_id="gone") for c in confirming(60)]
    fitted = fit_from_pairs(Known(linked(20), gone), ENCODER, silent)
    assert fitted.ranker == load_ranker()
