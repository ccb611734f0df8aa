"""A forum changes its encoder: everything anew, and a switch that loses nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import SIGNER, THREADS, SmallForum, cases, small_forum
from triage import jobs, store
from triage.embedding import space_of
from triage.encode import Encoder, HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.encoders import EncoderName, Encoders
from triage.errors import EncoderMissing
from triage.jobs import held
from triage.knowledge import Knowledge
from triage.learn.reencoding import Reencoded, drop_former, reencode
from triage.learn.training import train
from triage.records import Draft, Forum, JobKind, JobState, Mode, Thread
from triage.text import digest, units_of

OLD, NEW, WORDS = EncoderName("hashing"), EncoderName("hashing:64"), EncoderName("none")
DRAFT = Draft("Bank feed stopped with KV-1042", "renew the consent?", lang="en")


class Watched(HashingEncoder):
    """An encoder that something happens beside; it remembers what it was given."""

    def __init__(self, beside: Callable[[int], None] = lambda calls: None) -> None:
        super().__init__(64)
        self.texts: list[str] = []
        self._beside = beside
        self._calls = 0

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        self._calls += 1
        self._beside(self._calls)
        self.texts += texts
        return super().encode(texts, role)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.02)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    """A forum that is served with the old encoder."""
    with small_forum(tmp_path) as opened:
        Encoders(OLD, open_one).serving(opened.database, opened.forum)
        yield opened


def open_one(name: EncoderName) -> Encoder | None:
    return name.open(threads=1)


def learn(small: SmallForum, encoder: Encoder | None = HashingEncoder()) -> str:  # noqa: B008
    # One head is enough here, and is fitted five times as fast.
    some = [replace(c, topic=None, severity=None, difficulty=None) for c in cases(24)]
    with small.database.write() as c:
        store.put_cases(c, small.forum.id, [(case, digest(case.text)) for case in some])
    trained = train(
        small.database,
        "demo",
        encoder,
        small.models_dir,
        signer=SIGNER,
        progress=lambda _: None,
    )
    assert trained.written is not None
    return trained.written.version


def change(
    small: SmallForum,
    to: EncoderName = NEW,
    encoder: Encoder | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Reencoded | None:
    opened = open_one if encoder is None else lambda _: encoder
    found = None
    with held(small.database, small.forum.id, JobKind.ENCODE, to.options) as job:
        found = reencode(
            small.database,
            "demo",
            to,
            opened,
            small.models_dir,
            job,
            progress,
            signer=SIGNER,
        )
    return found


def current(small: SmallForum) -> Forum:
    with small.database.read() as c:
        return store.get_forum(c, "demo")


def state(small: SmallForum) -> JobState:
    with small.database.read() as c:
        job = store.get_job(c, small.forum.id, JobKind.ENCODE)
    assert job is not None
    return job.state


def kept(small: SmallForum, encoder: Encoder) -> int:
    with small.database.read() as c:
        spaces = [space_of(encoder, role) for role in TextRole]
        return sum(store.count_vectors(c, small.forum.id, space) for space in spaces)


def texts_of(threads: Sequence[Thread]) -> set[str]:
    return {unit.text for thread in threads for unit in units_of(thread)}


def test_encoder_and_model_are_switched_together(small: SmallForum) -> None:
    old = learn(small)
    lines: list[str] = []
    found = change(small, progress=lines.append)
    assert found is not None
    assert found.version not in (None, old)
    assert found.encoded == found.texts == len(texts_of(THREADS)) + 24
    after = current(small)
    assert (after.encoder, after.encoder_id) == ("hashing:64", "hashing-64")
    assert after.live_version == found.version
    assert state(small) is JobState.DONE
    assert (small.models_dir / "demo" / "CURRENT").read_text().strip() == found.version
    assert any(f"of {found.texts} texts" in line for line in lines)
    reply = small.desk().ask(DRAFT)
    assert (reply.mode, reply.model_version) == (Mode.DEGRADED, None)  # it opens one encoder only
    opened = replace(small, encoder=HashingEncoder(64)).desk()
    assert (opened.ask(DRAFT).mode, opened.ask(DRAFT).model_version) == (Mode.HYBRID, found.version)


def test_until_the_switch_nothing_is_different(small: SmallForum) -> None:
    old = learn(small)
    desk = small.desk()

    def ask(line: str) -> None:
        reply = desk.ask(DRAFT)
        assert (reply.mode, reply.model_version) == (Mode.HYBRID, old)
        assert reply.index_version.endswith("@hashing-256")
        assert reply.suggestions[0].thread_id == "bank"
        if line.startswith("published"):
            seen.append(line)

    seen: list[str] = []

    def before_the_end(line: str) -> None:
        if "is served with" not in line:
            ask(line)

    change(small, progress=before_the_end)
    assert seen


def test_a_forum_with_too_few_cases_switches_without_a_model(small: SmallForum) -> None:
    found = change(small)
    assert found is not None
    assert (found.version, current(small).live_version) == (None, None)
    opened = replace(small, encoder=HashingEncoder(64)).desk()
    assert opened.ask(DRAFT).mode is Mode.UNROUTED


def test_the_way_to_words_alone_and_back(small: SmallForum) -> None:
    learn(small)
    found = change(small, WORDS)
    assert found is not None
    assert found.encoded == 0
    assert (current(small).encoder, current(small).encoder_id) == ("none", "words")
    reply = replace(small, encoder=None).desk().ask(DRAFT)
    assert (reply.mode, reply.model_version) == (Mode.LEXICAL, found.version)
    small.knowledge().put([Thread("new", "Walrus import", "How?")])
    back = change(small, OLD)
    assert back is not None
    assert (back.encoded, current(small).encoder_id) == (0, "hashing-256")
    assert small.desk().ask(DRAFT).mode is Mode.HYBRID


def test_the_way_back_encodes_only_what_came_since(small: SmallForum) -> None:
    change(small)
    new = Thread("new", "Walrus import", "How?")
    Knowledge(small.database, small.forum.id, HashingEncoder(64)).put([new])
    found = change(small, OLD)
    assert found is not None
    assert found.encoded == len(texts_of([new]))


def test_a_run_that_was_stopped_goes_on_where_it_was(small: SmallForum) -> None:
    many = tuple(Thread(f"t{i:03}", f"Question {i}", f"Body {i}") for i in range(500))
    small.knowledge().put(many)

    def stop(calls: int) -> None:
        if calls == 3:
            raise SystemExit(143)

    first = Watched(stop)
    with pytest.raises(SystemExit):
        change(small, encoder=first)
    assert current(small).encoder_id == "hashing-256"
    assert state(small) is JobState.QUEUED
    assert 0 < kept(small, first) == len(first.texts)
    second = Watched()
    found = change(small, encoder=second)
    assert found is not None
    assert not set(first.texts) & set(second.texts)
    assert set(first.texts) | set(second.texts) == texts_of([*many, *THREADS])
    assert found.encoded == len(second.texts)


def test_cancelling_keeps_the_old_one_and_what_was_encoded(small: SmallForum) -> None:
    small.knowledge().put([Thread(f"t{i}", f"Question {i}", f"Body {i}") for i in range(1000)])
    old = learn(small)

    def cancel(calls: int) -> None:
        if calls == 2:
            with small.database.write() as c:
                row = store.get_job(c, small.forum.id, JobKind.ENCODE)
                assert row is not None
                assert row.heartbeat_at is not None
                store.cancel_job(c, small.forum.id, JobKind.ENCODE, row.heartbeat_at)
        if calls >= 2:
            jobs.threading.Event().wait(0.1)

    encoder = Watched(cancel)
    assert change(small, encoder=encoder) is None
    assert state(small) is JobState.CANCELLED
    assert (current(small).encoder_id, current(small).live_version) == ("hashing-256", old)
    assert 0 < kept(small, encoder) < 1000


def test_what_is_put_and_removed_meanwhile_is_as_it_should_be_after(small: SmallForum) -> None:
    knowledge = small.knowledge()
    knowledge.put([Thread(f"t{i:03}", f"Question {i}", f"Body {i}") for i in range(600)])
    new = Thread("new", "Walrus import", "How?")
    changed = Thread("t001", "Question 1", "Quite another body")

    def beside(calls: int) -> None:
        if calls == 2:
            knowledge.put([new, changed])
            # One is encoded already, one is read and about to be, one is still to come.
            for thread_id in ("bank", "t000", "t500"):
                knowledge.remove(thread_id)

    def late(line: str) -> None:
        if line.startswith("no model"):
            knowledge.put([Thread("late", "Zebra export", "How?")])
            knowledge.remove("t599")

    encoder = Watched(beside)
    assert change(small, encoder=encoder, progress=late) is not None
    fresh = Knowledge(small.database, small.forum.id, encoder)
    given = len(encoder.texts)
    fresh.sync()
    assert len(encoder.texts) == given, "nothing is left to encode after the switch"
    ids = fresh.index.thread_ids()
    assert {"new", "late", "t001"} <= ids
    assert not {"bank", "t000", "t500", "t599"} & ids
    with small.database.read() as c:
        now = list(store.iter_threads(c, small.forum.id))
    assert kept(small, encoder) == kept(small, HashingEncoder()) == len(texts_of(now))


def test_an_encoder_that_cannot_be_opened_changes_nothing(small: SmallForum) -> None:
    with pytest.raises(EncoderMissing):
        change(small, EncoderName("/nowhere"))
    assert current(small).encoder_id == "hashing-256"
    with small.database.read() as c:
        job = store.get_job(c, small.forum.id, JobKind.ENCODE)
    assert job is not None
    assert (job.state, job.code) == (JobState.FAILED, "encoder_missing")


def test_the_same_encoder_under_another_name_is_renamed(small: SmallForum) -> None:
    old = learn(small)
    moved = EncoderName("/mnt/models/hashing")
    found = change(small, moved, HashingEncoder())
    assert found is not None
    assert (found.encoded, found.version) == (0, old)
    assert (current(small).encoder, current(small).live_version) == (moved.name, old)


def test_former_vectors_are_dropped_only_when_asked(small: SmallForum) -> None:
    change(small)
    old, new = HashingEncoder(), HashingEncoder(64)
    assert kept(small, old) == kept(small, new) > 0
    with held(small.database, small.forum.id, JobKind.ENCODE, NEW.options) as job:
        dropped = drop_former(small.database, "demo", job, lambda _: None)
    assert (dropped, kept(small, old)) == (kept(small, new), 0)
    assert state(small) is JobState.DONE


def test_a_model_of_the_former_encoder_does_not_go_live(small: SmallForum) -> None:
    found = change(small)
    assert found is not None
    learn(small, HashingEncoder())
    assert current(small).live_version is None
    version = learn(small, HashingEncoder(64))
    assert current(small).live_version == version
