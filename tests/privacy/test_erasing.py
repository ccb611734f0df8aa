"""Whoever is erased is gone: from tables, files, index, caches, and what others were told."""

from dataclasses import replace

import pytest

from tests.forum import cases
from triage import store
from triage.privacy import catch_up, told_receipt
from triage.records import Answer, Draft, Thread
from triage.text import SegmentKind, signature_keys

from .conftest import ANNA, BO, NOW, WORDS, Full


def test_what_is_looked_for_is_there_before(full: Full) -> None:
    assert all(full.files_with(word) for name, word in WORDS.items() if name != "original")
    assert full.rows() == {
        "account_members": 1,
        "ask_vectors": 2,
        "asks": 2,
        "threads": 1,
        "answers": 2,
        "units": 4,
        "triages": 2,
        "cases": 1,
        # Each ask was told of by one more.
        "events": 4,
        "originals": 1,
    }


def test_no_byte_is_left_of_what_they_wrote(full: Full) -> None:
    row = full.erase()
    assert row.done_at is not None
    assert {name: full.files_with(word) for name, word in WORDS.items()} == {
        name: [] for name in WORDS
    }


def test_the_receipt_counts_what_went_and_proves_it(full: Full) -> None:
    row = full.erase(texts=[f"Where is the {WORDS['before login']}?"])
    assert row.receipt is not None
    assert row.receipt["removed"] == {
        "account_members": 1,
        "answers": 2,
        "answers_of_others": 1,
        "ask_vectors": 2,
        "asks": 2,
        "cases": 1,
        "events": 4,
        "idempotency": 1,
        "originals": 1,
        "threads": 1,
        "triages": 2,
        "vectors": 5,
    }
    proof = dict(row.receipt["proof"])
    assert proof.pop("searched_for") >= 8
    assert proof == {
        "elsewhere": [],
        "files": [],
        "index": [],
        "index_searched": True,
        "cleared_later": False,
    }
    assert full.rows() == {"erasures": 1}


def test_the_digests_of_their_signature_go_and_those_of_others_stay(full: Full) -> None:
    signed = f"Anna, {WORDS['signature']} 7"
    mine, others = signature_keys(ANNA, signed), signature_keys(BO, signed)
    assert mine
    assert mine.isdisjoint(others)
    kind = SegmentKind.SIGNATURE.value
    rows = [
        store.BoilerplateRow(kind, key, "question", None, 3, 0.1, NOW) for key in {*mine, *others}
    ]
    with full.small.database.write() as c:
        store.replace_boilerplate(c, full.small.forum.id, rows)
    full.erase()
    with full.small.database.read() as c:
        left = {segment for _, segment in store.boilerplate_segments(c, full.small.forum.id)}
    assert left == others


def test_the_index_gives_nothing_of_theirs(full: Full) -> None:
    draft = Draft("Labels of the warehouse are blank", f"{WORDS['thread']} on Tuesdays")
    assert "mine" in full.searching()(draft.title)
    full.erase()
    assert "mine" not in full.searching()(draft.title)
    assert "mine" not in {s.thread_id for s in full.desk.ask(draft).suggestions}
    assert full.desk.knowledge.verify()


def test_of_a_thread_of_another_only_their_answer_goes(full: Full) -> None:
    full.erase()
    thread = full.desk.knowledge.fetch(["theirs"])["theirs"]
    assert [answer.id for answer in thread.answers] == ["x2"]
    assert (thread.title, thread.person, thread.verified_by) == (
        "How do I print labels in blue?",
        BO,
        None,
    )
    # What settled it is gone.
    assert not thread.solved


def test_a_thread_that_they_only_vouched_for_names_them_no_more(full: Full) -> None:
    answer = Answer("v1", "Take the red ones, they hold.", person=BO)
    vouched = Thread("vouched", "Which labels hold?", "", (answer,), person=BO, verified_by=ANNA)
    full.small.knowledge().put([vouched])
    full.erase()
    kept = full.desk.knowledge.fetch(["vouched"])["vouched"]
    assert (kept.verified_by, kept.person, kept.answers) == (None, BO, (answer,))


def test_what_others_were_told_is_kept_without_the_words_of_the_thread(full: Full) -> None:
    full.erase()
    with full.small.database.read() as c:
        (row,) = store.iter_triages(c, full.small.forum.id)
    (shown,) = [s for s in row.reply["suggestions"] if s["thread_id"] == "theirs"]
    assert shown["answer_id"] is not None
    assert not {"title", "snippet", "url"} & set(shown)


def test_nothing_is_left_of_a_thread_that_was_deleted_before_its_author_was_erased(
    full: Full,
) -> None:
    full.desk.knowledge.remove("theirs")
    full.erase()
    assert full.files_with(WORDS["answer"]) == []


def test_answers_as_staff_stay_without_their_author_where_that_is_wanted(full: Full) -> None:
    with full.small.database.read() as c:
        thread = store.get_thread(c, full.small.forum.id, "theirs")
    assert thread is not None
    staffed = replace(thread, answers=(replace(thread.answers[0], staff=True), thread.answers[1]))
    full.small.knowledge().put([staffed])
    full.erase(keep_staff_answers=True)
    kept = full.desk.knowledge.fetch(["theirs"])["theirs"]
    assert [(a.id, a.person) for a in kept.answers] == [("x1", None), ("x2", BO)]
    assert kept.solved


def test_twice_does_no_harm(full: Full) -> None:
    full.erase()
    again = full.erase()
    assert again.done_at is not None
    assert again.receipt is not None
    assert again.receipt["removed"] == {}


