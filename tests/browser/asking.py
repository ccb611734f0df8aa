"""Somebody before an ask page: what they do there, and what came of it.

In: a page of the browser, the sample. Out: what the widget shows, and the events that the
store has.
Not here: what must be so (the tests).
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from benchmarks.front_end import FrontEnd
from triage.settings import ROOT
from triage.store import Database

from .gateway import Gateway

SAMPLE = ROOT / "data" / "sample"
# Whoever has the focus, also inside of the widget.
_FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one && {
    act: one.dataset.act ?? '', id: one.id, tag: one.localName,
    part: one.getAttribute('part') ?? '', ring: getComputedStyle(one).outlineStyle,
    thread: one.closest('[data-thread]')?.dataset.thread ?? '',
  };
}"""
_WITHIN_SECONDS = 20.0


@dataclass(frozen=True)
class SampleDraft:
    """A question of the sample, and the threads that settle it."""

    title: str
    body: str
    product: str
    version: str
    settled_by: frozenset[str]


def sample_draft(query_id: str) -> SampleDraft:
    """Return one of the sample's drafts."""
    return _sample("drafts", query_id)


def sample_case(query_id: str) -> SampleDraft:
    """Return one of the sample's cases as if it were asked anew."""
    return _sample("cases", query_id)


def _sample(what: str, query_id: str) -> SampleDraft:
    (row,) = [row for row in _lines(f"{what}.jsonl") if row["id"] == query_id]
    judged = _lines(f"{what}_qrels.jsonl")
    known = frozenset(one["doc_id"] for one in judged if one["query_id"] == query_id)
    told = {name: row.get(name, "") for name in ("title", "body", "product", "version")}
    return SampleDraft(**told, settled_by=known)


def _lines(name: str) -> list[dict[str, Any]]:
    written = (SAMPLE / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in written.splitlines()]


@dataclass(frozen=True)
class AskPage:
    """The page, and the widget on it."""

    page: Page
    front: FrontEnd
    network: Gateway
    database: Database

    def open(self, **attributes: str) -> None:
        """Open the ask page, and wait until its widget is there."""
        self.page.goto(self.front.ask_page(**attributes))
        self.page.wait_for_function("() => customElements.get('triage-suggest') !== undefined")

    @property
    def widget(self) -> Locator:
        """The element; what is looked for in it is found in its shadow as well."""
        return self.page.locator("triage-suggest")

    @property
    def cards(self) -> Locator:
        """The suggestions."""
        return self.widget.locator("ol[part=list] li[data-thread]")

    @property
    def panel(self) -> Locator:
        """Where a thread is read beside the draft."""
        return self.widget.locator("dialog[part=panel]")

    @property
    def status(self) -> Locator:
        """What a screen reader is told."""
        return self.widget.locator("[role=status]")

    def act(self, name: str, within: Locator | None = None) -> Locator:
        """Return the buttons that do something."""
        return (within or self.widget).locator(f'[data-act="{name}"]')

    def type(self, title: str, body: str = "", delay: float = 0) -> None:
        """Type into the fields, letter by letter, as a person does."""
        self.page.locator("#ask-title").press_sequentially(title, delay=delay)
        self.page.locator("#ask-body").press_sequentially(body, delay=delay)

    def ask(self, title: str, body: str = "") -> None:
        """Put a whole draft into the fields, and wait for the reply to it."""
        self.page.locator("#ask-title").fill(title)
        self.page.locator("#ask-body").fill(body)
        self.replied(title, body)

    def replied(self, title: str, body: str = "") -> None:
        """Wait until the newest reply is the one to this draft."""
        self.page.wait_for_function(
            """([title, body]) => {
              const client = document.querySelector('triage-suggest').client;
              return client?.state === 'ready' && client.draft?.title === title
                && (client.draft?.body ?? '') === body;
            }""",
            arg=[title, body],
        )

    def shown(self) -> list[str]:
        """Return the threads that are suggested, in their order."""
        found: list[str] = self.cards.evaluate_all("all => all.map(one => one.dataset.thread)")
        return found

    def reply(self) -> dict[str, Any]:
        """Return the newest reply."""
        found: dict[str, Any] = self.page.evaluate("document.querySelector('triage-suggest').reply")
        return found

    def state(self) -> str:
        """Say how the client is."""
        found: str = self.page.evaluate("document.querySelector('triage-suggest').client.state")
        return found

    def focused(self) -> dict[str, str]:
        """Return what has the focus."""
        found: dict[str, str] = self.page.evaluate(_FOCUSED)
        return found

    def tab_to(self, act: str, most: int = 40) -> None:
        """Press Tab until a button that does something has the focus."""
        for _ in range(most):
            if self.focused()["act"] == act:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {act}")

    def post(self) -> dict[str, str]:
        """Press the page's own button; return what its form posted."""
        self.page.get_by_role("button", name="Post question").click()
        expect(self.page.get_by_text("Posted")).to_be_visible()
        return self.front.posts[-1]

    def flush(self) -> None:
        """Send what waits to be sent."""
        self.page.evaluate("document.querySelector('triage-suggest').client.flush()")

    def events(self, ask_id: str) -> Counter[tuple[str, str | None]]:
        """Return the events that were told of an ask, by type and thread.

        That it was asked, the service writes itself, as often as something new is known of it.
        """
        query = "SELECT type, thread_id FROM events WHERE ask_id = ? AND type != 'asked'"
        with self.database.read() as c:
            return Counter((kind, thread) for kind, thread in c.exec_driver_sql(query, (ask_id,)))

    def told(self, ask_id: str, expected: Mapping[tuple[str, str | None], int]) -> None:
        """Wait until exactly these events are kept of an ask, and no other follows them."""
        self.until(lambda: self.events(ask_id) >= Counter(expected), lambda: self.events(ask_id))
        self.page.wait_for_timeout(1000)
        assert dict(self.events(ask_id)) == dict(expected)

    def until(
        self,
        condition: Callable[[], bool],
        tell: Callable[[], object] = lambda: "it never came",
        seconds: float = _WITHIN_SECONDS,
    ) -> None:
        """Wait for what the browser and the servers do meanwhile."""
        # Not asleep: what the browser asks of the test is answered meanwhile.
        wait_until(condition, tell, seconds, lambda: self.page.wait_for_timeout(50))


def wait_until(
    condition: Callable[[], bool],
    tell: Callable[[], object] = lambda: "it never came",
    seconds: float = _WITHIN_SECONDS,
    pause: Callable[[], None] = lambda: time.sleep(0.05),
) -> None:
    """Wait for what servers do meanwhile."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, tell()
        pause()
