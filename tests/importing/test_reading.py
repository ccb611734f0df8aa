"""A source is read whole, in parts, again and again; what is unchanged is not written."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.discourse_site import Category, Post, Site, topic_of
from tests.importing.conftest import Commits, Reading
from triage.errors import SendFailed
from triage.forgotten import Forgotten
from triage.importing import Options
from triage.importing.keeper import Read
from triage.privacy.removing import remove_person
from triage.records import Thread
from triage.store import ErasureRow, begin_erasure, get_source, list_sources


def test_a_site_is_read_whole_and_its_threads_are_found(reading: Reading) -> None:
    done = reading.run()
    # The topic that says what the category is for is nobody's question.
    assert reading.numbers() == set(range(2, 66))
    assert (done.counts.created, done.removed, done.failed_count) == (64, 0, 0)
    assert done.complete
    thread = reading.thread(9)
    assert thread is not None
    assert (thread.title, thread.solved) == ("Export 9 stops early", True)
    assert thread.body == "Export 9 stops at row 63."
    assert thread.person == "hash of anna"
    assert thread.answers[0].accepted
    assert (thread.answers[0].votes, thread.answers[0].staff) == (2, True)
    assert thread.url == f"{reading.site.address}/t/topic-9/9"
    assert thread.groups == frozenset()


def test_a_second_run_of_an_unchanged_site_writes_nothing(
    reading: Reading, commits: Commits
) -> None:
    reading.run()
    before = commits.now()
    acts: list[object] = []
    for whole in (False, True, True):
        done = reading.run(whole=whole, note=acts.append)
        assert (done.counts.created, done.counts.updated, done.removed) == (0, 0, 0)
        assert commits.now() == before
    # What is read again although its stamp is the old one is compared, and not written either.
    again = reading.run(whole=True, options=Options(again=True), note=acts.append)
    assert again.counts.unchanged == 64
    assert commits.now() == before
    assert acts == []


def test_an_unchanged_site_is_asked_only_for_its_listing(reading: Reading) -> None:
    reading.run()
    reading.site.asked.clear()
    reading.run()
    assert set(reading.site.asked) == {"/categories.json", "/latest.json"}
    # Two for the categories, which come by the page on large sites; one of what changed last.
    assert sum(reading.site.asked.values()) == 3


def test_only_what_changed_is_read_again(reading: Reading) -> None:
    reading.run()
    reading.site.answer(9, "<p>Since 8.1 this is the default.</p>", username="cleo")
    reading.site.put(topic_of(66, bumped=reading.site.latest()))
    reading.site.asked.clear()
    done = reading.run()
    assert (done.counts.created, done.counts.updated) == (1, 1)
    assert {path for path in reading.site.asked if path.startswith("/t/")} == {
        *("/t/9.json", "/t/66.json"),
    }
    thread = reading.thread(9)
    assert thread is not None
    assert thread.answers[-1].body == "Since 8.1 this is the default."
    with reading.small.database.read() as c:
        row = get_source(c, reading.small.forum.id, reading.name.name)
    assert row is not None
    assert row.counts == {"created": 1, "updated": 1, "removed": 0, "failed": 0}


def test_a_topic_that_is_deleted_is_removed_by_the_next_whole_run(reading: Reading) -> None:
    reading.run()
    reading.site.change(9, gone=True)
    assert reading.run().removed == 0
    assert reading.thread(9) is not None
    done = reading.run(whole=True)
    assert done.removed == 1
    assert reading.thread(9) is None
    assert reading.numbers() == set(range(2, 66)) - {9}
    # It comes back when it is recovered.
    reading.site.change(9, gone=False)
    assert reading.run(whole=True).counts.created == 1
    assert reading.thread(9) is not None


def test_what_is_hidden_or_moved_out_of_what_is_read_goes(reading: Reading) -> None:
    reading.site.categories[6] = Category(6, "lounge")
    reading.run(reading={"categories": ["support"]})
    reading.site.change(9, visible=False)
    reading.site.change(10, category=6)
    reading.site.change(11, archetype="private_message")
    reading.site.change(12, accepted=None, title="Moved and asked anew")
    done = reading.run(whole=True, reading={"categories": ["support"]})
    assert (done.removed, done.counts.updated) == (3, 1)
    assert {9, 10, 11}.isdisjoint(reading.numbers())


def test_posts_that_are_deleted_or_merged_away_go_with_their_answers(reading: Reading) -> None:
    reading.site.put(topic_of(9, answers=3))
    reading.run()
    topic = reading.site.topics[9]
    first, second, third, last = topic.posts
    # One is deleted, one hidden, and one has moved to another topic.
    reading.site.change(
        9, posts=(first, replace(second, deleted=True), replace(third, hidden=True))
    )
    other = reading.site.topics[10]
    reading.site.change(10, posts=(*other.posts, replace(last, id=10_099)))
    reading.run(whole=True)
    thread, joined = reading.thread(9), reading.thread(10)
    assert thread is not None
    assert joined is not None
    assert thread.answers == ()
    assert len(joined.answers) == 2


def test_what_a_listing_hides_while_it_moves_is_asked_for_and_stays(reading: Reading) -> None:
    reading.run()
    pages = []

    def shift(path: str) -> None:
        # A topic of the first page goes when that has been read: the next page begins one later.
        if path.startswith("/latest.json") and "page=1" in path and "created" in path:
            pages.append(path)
            reading.site.change(3, gone=True)

    reading.site.before = shift
    done = reading.run(whole=True)
    assert pages
    # Topic 31 slipped from the second page to the first: not shown, and not gone.
    assert reading.site.asked["/t/31.json"] == 2
    assert done.removed == 0
    assert reading.numbers() == set(range(2, 66))
    reading.site.before = None
    assert reading.run(whole=True).removed == 1
    assert reading.numbers() == set(range(2, 66)) - {3}


def test_what_is_written_while_it_is_listed_is_read(reading: Reading) -> None:
    def write(path: str) -> None:
        if "page=2" in path and 66 not in reading.site.topics:
            reading.site.put(topic_of(66, bumped=reading.site.latest()))
            reading.site.answer(2, "<p>Thanks, that was it.</p>")

    reading.site.before = write
    reading.run()
    assert 66 in reading.numbers()
    thread = reading.thread(2)
    assert thread is not None
    assert len(thread.answers) == 2


def test_too_much_at_once_is_not_removed_unless_told_to(reading: Reading) -> None:
    reading.run()
    for number in range(10, 40):
        reading.site.change(number, gone=True)
    reading.site.asked.clear()
    held = reading.run(whole=True)
    assert (held.removed, held.held_back, held.removal_left_out) == (0, 30, True)
    assert not held.complete
    assert reading.numbers() == set(range(2, 66))
    assert not [path for path in reading.site.asked if path.startswith("/t/")]
    assert reading.run(whole=True, options=Options(remove_all=True)).removed == 30


def test_an_empty_listing_removes_nothing(reading: Reading) -> None:
    reading.run()
    reading.site.topics.clear()
    reading.site.put(topic_of(70))
    assert reading.run(whole=True).held_back == 64
    assert len(reading.numbers()) == 65


def test_what_was_put_by_hand_is_neither_overwritten_nor_removed(reading: Reading) -> None:
    by_hand = Thread(reading.id_of(9), "Ours", "Written by hand.")
    reading.small.knowledge().put([by_hand])
    done = reading.run()
    assert done.failed == {"9": "taken"}
    kept = reading.thread(9)
    assert kept is not None
    assert kept.title == "Ours"
    reading.site.change(9, gone=True)
    reading.run(whole=True)
    assert reading.thread(9) is not None
    # And what no source has ever had stays whatever happens.
    with reading.small.database.read() as c:
        assert len(list_sources(c, reading.small.forum.id)) == 1
    assert "bank" in reading.small.knowledge().fetch(["bank"])


def test_what_is_there_can_be_taken_over(reading: Reading) -> None:
    reading.small.knowledge().put([Thread(reading.id_of(9), "Ours", "Written by hand.")])
    assert reading.run(options=Options(adopt=True)).failed == {}
    thread = reading.thread(9)
    assert thread is not None
    assert thread.title == "Export 9 stops early"


def test_what_could_not_be_read_is_named_and_tried_next_time(
    reading: Reading, commits: Commits
) -> None:
    reading.site.fail = {"/t/9.json": [500] * 6, "/t/10.json": [404], "/t/11.json": [500, 502]}
    reading.site.raw = {"/t/12.json": b"<html>", "/t/13.json": b'{"id": 13, "category_id": 5}'}
    done = reading.run()
    assert done.failed == {"9": "http_500", "12": "bad_reply", "13": "bad_reply"}
    assert not done.complete
    # Whatever could be read is kept, and the tenth was gone when it was asked for.
    assert reading.numbers() == set(range(2, 66)) - {9, 10, 12, 13}
    assert reading.unread() == {"9", "12", "13"}
    reading.site.raw = {}
    again = reading.run()
    assert (again.counts.created, again.failed_count) == (3, 0)
    assert reading.unread() == set()
    before = commits.now()
    reading.run()
    assert commits.now() == before


def test_a_thread_that_fails_keeps_what_it_was(reading: Reading) -> None:
    reading.run()
    reading.site.answer(9, "<p>New.</p>")
    reading.site.fail = {"/t/9.json": [500] * 6}
    assert reading.run().failed_count == 1
    assert reading.thread(9) is not None
    assert reading.run().counts.updated == 1


def test_a_key_that_ends_in_the_middle_keeps_what_was_read(reading: Reading) -> None:
    asked = []

    def expire(path: str) -> None:
        if path.startswith("/t/"):
            asked.append(path)
            if len(asked) == 30:
                reading.site.key = "another"

    reading.site.before = expire
    done = reading.run()
    assert done.stopped == "login_refused"
    assert 0 < len(reading.numbers()) < 64
    assert not reading.finished()
    reading.site.before = None
    secrets = {"api_key": "another", "api_user": "reader"}
    done = reading.run(secrets=secrets)
    assert len(reading.numbers()) == 64
    # What was read before was not read again.
    assert done.counts.unchanged > 0
    assert reading.finished()


def test_a_site_that_cannot_be_listed_changes_nothing(reading: Reading, commits: Commits) -> None:
    reading.run()
    before = commits.now()
    reading.site.key = "another"
    with pytest.raises(SendFailed, match="login_refused"):
        reading.run(whole=True)
    reading.site.key = "k" * 64
    reading.site.fail = {"/latest.json": [502] * 6}
    with pytest.raises(SendFailed, match="http_502"):
        reading.run(whole=True)
    assert commits.now() == before


def test_a_topic_that_the_key_may_not_read_is_nobodys(reading: Reading) -> None:
    reading.run()
    reading.site.answer(9, "<p>New.</p>")
    reading.site.fail = {"/t/9.json": [403]}
    done = reading.run()
    assert (done.removed, done.stopped) == (1, None)
    assert reading.thread(9) is None


def test_a_site_that_fails_again_and_again_is_left_alone(reading: Reading) -> None:
    reading.site.fail = {f"/t/{number}.json": [500] * 6 for number in range(1, 66)}
    done = reading.run()
    assert done.stopped == "http_500"
    assert reading.numbers() == set()
    assert not reading.finished()


def test_groups_of_a_category_become_groups_of_its_threads(reading: Reading) -> None:
    reading.site.categories[6] = Category(6, "partners", groups=("gold", "staff"), parent=5)
    reading.site.put(topic_of(70, category=6))
    left = reading.run()
    assert reading.thread(70) is None
    assert left.left_out == ("category 6 (partners): not everyone's",)
    reading.run(reading={"restricted": "groups"})
    thread = reading.thread(70)
    assert thread is not None
    assert thread.groups == {"gold", "staff"}


def test_a_category_that_is_closed_to_the_public_takes_its_threads_along(
    reading: Reading,
) -> None:
    reading.site.categories[6] = Category(6, "news")
    reading.site.put(topic_of(70, category=6))
    reading.run()
    assert reading.thread(70) is not None
    reading.site.categories[6] = Category(6, "news", groups=("staff",))
    # Nobody asked for a whole run: that others may read now makes it one.
    assert reading.run().removed == 1
    assert reading.thread(70) is None


def test_a_category_that_is_closed_goes_however_much_of_the_forum_it_is(
    reading: Reading,
) -> None:
    reading.site.categories[6] = Category(6, "news")
    for number in range(2, 50):
        reading.site.change(number, category=6)
    reading.run()
    reading.site.categories[6] = Category(6, "news", groups=("staff",))
    done = reading.run()
    assert (done.removed, done.held_back) == (48, 0)
    assert reading.numbers() == set(range(50, 66))
    # What is only gone is still held back: nobody has closed anything.
    for number in range(50, 64):
        reading.site.change(number, gone=True)
    assert reading.run(whole=True).held_back == 14


def test_a_part_of_a_site_removes_nothing_of_the_rest(reading: Reading) -> None:
    reading.site.categories[6] = Category(6, "news")
    reading.site.put(topic_of(70, category=6))
    reading.run()
    reading.site.change(9, gone=True)
    reading.site.change(70, title="Changed")
    part = reading.run(whole=True, part=True, reading={"categories": ["6"]})
    assert (part.counts.updated, part.removed, part.whole) == (1, 0, False)
    assert reading.run(whole=True).removed == 1


def test_a_later_word_on_a_topic_is_not_overwritten_by_an_earlier_one(reading: Reading) -> None:
    keeper = reading.keeper()
    reading.run()
    # Began before, and has read what is not so any more.
    row = {"id": reading.id_of(9), "title": "As it was", "body": "Long ago."}
    keeper.keep([Read("9", row, "old")])
    thread = reading.thread(9)
    assert thread is not None
    assert thread.title == "Export 9 stops early"


def test_whoever_is_erased_does_not_come_back_with_an_import(
    reading: Reading, commits: Commits
) -> None:
    reading.run()
    with reading.small.database.write() as c:
        now, forum_id = datetime.now(UTC), reading.small.forum.id
        begin_erasure(c, forum_id, ErasureRow("e1", "hash of bo", now, False))
        remove_person(c, forum_id, "hash of bo", Forgotten(now), "marks")
    thread = reading.thread(9)
    assert thread is not None
    assert thread.answers == ()
    before = commits.now()
    reading.run(whole=True, options=Options(again=True))
    assert reading.thread(9) == thread
    assert commits.now() == before


def test_a_channel_that_is_made_anew_takes_over_what_the_former_one_read(
    reading: Reading,
) -> None:
    reading.run()
    anew = replace(reading, channel="ch_2")
    assert anew.run().failed_count == 64
    assert anew.run(options=Options(adopt=True)).failed_count == 0
    reading.site.change(9, gone=True)
    assert anew.run(whole=True).removed == 1
    assert reading.thread(9) is None


def test_a_site_that_moves_takes_its_threads_along(reading: Reading) -> None:
    reading.run()
    before = reading.id_of(9)
    reading.site.address = reading.site.address.replace("127.0.0.1", "localhost")
    done = reading.run()
    assert (done.counts.created, done.removed, done.whole) == (64, 64, True)
    assert reading.numbers() == set(range(2, 66))
    assert before not in reading.small.knowledge().fetch([before])


_RUN = """
import sys
from pathlib import Path
from tests.forum import small_forum
from tests.importing.conftest import Reading
from benchmarks.discourse_site import Site

