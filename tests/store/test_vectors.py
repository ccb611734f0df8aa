"""Units and vectors: kept once per text, dropped when nothing needs them."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from triage.errors import BadField, NoThread
from triage.records import Case, Forum, UnitKind
from triage.store import (
    Database,
    count_texts,
    count_vectors,
    delete_thread,
    drop_orphan_vectors,
    drop_vectors,
    get_vectors,
    known_digests,
    list_encoders,
    put_cases,
    put_threads,
    put_units,
    put_vectors,
)
from triage.store.tables.base import units

from .samples import thread

ONE = np.array([1, -2, 0.5], dtype=np.float32)


@given(
    vector=arrays.arrays(
        np.float32, st.integers(0, 50), elements=st.floats(width=32, allow_nan=False)
    )
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_vector_comes_back_bit_by_bit(
    database: Database, forum: Forum, vector: np.ndarray
) -> None:
    digest = vector.tobytes().hex() + "."
    with database.write() as c:
        put_vectors(c, forum.id, "e5", {digest: vector})
        found = get_vectors(c, forum.id, "e5", [digest])[digest]
    assert found.dtype == np.float32
    assert found.tobytes() == vector.tobytes()


def test_a_vector_of_many_dimensions_is_refused(database: Database, forum: Forum) -> None:
    with pytest.raises(BadField, match="2 dimensions"), database.write() as c:
        put_vectors(c, forum.id, "e5", {"d": np.zeros((2, 2), dtype=np.float32)})


def test_a_vector_put_again_stays_as_it_was(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_vectors(c, forum.id, "e5", {"d": ONE})
        put_vectors(c, forum.id, "e5", {"d": ONE * 2, "f": ONE})
        assert get_vectors(c, forum.id, "e5", ["d"])["d"].tolist() == ONE.tolist()


def test_vectors_are_known_by_encoder(database: Database, forum: Forum) -> None:
    many = {str(n): ONE for n in range(1100)}
    with database.write() as c:
        put_vectors(c, forum.id, "e5", many)
        assert known_digests(c, forum.id, "e5", [*many, "x"]) == set(many)
        assert known_digests(c, forum.id, "minilm", many.keys()) == set()
        assert len(get_vectors(c, forum.id, "e5", many.keys())) == 1100


def test_units_are_replaced_and_go_with_their_thread(database: Database, forum: Forum) -> None:
    count = select(func.count()).select_from(units)
    with database.write() as c:
        put_threads(c, forum.id, [thread()], 1)
        put_units(c, forum.id, "t1", [(UnitKind.TITLE, None, "d1"), (UnitKind.ANSWER, "1", "d2")])
        put_units(c, forum.id, "t1", [(UnitKind.TITLE, None, "d1")])
        assert c.execute(count).scalar() == 1
        put_threads(c, forum.id, [thread(title="Chain jumps")], 2)
        assert c.execute(count).scalar() == 1
        delete_thread(c, forum.id, "t1", 3)
        assert c.execute(count).scalar() == 0


def test_units_of_a_thread_that_is_gone_are_refused(database: Database, forum: Forum) -> None:
    with pytest.raises(NoThread), database.write() as c:
        put_units(c, forum.id, "t1", [])


def test_a_unit_cannot_refer_to_another_forums_thread(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        put_threads(c, other_forum.id, [thread()], 1)
    row = {"thread_id": "t1", "position": 0, "kind": "title", "text_digest": "d"}
    with pytest.raises(IntegrityError), database.write() as c:
        c.execute(units.insert().values(forum_id=forum.id, **row))


def test_only_vectors_that_nothing_needs_are_dropped(database: Database, forum: Forum) -> None:
    with database.write() as c:
        put_threads(c, forum.id, [thread()], 1)
        put_units(c, forum.id, "t1", [(UnitKind.TITLE, None, "unit")])
        put_cases(c, forum.id, [(Case("c1", "t", "b"), "case")])
        for encoder in ("e5", "minilm"):
            put_vectors(c, forum.id, encoder, dict.fromkeys(["unit", "case", "a", "b"], ONE))
        assert drop_orphan_vectors(c, forum.id, "e5", ["unit", "case", "a"]) == 1
        assert known_digests(c, forum.id, "e5", ["a", "b"]) == {"b"}
        assert known_digests(c, forum.id, "minilm", ["a", "b"]) == {"a", "b"}
        assert drop_orphan_vectors(c, forum.id, None, ["unit", "case", "a", "b"]) == 3
        assert known_digests(c, forum.id, "e5", ["unit", "case"]) == {"unit", "case"}


def test_another_forums_need_does_not_keep_a_vector(
    database: Database, forum: Forum, other_forum: Forum
) -> None:
    with database.write() as c:
        put_threads(c, other_forum.id, [thread()], 1)
        put_units(c, other_forum.id, "t1", [(UnitKind.TITLE, None, "d")])
        put_vectors(c, forum.id, "e5", {"d": ONE})
        put_vectors(c, other_forum.id, "e5", {"d": ONE})
        assert drop_orphan_vectors(c, other_forum.id, None, ["d"]) == 0
        assert drop_orphan_vectors(c, forum.id, None, ["d"]) == 1
        assert known_digests(c, other_forum.id, "e5", ["d"]) == {"d"}


def test_texts_and_vectors_are_counted(database: Database, forum: Forum) -> None:
    with database.write() as c:
        assert count_texts(c, forum.id) == (0, 0)
        put_threads(c, forum.id, [thread(), thread("t2")], 1)
        for thread_id in ("t1", "t2"):
            shared, own = (UnitKind.TITLE, None, "shared"), (UnitKind.QUESTION, None, thread_id)
            put_units(c, forum.id, thread_id, [shared, own])
        put_cases(c, forum.id, [(Case("c1", "t", "b"), "case"), (Case("c2", "t", "b"), "case")])
        put_vectors(c, forum.id, "e5", {"t1": ONE})
        assert count_texts(c, forum.id) == (3, 1)
        assert count_texts(c, forum.id, [UnitKind.QUESTION]) == (1, 3)
        put_cases(c, forum.id, [(Case("c3", "t", "b"), "t1")])
        assert count_texts(c, forum.id, [UnitKind.QUESTION]) == (1, 3)  # a case says the same
        assert count_vectors(c, forum.id, "e5") == 1
        assert count_vectors(c, forum.id, "minilm") == 0


def test_an_encoders_vectors_are_dropped_in_steps(database: Database, forum: Forum) -> None:
    with database.write() as c:
        for encoder in ("e5", "minilm"):
            put_vectors(c, forum.id, encoder, {str(n): ONE for n in range(5)})
        assert [drop_vectors(c, forum.id, "e5", most=2) for _ in range(4)] == [2, 2, 1, 0]
        assert list_encoders(c, forum.id) == ["minilm"]
        assert count_vectors(c, forum.id, "minilm") == 5
