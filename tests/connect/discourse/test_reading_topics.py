"""What a topic says becomes a thread; what is nobody's to read does not."""

import time
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.discourse_site import Category as SiteCategory
from benchmarks.discourse_site import Post, Site, Topic, serving, topic_of
from tests.connect.discourse.asking import asked
from triage.connect import thread_from
from triage.connect.discourse import DiscourseSource, read_wishes
from triage.connect.discourse.cooked import words_of
from triage.errors import BadField, SendFailed
from triage.records import Thread

CATEGORIES = {5: SiteCategory(5, "support", about=1)}


def read(topic: Topic, reading: dict[str, Any] | None = None) -> Thread | None:
    """Read one topic over HTTP."""
    site = Site(categories=CATEGORIES)
    site.put(topic)
    with serving(site):
        wishes = read_wishes({"reading": reading or {}})
        row = asked(site, lambda one: DiscourseSource(one, wishes).fetch(str(topic.id)))
    return None if row is None else thread_from(row, lambda person: f"hash of {person}")


def test_a_long_topic_is_read_beyond_its_first_page() -> None:
    topic = read(topic_of(9, answers=130))
    assert topic is not None
    assert len(topic.answers) == 130
    assert topic.answers[-1].body.startswith("For export 9, set page size 131")
    assert [answer.id for answer in topic.answers[:2]] == ["9002", "9003"]


def test_whispers_actions_and_hidden_posts_are_never_read() -> None:
    posts = (
        Post(1, "<p>Why?</p>"),
        Post(2, "<p>closed</p>", post_type=3),
        Post(3, "<p>Between us: he is wrong.</p>", post_type=4, staff=True),
        Post(4, "<p>flagged</p>", hidden=True),
        Post(5, "<p>withdrawn</p>", deleted=True),
        Post(6, "<p>moved 3 posts</p>", post_type=2, staff=True),
        Post(7, "<p>Because.</p>"),
    )
    topic = read(topic_of(9, posts=posts, accepted=7))
    assert topic is not None
    assert [(a.body, a.accepted) for a in topic.answers] == [("Because.", True)]


@pytest.mark.parametrize(
    "fields",
    [
        {"archetype": "private_message"},
        {"visible": False},
        {"category": 99},
        {"gone": True},
        {"posts": (Post(1, "<p>Spam</p>", hidden=True), Post(2, "<p>Reply</p>"))},
        {"posts": (Post(1, "<p>closed</p>", post_type=3),)},
    ],
)
def test_a_topic_that_is_not_everyones_is_none(fields: dict[str, Any]) -> None:
    assert read(replace(topic_of(9), **fields)) is None


def test_the_topic_that_describes_a_category_is_no_question() -> None:
    assert read(topic_of(1)) is None


def test_an_accepted_answer_that_is_hidden_solves_nothing() -> None:
    first, second = topic_of(9).posts
    topic = read(topic_of(9, posts=(first, replace(second, hidden=True, staff=False))))
    assert topic is not None
    assert not topic.solved


def test_who_is_staff_and_what_solves_is_as_the_channel_says() -> None:
    posts = (Post(1, "<p>Why?</p>"), Post(2, "<p>So.</p>", group="support", user_id=8))
    plain = read(topic_of(9, posts=posts, accepted=None))
    assert plain is not None
    assert (plain.answers[0].staff, plain.solved) == (False, False)
    ours = read(topic_of(9, posts=posts, accepted=None), {"staff_groups": ["support"]})
    assert ours is not None
    assert (ours.answers[0].staff, ours.solved) == (True, True)
    strict = {"staff_groups": ["support"], "solved": "accepted", "persons": "id"}
    told = read(topic_of(9, posts=posts, accepted=None), strict)
    assert told is not None
    assert (told.solved, told.person, told.answers[0].person) == (False, "hash of 7", "hash of 8")


def test_a_category_names_a_product() -> None:
    topic = read(topic_of(9), {"products": {"support": "Ledger"}})
    assert topic is not None
    assert topic.product == "Ledger"


@pytest.mark.parametrize(
    "reading",
    [
        {"restricted": "all"},
        {"categories": "5"},
        {"categories": [True]},
        {"persons": 3},
        {"products": ["x"]},
        {"catgories": [5]},
        "all",
    ],
)
def test_an_option_that_means_nothing_is_refused(reading: Any) -> None:  # noqa: ANN401
    with pytest.raises(BadField, match="reading"):
        read_wishes({"reading": reading})


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>",
        b"[]",
        b'{"id": 8}',
        b'{"id": 9, "category_id": 5, "post_stream": {"posts": [1]}}',
        b'{"id": 9, "category_id": 5, "post_stream": {"posts": [], "stream": ["x"]}}',
        b'{"id": 9, "category_id": 5, "post_stream": {"posts": [{"id": [], "post_number": 1}]}}',
        b'{"id": 9, "category_id": 5, "post_stream": null}',
    ],
)
def test_a_reply_of_another_shape_is_a_failure_of_that_topic(raw: bytes) -> None:
    site = Site(categories=CATEGORIES, raw={"/t/9.json": raw})
    with serving(site):
        with pytest.raises(SendFailed, match="bad_reply"):
            asked(site, lambda one: DiscourseSource(one, read_wishes({})).fetch("9"))


def test_a_topic_of_no_known_category_is_none() -> None:
    site = Site(categories=CATEGORIES, raw={"/t/9.json": b'{"id": 9, "category_id": [5]}'})
    with serving(site):
        assert asked(site, lambda one: DiscourseSource(one, read_wishes({})).fetch("9")) is None


def test_a_post_is_the_words_of_whoever_wrote_it() -> None:
    cooked = (
        '<aside class="quote" data-username="anna"><div class="title">anna:</div>'
        "<blockquote><p>my secret</p></blockquote></aside>"
        '<p>Hello <a class="mention" href="/u/anna">@anna</a>, use <code>a &lt; b</code>'
        ' <img class="emoji" alt=":smile:" src="x.png"> and '
        '<a href="https://docs.example.com/x?a=1&amp;b=2">the manual</a>.</p>'
        '<pre><code class="lang-sql">select 1\n  from t</code></pre>'
        '<div class="lightbox-wrapper"><a href="x"><img src="x"><div class="meta">'
        "<span>screen.png 10 KB</span></div></a></div>"
        '<aside class="onebox" data-onebox-src="https://example.com/a"><p>An article</p></aside>'
        "<ul><li>one</li><li>two</li></ul>"
    )
    assert words_of(cooked) == (
        "Hello @…, use `a < b` and the manual (https://docs.example.com/x?a=1&b=2).\n\n"
        "```\nselect 1\n  from t\n```\n\nhttps://example.com/a\n\n- one\n- two"
    )


def test_html_that_is_not_closed_loses_nothing_before_it() -> None:
    assert words_of('<p>before</p><aside class="quote"><b>after') == "before"
    assert words_of("<p>1 < 2 & 3 > 2") == "1 < 2 & 3 > 2"


def test_hostile_markup_is_read_in_no_time() -> None:
    for piece in ("<a ", "<!--", "<td>", '<aside class="quote"><b></i>'):
        began = time.process_time()
        words_of(piece * 20_000)
        assert time.process_time() - began < 2, piece