def test_nobody_else_loses_anything(full: Full) -> None:
    with full.small.database.read() as c:
        before = store.rows_of_person(c, full.small.forum.id, BO)
    full.erase()
    with full.small.database.read() as c:
        after = store.rows_of_person(c, full.small.forum.id, BO)
        assert store.count_cases(c, full.small.forum.id) == 20
    assert [row["ask_id"] for row in before["asks"]] == [row["ask_id"] for row in after["asks"]]
    # Their answer under her question went with it.
    assert {row["id"] for row in before["answers"]} - {row["id"] for row in after["answers"]} == {
        "m1"
    }


def test_a_crash_after_the_log_is_made_good_at_the_next_start(
    full: Full, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "begin_erasure", _crash)
    with pytest.raises(KeyboardInterrupt):
        full.erase()
    monkeypatch.undo()
    assert full.files_with(WORDS["case"])
    assert _start(full) == 1
    assert full.files_with(WORDS["case"]) == []
    assert _start(full) == 0


@pytest.mark.parametrize("broken", ["delete_rows_of_person", "find_words"])
def test_a_crash_half_way_is_made_good_at_the_next_start(
    full: Full, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(store, broken, _crash)
    with pytest.raises(KeyboardInterrupt):
        full.erase()
    monkeypatch.undo()
    assert _start(full) == 1
    assert [word for word in WORDS.values() if full.files_with(word)] == []
    (row,) = _erasures(full)
    assert row.done_at is not None
    assert row.receipt is not None
    assert row.receipt["removed"]["cases"] == 1
    assert _start(full) == 0


def test_while_another_reads_it_is_unfinished_and_the_next_start_finishes_it(full: Full) -> None:
    with full.small.database.read() as c:
        store.list_forums(c)
        assert full.erase().done_at is None
    (row,) = _erasures(full)
    assert row.receipt is not None
    assert row.receipt["proof"]["files"]
    assert _start(full) == 1
    (row,) = _erasures(full)
    assert row.done_at is not None
    assert row.receipt is not None
    assert (row.receipt["proof"]["files"], row.receipt["proof"]["cleared_later"]) == ([], True)
    assert [word for word in WORDS.values() if full.files_with(word)] == []


def test_the_same_call_again_finishes_what_was_left(full: Full) -> None:
    with full.small.database.read() as c:
        store.list_forums(c)
        assert full.erase().done_at is None
    full.erase()
    assert [row.done_at is None for row in _erasures(full)] == [False, False]


def test_what_a_model_says_is_not_cleared_by_looking_without_the_words(full: Full) -> None:
    bundle = full.small.models_dir / "demo" / "v1" / "topics.json"
    bundle.parent.mkdir(parents=True)
    with full.small.database.read() as c:
        (case,) = store.get_cases(c, full.small.forum.id, ["anna-1"]).values()
    bundle.write_text(case.body.split("\n")[0])
    row = full.erase()
    assert row.done_at is None
    assert row.receipt is not None
    assert row.receipt["proof"]["files"] == ["v1/topics.json"]
    assert _start(full) == 1
    (row,) = _erasures(full)
    assert row.done_at is None
    assert row.receipt is not None
    assert row.receipt["proof"]["files"] == ["v1/topics.json"]
    bundle.unlink()
    assert _start(full) == 1
    (row,) = _erasures(full)
    assert row.done_at is not None
    assert row.receipt is not None
    assert (row.receipt["proof"]["files"], row.receipt["proof"]["cleared_later"]) == ([], True)


def test_a_model_that_was_learnt_from_it_is_named_until_it_is_gone(full: Full) -> None:
    full.small.put_cases(cases(60))
    trained = full.small.train()
    assert trained.written is not None
    version = trained.written.version
    row = full.erase()
    folder = full.small.models_dir / "demo"
    told = told_receipt(row, "demo", folder, version)
    assert told["models"] == [{"version": version, "live": True, "cases": 1}]
    again = full.small.train()
    assert again.written is not None
    (folder / version).rename(folder.parent / "gone")
    assert told_receipt(row, "demo", folder, version)["models"] == []


def test_a_log_that_was_lost_is_written_from_the_store(full: Full) -> None:
    row = full.erase(keep_staff_answers=True)
    full.eraser.log.path.unlink()
    assert _start(full) == 0
    (entry,) = full.eraser.log.read()
    assert (entry.id, entry.person, entry.asked_at) == (row.id, row.person, row.asked_at)
    assert entry.keep_staff_answers


def test_words_that_others_wrote_as_well_are_named_and_stay(full: Full) -> None:
    quote = f"You wrote: the {WORDS['thread']} of our ledger prints nothing on Tuesdays."
    quoting = Thread("q", "About the ledger", quote, person=BO, lang="en")
    full.small.knowledge().put([quoting])
    row = full.erase(texts=[f"{WORDS['thread']} of our ledger prints nothing on Tuesdays."])
    assert row.done_at is not None
    assert row.receipt is not None
    (place,) = row.receipt["proof"]["elsewhere"]
    assert place == {"table": "threads", "column": "body", "rows": 1}
    assert full.desk.knowledge.fetch(["q"])["q"].body == quote


def test_every_act_is_noted_without_a_name(full: Full) -> None:
    full.erase()
    with full.small.database.read() as c:
        acts = [row.act for row in store.iter_acts(c, full.small.forum.id)]
    assert [act.act for act in acts] == ["person.erase", "person.erased"]
    assert all("anna" not in str(act) for act in acts)


def _crash(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def _start(full: Full) -> int:
    eraser = full.eraser
    return catch_up(eraser.database, eraser.log, eraser.signer, eraser.models_dir)


def _erasures(full: Full) -> list[store.ErasureRow]:
    with full.small.database.read() as c:
        return store.list_erasures(c, full.small.forum.id)
