"""The demo forum is browsed newest first and searched by meaning; each sees what is for them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.forum import THREADS, SmallForum
from triage.demo import browsing
from triage.demo.browsing import Found, Shelf, Wanted, browse, search
from triage.demo.forum import Reader
from triage.records import Thread

ANYBODY, IN_BETA = Reader(), Reader(groups=frozenset({"beta"}))
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DATED = [
    replace(thread, created=MONDAY + timedelta(days=day)) for day, thread in enumerate(THREADS)
]


@pytest.fixture
def shelf(small: SmallForum) -> Shelf:
    small.knowledge().put(DATED)
    return Shelf(small.database, small.forum.id)


def ids(found: Found) -> list[str]:
    return [thread.id for thread in found.threads]


def test_the_newest_stand_first_and_those_of_groups_are_for_their_groups(shelf: Shelf) -> None:
    assert ids(browse(shelf, ANYBODY.may_read, Wanted())) == ["open", "logo", "bank"]
    assert ids(browse(shelf, IN_BETA.may_read, Wanted()))[0] == "secret"
    assert ids(browse(shelf, Reader(staff=True).may_read, Wanted()))[0] == "secret"


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        (Wanted(solved=True), ["logo", "bank"]),
        (Wanted(solved=False), ["open"]),
        (Wanted(product="ledger"), ["logo", "bank"]),
        (Wanted(lang="sv"), []),
        (Wanted(lang="en", solved=False, product="ledger"), []),
    ],
)
def test_filters_leave_what_fits_all_of_them(shelf: Shelf, wanted: Wanted, left: list[str]) -> None:
    assert ids(browse(shelf, ANYBODY.may_read, wanted)) == left


def test_what_was_put_since_stands_there_at_once(shelf: Shelf, small: SmallForum) -> None:
    before = shelf.threads()
    assert shelf.threads() is before
    new = Thread("new", "Just asked", "What now?", lang="en", created=MONDAY + timedelta(days=9))
    small.knowledge().put([new])
    assert ids(browse(shelf, ANYBODY.may_read, Wanted()))[0] == "new"
    small.knowledge().remove("new")
    assert "new" not in ids(browse(shelf, ANYBODY.may_read, Wanted()))


@pytest.mark.parametrize(("page", "shown"), [(-3, (1, 2)), (1, (1, 2)), (2, (2, 1)), (99, (2, 1))])
def test_a_page_that_is_not_there_is_the_nearest_one(
    shelf: Shelf, page: int, shown: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "PER_PAGE", 2)
    found = browse(shelf, ANYBODY.may_read, Wanted(page=page))
    assert (found.page, len(found.threads)) == shown
    assert (found.pages, found.total) == (2, 3)


def test_search_finds_what_fits_best_first_within_what_one_may_read(small: SmallForum) -> None:
    parts = small.desk().parts()
    words = Wanted("beta of the new bank module")
    found = search(parts, frozenset(), ANYBODY.may_read, words)
    assert "secret" not in ids(found)
    assert ids(search(parts, frozenset({"beta"}), IN_BETA.may_read, words))[0] == "secret"
    logo = Wanted("the logo on the printed invoice is blurry", solved=True)
    assert ids(search(parts, frozenset(), ANYBODY.may_read, logo))[0] == "logo"


@pytest.mark.parametrize("words", [" ", "\u200b", "\x00"])
def test_a_search_without_words_finds_nothing(small: SmallForum, words: str) -> None:
    found = search(small.desk().parts(), frozenset(), ANYBODY.may_read, Wanted(words))
    assert (found.threads, found.pages) == ((), 1)
