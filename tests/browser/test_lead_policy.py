"""The policy and the labels in a browser: a lead changes a value, tries it, lets it decide."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.sample_server import FORUM, serving
from triage.settings import ROOT

from .chromium import faults
from .test_analytics import become

pytestmark = pytest.mark.browser

PLACES = (
    "policy",
    "policy/edit",
    "policy/text",
    "policy/rules/new",
    "policy/versions/default",
    "taxonomy",
    "taxonomy?target=kind",
    "taxonomy/topic/bank_feed",
)
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"
_SMALL = """[...document.querySelectorAll('main button, main input, main select, nav a, summary')]
  .filter(e => e.checkVisibility() && !e.matches('[type=checkbox], [type=radio]'))
  .filter(e => e.getBoundingClientRect().height < 44)
  .map(e => e.outerHTML)"""
_SECONDS = 90_000


@pytest.fixture(scope="module")
def quarter(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo of its own, asked for a while: what a policy is tried on."""
    folder = tmp_path_factory.mktemp("policy")
    shutil.copytree(trained, folder, dirs_exist_ok=True)
    where = {"TRIAGE_DATA_DIR": str(folder), "TRIAGE_MODELS_DIR": str(folder / "models")}
    told = (sys.executable, "-m", "triage", "demo-quarter", "--asks", "1500", "--forum", FORUM)
    env = {**os.environ, **where}
    subprocess.run(told, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    with serving(folder, TRIAGE_DEMO="1") as base:
        yield base


@pytest.fixture
def lead(page: Page, quarter: str) -> Page:
    page.set_viewport_size({"width": 1280, "height": 900})
    become(page, quarter, "lead")
    return page


def press(page: Page, name: str) -> None:
    """Walk to a button or summary with the keyboard alone and press it."""
    target = page.get_by_role("button", name=name, exact=True).first
    target.focus()
    page.keyboard.press("Enter")


def test_a_policy_is_changed_tried_and_made_to_decide(
    lead: Page, quarter: str, said: list[str], pictures: Path
) -> None:
    lead.goto(f"{quarter}/lead/policy")
    expect(lead.get_by_text("The default decides: nobody")).to_be_visible()
    lead.get_by_role("link", name="Change the policy").first.click()
    lead.locator("#s-costs > summary").click()
    lead.get_by_label("Needed an expert, was left with the community").fill("7,5")
    lead.get_by_label("Why").fill("Too many were missed in October.")
    lead.get_by_role("button", name="Save as draft").click()
    expect(lead.get_by_role("status")).to_contain_text("Saved as the draft")
    expect(lead.get_by_role("cell", name="7.5")).to_be_visible()
    lead.get_by_label("Questions of").select_option("90")
    lead.get_by_role("button", name="Try it").click(timeout=_SECONDS)
    expect(lead.get_by_text("more would go to an expert")).to_be_visible()
    expect(lead.locator("figure.chart[data-drawn=screen]")).to_have_count(3)
    moved = lead.locator("details.moved").first
    moved.locator("summary").click()
    assert moved.locator("li[data-ask]").count() > 0
    lead.screenshot(path=pictures / "lead-policy-tried.png", full_page=True)
    assert faults(lead) == []
    # What was tried decides, once somebody has said why.
    lead.locator("summary", has_text="Let it decide").click()
    lead.locator("input[name=reason]:visible").fill("Fewer are missed in the trial.")
    press(lead, "Let it decide: Version 1")
    expect(lead.get_by_text("Version 1 decides, written by")).to_be_visible()
    expect(lead.get_by_text("Fewer are missed in the trial.")).to_be_visible()
    assert said == []


def test_there_is_a_way_back(lead: Page, quarter: str) -> None:
    for most in (5, 2):
        lead.goto(f"{quarter}/lead/policy/text")
        text = lead.locator("#toml")
        text.fill(re.sub(r"(?m)^most = \d+$", f"most = {most}", text.input_value()))
        lead.get_by_role("button", name="Save as draft").click()
        lead.locator("summary", has_text="Let it decide").click()
        lead.locator("input[name=reason]:visible").fill(f"{most} are enough.")
        lead.keyboard.press("Enter")
        expect(lead.get_by_role("status")).to_contain_text("Done")
    lead.locator("summary", has_text="Go back to this one").first.click()
    lead.locator("input[name=reason]:visible").fill("Five were better.")
    lead.keyboard.press("Enter")
    expect(lead.get_by_text("Five were better.")).to_be_visible()
    expect(lead.get_by_text("decides in place of").first).to_be_visible()


def test_a_wrong_line_of_the_text_is_opened_and_its_number_marked(
    lead: Page, quarter: str, pictures: Path
) -> None:
    lead.goto(f"{quarter}/lead/policy/text")
    text = lead.locator("#toml")
    text.fill(text.input_value().replace("missed_severe", "mised_severe"))
    lead.get_by_role("button", name="Only check it").click()
    expect(lead.locator(".at-fault")).to_have_count(1)
    number = int(lead.locator(".at-fault").inner_text())
    lines = text.input_value().split("\n")
    assert lines[number - 1].startswith("mised_severe")
    chosen = text.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)")
    assert chosen == lines[number - 1]
    # The number stands beside its line, and new lines have numbers of their own.
    places = lead.evaluate(
        "[document.querySelector('.at-fault').getBoundingClientRect().top,"
        " document.querySelector('#toml').getBoundingClientRect().top,"
        " parseFloat(getComputedStyle(document.querySelector('#toml')).lineHeight)]"
    )
    assert abs(places[0] - places[1] - (number - 1) * places[2]) < 14
    before = lead.locator(".gutter span").count()
    text.press("Control+End")
    text.press_sequentially("\n# one\n# two\n")
    assert lead.locator(".gutter span").count() >= before + 3
    assert faults(lead) == []
    lead.screenshot(path=pictures / "lead-policy-text.png")


