"""An erasure takes what the index has on disk, and nobody writes it again with those words."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from triage import store
from triage.knowledge import Knowledge
from triage.privacy import Eraser, catch_up
from triage.snapshots import Shelf

from .conftest import ANNA, Full


def _eraser(full: Full) -> Eraser:
    return replace(full.eraser, index_dir=full.folder / "index")


def _opened(full: Full) -> Knowledge:
    small = full.small
    shelf = Shelf(full.folder / "index", small.forum.name, fewest=1)
    knowledge = Knowledge(small.database, small.forum.id, small.encoder, shelf=shelf)
    knowledge.sync()
    return knowledge


def _snapshots(full: Full) -> list[Path]:
    return [p for p in (full.folder / "index" / "demo").iterdir() if p.name.isdecimal()]


def _erase(full: Full, eraser: Eraser) -> store.ErasureRow:
    return replace(full, eraser=eraser).erase()


def test_an_erasure_leaves_no_snapshot_and_no_server_writes_one_with_the_words(full: Full) -> None:
    running = _opened(full)
    assert _snapshots(full)
    row = _erase(full, _eraser(full))
    assert row.done_at is not None
    assert _snapshots(full) == []
    running.tend()
    assert _snapshots(full) == []
    assert running.is_worn()
    running.close()
    started = _opened(full)
    # Made from the store alone, which has nothing of them any more.
    assert len(_snapshots(full)) == 1
    assert not started.is_worn()
    assert started.verify()
    started.close()


def test_who_wrote_no_thread_leaves_the_snapshots_alone(full: Full) -> None:
    _erase(full, _eraser(full))
    _opened(full).close()
    before = _snapshots(full)
    assert len(before) == 1
    _erase(full, _eraser(full))
    assert _snapshots(full) == before


def test_a_folder_that_cannot_be_cleared_keeps_the_erasure_unfinished(full: Full) -> None:
    _opened(full).close()
    mark = full.folder / "index" / "demo" / "outdated.json"
    mark.mkdir()
    row = _erase(full, _eraser(full))
    assert row.done_at is None
    assert (row.receipt or {})["proof"]["files"] == ["index"]
    mark.rmdir()
    e = _eraser(full)
    assert catch_up(e.database, e.log, e.signer, e.models_dir, e.index_dir) == 1
    assert _snapshots(full) == []
    with full.small.database.read() as c:
        (found,) = store.list_erasures(c, full.small.forum.id)
    assert found.done_at is not None


def test_a_restored_store_repeats_an_erasure_and_takes_the_snapshots_too(full: Full) -> None:
    _opened(full).close()
    e = _eraser(full)
    with full.small.database.write() as c:
        store.begin_erasure(c, e.forum.id, store.ErasureRow("e1", ANNA, datetime.now(UTC), False))
    assert catch_up(e.database, e.log, e.signer, e.models_dir, e.index_dir) == 1
    assert _snapshots(full) == []
