"""Rows that are only appended: in memory and in files alike."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.retrieve.pieces import Pieces, Shape

WIDE = Shape("rows", "<i2", 3, 4)
FLAT = Shape("said", "u1", 0, 4)


def rows(first: int, count: int) -> np.ndarray:
    return np.arange(first * 3, (first + count) * 3, dtype=np.int16).reshape(count, 3)


@settings(max_examples=40, deadline=None)
@given(sizes=st.lists(st.integers(0, 9), min_size=1, max_size=8), data=st.data())
def test_rows_are_read_as_they_were_appended(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], data: st.DataObject
) -> None:
    memory, mapped = Pieces(WIDE), Pieces(WIDE, tmp_path_factory.mktemp("rows"))
    for size in sizes:
        first = len(memory)
        assert memory.append(rows(first, size)) == first
        assert mapped.append(rows(first, size)) == first
    count = len(memory)
    assert count == len(mapped) == sum(sizes)
    if not count:
        return
    asked = np.array(data.draw(st.lists(st.integers(0, count - 1), max_size=20)), dtype=np.int64)
    first, last = sorted(data.draw(st.tuples(st.integers(0, count), st.integers(0, count))))
    for pieces in (memory, mapped):
        assert (pieces.take(asked) == rows(0, count)[asked]).all()
        assert (pieces.between(first, last) == rows(0, count)[first:last]).all()


def test_a_snapshot_stays_as_it_is_while_the_rows_go_on(tmp_path: Path) -> None:
    work, snapshot, other = (tmp_path / name for name in ("work", "snapshot", "other"))
    for folder in (work, snapshot, other):
        folder.mkdir()
    pieces = Pieces(WIDE, work)
    pieces.append(rows(0, 10))
    pieces.save(snapshot)
    before = {p.name: p.read_bytes() for p in snapshot.iterdir()}
    pieces.append(rows(10, 7))
    pieces.blank(np.array([1, 9, 11]))
    opened = Pieces.open(WIDE, 10, snapshot, other)
    opened.blank(np.array([0, 8]))
    opened.append(rows(50, 5))
    assert {p.name: p.read_bytes() for p in snapshot.iterdir()} == before
    expected = rows(0, 17)
    expected[[1, 9, 11]] = 0
    assert (pieces.between(0, 17) == expected).all()
    expected = np.concatenate([rows(0, 10), rows(50, 5)])
    expected[[0, 8]] = 0
    assert (opened.between(0, 15) == expected).all()


def test_full_pieces_are_shared_and_the_last_is_not(tmp_path: Path) -> None:
    work, snapshot = tmp_path / "work", tmp_path / "snapshot"
    work.mkdir()
    snapshot.mkdir()
    pieces = Pieces(FLAT, work)
    pieces.append(np.arange(10, dtype=np.uint8))
    pieces.save(snapshot)
    links = [path.stat().st_nlink for path in sorted(snapshot.iterdir())]
    assert links == [2, 2, 1]


def test_files_that_are_too_short_are_refused(tmp_path: Path) -> None:
    work, snapshot, other = (tmp_path / name for name in ("work", "snapshot", "other"))
    for folder in (work, snapshot, other):
        folder.mkdir()
    pieces = Pieces(FLAT, work)
    pieces.append(np.arange(6, dtype=np.uint8))
    pieces.save(snapshot)
    with pytest.raises(ValueError, match="rows"):
        Pieces.open(FLAT, 7, snapshot, other)
    with pytest.raises(OSError, match="said"):
        Pieces.open(FLAT, 9, snapshot, other)


def test_rows_in_memory_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="memory"):
        Pieces(FLAT).save(tmp_path)


def test_rows_of_the_last_piece_can_be_cut_off_again() -> None:
    pieces = Pieces(WIDE)
    pieces.append(rows(0, 6))
    pieces.cut(5)
    assert pieces.append(rows(70, 1)) == 5
    assert (pieces.take(np.array([5])) == rows(70, 1)).all()
    with pytest.raises(ValueError, match="last piece"):
        pieces.cut(3)


def test_what_was_let_go_of_is_read_again(tmp_path: Path) -> None:
    pieces = Pieces(WIDE, tmp_path)
    pieces.append(rows(0, 9))
    pieces.let_go()
    assert (pieces.between(0, 9) == rows(0, 9)).all()
