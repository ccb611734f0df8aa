"""What a forum's texts share is learnt, discounted, and followed; no killed run does harm."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import THREADS, SmallForum, small_forum
from tests.shared_form import filled, shared_form_threads
from triage import discount, store
from triage.discount import Relearned, relearn
from triage.embedding import role_of
from triage.encode import HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.knowledge import Knowledge, boilerplate_of
from triage.records import Thread
from triage.retrieve import Search
from triage.text import NOTHING, Boilerplate, digest, units_of

SPACES = {role: f"{HashingEncoder().id}#{role}" for role in TextRole}


def learn(small: SmallForum) -> Relearned:
    return relearn(small.database, small.forum.id, small.encoder, lambda line: None)


def nearest(knowledge: Knowledge, asked: str) -> list[str]:
    """Return the threads found by words, best first."""
    text = knowledge.boilerplate.strip(asked)
    hits = [h for h in knowledge.index.search(Search(text, "en", None)) if (h.words or 0) > 0]
    return [h.thread_id for h in sorted(hits, key=lambda h: -(h.words or 0))]


def texts(small: SmallForum, boilerplate: Boilerplate) -> dict[TextRole, set[str]]:
    """Return the digests of the forum's units by the role that they are encoded in."""
    with small.database.read() as c:
        threads = list(store.iter_threads(c, small.forum.id))
    found: dict[TextRole, set[str]] = {role: set() for role in TextRole}
    for thread in threads:
        for unit in units_of(thread, boilerplate):
            found[role_of(unit.kind)].add(digest(unit.text))
    return found


def known(small: SmallForum, digests: set[str]) -> set[str]:
    """Return those of the digests that a vector is kept of, in whichever role."""
    with small.database.read() as c:
        return {
            name
            for space in SPACES.values()
            for name in store.known_digests(c, small.forum.id, space, digests)
        }


def agrees(small: SmallForum) -> bool:
    """Whether rows and vectors are those of the units, none missing and none too many."""
    with small.database.read() as c:
        ids = store.thread_state(c, small.forum.id)
        wanted = texts(small, boilerplate_of(c, small.forum.id))
        named = store.unit_digests(c, small.forum.id, ids)
        if named != set().union(*wanted.values()):
            return False
        return all(
            store.known_digests(c, small.forum.id, space, named) == wanted[role]
            and store.count_vectors(c, small.forum.id, space) == len(wanted[role])
            for role, space in SPACES.items()
        )


def test_threads_that_share_a_form_are_not_alike_for_it(tmp_path: Path) -> None:
    with small_forum(tmp_path, shared_form_threads()) as small:
        before, follower = small.knowledge(), small.knowledge()
        before.sync()
        follower.sync()
        unrelated = filled(99, "An altogether different matter")
        assert len(nearest(before, unrelated)) > 40
        done = learn(small)
        assert done.changed
        assert {s.documents for s in done.segments} == {57}
        follower.sync()
        assert nearest(follower, unrelated) == []
        assert nearest(follower, filled(98, "The lever7x is stuck")) == ["t007"]
        assert follower.boilerplate != NOTHING
        fetched = follower.fetch(["t007"])["t007"]
        assert fetched.body == filled(7, "lever7x wheel7x crank7x valve7x")


def test_rows_and_vectors_are_those_of_the_new_units(tmp_path: Path) -> None:
    with small_forum(tmp_path, shared_form_threads()) as small:
        assert agrees(small)
        learn(small)
        assert agrees(small)
        small.knowledge().put([Thread("new", "More", filled(7, "Another one"))])
        assert agrees(small)
        small.knowledge().remove("t007")
        assert agrees(small)


def test_learning_again_changes_nothing(tmp_path: Path) -> None:
    with small_forum(tmp_path, shared_form_threads()) as small:
        learn(small)
        knowledge = small.knowledge()
        knowledge.sync()
        version = knowledge.version
        assert not learn(small).changed
        knowledge.sync()
        assert knowledge.version == version


