"""A start opens a snapshot and brings it up to the store; whatever is doubtful is built anew."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.forum import THREADS
from triage import store
from triage.encode import HashingEncoder
from triage.knowledge import Builder, Knowledge, Placing, placing
from triage.records import Answer, Thread
from triage.retrieve import LocalIndex
from triage.snapshots import Shelf

from .disk import MORE, OnDisk, found, on_disk

NEW = Thread("new", "Walrus import", "How?", lang="en")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[OnDisk]:
    with on_disk(tmp_path) as world:
        yield world


class Puts:
    """Counts the threads that indexes are given while it is in force."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.threads: list[str] = []
        put = LocalIndex.put

        def counted(index: LocalIndex, threads: list[object]) -> None:
            self.threads += [t.thread_id for t in threads]  # type: ignore[attr-defined]
            put(index, threads)  # type: ignore[arg-type]

        monkeypatch.setattr(LocalIndex, "put", counted)


def test_the_first_start_writes_a_snapshot_and_the_next_one_builds_nothing(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = disk.opened()
    assert len(disk.snapshots()) == 1
    puts = Puts(monkeypatch)
    second = disk.opened()
    assert puts.threads == []
    assert second.version == first.version
    assert found(second, "consent") == found(first, "consent") == {"bank"}
    assert second.verify()
    assert second.state()["index_in"] == "folder"


def test_a_start_reads_just_what_has_changed_since(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.opened().close()
    other = disk.small.knowledge()
    other.put([NEW, replace(THREADS[1], body="It is sharp on the screen.")])
    other.remove("bank")
    puts = Puts(monkeypatch)
    started = disk.opened()
    assert sorted(puts.threads) == ["logo", "new"]
    assert found(started, "walrus") == {"new"}
    assert found(started, "sharp") == {"logo"}
    assert found(started, "consent") == set()
    assert started.index.thread_ids() == disk.kept()
    assert started.verify()


def test_a_hidden_thread_of_a_snapshot_is_hidden_after_a_start(disk: OnDisk) -> None:
    disk.opened().close()
    disk.small.knowledge().put([replace(THREADS[0], groups=frozenset({"beta"}))])
    started = disk.opened()
    assert found(started, "consent") == set()
    assert found(started, "consent", frozenset({"beta"})) == {"bank"}


def test_a_store_that_was_restored_is_agreed_with_whatever_its_revisions_say(
    disk: OnDisk, tmp_path: Path
) -> None:
    path, backup = tmp_path / "test.db", tmp_path / "backup.db"
    disk.small.database.clear_remains()
    shutil.copy(path, backup)
    knowledge = disk.small.knowledge()
    knowledge.put([NEW, replace(THREADS[1], body="What was said before the restore.")])
    before = disk.revision()
    disk.opened().close()
    disk.small.database.close()
    for left in tmp_path.glob("test.db*"):
        left.unlink()
    shutil.copy(backup, path)
    # The same number of a revision, another content.
    knowledge.put([replace(THREADS[1], body="What was said afterwards.")])
    assert disk.revision() == before
    started = disk.opened()
    assert found(started, "walrus restore") == set()
    assert found(started, "afterwards") == {"logo"}
    assert started.index.thread_ids() == disk.kept()


def test_a_store_restored_under_a_running_process_is_followed(disk: OnDisk, tmp_path: Path) -> None:
    path, backup = tmp_path / "test.db", tmp_path / "backup.db"
    disk.small.database.clear_remains()
    shutil.copy(path, backup)
    disk.small.knowledge().put([NEW])
    running = disk.opened()
    assert found(running, "walrus") == {"new"}
    disk.small.database.close()
    for left in tmp_path.glob("test.db*"):
        left.unlink()
    shutil.copy(backup, path)
    running.sync(disk.revision())
    assert found(running, "walrus") == set()
    assert running.verify()


def test_other_boilerplate_makes_a_snapshot_foreign(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.opened().close()
    at = datetime(2026, 3, 2, tzinfo=UTC)
    said = "renew the consent under bank connections"
    row = store.BoilerplateRow("line", said, "answer", None, 40, 0.5, at)
    with disk.small.database.write() as c:
        store.replace_boilerplate(c, disk.small.forum.id, [row])
        store.next_revision(c, disk.small.forum.id)
    puts = Puts(monkeypatch)
    started = disk.opened()
    assert len(puts.threads) == len(THREADS)
    assert started.boilerplate.lines == {said}


def test_another_encoder_makes_a_snapshot_foreign(disk: OnDisk) -> None:
    disk.opened().close()
    other = disk.opened(HashingEncoder(32))
    assert other.version.endswith("@hashing-32")
    assert other.verify()


def test_a_broken_snapshot_is_built_anew_and_replaced(
    disk: OnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.opened().close()
    (snapshot,) = disk.snapshots()
    marks = snapshot / "known.npy"
    content = bytearray(marks.read_bytes())
    content[-1] ^= 1
    marks.write_bytes(content)
    started = disk.opened()
    assert "snapshot_refused forum=demo snapshot=1: its file known.npy was altered" in caplog.text
    assert started.verify()
    assert found(started, "consent") == {"bank"}
    assert [p.name for p in disk.snapshots()] == ["2"]


def test_a_small_forum_is_held_in_memory_and_leaves_nothing_on_disk(
    disk: OnDisk, tmp_path: Path
) -> None:
    where = disk.small.database, disk.small.forum.id, disk.small.encoder
    knowledge = Knowledge(*where, shelf=Shelf(tmp_path / "other", "demo"))
    knowledge.sync()
    knowledge.tend()
    assert not (tmp_path / "other").exists()
    assert not knowledge.is_worn()
    assert found(knowledge, "consent") == {"bank"}
    assert knowledge.state() == {
        "index_threads": len(THREADS),
        "index_behind": 0,
        "index_in": "memory",
        "index_trouble": None,
        "snapshot_behind": None,
        "snapshot_age_seconds": None,
    }


def test_where_the_folder_cannot_be_used_it_serves_from_memory_and_says_so(
    disk: OnDisk, caplog: pytest.LogCaptureFixture
) -> None:
    disk.root.write_text("in the way")
    started = disk.opened()
    assert found(started, "consent") == {"bank"}
    state = started.state()
    assert (state["index_in"], state["index_trouble"]) == ("memory", "NotADirectoryError_20")
    assert "index_folder_unusable problem=NotADirectoryError_20" in caplog.text
    disk.small.knowledge().put([NEW])
    started.sync()
    assert found(started, "walrus") == {"new"}
    started.tend()
    assert not started.is_worn()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Have the system refuse to write more, as a full disk does."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, former[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)


def test_a_disk_that_fills_up_takes_nothing_from_what_is_found(disk: OnDisk) -> None:
    started = disk.opened()
    assert started.state()["index_in"] == "folder"
    disk.small.knowledge().put([NEW, *MORE])
    with no_file_larger_than(64):
        started.sync()
    assert started.state()["index_in"] == "memory"
    assert started.state()["index_trouble"] is not None
    assert found(started, "walrus") == {"new"}
    assert started.verify()
    # Whoever starts later opens what was whole.
    assert disk.opened().verify()


def test_a_snapshot_that_cannot_be_written_is_told_and_the_index_stands(disk: OnDisk) -> None:
    started = disk.opened()
    shutil.rmtree(disk.root)
    disk.root.write_text("in the way")
    disk.small.knowledge().put([NEW])
    started.tend()
    assert started.state()["index_trouble"] is not None
    assert found(started, "walrus") == {"new"}


def test_a_snapshot_is_written_when_much_has_changed_or_an_hour_has_passed(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = disk.opened()
    started.tend()
    assert len(disk.snapshots()) == 1
    disk.small.knowledge().put([NEW])
    started.tend()
    assert len(disk.snapshots()) == 1
    monkeypatch.setattr(placing, "SAVED_EVERY", timedelta(0))
    started.tend()
    assert len(disk.snapshots()) == 2
    started.tend()
    assert len(disk.snapshots()) == 2
    monkeypatch.undo()
    monkeypatch.setattr(placing, "_MANY", len(MORE))
    disk.small.knowledge().put(MORE)
    started.tend()
    assert [p.name for p in disk.snapshots()] == ["2", "3"]
    assert started.state()["snapshot_behind"] == 0


def test_what_was_removed_is_out_of_every_file_once_it_was_made_anew(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = disk.opened()
    assert not started.is_worn()
    started.remove("bank")
    started.sync()
    assert not started.is_worn()
    monkeypatch.setattr(placing, "LEFT_AT_MOST", timedelta(0))
    assert started.is_worn()
    made = disk.opened()
    monkeypatch.setattr(placing, "SAVED_EVERY", timedelta(0))
    made.tend()
    assert made.is_worn()
    assert _rebuilt(disk)
    # The new one alone is left, and whoever runs takes it over.
    assert len(disk.snapshots()) == 1
    for running in (started, made):
        assert not running.is_worn()
        running.tend()
        assert running.verify()
        assert found(running, "consent") == set()
        assert not running.is_worn()
    assert disk.opened().index.thread_ids() == {t.id for t in THREADS} - {"bank"}


def _rebuilt(disk: OnDisk) -> bool:
    shelf = Shelf(disk.root, "demo", fewest=1)
    builder = Builder(disk.small.database, disk.small.forum.id, disk.small.encoder, LocalIndex)
    saved = Placing(builder, shelf).rebuild()
    shelf.close()
    return saved is not None


def test_an_edited_answer_is_gone_from_the_files_too(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "LEFT_AT_MOST", timedelta(0))
    started = disk.opened()
    disk.small.knowledge().put([NEW])
    started.sync()
    assert not started.is_worn()
    answer = Answer("bank-a1", "Ask the bank for another agreement.", accepted=True)
    disk.small.knowledge().put([replace(THREADS[0], answers=(answer,))])
    started.sync()
    assert started.is_worn()


def test_after_an_erasure_no_server_writes_what_it_holds_until_it_was_made_anew(
    disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "SAVED_EVERY", timedelta(0))
    started = disk.opened()
    disk.small.knowledge().remove("bank")
    Shelf(disk.root, "demo").drop(disk.revision())
    started.tend()
    assert disk.snapshots() == []
    assert started.is_worn()
    assert _rebuilt(disk)
    started.tend()
    assert not started.is_worn()
    assert found(started, "consent") == set()
    disk.small.knowledge().put([NEW])
    started.tend()
    assert len(disk.snapshots()) == 2


def test_a_large_index_goes_on_with_its_boilerplate_until_the_other_is_made(
    disk: OnDisk,
) -> None:
    started = disk.opened()
    at = datetime(2026, 3, 2, tzinfo=UTC)
    said = "renew the consent under bank connections"
    row = store.BoilerplateRow("line", said, "answer", None, 40, 0.5, at)
    with disk.small.database.write() as c:
        store.replace_boilerplate(c, disk.small.forum.id, [row])
        store.next_revision(c, disk.small.forum.id)
    disk.small.knowledge().put([NEW])
    started.sync()
    assert found(started, "walrus") == {"new"}
    assert started.boilerplate.lines == frozenset()
    assert started.is_worn()
    assert _rebuilt(disk)
    started.tend()
    assert started.boilerplate.lines == {said}
    assert not started.is_worn()
    assert started.verify()


def test_two_processes_share_a_folder_and_neither_sees_the_others_changes_early(
    disk: OnDisk,
) -> None:
    one, two = disk.opened(), disk.opened()
    works = [p for p in (disk.root / "demo" / "work").iterdir() if p.is_dir()]
    assert len(works) == 2
    disk.small.knowledge().put([NEW])
    one.sync()
    assert (found(one, "walrus"), found(two, "walrus")) == ({"new"}, set())
    two.sync()
    assert found(two, "walrus") == {"new"}
    one.close()
    assert two.verify()
    assert found(two, "consent") == {"bank"}
    two.close()
    assert [p for p in (disk.root / "demo" / "work").iterdir() if p.is_dir()] == []


def test_a_forum_that_grows_moves_to_disk_while_it_is_served(disk: OnDisk, tmp_path: Path) -> None:
    where = disk.small.database, disk.small.forum.id, disk.small.encoder
    grown = Knowledge(*where, shelf=Shelf(disk.root, "demo", fewest=10))
    grown.sync()
    assert grown.state()["index_in"] == "memory"
    assert not grown.is_worn()
    disk.small.knowledge().put(MORE)
    grown.sync()
    assert grown.is_worn()
    assert _rebuilt(disk)
    grown.tend()
    assert grown.state()["index_in"] == "folder"
    assert grown.verify()
    assert not grown.is_worn()