with small_forum(Path(sys.argv[1])) as small:
    Reading(Site(address=sys.argv[2]), small).run()
"""


@pytest.mark.parametrize(("path", "place", "kept"), [("/latest", 3, 0), ("/t/", 110, 100)])
def test_a_run_that_is_killed_goes_on_where_it_was(
    reading: Reading, tmp_path: Path, path: str, place: int, kept: int
) -> None:
    """Killed in the listing, and in the middle of the topics: nothing twice, nothing lost."""
    site: Site = reading.site
    for number in range(66, 122):
        site.put(topic_of(number))
    seen: list[str] = []
    process: list[subprocess.Popen[bytes]] = []

    def kill(asked: str) -> None:
        seen.append(asked)
        if sum(one.startswith(path) for one in seen) == place:
            os.kill(process[0].pid, signal.SIGKILL)
            time.sleep(0.05)

    site.before = kill
    command = [sys.executable, "-c", _RUN, str(tmp_path), site.address]
    process.append(subprocess.Popen(command, cwd=Path(__file__).parents[2]))
    assert process[0].wait(120) == -signal.SIGKILL
    assert len(reading.numbers()) == kept
    site.before = None
    done = reading.run()
    assert done.counts.created == 120 - kept
    assert len(reading.numbers()) == 120
    assert reading.finished()


def test_a_post_of_nobody_and_an_empty_one_do_no_harm(reading: Reading) -> None:
    odd = (Post(9_001, "<p>Why?</p>", username=""), Post(9_002, ""), Post(9_003, "<p>So.</p>"))
    reading.site.change(9, posts=odd, accepted=3)
    reading.run()
    thread = reading.thread(9)
    assert thread is not None
    assert thread.person is None
    assert [answer.body for answer in thread.answers] == ["So."]