def test_a_forum_that_shares_nothing_discounts_nothing(tmp_path: Path) -> None:
    with small_forum(tmp_path, THREADS) as small:
        done = learn(small)
        assert (done.segments, done.changed) == ((), False)
        assert agrees(small)


def test_a_form_that_is_no_longer_used_counts_again(tmp_path: Path) -> None:
    with small_forum(tmp_path, shared_form_threads()) as small:
        learn(small)
        plain = [replace(t, body=f"plain{t.id}") for t in shared_form_threads()]
        small.knowledge().put(plain)
        assert learn(small).changed
        with small.database.read() as c:
            assert boilerplate_of(c, small.forum.id) == NOTHING
        assert agrees(small)


class Killed(Exception):
    """Stands for the end of a process."""


@pytest.mark.parametrize("step", ["encode_units_ahead", "_switch", "_agree"])
@pytest.mark.parametrize("calls", [0, 1, 2])
def test_a_killed_run_does_no_harm_and_the_next_one_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, calls: int
) -> None:
    with small_forum(tmp_path, shared_form_threads()) as small:
        done = 0
        real = getattr(discount, step)

        def dying(*arguments: object) -> object:
            nonlocal done
            if done == calls:
                raise Killed
            done += 1
            return real(*arguments)

        monkeypatch.setattr(discount, step, dying)
        try:
            learn(small)
        except Killed:
            pass
        monkeypatch.undo()
        knowledge = small.knowledge()
        knowledge.sync()
        found = nearest(knowledge, filled(98, "The lever7x is stuck"))
        assert "t007" in found
        # Whatever is deleted now must leave no vector behind, neither cut as before nor as after.
        with small.database.read() as c:
            gone = store.get_threads(c, small.forum.id, ["t007"])["t007"]
            new = Boilerplate.of((s.kind, s.key) for s in _learned(small))
        knowledge.remove("t007")
        digests = {digest(u.text) for b in (NOTHING, new) for u in units_of(gone, b)}
        assert known(small, digests) == set()
        learn(small)
        small.knowledge().sync()
        assert agrees(small)


def _learned(small: SmallForum) -> tuple[discount.Segment, ...]:
    return discount.learn_boilerplate(lambda: discount._documents(small.database, small.forum.id))


def test_a_changed_thread_leaves_no_vector_of_a_text_that_no_row_names_yet(tmp_path: Path) -> None:
    with small_forum(tmp_path, shared_form_threads()) as small:
        found = _learned(small)
        new = Boilerplate.of((s.kind, s.key) for s in found)
        # As if the process had died right after its switch, before any row was rewritten.
        discount._switch(small.database, small.forum.id, found, new, None)
        knowledge = small.knowledge()
        knowledge.sync()
        (old,) = knowledge.fetch(["t007"]).values()
        knowledge.put([replace(old, body="Now another text.")])
        digests = {digest(u.text) for u in units_of(old, new)[1:2]}
        assert known(small, digests) == set()


def test_a_put_that_learning_overtakes_is_cut_anew(tmp_path: Path) -> None:
    class Overtaken(HashingEncoder):
        """The hashing encoder, during whose work boilerplate is learnt elsewhere."""

        def encode(self, texts: list[str], role: TextRole) -> Vectors:  # type: ignore[override]
            if any("overtaken" in t for t in texts):
                learn(small)
            return super().encode(texts, role)

    with small_forum(tmp_path, shared_form_threads()) as small:
        knowledge = Knowledge(small.database, small.forum.id, Overtaken())
        knowledge.put([Thread("new", "", filled(5, "overtaken"))])
        assert agrees(small)


def test_without_an_encoder_words_alone_are_cut_anew(tmp_path: Path) -> None:
    with small_forum(tmp_path, shared_form_threads(), encoder=None) as small:
        assert learn(small).changed
        knowledge = small.knowledge()
        knowledge.sync()
        assert nearest(knowledge, filled(98, "The lever7x is stuck")) == ["t007"]
