"""A forum open for asking: replies, kept asks, live models."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.forum import THREADS, SmallForum, cases, small_forum
from triage import store
from triage.errors import EmptyDraft
from triage.learn.training import TrainOptions
from triage.pipeline import triage
from triage.records import Destination, Draft, Mode, Stage, Target, Visibility


def learn(small: SmallForum, n: int = 60, seed: int = 0) -> str:
    small.put_cases(cases(n))
    trained = small.train(TrainOptions(seed=seed))
    assert trained.written is not None
    return trained.written.version


def test_a_draft_gets_the_thread_that_settles_it(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        draft = Draft("Bank feed stopped with KV-1042", "renew the consent?", lang="en")
        reply = small.desk().ask(draft)
        assert reply.suggestions[0].thread_id == "bank"
        assert "Renew the consent" in reply.suggestions[0].snippet
        assert 0 < reply.suggestions[0].probability <= 1


def test_a_forum_without_a_bundle_still_suggests_and_says_unrouted(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        reply = small.desk().ask(Draft("Bank feed stopped with KV-1042", ""))
        assert reply.mode is Mode.UNROUTED
        assert reply.model_version is None
        assert reply.labels == {}
        assert reply.decision.destination is Destination.COMMUNITY
        assert reply.suggestions


def test_an_empty_draft_is_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        with pytest.raises(EmptyDraft):
            small.desk().ask(Draft(" ", "\n\x00"))
        with small.database.read() as c:
            assert not list(store.iter_triages(c, small.forum.id, include_test=True))


def test_every_ask_is_kept_redacted(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        reply = small.desk().ask(Draft("My login", "is anna.berg@example.com, help"))
        with small.database.read() as c:
            row = store.get_triage(c, small.forum.id, reply.triage_id)
        assert row is not None
        assert "[EMAIL]" in row.question["body"]
        assert row.ask_id == reply.ask_id
        assert row.reply["decision"]["visibility"] == "private"


def test_keystrokes_of_one_session_are_one_ask(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        desk = small.desk()
        typing = Draft("Bank", "feed", session="s" * 32, stage=Stage.TYPING)
        first = desk.ask(typing)
        second = desk.ask(replace(typing, body="feed stopped", stage=Stage.SUBMIT))
        other = desk.ask(replace(typing, session="t" * 32))
        assert first.ask_id == second.ask_id != other.ask_id
        assert first.triage_id != second.triage_id


def test_a_password_goes_the_private_way_whatever_is_known(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        draft = Draft("Bank feed stopped with KV-1042", "password: hunter2-X9!kd", lang="en")
        reply = small.desk().ask(draft)
        assert reply.decision.visibility is Visibility.PRIVATE
        assert reply.decision.destination is Destination.EXPERT
        assert not reply.decision.public_allowed
        assert "hunter2" not in repr(reply)


def test_an_unsolved_twin_is_the_same_question_not_a_suggestion(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        reply = small.desk().ask(Draft("Dark mode in the mobile app", "Is there a dark mode?"))
        assert "open" not in {s.thread_id for s in reply.suggestions}
        assert [s.thread_id for s in reply.decision.same_question] == ["open"]


def test_group_threads_are_suggested_to_their_groups_alone(tmp_path: Path) -> None:
    draft = Draft("Beta of the new bank module", "How do I switch it on?")
    with small_forum(tmp_path) as small:
        desk = small.desk()
        assert "secret" not in {s.thread_id for s in desk.ask(draft).suggestions}
        member = replace(draft, groups=frozenset({"beta"}))
        assert "secret" in {s.thread_id for s in desk.ask(member).suggestions}


def test_a_published_model_is_taken_without_a_restart(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        desk = small.desk()
        assert desk.ask(Draft("Crash with a stack trace", "")).mode is Mode.UNROUTED
        version = learn(small)
        reply = desk.ask(Draft("Crash with a stack trace, data is lost", ""))
        assert (reply.mode, reply.model_version) == (Mode.HYBRID, version)
        assert reply.labels[Target.KIND].value == "bug"
        assert reply.decision.destination is Destination.EXPERT
        assert (small.models_dir / "demo" / "CURRENT").read_text().strip() == version


def test_an_altered_model_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        old = learn(small)
        desk = small.desk()
        desk.open()
        new = learn(small, n=90, seed=1)
        assert new != old
        (small.models_dir / "demo" / new / "classifier.joblib").write_bytes(b"altered")
        reply = desk.ask(Draft("Crash with a stack trace", ""))
        assert (reply.mode, reply.model_version) == (Mode.DEGRADED, old)
        assert desk.state()["model_refused"] == new


def test_a_missing_model_folder_is_said_and_suggestions_go_on(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        learn(small)
        shutil.rmtree(small.models_dir)
        reply = small.desk().ask(Draft("Bank feed stopped with KV-1042", ""))
        assert (reply.mode, reply.model_version) == (Mode.DEGRADED, None)
        assert reply.suggestions


def test_a_model_of_another_vector_space_is_refused(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        learn(small)
        words_only = replace(small, encoder=None)
        reply = words_only.desk().ask(Draft("Crash", ""))
        assert reply.mode is Mode.DEGRADED


def test_a_forum_without_an_encoder_searches_by_words_and_says_so(tmp_path: Path) -> None:
    with small_forum(tmp_path, THREADS, encoder=None) as small:
        learn(small)
        reply = small.desk().ask(Draft("Bank feed stopped with KV-1042", ""))
        assert reply.mode is Mode.LEXICAL
        assert reply.suggestions[0].thread_id == "bank"


def test_a_dry_run_publishes_nothing(tmp_path: Path) -> None:
    with small_forum(tmp_path) as small:
        small.put_cases(cases())
        trained = small.train(TrainOptions(dry_run=True))
        assert trained.written is None
        assert trained.metrics
        assert not small.models_dir.exists()
        assert small.desk().ask(Draft("Crash", "")).mode is Mode.UNROUTED


def test_a_thread_closed_after_the_search_is_not_shown(tmp_path: Path) -> None:
    """Between search and reading a thread may be given to a group, or deleted."""
    draft = Draft("Bank feed stopped with KV-1042", "renew the consent", lang="en")
    with small_forum(tmp_path) as small:
        desk = small.desk()
        parts = desk.parts()
        assert triage(parts, draft).suggestions[0].thread_id == "bank"
        closed = replace(THREADS[0], groups=frozenset({"staff"}))
        small.knowledge().put([closed])
        small.knowledge().remove("logo")
        shown = {m.thread_id for m in triage(parts, draft).matches}
        assert not shown & {"bank", "logo"}
