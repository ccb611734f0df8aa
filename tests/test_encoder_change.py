"""A desk follows the store to another encoder while it goes on replying."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import SIGNER, SmallForum, cases, small_forum
from triage import bench, store
from triage.desk import Desk
from triage.encode import Encoder, HashingEncoder, TextRole
from triage.encode.base import Vectors
from triage.encoders import EncoderName, Encoders
from triage.errors import EncoderMissing
from triage.jobs import held
from triage.learn.reencoding import reencode
from triage.learn.training import train
from triage.records import Answer, Draft, JobKind, Mode, Thread
from triage.text import digest, units_of

OLD, NEW = EncoderName("hashing"), EncoderName("hashing:64")
DRAFT = Draft("Bank feed stopped with KV-1042", "renew the consent?", lang="en")


class Gated(HashingEncoder):
    """The new encoder, which waits until it is let through."""

    def __init__(self) -> None:
        super().__init__(64)
        self.gate = threading.Event()

    def encode(self, texts: list[str], role: TextRole) -> Vectors:  # type: ignore[override]
        assert self.gate.wait(60)
        return super().encode(texts, role)


def open_one(name: EncoderName) -> Encoder | None:
    return name.open(threads=1)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallForum]:
    with small_forum(tmp_path) as opened:
        Encoders(OLD, open_one).serving(opened.database, opened.forum)
        yield opened


@pytest.fixture
def desk(small: SmallForum) -> Iterator[Desk]:
    opened = Desk(
        small.database, small.forum, Encoders(NEW, open_one), small.models_dir, signer=SIGNER
    )
    yield opened
    opened.close()


def learn(small: SmallForum) -> str:
    some = [replace(c, topic=None, severity=None, difficulty=None) for c in cases(24)]
    with small.database.write() as c:
        store.put_cases(c, small.forum.id, [(case, digest(case.text)) for case in some])
    quiet = {"progress": lambda _: None, "signer": SIGNER}
    written = train(small.database, "demo", HashingEncoder(), small.models_dir, **quiet).written
    assert written is not None
    return written.version


def change(small: SmallForum, to: EncoderName = NEW) -> str | None:
    with held(small.database, small.forum.id, JobKind.ENCODE, to.options) as job:
        return reencode(
            small.database,
            "demo",
            to,
            open_one,
            small.models_dir,
            job,
            lambda _: None,
            signer=SIGNER,
        ).version
    pytest.fail("it was cancelled")


def ask_until(desk: Desk, space: str) -> list[tuple[str, str | None, Mode]]:
    seen = []
    for _ in range(1000):
        reply = desk.ask(DRAFT)
        assert reply.suggestions[0].thread_id == "bank"
        made_with = reply.index_version.partition("@")[2]
        seen.append((made_with, reply.model_version, reply.mode))
        if made_with == space:
            return seen
        threading.Event().wait(0.01)
    pytest.fail(f"{space} never came")


def test_no_reply_mixes_two_encoders(small: SmallForum, desk: Desk) -> None:
    old = learn(small)
    seen: list[tuple[str, str | None, Mode]] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            reply = desk.ask(DRAFT)
            seen.append((reply.index_version.partition("@")[2], reply.model_version, reply.mode))

    askers = [threading.Thread(target=keep_asking) for _ in range(2)]
    for asker in askers:
        asker.start()
    new = change(small)
    ask_until(desk, "hashing-64")
    stop.set()
    for asker in askers:
        asker.join()
    assert set(seen) == {("hashing-256", old, Mode.HYBRID), ("hashing-64", new, Mode.HYBRID)}
    assert desk.state()["encoder_serving"] == "hashing:64"
    assert desk.state()["encoder_trouble"] is None


def test_the_old_one_replies_while_the_new_index_is_built(small: SmallForum) -> None:
    old = learn(small)
    gated = Gated()
    encoders = Encoders(OLD, lambda name: HashingEncoder() if name == OLD else gated)
    desk = Desk(small.database, small.forum, encoders, small.models_dir, signer=SIGNER)
    desk.open()
    new = change(small)
    with small.database.write() as c:
        # So that building the index has something left to encode, and waits.
        for role in TextRole:
            store.drop_vectors(c, small.forum.id, f"hashing-64#{role}")
    for _ in range(3):
        reply = desk.ask(DRAFT)
        assert (reply.model_version, reply.mode) == (old, Mode.HYBRID)
    answer = Answer("new-a1", "Import walruses under File.", accepted=True)
    new_thread = Thread("new", "Walrus import", "How?", (answer,), solved=True, lang="en")
    desk.knowledge.put([new_thread])
    desk.knowledge.remove("bank")
    walrus = Draft("Walrus import", "How?", lang="en")
    assert desk.ask(walrus).suggestions[0].thread_id == "new"
    assert "bank" not in {s.thread_id for s in desk.ask(DRAFT).suggestions}
    gated.gate.set()
    for _ in range(1000):
        reply = desk.ask(walrus)
        assert reply.suggestions[0].thread_id == "new"
        if reply.model_version == new:
            break
        threading.Event().wait(0.01)
    assert reply.index_version.endswith("@hashing-64")
    assert "bank" not in {s.thread_id for s in desk.ask(DRAFT).suggestions}
    desk.close()
    with small.database.read() as c:
        threads = list(store.iter_threads(c, small.forum.id))
        kept = sum(store.count_vectors(c, small.forum.id, f"hashing-64#{r}") for r in TextRole)
    assert kept == len({unit.text for thread in threads for unit in units_of(thread)})


def test_a_row_read_before_the_switch_does_not_lead_back(small: SmallForum, desk: Desk) -> None:
    learn(small)
    with small.database.read() as c:
        before = store.get_forum(c, "demo")
    desk.open()
    new = change(small)
    ask_until(desk, "hashing-64")
    bench = desk._benches.serving(before)
    bundle, degraded = bench.follow(before)
    assert bundle is not None
    assert (bundle.version, degraded) == (new, False)
    desk.close()
    assert desk.serving.name == NEW


def test_an_encoder_that_cannot_be_followed_is_said_and_tried_again(
    small: SmallForum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "_RETRY_SECONDS", 0.0)
    old = learn(small)
    there: list[bool] = []

    def open_some(name: EncoderName) -> Encoder | None:
        if name == NEW and not there:
            raise EncoderMissing(name.name, "it is not on this machine")
        return name.open(threads=1)

    desk = Desk(
        small.database, small.forum, Encoders(OLD, open_some), small.models_dir, signer=SIGNER
    )
    desk.open()
    new = change(small)
    for _ in range(1000):
        reply = desk.ask(DRAFT)
        if reply.mode is Mode.DEGRADED:
            break
        threading.Event().wait(0.01)
    assert (reply.mode, reply.model_version) == (Mode.DEGRADED, old)
    assert reply.suggestions[0].thread_id == "bank"
    assert desk.state()["encoder_trouble"] == "encoder_missing"
    there.append(True)
    assert ask_until(desk, "hashing-64")[-1][1] == new
    desk.close()


def test_a_forum_whose_encoder_is_lost_is_served_with_the_wish(small: SmallForum) -> None:
    learn(small)

    def open_some(name: EncoderName) -> Encoder | None:
        if name == OLD:
            raise EncoderMissing(name.name, "it was taken away")
        return name.open(threads=1)

    desk = Desk(
        small.database, small.forum, Encoders(NEW, open_some), small.models_dir, signer=SIGNER
    )
    reply = desk.ask(DRAFT)
    assert (reply.mode, reply.model_version) == (Mode.DEGRADED, None)
    assert reply.suggestions[0].thread_id == "bank"
    assert reply.index_version.endswith("@hashing-64")
    assert desk.state()["encoder_trouble"] == "encoder_missing"
    new = change(small)
    for _ in range(1000):
        reply = desk.ask(DRAFT)
        if reply.mode is Mode.HYBRID:
            break
        threading.Event().wait(0.01)
    assert reply.model_version == new
    assert desk.state()["encoder_trouble"] is None
    desk.close()


def test_a_restarted_desk_starts_with_what_the_store_says(small: SmallForum) -> None:
    learn(small)
    new = change(small)
    desk = Desk(
        small.database, small.forum, Encoders(OLD, open_one), small.models_dir, signer=SIGNER
    )
    reply = desk.ask(DRAFT)
    assert (reply.mode, reply.model_version) == (Mode.HYBRID, new)
    assert desk.state()["encoder_wanted"] == "hashing"
    assert desk.state()["encoding"]["state"] == "done"
