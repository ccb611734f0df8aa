"""How soon after the last keystroke suggestions are painted, and what the widget costs a page.

    python -m benchmarks.widget --folder data/local/widget

In: the sample, trained in a folder; the system's Chromium. Out: tables in Markdown.
Not here: what the service takes of it by itself (where_time_goes), whether what is painted is right
(tests/browser).

Each draft of the sample is typed letter by letter but for its end, which makes the service warm to
its ask as in life; then the last letter is pressed. From there to the first frame that was painted
with the reply to the whole draft, by the browser's own clock.
"""

import argparse
import gzip
import json
import os
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.front_end import FrontEnd, attached
from triage.settings import ROOT

_BROWSERS = ("/usr/bin/chromium", "/usr/bin/google-chrome")
_FILES = ("triage-suggest.js", "triage-client.js")
_LAST = 12
_DEBOUNCE_MS = 150
# A reply is there when its event comes; it is painted with the frame after the next one is begun.
_WATCH = """() => {
  window.pressed = 0; window.painted = null;
  addEventListener('keydown', event => { window.pressed = event.timeStamp; }, true);
  document.addEventListener('triage-reply', event => {
    const { client } = document.querySelector('triage-suggest');
    const text = `${client.draft?.title}\\n${client.draft?.body}`, reply = event.detail;
    if (!reply) return;
    requestAnimationFrame(() => setTimeout(() => {
      window.painted = { at: performance.now(), text, shown: reply.suggestions.length };
    }));
  });
}"""
_STARTED = """() => {
  const script = performance.getEntriesByType('resource').find(e => e.name.includes('/widget/'));
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const [page] = performance.getEntriesByType('navigation');
  return { paint: paint.startTime, loaded: page.loadEventEnd, script: script?.duration ?? 0 };
}"""


@dataclass(frozen=True, slots=True)
class Painted:
    """From the last keystroke to the frame with the reply, and whether it held suggestions."""

    milliseconds: float
    shown: int


def typed(page: Page, front: FrontEnd, title: str, body: str, product: str) -> Painted:
    """Type a draft on a new page; return how long its last letter took."""
    page.goto(front.ask_page(product=product))
    page.wait_for_function("() => customElements.get('triage-suggest') !== undefined")
    page.evaluate(_WATCH)
    field, text = ("#ask-body", body) if body else ("#ask-title", title)
    if body:
        page.locator("#ask-title").fill(title)
    page.locator(field).fill(text[:-_LAST])
    page.wait_for_timeout(800)
    page.locator(field).focus()
    page.keyboard.press("End")
    page.keyboard.press("Control+End")
    page.keyboard.type(text[-_LAST:], delay=60)
    whole = f"{title}\n{body}"
    page.wait_for_function("whole => window.painted?.text === whole", arg=whole)
    at, pressed, shown = page.evaluate("[painted.at, pressed, painted.shown]")
    return Painted(at - pressed, shown)


def started(browser: Browser, address: str, rounds: int) -> dict[str, float]:
    """Open a page in new browsers; return the medians of what it took, in milliseconds."""
    found: list[dict[str, float]] = []
    for _ in range(rounds):
        context = browser.new_context()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        page.goto(address, wait_until="load")
        page.wait_for_timeout(300)
        told = session.send("Performance.getMetrics")["metrics"]
        spent = {one["name"]: one["value"] for one in told}
        busy = {"script_ms": spent["ScriptDuration"], "layout_ms": spent["LayoutDuration"]}
        heap = {"heap_kb": spent["JSHeapUsedSize"] / 1024}
        times = {name: seconds * 1000 for name, seconds in busy.items()}
        found.append({**page.evaluate(_STARTED), **times, **heap})
        context.close()
    return {name: float(np.median([one[name] for one in found])) for name in found[0]}


def sizes(service: str) -> dict[str, tuple[int, int]]:
    """Return the bytes of each file as it is served, and gzipped."""
    found = {}
    for name in (*_FILES, "words/en.json", "words/fi.json"):
        with urllib.request.urlopen(f"{service}/widget/{name}") as reply:
            content = reply.read()
        found[name] = (len(content), len(gzip.compress(content, 9)))
    return found


@contextmanager
def everything(folder: Path, **settings: str) -> Iterator[tuple[Browser, FrontEnd, str]]:
    """Start the browser, another site's ask page, and the service on the trained sample."""
    executable = next(one for one in _BROWSERS if Path(one).exists())
    with attached(folder, **settings) as (front, service), sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=executable), front, service


def sample_drafts() -> list[dict[str, Any]]:
    """Return the drafts of the sample, as they are written."""
    written = (ROOT / "data" / "sample" / "drafts.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in written.splitlines()]


def _row(name: str, painted: Sequence[Painted]) -> str:
    times = [one.milliseconds for one in painted]
    of = [np.percentile(times, share) for share in (50, 90, 95, 100)]
    return f"| {name} | {len(times)} | " + " | ".join(f"{ms:.0f}" for ms in of) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "local" / "widget")
    parser.add_argument("--rounds", type=int, default=15, help="how often a page is opened")
    parser.add_argument("--every", type=int, default=1, help="type every so-many-th draft")
    chosen = parser.parse_args()
    say = sys.stdout.write
    with everything(chosen.folder) as (browser, front, service):
        say(f"load when begun: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n")
        say("| file | bytes | gzipped |\n| --- | ---: | ---: |\n")
        for name, (plain, small) in sizes(service).items():
            say(f"| {name} | {plain:,} | {small:,} |\n")
        page = browser.new_page()
        for draft in sample_drafts()[:3]:
            typed(page, front, draft["title"], draft["body"], draft.get("product", ""))
        painted = [
            typed(page, front, one["title"], one["body"], one.get("product", ""))
            for one in sample_drafts()[:: chosen.every]
        ]
        say(f"\nmilliseconds, {_DEBOUNCE_MS} of them waited on purpose\n\n")
        say("| last keystroke to painted reply | drafts | p50 | p90 | p95 | most |\n")
        say("| --- | ---: | ---: | ---: | ---: | ---: |\n")
        say(_row("all", painted) + "\n")
        say(_row("with suggestions", [one for one in painted if one.shown]) + "\n")
        without = started(browser, front.ask_page(_empty="1"), chosen.rounds)
        with_it = started(browser, front.ask_page(), chosen.rounds)
        say("\n| opening the page, medians | without | with |\n| --- | ---: | ---: |\n")
        for name, value in without.items():
            say(f"| {name} | {value:.1f} | {with_it[name]:.1f} |\n")
        say(f"\nload when done: {os.getloadavg()[0]:.1f}\n")
        browser.close()


if __name__ == "__main__":
    main()
