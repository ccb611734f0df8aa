"""The local engine in a folder: saved, opened, shared between threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.retrieve.threads import asking, thread
from triage.retrieve import LocalIndex, dense

PARTNERS = frozenset({"partners"})


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    made = tuple(tmp_path / name for name in ("work", "snapshot", "other"))
    for folder in made:
        folder.mkdir()
    return made  # type: ignore[return-value]


def lived(index: LocalIndex) -> LocalIndex:
    """Give an index a history: threads that were put, replaced, hidden and removed."""
    index.put([thread(n, 3, PARTNERS if n % 5 == 0 else frozenset()) for n in range(60)])
    index.put([thread(n, 2, seed=n + 500, identifiers=frozenset({f"kv-{n}"})) for n in range(9)])
    index.put([thread("bare", 0), thread("ä ö 漢", 2, qualities={"ä ö 漢-a1": 0.123456789})])
    index.remove([str(n) for n in range(40, 50)])
    return index


@pytest.mark.parametrize("few", [20_000, 50])
def test_a_copy_that_was_opened_answers_to_the_last_bit_like_the_one_saved(
    folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(dense, "EXACT_UNITS", few)
    work, snapshot, other = folders
    index = lived(LocalIndex(64, work))
    index.save(snapshot)
    opened = LocalIndex.open(snapshot, other)
    assert opened.dimension == 64
    assert len(opened) == len(index) == 52
    assert opened.thread_ids() == index.thread_ids()
    for step in range(3):
        for seed in range(12):
            for groups in (frozenset(), PARTNERS):
                asked = asking(seed, groups=groups, limit=20, identifiers=frozenset({"kv-3"}))
                assert opened.search(asked) == index.search(asked)
        for each in (opened, index):
            each.put([thread(f"new{step}", 3), thread(step, 1, PARTNERS)])
            each.remove([str(20 + step)])
    opened.close()
    index.close()


def test_a_snapshot_is_never_written_to(folders: tuple[Path, Path, Path]) -> None:
    work, snapshot, other = folders
    index = lived(LocalIndex(64, work))
    index.save(snapshot)
    before = {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()}
    opened = LocalIndex.open(snapshot, other)
    for each in (opened, index):
        each.put([thread(f"later{n}", 3) for n in range(20)])
        each.remove([str(n) for n in range(20)])
    again = other.parent / "again"
    again.mkdir()
    opened.save(again)
    assert {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()} == before


def test_a_snapshot_has_neither_vectors_nor_ids_of_what_is_gone(
    folders: tuple[Path, Path, Path],
) -> None:
    work, snapshot, _ = folders
    index = LocalIndex(64, work)
    index.put([thread("kept", 2), thread("erased-one", 2, identifiers=frozenset({"kv-777"}))])
    index.remove(["erased-one"])
    index.save(snapshot)
    files = {p: p.read_bytes() for p in snapshot.rglob("*") if p.is_file()}
    assert any(b"kept" in content for content in files.values())
    assert not [
        p for p, content in files.items() if b"erased-one" in content or b"kv-777" in content
    ]
    stored = files[snapshot / "dense" / "rows-00000.bin"]
    assert len(stored) == 4 * 64 * 2
    assert any(stored[: 2 * 128])
    assert not any(stored[2 * 128 :])
    assert {h.thread_id for h in index.search(asking(1))} == {"kept"}
    index.put([thread("erased-one", 2)])
    assert index.holds("erased-one")


def test_an_index_in_memory_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="memory"):
        LocalIndex(64).save(tmp_path)


def test_what_is_no_snapshot_is_refused(folders: tuple[Path, Path, Path]) -> None:
    work, snapshot, other = folders
    with pytest.raises(OSError, match="local"):
        LocalIndex.open(snapshot, other)
    (snapshot / "local.json").write_text('{"format": 0}', encoding="utf-8")
    with pytest.raises(ValueError, match="format"):
        LocalIndex.open(snapshot, work)


def test_what_was_replaced_wears_an_index_out() -> None:
    index = LocalIndex(64)
    for _ in range(3):
        index.put([thread(n, 3) for n in range(400)])
        fresh = index.worn
    assert fresh
    assert len(index) == 400
    assert not LocalIndex(64).worn


def test_searches_see_a_thread_whole_while_it_is_replaced() -> None:
    """A thread is open or the partners' in turn: nobody else may ever be shown the latter."""
    index, stop = LocalIndex(64), threading.Event()
    index.put([thread(n, 2) for n in range(20)])
    open_to_all, partners_only = (
        thread("turning", 2, seed=1),
        thread("turning", 3, PARTNERS, seed=2),
    )

    def look(seed: int) -> int:
        rounds = 0
        while not stop.is_set():
            for hit in index.search(asking(seed, limit=50)):
                # The partners' one has a second answer, the open one has not.
                assert not (hit.thread_id == "turning" and hit.answer_id == "turning-a2")
            assert {h.thread_id for h in index.search(asking(seed, limit=50))} >= {"1", "2"}
            rounds += 1
        return rounds

    with ThreadPoolExecutor(3) as pool:
        looking = [pool.submit(look, seed) for seed in range(3)]
        for _ in range(25):
            index.put([open_to_all])
            index.put([partners_only])
            index.remove(["turning"])
        stop.set()
        assert all(f.result(30) > 0 for f in looking)
