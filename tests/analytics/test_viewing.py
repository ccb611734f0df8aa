"""A view is read once, and anew when anything has changed."""

from datetime import timedelta

import pytest

from tests.reports.months import Kept
from triage.analytics import viewing
from triage.analytics.cards import figure_of
from triage.errors import BadField

from .forum import NOW, quarter, view


def test_the_same_view_is_given_again(forum: Kept) -> None:
    assert view(forum, lang="nb") is view(forum, lang="nb")
    assert view(forum, lang="nb") is not view(forum, lang="sv")


def test_a_view_grows_old(forum: Kept) -> None:
    first = view(forum)
    assert view(forum, NOW + viewing.STALE_AFTER) is first
    later = view(forum, NOW + viewing.STALE_AFTER + timedelta(seconds=1))
    assert later is not first
    assert later.asks.as_of > first.asks.as_of
    # Nor is it given to whoever looks at an earlier moment.
    assert view(forum, NOW - timedelta(days=9)).asks.as_of < first.asks.as_of


def test_a_new_event_makes_a_new_view(empty: Kept) -> None:
    rows = quarter(persons=30)
    asks = [row for row in rows if row["type"] == "asked"]
    empty.put(asks)
    before = view(empty)
    empty.put([row for row in rows if row["type"] == "posted"])
    after = view(empty)
    assert figure_of(before, "posting_holdout").part == 0
    assert figure_of(after, "posting_holdout").part > 0
    empty.delete([row["ask_id"] for row in asks[:7]])
    assert len(view(empty).asks) == len(asks) - 7


def test_views_of_two_forums_are_two(forum: Kept, empty: Kept) -> None:
    assert len(view(forum).asks) > 0
    assert len(view(empty).asks) == 0


def test_no_more_views_are_held_than_there_is_room_for(
    forum: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "MOST_ASKS", len(view(forum).asks) + 1)
    later = NOW + timedelta(hours=1)
    first = view(forum, later, newcomer="yes")
    view(forum, later)
    assert view(forum, later, newcomer="yes") is not first


def test_a_topic_that_no_ask_has_is_refused(forum: Kept) -> None:
    with pytest.raises(BadField):
        view(forum, topic="gardening")


def test_what_was_erased_stays_in_no_view(empty: Kept) -> None:
    rows = quarter(persons=30)
    empty.put(rows)
    gone = rows[0]["ask_id"]
    for lang in ("", "nb", "sv", "en"):
        view(empty, lang=lang)
    empty.delete([gone])
    view(empty)
    held = viewing._SHELVES[empty.database]._held.values()
    assert len(held) == 1
    assert all(gone not in one.view.asks.ids for one in held)
