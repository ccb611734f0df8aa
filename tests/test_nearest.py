"""The labelled cases nearest to a question, found in the vectors that the store keeps."""

import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.forum import SmallForum, small_forum
from triage import store
from triage.embedding import embed, space_of
from triage.encode import HashingEncoder, TextRole
from triage.nearest import Nearest, find_nearest
from triage.records import Case
from triage.text import digest

ENCODER = HashingEncoder()
EXPORT = Case("export", "Invoice export stops", "error E-417", kind="bug", topic="invoices")
LOGIN = Case("login", "Cannot log in", "new phone", kind="account", severity=2)
TWIN = replace(EXPORT, id="a-twin", topic=None, kind=None, tone="angry")
BARE = Case("bare", "Invoice export stops", "error E-417")
CLOSED = Case(
    "closed", "Quantum ledger preview crashes", "", kind="bug", groups=frozenset({"beta"})
)
CASES = (EXPORT, LOGIN, TWIN, BARE, CLOSED)


def put(small: SmallForum, cases: Sequence[Case], *, encoded: bool = True) -> None:
    with small.database.write() as c:
        store.put_cases(c, small.forum.id, [(case, digest(case.text)) for case in cases])
    if encoded:
        texts = [case.text for case in cases]
        embed(small.database, small.forum.id, ENCODER, texts, TextRole.QUERY)


def near(
    small: SmallForum, text: str, groups: frozenset[str] | None = None, most: int = 5
) -> Nearest:
    vector = ENCODER.encode([text], TextRole.QUERY)
    with small.database.read() as c:
        return find_nearest(c, small.forum.id, ENCODER, vector, groups=groups, most=most)


def ids(found: Nearest) -> list[str]:
    return [one.case.id for one in found.cases]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with small_forum(tmp_path, threads=()) as opened:
        put(opened, CASES)
        yield opened


def test_the_nearest_come_first_with_their_labels_and_cosines(small: SmallForum) -> None:
    found = near(small, EXPORT.text)
    assert ids(found)[:2] == ["a-twin", "export"]
    assert found.cases[1].case == EXPORT
    assert found.cases[0].similarity == pytest.approx(1, abs=1e-6)
    similarities = [one.similarity for one in found.cases]
    assert similarities == sorted(similarities, reverse=True)
    assert all(-1 <= s <= 1 for s in similarities)


def test_a_case_without_a_label_teaches_nothing_and_is_not_compared(small: SmallForum) -> None:
    found = near(small, EXPORT.text)
    assert "bare" not in ids(found)
    assert found.compared == 4


def test_no_more_are_given_than_are_asked_for(small: SmallForum) -> None:
    assert ids(near(small, EXPORT.text, most=1)) == ["a-twin"]
    assert near(small, EXPORT.text, most=0) == Nearest((), 4)


def test_a_case_of_a_group_is_neither_shown_nor_counted_to_others(small: SmallForum) -> None:
    everyone = near(small, CLOSED.text, frozenset())
    assert "closed" not in ids(everyone)
    assert everyone.compared == 3
    assert ids(near(small, CLOSED.text, frozenset({"beta", "gamma"})))[0] == "closed"
    assert near(small, CLOSED.text, frozenset({"gamma"})) == everyone


def test_a_case_that_no_training_has_read_yet_is_not_compared(small: SmallForum) -> None:
    put(small, [Case("new", "Invoice export stops today", "", kind="bug")], encoded=False)
    assert near(small, EXPORT.text).compared == 4


def test_vectors_of_another_forum_or_encoder_are_not_looked_at(small: SmallForum) -> None:
    other = HashingEncoder(dimension=64)
    vector = other.encode([EXPORT.text], TextRole.QUERY)
    with small.database.write() as c:
        sailing = store.ensure_forum(c, "sailing")
    with small.database.read() as c:
        assert find_nearest(c, small.forum.id, other, vector, groups=None) == Nearest((), 0)
        vector = ENCODER.encode([EXPORT.text], TextRole.QUERY)
        assert find_nearest(c, sailing.id, ENCODER, vector, groups=None) == Nearest((), 0)


def test_without_an_encoder_nothing_is_near_and_that_is_said(small: SmallForum) -> None:
    with small.database.read() as c:
        assert find_nearest(c, small.forum.id, None, None, groups=None).compared is None


def test_pages_are_searched_as_if_they_were_one(small: SmallForum) -> None:
    rng = np.random.default_rng(7)
    cases = [Case(f"n{i:04}", f"case {i}", "", kind="bug") for i in range(4_500)]
    rows = rng.normal(size=(len(cases), ENCODER.dimension)).astype(np.float32)
    with small.database.write() as c:
        store.put_cases(c, small.forum.id, [(case, digest(case.text)) for case in cases])
        kept = {digest(case.text): row for case, row in zip(cases, rows, strict=True)}
        store.put_vectors(c, small.forum.id, space_of(ENCODER, TextRole.QUERY), kept)
    vector = rng.normal(size=(1, ENCODER.dimension)).astype(np.float32)
    tracemalloc.start()
    with small.database.read() as c:
        found = find_nearest(c, small.forum.id, ENCODER, vector, groups=None, most=8)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    cosines = rows @ vector[0] / np.linalg.norm(rows, axis=1) / np.linalg.norm(vector)
    assert ids(found) == [cases[i].id for i in np.argsort(-cosines)[:8]]
    assert found.compared == 4_504
    assert peak < rows.nbytes * 3
