"""Threads in store and index stay in step, whoever writes."""

import multiprocessing
import os
import signal
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tests.forum import THREADS, small_forum
from triage import store
from triage.encode import HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.knowledge import Knowledge
from triage.records import Answer, Hit, Thread
from triage.retrieve import Search
from triage.text import NOTHING, Boilerplate

# A segment's source, its product, and how many texts have it.
ROW = ("answer", None, 40, 0.5)


class CountingEncoder(HashingEncoder):
    """The hashing encoder, with a count of what it was given."""

    def __init__(self) -> None:
        super().__init__(64)
        self.texts: list[str] = []

    def encode(self, texts: list[str], role: TextRole) -> Vectors:  # type: ignore[override]
        self.texts += texts
        return super().encode(texts, role)


def found(knowledge: Knowledge, words: str) -> set[str]:
    hits = knowledge.index.search(Search(words, "en", None))
    return {h.thread_id for h in hits if (h.words or 0) > 0}


def test_what_was_put_is_found_after_a_restart(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        knowledge = small.knowledge()
        knowledge.sync()
        assert "bank" in found(knowledge, "consent")
        assert knowledge.index.thread_ids() == {t.id for t in THREADS}


def test_nothing_is_encoded_twice(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    with small_forum(tmp_path, encoder=encoder) as small:
        first = len(encoder.texts)
        assert first == len(set(encoder.texts))
        counts = small.knowledge().put(THREADS)
        assert (counts.created, counts.updated, counts.unchanged) == (0, 0, len(THREADS))
        small.knowledge().sync()
        assert len(encoder.texts) == first
        changed = replace(THREADS[0], body="Another text altogether.")
        small.knowledge().put([changed])
        assert encoder.texts[first:] == [f"{changed.title}\n{changed.body}"]


class SpellingEncoder(HashingEncoder):
    """The hashing encoder, which reads the role as a word of the text."""

    def encode(self, texts: list[str], role: TextRole) -> Vectors:  # type: ignore[override]
        return super().encode([f"{role} {text}" for text in texts], role)


def test_a_threads_question_is_encoded_as_a_draft_is(tmp_path: Path) -> None:
    encoder = SpellingEncoder(256)
    answers = (Answer("a", "Renew the consent in the bank's settings."),)
    thread = Thread("t", "Bank feed", "Nothing has come in since Monday.", answers, lang="en")
    with small_forum(tmp_path, encoder=encoder) as small:
        small.knowledge().put([thread])
        knowledge = small.knowledge()
        knowledge.sync()

        def nearest(text: str, role: TextRole) -> Hit:
            vector = encoder.encode([text], role)[0]
            among = frozenset({"t"})
            (hit,) = knowledge.index.search(Search("", "en", vector, among=among))
            return hit

        asked = nearest(f"{thread.title}\n{thread.body}", TextRole.QUERY)
        # Rows are kept in half the precision.
        assert np.isclose(asked.similarity_question or 0.0, 1.0, atol=1e-3)
        titled = nearest(thread.title, TextRole.PASSAGE)
        assert np.isclose(titled.similarity_title or 0.0, 1.0, atol=1e-3)
        answered = nearest(answers[0].body, TextRole.PASSAGE)
        assert np.isclose(answered.similarity_answer or 0.0, 1.0, atol=1e-3)


def test_two_encoders_never_mix(tmp_path: Path) -> None:
    with small_forum(tmp_path, encoder=HashingEncoder(64)) as small:
        other = Knowledge(small.database, small.forum.id, HashingEncoder(32))
        other.sync()
        vector = HashingEncoder(32).encode(["consent"], TextRole.QUERY)[0]
        hits = other.index.search(Search("", "en", vector))
        assert {h.thread_id for h in hits} == {t.id for t in THREADS if not t.groups}


def test_another_process_sees_what_was_written(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        reader = small.knowledge()
        reader.sync()
        small.knowledge().put([Thread("new", "Walrus import", "How?")])
        assert "new" not in found(reader, "walrus")
        reader.sync()
        assert "new" in found(reader, "walrus")
        small.knowledge().remove("new")
        reader.sync()
        assert "new" not in found(reader, "walrus")


def test_a_removed_thread_is_gone_before_the_call_returns(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        knowledge = small.knowledge()
        knowledge.sync()
        assert knowledge.remove("bank")
        assert "bank" not in found(knowledge, "consent")
        assert not knowledge.remove("bank")


def test_a_removed_threads_vectors_are_gone_unless_shared(tmp_path: Path) -> None:
    twin = replace(THREADS[0], id="twin", title="Other title", answers=THREADS[0].answers)
    with small_forum(tmp_path, (THREADS[0], twin)) as small:
        knowledge = small.knowledge()
        with small.database.read() as c:
            before = store.unit_digests(c, small.forum.id, ["bank"])
            shared = before & store.unit_digests(c, small.forum.id, ["twin"])
        knowledge.remove("bank")
        spaces = [f"{HashingEncoder().id}#{role}" for role in TextRole]
        with small.database.read() as c:
            left = {
                name
                for space in spaces
                for name in store.known_digests(c, small.forum.id, space, before)
            }
        assert shared
        assert left == shared


def test_an_index_that_disagrees_is_rebuilt(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        knowledge = small.knowledge()
        assert knowledge.verify()
        knowledge.index.remove(["bank"])
        assert not knowledge.verify()
        assert "bank" in found(knowledge, "consent")
        assert knowledge.verify()


def test_an_index_that_lost_a_thread_finds_it_again_with_the_next_change(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        knowledge = small.knowledge()
        knowledge.sync()
        knowledge.index.remove(["bank"])
        small.knowledge().put([Thread("new", "Walrus import", "How?")])
        knowledge.sync()
        assert "bank" in found(knowledge, "consent")
        assert "new" in found(knowledge, "walrus")


def test_group_threads_stay_within_their_groups(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        knowledge = small.knowledge()
        knowledge.sync()
        assert "secret" not in found(knowledge, "beta module")
        hits = knowledge.index.search(Search("beta module", "en", None, groups=frozenset({"beta"})))
        assert "secret" in {h.thread_id for h in hits}


def test_the_version_names_revision_and_vector_space(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        knowledge = small.knowledge()
        knowledge.sync()
        revision, _, space = knowledge.version.partition("@")
        assert int(revision) > 0
        assert space == HashingEncoder().id


def test_texts_are_redacted_before_they_are_kept(tmp_path: Path) -> None:
    leak = Thread("leak", "Mail me", "at anna.svensson@example.com please")
    with small_forum(tmp_path, (leak,)) as small:
        kept = small.knowledge().fetch(["leak"])["leak"]
        assert "anna.svensson" not in kept.body
        assert "[EMAIL]" in kept.body
    assert b"anna.svensson" not in (tmp_path / "test.db").read_bytes()


class SlowEncoder(HashingEncoder):
    """The hashing encoder with a pause, so that a run can be killed in its middle."""

    def encode(self, texts: list[str], role: TextRole) -> Vectors:  # type: ignore[override]
        time.sleep(0.2)
        return super().encode(texts, role)


def _many(n: int) -> list[Thread]:
    return [Thread(f"t{i}", f"Question number {i}", f"Body of {i}") for i in range(n)]


def _ingest(folder: str) -> None:
    database = store.Database(store.sqlite_url(Path(folder) / "test.db"))
    with database.write() as c:
        forum = store.ensure_forum(c, "demo")
    Knowledge(database, forum.id, SlowEncoder()).put(_many(2000))


def test_a_killed_ingest_is_continued_and_nothing_is_doubled(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_ingest, args=(str(tmp_path),))
    process.start()
    database = store.Database(store.sqlite_url(tmp_path / "test.db"))
    with database.write() as c:
        forum = store.ensure_forum(c, "demo")
    kept = 0
    deadline = time.monotonic() + 300
    while kept == 0 and time.monotonic() < deadline:
        with database.read() as c:
            kept = store.count_threads(c, forum.id)
        time.sleep(0.02)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with database.read() as c:
        kept = store.count_threads(c, forum.id)
    assert 0 < kept < 2000
    knowledge = Knowledge(database, forum.id, HashingEncoder())
    counts = knowledge.put(_many(2000))
    assert (counts.created, counts.updated, counts.unchanged) == (2000 - kept, 0, kept)
    assert knowledge.verify()
    assert len(knowledge.index.thread_ids()) == 2000
    database.close()


def test_vectors_of_a_batch_equal_those_of_single_texts() -> None:
    encoder = HashingEncoder()
    texts = ["one text", "another", "a third one"]
    together = encoder.encode(texts, TextRole.QUERY)
    alone = np.concatenate([encoder.encode([t], TextRole.QUERY) for t in texts])
    assert np.array_equal(together, alone)


def test_an_index_is_built_anew_when_other_lines_are_discounted(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        running = small.knowledge()
        running.sync()
        assert "open" in found(running, "dark")
        at = datetime(2026, 3, 2, tzinfo=UTC)
        row = store.BoilerplateRow("line", "renew the consent under bank connections", *ROW, at)
        with small.database.write() as c:
            store.replace_boilerplate(c, small.forum.id, [row])
            revision = store.next_revision(c, small.forum.id)
        assert running.boilerplate == NOTHING
        before = running.index
        running.sync(revision)
        assert running.boilerplate == Boilerplate(frozenset({row.segment}))
        assert running.index is not before
        # The answer is nothing else, so it stays whole.
        assert "bank" in found(running, "consent")


def test_another_process_follows_a_link_that_comes_and_goes(tmp_path: Path) -> None:
    settled = replace(THREADS[0], duplicate_of=())
    twin = Thread("twin", "No bank transactions", "", lang="en", duplicate_of=("bank",))
    with small_forum(tmp_path, (settled, *THREADS[1:])) as small:
        mine, theirs = small.knowledge(), small.knowledge()
        theirs.sync()
        assert theirs.resolution.canonical("twin", (), "en") is None
        mine.put([twin])
        theirs.sync()
        assert theirs.resolution.canonical("twin", (), "en") == "bank"
        mine.put([replace(twin, duplicate_of=())])
        theirs.sync()
        assert theirs.resolution.canonical("twin", (), "en") is None
        mine.put([twin])
        mine.remove("bank")
        theirs.sync()
        assert theirs.resolution.canonical("twin", (), "en") is None
