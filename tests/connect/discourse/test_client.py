"""A site is asked politely, and what it says of itself is believed."""

from collections.abc import Iterator

import pytest

from benchmarks.discourse_site import Category, Site, serving, topic_of
from tests.connect.discourse.asking import asked
from triage.connect.discourse import Discourse, DiscourseSource, read_wishes
from triage.connect.discourse.categories import Categories, read_categories
from triage.connect.sources import Listing
from triage.errors import SendFailed


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(categories={5: Category(5, "support")})
    made.put(topic_of(9))
    with serving(made):
        yield made


async def get_topic(site: Discourse) -> object:
    return await site.get("/t/9.json")


def test_a_site_that_is_asked_too_often_says_how_long_to_wait(site: Site) -> None:
    waited: list[float] = []
    site.fail = {"/t/9.json": [429, 429]}
    site.wait_seconds = 7
    assert asked(site, get_topic, waited=waited) is not None
    assert waited == pytest.approx([7.05, 7.05], abs=0.2)


def test_it_may_say_so_in_its_own_words(site: Site) -> None:
    waited: list[float] = []
    site.fail = {"/t/9.json": [429]}
    site.wait_seconds, site.wait_in_body = 12.5, True
    assert asked(site, get_topic, waited=waited) is not None
    assert waited == pytest.approx([12.55], abs=0.2)


def test_who_is_to_wait_for_long_comes_back_later(site: Site) -> None:
    waited: list[float] = []
    site.fail = {"/t/9.json": [429]}
    site.wait_seconds = 3_600
    with pytest.raises(SendFailed) as raised:
        asked(site, get_topic, waited=waited)
    assert (raised.value.code, waited) == ("rate_limited", [])


def test_a_site_that_is_broken_for_a_moment_is_asked_again(site: Site) -> None:
    site.fail = {"/t/9.json": [502, 503, 500]}
    assert asked(site, get_topic) is not None
    assert site.asked["/t/9.json"] == 4
    site.fail = {"/t/9.json": [503] * 9}
    with pytest.raises(SendFailed, match="http_503"):
        asked(site, get_topic)


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_is_none(site: Site, status: int) -> None:
    site.fail = {"/t/9.json": [status]}
    assert asked(site, get_topic) is None


def test_a_key_that_has_ended_is_said_at_once(site: Site) -> None:
    with pytest.raises(SendFailed, match="login_refused"):
        asked(site, get_topic, secrets={"api_key": "old"})
    assert site.asked["/t/9.json"] == 1


def test_a_redirection_is_not_followed(site: Site) -> None:
    site.fail = {"/t/9.json": [302]}
    with pytest.raises(SendFailed, match="http_302"):
        asked(site, get_topic)


def categories(site: Site, **reading: object) -> Categories:
    return asked(site, lambda one: read_categories(one, read_wishes({"reading": reading})))


def test_categories_are_read_with_those_below_them(site: Site) -> None:
    site.categories[6] = Category(6, "bikes", parent=5)
    site.categories[7] = Category(7, "staff", groups=("staff",), parent=6)
    found = categories(site)
    assert set(found.read) == {5, 6}
    assert found.left_out == ("category 7 (staff): not everyone's",)


def test_only_what_is_wanted_is_read_and_what_is_not_there_is_said(site: Site) -> None:
    site.categories[6] = Category(6, "bikes")
    found = categories(site, categories=["bikes", 99])
    assert set(found.read) == {6}
    assert found.left_out == ("category 99: not found",)


def test_groups_that_cannot_be_read_leave_a_category_out(site: Site) -> None:
    site.categories[7] = Category(7, "staff", groups=("staff",))
    site.fail = {"/c/7/show.json": [403]}
    assert set(categories(site, restricted="groups").read) == {5}
    for raw in (b"{}", b'{"category": {"group_permissions": []}}', b"[]"):
        site.raw = {"/c/7/show.json": raw}
        assert set(categories(site, restricted="groups").read) == {5}
    site.raw = {}
    assert categories(site, restricted="groups").read[7].groups == {"staff"}


@pytest.mark.parametrize(
    "raw", [b"{}", b"[]", b'{"category_list": {"categories": [{"slug": "x"}]}}', b"nothing"]
)
def test_a_site_of_another_shape_is_a_failure(site: Site, raw: bytes) -> None:
    site.raw = {"/categories.json": raw}
    with pytest.raises(SendFailed, match="bad_reply"):
        categories(site)


def listed(site: Site, cursor: dict[str, str] | None) -> Listing:
    source = lambda one: DiscourseSource(one, read_wishes({}))  # noqa: E731
    return asked(site, lambda one: source(one).listed(cursor, str))


def test_what_is_pinned_hides_no_change(site: Site) -> None:
    for number in range(10, 50):
        site.put(topic_of(number, pinned=number < 45))
    first = listed(site, None)
    assert len(first.stamps) == 41
    site.answer(12, "<p>New.</p>")
    site.answer(49, "<p>New.</p>")
    later = listed(site, dict(first.cursor))
    assert not later.complete
    assert {item for item, stamp in later.stamps.items() if first.stamps[item] != stamp} == {
        *("12", "49"),
    }


def test_who_may_read_else_than_before_is_a_reason_to_list_all(site: Site) -> None:
    first = listed(site, None)
    assert not listed(site, dict(first.cursor)).complete
    site.categories[6] = Category(6, "bikes")
    assert listed(site, dict(first.cursor)).complete