def test_a_rule_is_written_without_a_mouse(lead: Page, quarter: str) -> None:
    lead.goto(f"{quarter}/lead/policy/rules/new")
    lead.get_by_label("Name").focus()
    lead.keyboard.type("invoices")
    lead.keyboard.press("Tab")
    # Of one question with two answers the arrows choose.
    lead.keyboard.press("ArrowDown")
    lead.keyboard.press("Tab")
    lead.keyboard.type("invoice logo")
    lead.keyboard.press("Enter")
    lead.keyboard.type("faktura logotyp")
    press(lead, "Save as draft")
    expect(lead.locator(".own-rules li")).to_have_count(1)
    expect(lead.locator(".own-rules")).to_contain_text(
        "“invoice logo”, “faktura logotyp” → Community"
    )


def test_labels_lead_from_the_table_to_examples(lead: Page, quarter: str, pictures: Path) -> None:
    lead.goto(f"{quarter}/lead/taxonomy")
    assert lead.locator("tbody tr").count() > 10
    expect(lead.locator("figure.chart[data-drawn=screen]")).to_have_count(1)
    lead.get_by_role("link", name="Cases").click()
    expect(lead.locator("[aria-sort=descending]")).to_contain_text("Cases")
    lead.get_by_role("link", name="bank_feed").first.click()
    expect(lead.get_by_role("heading", name="bank_feed")).to_be_visible()
    for heading in ("Newest cases", "Newest questions", "Words that speak for it"):
        expect(lead.get_by_role("heading", name=heading)).to_be_visible()
    lead.screenshot(path=pictures / "lead-label.png", full_page=True)


@pytest.mark.parametrize("place", PLACES)
def test_every_page_passes_axe_wide_and_narrow_light_and_dark(
    lead: Page, quarter: str, place: str, said: list[str], pictures: Path
) -> None:
    for width, scheme in ((1280, "light"), (320, "dark")):
        lead.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        lead.set_viewport_size({"width": width, "height": 900})
        lead.goto(f"{quarter}/lead/{place}")
        lead.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
        assert faults(lead) == [], (place, width)
        assert not lead.evaluate(_SIDEWAYS), (place, width)
        assert lead.evaluate(_SMALL) == [], (place, width)
        name = place.replace("/", "-").replace("?", "-").replace("=", "-")
        lead.screenshot(path=pictures / f"lead-{name}-{width}.png", full_page=True)
    assert said == []


def test_without_a_script_a_policy_is_changed_and_tried(browser: Browser, quarter: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(_SECONDS)
    become(page, quarter, "lead")
    page.goto(f"{quarter}/lead/policy/text")
    shown = [int(number) for number in page.locator(".gutter span").all_inner_texts()]
    assert shown == list(range(1, len(shown) + 1))
    assert len(shown) > len(page.locator("#toml").input_value().splitlines())
    page.goto(f"{quarter}/lead/policy/edit")
    page.locator("#s-shown > summary").click()
    page.get_by_label("Threads offered at most").fill("1")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("not one would go another way").first).to_be_visible()
    # Each chart's table is open as long as nothing is drawn.
    assert page.locator("details.behind[open]").count() == 3
    context.close()
