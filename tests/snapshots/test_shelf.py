"""A snapshot is opened only if it is whole, made alike, and free of what must be gone."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from triage.records import Unit, UnitKind
from triage.retrieve import IndexedThread, LocalIndex, Search
from triage.snapshots import Manifest, Shelf, made_with
from triage.snapshots.areas import Area
from triage.snapshots.known import are_known, marks_of

MADE = made_with("tiny", 4, "none")
WORDS = ("walrus import", "consent of the bank", "blurry logo")


def row(place: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    vector = np.zeros((1, 4), dtype=np.float32)
    vector[0, place % 4] = 1.0
    return vector


def filled(index: LocalIndex) -> LocalIndex:
    index.put(
        [
            IndexedThread(f"t{n}", (Unit(UnitKind.TITLE, words),), row(n), "en")
            for n, words in enumerate(WORDS)
        ]
    )
    return index


def manifest(revision: int = 3, built: int = 1) -> Manifest:
    return Manifest(MADE, revision, built, None, datetime.now(UTC), len(WORDS), {})


THREADS = [(f"t{n}", f"digest{n}") for n in range(len(WORDS))]


def written(shelf: Shelf, revision: int = 3, built: int = 1) -> Path:
    index, folder = shelf.empty(4)
    saved = shelf.write(filled(index).save, manifest(revision, built), THREADS)
    assert saved is not None
    index.close()
    shelf.let_go(folder)
    return max(snapshots(folder.parents[2]), key=lambda path: int(path.name))


def snapshots(forum: Path) -> list[Path]:
    return sorted(path for path in forum.iterdir() if path.name.isdecimal())


def found(index: LocalIndex, words: str) -> set[str]:
    return {h.thread_id for h in index.search(Search(words, "en", None)) if h.words}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, "demo")


def test_what_was_written_is_opened_and_found(shelf: Shelf) -> None:
    written(shelf)
    opened = shelf.open(MADE)
    assert opened is not None
    assert (opened.manifest.revision, opened.manifest.built) == (3, 1)
    assert found(opened.index, "walrus") == {"t0"}
    (hit, *_) = opened.index.search(Search("", "en", row(2)[0]))
    assert hit.thread_id == "t2"
    assert are_known(opened.known, marks_of(THREADS)).all()
    assert not are_known(opened.known, marks_of([("t0", "digest1"), ("t9", "digest0")])).any()
    opened.index.close()


def test_what_is_opened_never_changes_the_snapshot(shelf: Shelf) -> None:
    snapshot = written(shelf)
    before = {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()}
    opened = shelf.open(MADE)
    assert opened is not None
    opened.index.remove(["t0"])
    filled(opened.index)
    for n in range(40):
        many = [
            IndexedThread(f"m{n}-{i}", (Unit(UnitKind.TITLE, f"more {n} {i}"),), row(i), "en")
            for i in range(20)
        ]
        opened.index.put(many)
    opened.index.close()
    assert {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()} == before
    assert shelf.open(MADE) is not None


def flip(path: Path) -> None:
    """Change one bit in the middle, in a file of its own: others may share its bytes."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_one_flipped_bit_in_any_file_is_seen(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    snapshot = written(shelf)
    files = [p for p in snapshot.rglob("*") if p.is_file() and p.stat().st_size]
    assert {"manifest.json", "known.npy"} <= {p.name for p in files}
    assert len(files) > 5
    for path in files:
        whole = path.read_bytes()
        flip(path)
        caplog.clear()
        assert shelf.open(MADE) is None, path
        assert "snapshot_refused forum=demo snapshot=1: " in caplog.text
        path.write_bytes(whole)
    opened = shelf.open(MADE)
    assert opened is not None
    opened.index.close()


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_file_that_is_missing_or_cut_short_is_seen(
    shelf: Shelf, change: Callable[[Path], object]
) -> None:
    snapshot = written(shelf)
    for path in [p for p in snapshot.rglob("*") if p.is_file() and p.stat().st_size]:
        whole = path.read_bytes()
        change(path)
        assert shelf.open(MADE) is None, path
        path.unlink(missing_ok=True)
        path.write_bytes(whole)


def test_a_file_that_was_added_is_seen(shelf: Shelf) -> None:
    (written(shelf) / "index" / "more").write_text("x")
    assert shelf.open(MADE) is None


