"""Moving questions: unit rows in, unit rows out; a file that is no map is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.adapt import Adaptation, load_adaptation, save_adaptation
from triage.errors import BadFile, IndexMismatch


def made(seed: int = 0, dimension: int = 8, rank: int = 2) -> Adaptation:
    rng = np.random.default_rng(seed)
    down = rng.normal(size=(rank, dimension)).astype(np.float32)
    up = rng.normal(size=(dimension, rank)).astype(np.float32)
    return Adaptation(down, up, "hashing-8", "a test", known=True, foreign=False)


def rows(seed: int, n: int = 5, dimension: int = 8) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(n, dimension)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@given(st.integers(0, 1000))
def test_moved_rows_are_finite_and_of_length_one(seed: int) -> None:
    moved = made(seed).apply(rows(seed + 1))
    assert moved.dtype == np.float32
    assert np.allclose(np.linalg.norm(moved, axis=1), 1.0, atol=1e-5)


def test_a_row_moves_as_the_factors_say() -> None:
    down, up = np.zeros((1, 3), np.float32), np.zeros((3, 1), np.float32)
    down[0, 0] = up[1, 0] = 1.0
    moved = Adaptation(down, up, "e", "").apply(np.eye(3, dtype=np.float32))
    assert np.allclose(moved[0], [0.5**0.5, 0.5**0.5, 0])
    assert np.array_equal(moved[1:], np.eye(3, dtype=np.float32)[1:])


def test_a_row_that_would_vanish_stays() -> None:
    down, up = np.zeros((1, 2), np.float32), np.zeros((2, 1), np.float32)
    down[0, 0], up[0, 0] = 1.0, -1.0
    row = np.array([[1.0, 0.0]], dtype=np.float32)
    assert np.array_equal(Adaptation(down, up, "e", "").apply(row), row)


def test_rows_of_another_encoder_are_refused() -> None:
    with pytest.raises(IndexMismatch):
        made().apply(rows(0, dimension=9))


def test_an_adaptation_survives_its_file(tmp_path: Path) -> None:
    before = made()
    save_adaptation(before, tmp_path / "a.npz")
    after = load_adaptation(tmp_path / "a.npz")
    assert np.array_equal(after.apply(rows(1)), before.apply(rows(1)))
    assert (after.encoder_id, after.fitted_on) == (before.encoder_id, before.fitted_on)
    assert (after.moves(True), after.moves(False)) == (True, False)


ABOUT = json.dumps({"encoder_id": "e", "fitted_on": "", "known": True, "foreign": True})
MAP = {"down": np.ones((2, 8), np.float32), "up": np.ones((8, 2), np.float32)}


@pytest.mark.parametrize(
    "other",
    [
        {"up": np.ones((7, 2), np.float32)},
        {"up": np.ones(16, np.float32)},
        {"down": np.ones((2, 8), np.float64)},
        {"down": np.full((2, 8), np.nan, np.float32)},
        {"up": np.full((8, 2), np.inf, np.float32)},
        {"down": np.empty((0, 8), np.float32), "up": np.empty((8, 0), np.float32)},
        {"about": "{}"},
        {"about": "no json"},
        {"down": np.array([{"an": "object"}], dtype=object)},
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, other: dict[str, np.ndarray]) -> None:
    np.savez(tmp_path / "a.npz", **{**MAP, "about": np.asarray(ABOUT), **other})
    with pytest.raises(BadFile):
        load_adaptation(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(BadFile):
        load_adaptation(tmp_path / "a.npz")


def test_a_lone_array_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "lone.npy", np.ones(3))
    for path in (tmp_path / "lone.npy", tmp_path / "missing.npz"):
        with pytest.raises(BadFile):
            load_adaptation(path)
