"""The theme component for Discourse: in the composer of a topic, with a real service behind it.

Discourse itself is not here; the page offers the plugin API's names and the composer's elements.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.sample_server import make_key
from triage.store import Database

from .asking import sample_draft, wait_until
from .chromium import faults
from .conftest import Sample
from .discourse_site import Site, discourse_site, usual_settings, words
from .gateway import Call, Fault
from .guide_site import wait_for_site

pytestmark = pytest.mark.browser

QUESTION = "how to mail the same invoice to a different adress without changing number"
BODY = "The customer has moved."
SECRET = "My login is kim@example.com and the password is hunter2-Kuling-88, please reset it"
_READY = "() => document.querySelector('triage-suggest')?.client?.state === 'ready'"
_STATE = """() => {
  const client = document.querySelector('triage-suggest')?.client;
  return [client?.state ?? null, client?.draft?.title ?? null, client?.draft?.body ?? null];
}"""
_BODY = """body => {
  const client = document.querySelector('triage-suggest').client;
  return client?.state === 'ready' && client.draft?.body?.trim() === body;
}"""


@dataclass(frozen=True)
class Composer:
    """Somebody before the composer, and what became of what they did."""

    page: Page
    site: Site
    sample: Sample

    def open(self, **model: object) -> None:
        """Open the page, and the composer on it."""
        self.page.goto(self.site.base)
        if model:
            self.page.evaluate("given => composer.open(given)", model)
        else:
            self.page.get_by_role("button", name="New Topic").click()

    @property
    def title(self) -> Locator:
        return self.page.locator("#reply-title")

    @property
    def body(self) -> Locator:
        return self.page.locator(".d-editor-input")

    @property
    def widget(self) -> Locator:
        return self.page.locator("triage-suggest")

    @property
    def cards(self) -> Locator:
        return self.widget.locator("ol[part=list] li[data-thread]")

    @property
    def private(self) -> Locator:
        """What the component says of a draft that should not be public."""
        return self.page.locator(".triage-ask__private")

    def ask(self, title: str, body: str = "") -> dict[str, Any]:
        """Write a draft as a person does; return the reply to it."""
        self.title.fill(title)
        self.body.fill(body)
        wait_until(lambda: self.state() == ["ready", title, body], self.state)
        return self.reply()

    def state(self) -> list[str | None]:
        """Return how the widget's client is, and which draft it has a reply to."""
        found: list[str | None] = self.page.evaluate(_STATE)
        return found

    def reply(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("document.querySelector('triage-suggest').reply")
        return found

    def create(self) -> None:
        """Press Discourse's own button, whatever it is called, and wait for what comes of it."""
        before = len(self.site.posts)
        self.page.locator(".create").click()
        wait_until(lambda: len(self.site.posts) == before + 1)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def posted(self, ask_id: str) -> list[str | None]:
        """Return the forum's names of what is known to be posted of an ask."""
        return _posted(self.sample.database, ask_id)


def _posted(database: Database, ask_id: str) -> list[str | None]:
    query = "SELECT external_id FROM events WHERE ask_id = ? AND type = 'posted'"
    with database.read() as c:
        return [row[0] for row in c.exec_driver_sql(query, (ask_id,))]


@pytest.fixture(scope="module")
def site(started: Sample) -> Iterator[tuple[Site, str]]:
    with discourse_site() as served:
        key = make_key(started.database, served.base)
        wait_for_site(started.service, served.base)
        yield served, key


@pytest.fixture
def composer(page: Page, site: tuple[Site, str], sample: Sample) -> Composer:
    """The component as it is set up from the two lines that the service prints."""
    served, key = site
    served.settings = usual_settings() | {
        "publishable_key": key,
        "script_address": f"{sample.network.base}/widget/{sample.front.file}",
        "script_integrity": sample.front.integrity,
    }
    served.locale, served.token, served.asked_for_token = "en", "", 0
    served.posts.clear()
    served.next_posts.clear()
    return Composer(page, served, sample)


def _triages(sample: Sample) -> list[Call]:
    return sample.network.to("/v1/triage")


@pytest.mark.parametrize("draft_id", ["en-d02", "sv-d02", "nb-d06", "fi-d05"])
def test_a_topic_that_is_being_written_gets_the_thread_that_settles_it(
    composer: Composer, draft_id: str, said: list[str]
) -> None:
    draft = sample_draft(draft_id)
    composer.open()
    composer.ask(draft.title, draft.body)
    expect(composer.cards.first).to_be_visible()
    shown = composer.cards.evaluate_all("all => all.map(one => one.dataset.thread)")
    assert draft.settled_by & set(shown)
    assert said == []


def test_the_rich_editor_is_read_as_the_plain_one_is(composer: Composer) -> None:
    composer.open()
    composer.title.fill(QUESTION)
    composer.page.evaluate("composer.switchEditor()")
    composer.body.press_sequentially("it goes to their old office")
    composer.page.wait_for_function(_BODY, arg="it goes to their old office")
    composer.page.evaluate("composer.switchEditor()")
    composer.body.fill("and now as plain text")
    composer.page.wait_for_function(_BODY, arg="and now as plain text")


def test_a_draft_that_is_taken_up_again_is_asked_for_without_a_key_being_pressed(
    composer: Composer,
) -> None:
    composer.open(title=QUESTION, reply=BODY)
    composer.page.wait_for_function(_READY)
    assert [call.told["title"] for call in _triages(composer.sample)] == [QUESTION]


def test_a_topic_is_told_of_once_by_the_name_that_discourse_gave_it(composer: Composer) -> None:
    composer.open()
    ask_id = composer.ask(QUESTION, BODY)["ask_id"]
    composer.create()
    wait_until(lambda: composer.posted(ask_id) == ["4701"])
    stages = [call.told["stage"] for call in _triages(composer.sample)]
    assert stages.count("submit") == 1
    assert composer.site.posts[0]["title"] == QUESTION
    composer.page.wait_for_timeout(1000)
    assert composer.posted(ask_id) == ["4701"]


def test_what_a_moderator_has_to_let_through_is_told_of_without_a_name(composer: Composer) -> None:
    composer.site.next_posts = ["enqueued"]
    composer.open()
    ask_id = composer.ask(QUESTION)["ask_id"]
    composer.create()
    wait_until(lambda: composer.posted(ask_id) == [None])


def test_what_discourse_refuses_is_not_told_and_goes_on_as_the_same_ask(composer: Composer) -> None:
    composer.site.next_posts = ["refused"]
    composer.open()
    ask_id = composer.ask(QUESTION)["ask_id"]
    composer.page.locator(".create").click()
    expect(composer.page.locator("#state")).to_have_text("open createTopic")
    assert composer.ask(QUESTION + ", please")["ask_id"] == ask_id
    assert composer.posted(ask_id) == []
    composer.create()
    wait_until(lambda: composer.posted(ask_id) == ["4701"])


def test_folding_the_composer_away_and_back_keeps_the_ask(composer: Composer) -> None:
    composer.open()
    ask_id = composer.ask(QUESTION)["ask_id"]
    composer.press("Fold")
    expect(composer.widget).to_have_count(0)
    composer.press("Open draft")
    expect(composer.cards.first).to_be_visible()
    assert composer.ask(QUESTION + ", please")["ask_id"] == ask_id


def test_the_next_topic_is_another_ask(composer: Composer) -> None:
    composer.open()
    first = composer.ask(QUESTION)["ask_id"]
    composer.page.evaluate("composer.cancel()")
    composer.press("New Topic")
    assert composer.ask("The logo on our invoices is blurry")["ask_id"] != first
    assert composer.posted(first) == []


@pytest.mark.parametrize("action", ["reply", "edit", "privateMessage"])
def test_what_is_no_new_topic_has_no_suggestions(composer: Composer, action: str) -> None:
    composer.open(action=action, title=QUESTION)
    expect(composer.body).to_be_visible()
    expect(composer.widget).to_have_count(0)
    composer.create()
    assert _triages(composer.sample) == []


def test_only_the_chosen_categories_have_suggestions(composer: Composer) -> None:
    composer.site.settings["categories"] = "8"
    composer.open()
    expect(composer.widget).to_have_count(0)
    composer.page.get_by_label("Category").select_option("8")
    composer.ask(QUESTION)
    composer.page.get_by_label("Category").select_option("9")
    expect(composer.widget).to_have_count(0)


def test_the_category_says_which_product_it_is_about(composer: Composer) -> None:
    composer.site.settings["products"] = [{"product": "ledger", "categories": [8]}]
    composer.open(categoryId=9)
    composer.ask(QUESTION)
    composer.page.get_by_label("Category").select_option("8")
    composer.ask(QUESTION + ", please")
    told = [call.told for call in _triages(composer.sample)]
    assert told[0].get("product") is None
    assert told[-1]["product"] == "ledger"
    assert told[-1]["context"]["form"] == "discourse-composer"


def test_whoever_is_signed_in_is_vouched_for_by_their_own_site(composer: Composer) -> None:
    composer.site.settings["token_address"] = f"{composer.site.base}/token"
    composer.site.token = (
        "a.b.c"  # one that does not hold: it is asked for once more, then left out
    )
    composer.open()
    composer.ask(QUESTION)
    brought = [
        {name.lower(): value for name, value in call.headers.items()}.get("triage-visitor")
        for call in _triages(composer.sample)
    ]
    assert brought == ["a.b.c", "a.b.c", None]
    assert composer.site.asked_for_token == 2


def test_what_should_not_be_public_becomes_a_message_to_the_experts(composer: Composer) -> None:
    composer.site.settings["experts_group"] = "experts"
    composer.open(categoryId=8)
    reply = composer.ask("I cannot log in", SECRET)
    assert reply["visibility"] == "private"
    expect(composer.private).to_contain_text(words("en")["private"]["message"])
    expect(composer.private.get_by_role("button")).to_be_in_viewport()
    expect(composer.page.locator("#state")).to_have_text("open privateMessage")
    expect(composer.body).to_have_value(SECRET)
    composer.create()
    (post,) = composer.site.posts
    assert (post["archetype"], post["target_recipients"]) == ("private_message", "experts")
    assert (post["title"], post["category"]) == ("I cannot log in", None)
    wait_until(lambda: composer.posted(reply["ask_id"]) == ["4701"])


def test_without_what_is_private_it_is_a_topic_again(composer: Composer) -> None:
    composer.site.settings["experts_group"] = "experts"
    composer.open(categoryId=8)
    composer.ask(QUESTION, SECRET)
    expect(composer.page.locator("#state")).to_have_text("open privateMessage")
    composer.ask(QUESTION, BODY)
    expect(composer.page.locator("#state")).to_have_text("open createTopic")
    expect(composer.private).to_have_count(0)
    composer.create()
    (post,) = composer.site.posts
    assert (post["archetype"], post["category"]) == ("regular", 8)
    assert post.get("target_recipients") is None


def test_what_is_private_stays_so_when_the_composer_is_folded_away_and_back(
    composer: Composer,
) -> None:
    composer.site.settings["experts_group"] = "experts"
    composer.open(categoryId=8)
    composer.ask("I cannot log in", SECRET)
    expect(composer.page.locator("#state")).to_have_text("open privateMessage")
    # From here on nobody says again that it is private.
    composer.sample.network.goes_wrong = lambda call: Fault(status=503)
    composer.press("Fold")
    composer.press("Open draft")
    expect(composer.body).to_have_value(SECRET)
    composer.page.wait_for_timeout(300)
    composer.create()
    (post,) = composer.site.posts
    assert (post["archetype"], post["target_recipients"]) == ("private_message", "experts")


def test_whoever_insists_posts_a_topic_and_is_told_who_will_read_it(composer: Composer) -> None:
    composer.site.settings["experts_group"] = "experts"
    composer.open()
    composer.ask("I cannot log in", SECRET)
    composer.press(words("en")["private"]["topic"])
    expect(composer.page.locator("#state")).to_have_text("open createTopic")
    expect(composer.private).to_contain_text(words("en")["private"]["warning"])
    # Back and forth by keyboard: what was pressed has the focus, whatever it now says.
    composer.page.keyboard.press("Enter")
    expect(composer.page.locator("#state")).to_have_text("open privateMessage")
    composer.page.keyboard.press("Enter")
    composer.create()
    assert composer.site.posts[0]["archetype"] == "regular"


def test_where_no_experts_are_named_it_says_who_will_read_it_and_stops_nobody(
    composer: Composer,
) -> None:
    composer.open()
    composer.ask("I cannot log in", SECRET)
    expect(composer.private).to_have_text(words("en")["private"]["warning"])
    composer.ask("I cannot log in", "Which button is it?")
    expect(composer.private).to_have_count(0)
    composer.ask("I cannot log in", SECRET)
    composer.create()
    assert composer.site.posts[0]["raw"] == SECRET


@pytest.mark.parametrize("fault", [Fault(gone=True), Fault(status=503), Fault(seconds=5)])
def test_a_service_that_is_not_there_keeps_nobody_from_posting(
    composer: Composer, fault: Fault
) -> None:
    composer.sample.network.goes_wrong = lambda call: fault if "/v1/" in call.path else None
    composer.open()
    composer.title.fill(QUESTION)
    composer.body.fill(BODY)
    composer.create()
    expect(composer.page.locator("#state")).to_have_text("closed createTopic")


@pytest.mark.parametrize(
    "changed", [{"script_integrity": "sha384-AAAA"}, {"script_address": "http://127.0.0.1:1/x.js"}]
)
def test_a_script_that_is_not_let_in_changes_nothing_in_the_composer(
    composer: Composer, changed: dict[str, str], said: list[str]
) -> None:
    composer.site.settings |= changed
    composer.open()
    composer.title.fill(QUESTION)
    composer.create()
    assert composer.page.evaluate("customElements.get('triage-suggest') === undefined")
    assert not [one for one in said if "TypeError" in one]


@pytest.mark.parametrize("lacking", ["script_address", "publishable_key"])
def test_a_component_that_is_not_set_up_does_nothing(composer: Composer, lacking: str) -> None:
    composer.site.settings[lacking] = ""
    composer.open()
    expect(composer.body).to_be_visible()
    assert composer.page.locator(".triage-ask").count() == 0


@pytest.mark.parametrize("locale", ["en", "sv", "nb_NO", "da", "fi", "de"])
def test_it_speaks_the_language_of_the_forum(composer: Composer, locale: str) -> None:
    composer.site.locale = locale
    composer.site.settings["experts_group"] = "experts"
    composer.open()
    composer.ask("I cannot log in", SECRET)
    expect(composer.private.get_by_role("button")).to_have_text(words(locale)["private"]["topic"])


def test_the_composer_can_be_used_on_every_screen(
    composer: Composer, pictures: Path, said: list[str]
) -> None:
    draft = sample_draft("en-d03")
    composer.site.settings["experts_group"] = "experts"
    composer.open()
    composer.ask(draft.title, draft.body)
    for name, text in (("suggestions", draft.body), ("private", SECRET)):
        composer.ask(draft.title, text)
        for width in (320, 1280):
            for scheme in ("light", "dark"):
                composer.page.set_viewport_size({"width": width, "height": 900})
                composer.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                assert not composer.page.evaluate(
                    "document.documentElement.scrollWidth > innerWidth"
                ), width
                composer.page.screenshot(path=pictures / f"discourse-{name}-{width}-{scheme}.png")
                # So high that nothing stays in sight over something else, which axe takes for lost:
                # the widget has two fifths of the window. The keyboard: test_widget_access.py.
                composer.page.set_viewport_size({"width": width, "height": 4800})
                assert faults(composer.page) == [], (name, width, scheme)
    assert said == []