def test_the_newest_is_opened_and_the_one_before_when_that_is_broken(shelf: Shelf) -> None:
    written(shelf, revision=3)
    newest = written(shelf, revision=9)
    opened = shelf.open(MADE)
    assert opened is not None
    assert opened.manifest.revision == 9
    flip(newest / "known.npy")
    opened = shelf.open(MADE)
    assert opened is not None
    assert opened.manifest.revision == 3


def test_two_are_kept_and_broken_ones_do_not_count(shelf: Shelf, tmp_path: Path) -> None:
    for revision in (1, 2, 3):
        written(shelf, revision)
    assert [p.name for p in snapshots(tmp_path / "demo")] == ["2", "3"]
    (tmp_path / "demo" / "3" / "manifest.json").write_text("{}")
    written(shelf, 4)
    assert [p.name for p in snapshots(tmp_path / "demo")] == ["2", "4"]


def test_one_made_from_nothing_ends_those_that_were_made_before(
    shelf: Shelf, tmp_path: Path
) -> None:
    written(shelf, 3, built=1)
    written(shelf, 8, built=8)
    assert [p.name for p in snapshots(tmp_path / "demo")] == ["2"]


@pytest.mark.parametrize(
    "other",
    [
        made_with("other", 4, "none"),
        made_with("tiny", 5, "none"),
        made_with("tiny", 4, "lines"),
        replace(MADE, versions={**MADE.versions, "triage": "0"}),
    ],
)
def test_one_made_with_something_else_is_foreign(
    shelf: Shelf, other: object, caplog: pytest.LogCaptureFixture
) -> None:
    written(shelf)
    assert shelf.open(other) is None  # type: ignore[arg-type]
    assert "made with another" in caplog.text


def test_one_of_another_format_is_refused(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    written(shelf)
    monkeypatch.setattr("triage.snapshots.manifest.FORMAT", 2)
    assert shelf.open(MADE) is None


def test_after_a_drop_nothing_made_before_is_opened_or_written(
    shelf: Shelf, tmp_path: Path
) -> None:
    written(shelf, revision=3, built=1)
    shelf.drop(5)
    assert snapshots(tmp_path / "demo") == []
    assert shelf.newest() is None
    index, _ = shelf.empty(4)
    filled(index)
    assert shelf.write(index.save, manifest(9, built=4), THREADS) is None
    assert shelf.open(MADE) is None
    assert shelf.write(index.save, manifest(9, built=5), THREADS) is not None
    assert shelf.open(MADE) is not None
    shelf.drop(3)
    assert shelf.outdated() == 5


def test_a_forum_that_has_nothing_on_disk_drops_nothing(shelf: Shelf, tmp_path: Path) -> None:
    shelf.drop(5)
    assert list(tmp_path.iterdir()) == []


def _live(works: str, said: "multiprocessing.queues.Queue[str]") -> None:
    area = Area(Path(works))
    (area.folder() / "file").write_text("mine")
    said.put(str(area.path))
    time.sleep(60)


def test_what_a_killed_process_left_is_removed_and_what_a_live_one_has_is_not(
    tmp_path: Path,
) -> None:
    context = multiprocessing.get_context("spawn")
    said = context.Queue()
    process = context.Process(target=_live, args=(str(tmp_path), said))
    process.start()
    theirs = Path(said.get(timeout=60))
    mine = Area(tmp_path)
    assert (theirs / "1" / "file").read_text() == "mine"
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert theirs.exists()
    another = Area(tmp_path)
    assert not theirs.exists()
    assert mine.path.exists()
    mine.close()
    assert not mine.path.exists()
    another.close()


def test_an_area_that_nobody_closes_goes_with_its_owner(tmp_path: Path) -> None:
    path = Area(tmp_path).path
    assert not path.exists()


def test_a_folder_that_cannot_be_made_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        Shelf(tmp_path / "file", "demo").empty(4)


def test_a_mark_that_cannot_be_read_opens_nothing(shelf: Shelf, tmp_path: Path) -> None:
    written(shelf)
    (tmp_path / "demo" / "outdated.json").write_text(json.dumps({"after": 1}))
    with pytest.raises(OSError, match="outdated"):
        shelf.open(MADE)


def test_a_snapshot_is_there_whole_or_not_at_all(shelf: Shelf, tmp_path: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").write_text("x")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        shelf.write(fails, manifest(), THREADS)
    assert snapshots(tmp_path / "demo") == []
    assert not list((tmp_path / "demo" / "work").rglob("half"))
