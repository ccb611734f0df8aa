"""Nearest rows: exact while there are few, proposed by codes and compared exactly above."""

from pathlib import Path

import numpy as np
import pytest

from triage.errors import IndexMismatch
from triage.retrieve import dense
from triage.retrieve.base import Vectors
from triage.retrieve.dense import DenseSide
from triage.retrieve.sight import Sight

DIMENSION = 64


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "EXACT_UNITS", 500)


@pytest.fixture(params=[10_000, 700], ids=["one list", "lists"])
def _list_units(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "_ONE_LIST_UNITS", request.param)
    monkeypatch.setattr(dense, "_LIST_ROWS", 100)


def rows(count: int, seed: int = 1) -> Vectors:
    """Rows about some centres, as texts about some topics are."""
    luck = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((20, DIMENSION))
    made = centres[luck.integers(0, 20, count)] + 0.8 * luck.standard_normal((count, DIMENSION))
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def filled(vectors: Vectors, folder: Path | None = None) -> DenseSide:
    side = DenseSide(DIMENSION, folder)
    side.append(0, vectors)
    side.admit(len(vectors))
    if side.outgrown:
        side.adopt(side.learn())
    return side


def sight_of(seen: np.ndarray) -> Sight:
    return Sight(np.packbits(seen, bitorder="little"), len(seen), int(seen.sum()))


def best(vectors: Vectors, vector: np.ndarray, seen: np.ndarray, k: int) -> set[int]:
    order = np.argsort(-np.where(seen, vectors @ vector, -9), kind="stable")
    return set(order[: min(k, int(seen.sum()))].tolist())


def test_few_rows_are_all_compared() -> None:
    vectors = rows(400)
    side = filled(vectors)
    assert not side.outgrown
    seen = np.arange(400) % 3 > 0
    for asked in rows(20, seed=2):
        found = side.nearest(asked, 30, sight_of(seen))
        assert set(found.tolist()) == best(vectors, asked, seen, 30)
        assert (np.diff(side.similarities(asked, found)) <= 0).all()


@pytest.mark.usefixtures("_list_units")
def test_codes_find_nearly_all_that_comparing_everything_finds() -> None:
    vectors, asked = rows(4000), rows(60, seed=2)
    side, seen = filled(vectors), np.ones(4000, dtype=bool)
    found = [set(side.nearest(a, 10, sight_of(seen)).tolist()) for a in asked]
    shares = [len(f & best(vectors, a, seen, 10)) / 10 for f, a in zip(found, asked, strict=True)]
    assert np.mean(shares) >= 0.98


@pytest.mark.usefixtures("_list_units")
@pytest.mark.parametrize("share", [0.9, 0.3, 0.01, 0.001, 0.0])
def test_only_what_is_seen_is_found_and_never_too_little(share: float) -> None:
    vectors = rows(4000)
    side = filled(vectors)
    seen = np.random.default_rng(3).random(4000) < share
    for asked in rows(20, seed=4):
        found = side.nearest(asked, 50, sight_of(seen))
        assert seen[found].all()
        assert len(set(found.tolist())) == min(50, seen.sum())


@pytest.mark.usefixtures("_list_units")
def test_rows_that_came_after_the_codes_were_learnt_are_found() -> None:
    vectors = rows(1200)
    side = filled(vectors[:1000])
    side.append(1000, vectors[1000:])
    before = sight_of(np.arange(1200) < 1000)
    assert all(n < 1000 for n in side.nearest(vectors[1100], 20, before))
    side.admit(1200)
    everything = sight_of(np.ones(1200, dtype=bool))
    for number in range(1000, 1200, 20):
        assert side.nearest(vectors[number], 1, everything).tolist() == [number]


@pytest.mark.usefixtures("_list_units")
def test_rows_that_came_while_codes_were_learnt_are_found() -> None:
    vectors = rows(1200)
    side = DenseSide(DIMENSION)
    side.append(0, vectors[:1000])
    side.admit(1000)
    learnt = side.learn()
    side.append(1000, vectors[1000:])
    side.admit(1200)
    side.adopt(learnt)
    everything = sight_of(np.ones(1200, dtype=bool))
    assert side.nearest(vectors[1150], 1, everything).tolist() == [1150]


def test_codes_are_learnt_anew_when_the_rows_have_grown_fourfold() -> None:
    vectors = rows(3000)
    side = filled(vectors[:600])
    side.append(600, vectors[600:2400])
    side.admit(2400)
    assert not side.outgrown
    side.append(2400, vectors[2400:])
    side.admit(3000)
    assert side.outgrown


def test_lists_are_learnt_when_one_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    side = filled(rows(2000))
    assert not side.outgrown
    monkeypatch.setattr(dense, "_ONE_LIST_UNITS", 1500)
    monkeypatch.setattr(dense, "_LIST_ROWS", 500)
    assert side.outgrown
    side.adopt(side.learn())
    assert not side.outgrown


@pytest.mark.usefixtures("_list_units")
@pytest.mark.parametrize("count", [300, 2000])
def test_a_copy_that_was_opened_finds_the_same(tmp_path: Path, count: int) -> None:
    work, snapshot, other = (tmp_path / name for name in ("work", "snapshot", "other"))
    for folder in (work, snapshot, other):
        folder.mkdir()
    side = filled(rows(count), work)
    opened = DenseSide.open(DIMENSION, side.save(snapshot), snapshot, other)
    for each in (side, opened):
        each.append(count, rows(50, seed=5))
        each.admit(count + 50)
    seen = sight_of(np.ones(count + 50, dtype=bool))
    for asked in rows(20, seed=6):
        found = side.nearest(asked, 40, seen)
        assert (opened.nearest(asked, 40, seen) == found).all()
        assert (opened.similarities(asked, found) == side.similarities(asked, found)).all()


def test_codes_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    work, snapshot, other = (tmp_path / name for name in ("work", "snapshot", "other"))
    for folder in (work, snapshot, other):
        folder.mkdir()
    told = filled(rows(1000), work).save(snapshot)
    (snapshot / "codes.faiss").write_bytes(b"no codes")
    with pytest.raises(ValueError, match="codes"):
        DenseSide.open(DIMENSION, told, snapshot, other)


def test_cosines_are_those_of_the_vectors_within_the_stored_precision() -> None:
    vectors = rows(300)
    side = filled(vectors)
    asked = rows(1, seed=7)[0]
    found = side.similarities(asked, np.arange(300))
    assert np.abs(found - vectors @ asked).max() < 5e-5
    assert side.similarities(asked, np.empty(0, dtype=np.int64)).shape == (0,)


def test_rows_that_were_let_go_of_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = rows(1000)
    side, seen = filled(vectors, tmp_path), sight_of(np.ones(1000, dtype=bool))
    asked = rows(1, seed=8)[0]
    before = side.nearest(asked, 50, seen)
    monkeypatch.setattr(dense, "_MAPPED_BYTES", 1000)
    for _ in range(3):
        assert (side.nearest(asked, 50, seen) == before).all()


def test_rows_of_another_dimension_are_refused() -> None:
    with pytest.raises(IndexMismatch):
        DenseSide(DIMENSION).append(0, np.zeros((1, 32), dtype=np.float32))
