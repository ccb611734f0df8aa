"""Killed at any moment, a process leaves what the next one opens and brings up to the store."""

import multiprocessing
import os
import random
import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.forum import THREADS
from triage import store
from triage.encode import HashingEncoder, TextRole
from triage.knowledge import Knowledge, placing
from triage.records import Answer, Hit, Thread
from triage.retrieve import Search
from triage.snapshots import Shelf

from .disk import OnDisk, on_disk

_ROUNDS = 6
_WORDS = ("walrus", "consent", "import", "blurry", "agreement", "screen", "footer", "period")


def _thread(draw: random.Random) -> Thread:
    said = " ".join(draw.choices(_WORDS, k=6))
    answer = Answer("a", " ".join(draw.choices(_WORDS, k=8)), accepted=True)
    groups = frozenset({"beta"}) if draw.random() < 0.2 else frozenset()
    name = f"t{draw.randrange(40)}"
    return Thread(name, said, said[::-1], (answer,), solved=True, lang="en", groups=groups)


def _work(folder: str, seed: int) -> None:
    """Change threads and write snapshots until killed."""
    placing.SAVED_EVERY = timedelta(0)
    draw = random.Random(seed)
    root = Path(folder)
    database = store.Database(store.sqlite_url(root / "test.db"))
    with database.read() as c:
        forum = store.get_forum(c, "demo")
    shelf = Shelf(root / "index", "demo", fewest=1)
    knowledge = Knowledge(database, forum.id, HashingEncoder(), shelf=shelf)
    while True:
        knowledge.put([_thread(draw) for _ in range(draw.randrange(1, 6))])
        if draw.random() < 0.5:
            knowledge.remove(f"t{draw.randrange(40)}")
        knowledge.sync()
        if draw.random() < 0.7:
            knowledge.tend()


def _evidence(knowledge: Knowledge, words: str) -> dict[str, tuple[object, ...]]:
    vector = HashingEncoder().encode([words], TextRole.QUERY)[0]
    among = knowledge.index.thread_ids()
    search = Search(words, "en", vector, frozenset({"beta"}), among=among)
    return {hit.thread_id: _rounded(hit) for hit in knowledge.index.search(search)}


def _rounded(hit: Hit) -> tuple[object, ...]:
    """Return what is the same however an index came about; BM25 counts what is gone, too."""
    found = (hit.similarity_title, hit.similarity_question, hit.similarity_answer)
    # Rows are kept in half the precision.
    return (*(None if one is None else round(one, 2) for one in found), hit.answer_id)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_moment_the_index_agrees_with_the_store(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    with on_disk(tmp_path, THREADS) as disk:
        disk.opened().close()
        context = multiprocessing.get_context("spawn")
        for n in range(_ROUNDS):
            process = context.Process(target=_work, args=(str(tmp_path), 10 * seed + n))
            before = disk.revision()
            process.start()
            _wait_for_work(disk, before)
            time.sleep(draw.random() * 0.5)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            _check(disk)
        assert disk.snapshots()


def _wait_for_work(disk: OnDisk, before: int) -> None:
    deadline = time.monotonic() + 120
    while disk.revision() < before + 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _check(disk: OnDisk) -> None:
    started, fresh = disk.opened(), disk.small.knowledge()
    fresh.sync()
    assert started.index.thread_ids() == disk.kept()
    assert started.state()["index_in"] == "folder"
    assert started.verify()
    for words in ("walrus import", "agreement of the bank"):
        assert _evidence(started, words) == _evidence(fresh, words)
    started.close()
