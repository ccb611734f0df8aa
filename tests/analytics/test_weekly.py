"""The weekly report: the numbers of the pages, in six languages, in one file that loads nothing."""

import base64
import csv
import hashlib
import io
import json
import re
from datetime import UTC, datetime, time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.forum import INSTALLATION_KEY
from tests.reports.months import Kept
from triage.analytics.context import Context
from triage.analytics.exporting import export_of
from triage.analytics.report_week import ReportWeek, read_week
from triage.analytics.tables import TABLES
from triage.analytics.viewing import view_of
from triage.analytics.weekly import weekly_page
from triage.analytics.weekly_tables import WANTED, table_shown
from triage.cli import main
from triage.outcomes import Only
from triage.outcomes.only import ALL
from triage.records import LANGUAGES, Thread
from triage.reports import Format
from triage.store import get_forum, put_threads
from triage.web import Numbers, word

from .forum import NOW, quarter

WEEK = read_week("2026-W20", "Europe/Oslo", ALL, NOW)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
BLOCK = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)


def page(
    kept: Kept,
    week: ReportWeek = WEEK,
    lang: str = "en",
    now: datetime = NOW,
    *,
    charts: bool = False,
) -> str:
    with kept.database.read() as c:
        forum = get_forum(c, "demo")
    return weekly_page(kept.database, forum, week, lang, now, charts=charts)


class _Table(HTMLParser):
    """The cells of the table of figures: what they say, and the very numbers in them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.exact: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "table":
            self._inside = said.get("id") == "week"
        if self._inside and tag == "tr":
            self.rows.append([])
            self.exact.append([])
        if self._inside and tag in ("th", "td"):
            self.rows[-1].append("")
        if self._inside and tag == "data":
            self.exact[-1].append(said["value"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def figures_in(html: str) -> _Table:
    table = _Table()
    table.feed(html)
    table.rows = [[said.strip() for said in row] for row in table.rows]
    return table


def exported(kept: Kept, name: str, week: ReportWeek) -> list[dict[str, str]]:
    file = io.BytesIO()
    export_of(name, week.filters, NOW).write(kept.database, kept.forum_id, file, Format.CSV, NOW)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode())))


@pytest.mark.parametrize("only", [ALL, Only(product="Ledger")])
def test_its_figures_are_those_of_the_pages(forum: Kept, only: Only) -> None:
    week = read_week("2026-W20", "Europe/Oslo", only, NOW)
    found = figures_in(page(forum, week))
    rows = exported(forum, "cards", week)
    assert [row[0] for row in found.rows[1:]] == [word(f"card.{row['name']}", "en") for row in rows]
    for row, exact, shown in zip(rows, found.exact[1:], found.rows[1:], strict=True):
        told = [value for value in (row["share"] if row["whole"] else row["part"],) if value]
        expected = [*told, row["part"], row["persons"]]
        assert [float(one) for one in exact[: len(expected)]] == [float(one) for one in expected]
        if row["enough"] == "false":
            assert shown[1] == word("analytics.too_few", "en")
        elif row["whole"]:
            numbers = Numbers("en")
            assert shown[1].startswith(numbers.share(float(row["share"])))
            assert shown[1].endswith(numbers.span(float(row["low"]), float(row["high"])))
    assert {row["enough"] for row in rows} == {"true", "false"}


def test_beside_it_stands_the_week_before(forum: Kept) -> None:
    before = read_week("2026-W19", "Europe/Oslo", ALL, NOW)
    now, then = figures_in(page(forum)), figures_in(page(forum, before))
    assert [row[4] for row in now.rows[1:]] == [row[1] for row in then.rows[1:]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_all_in_one_language(forum: Kept, lang: str) -> None:
    html = page(forum, lang=lang)
    assert f'<html lang="{lang}">' in html
    assert word("weekly.figures", lang) in html
    titles = {word("weekly.figures", one) for one in LANGUAGES}
    assert sum(title in html for title in titles) == 1
    assert not re.search(r"\{\w+\}", html.split("<body")[1])


def test_it_loads_nothing_and_runs_its_own_scripts_alone(forum: Kept) -> None:
    html = page(forum, charts=True)
    outside = SCRIPT.sub("", html)
    assert not re.search(r"""(src|srcset|action|data)\s*=\s*["'](?!\d)""", outside)
    assert re.findall(r'href="([^"]*)"', outside) == ["#content"]
    assert "url(" not in outside
    assert "@import" not in outside
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    policy = policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none';")
    scripts = SCRIPT.findall(html)
    digests = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts
    ]
    assert policy.rpartition("script-src ")[2].split() == [f"'sha256-{one}'" for one in digests]
    assert len(scripts) == 2
    assert len(html) < 5_500_000


def test_behind_each_chart_is_its_table(forum: Kept) -> None:
    html = page(forum, charts=True)
    blocks = [json.loads(text) for text in BLOCK.findall(html)]
    assert 2 <= len(blocks) == html.count('class="behind"')
    assert {block["kind"] for block in blocks} >= {"steps", "lines"}
    (bounds,) = [block for block in blocks if block["unit"] == "share"]
    weeks = {row["week"]: row for row in exported(forum, "weeks", WEEK)}
    (mine,) = weeks
    at = bounds["x"].index(mine)
    low, high = (series["y"][at] for series in bounds["series"])
    assert low == pytest.approx(float(weeks[mine]["deflection_low"]))
    assert high == pytest.approx(float(weeks[mine]["deflection_high"]))


def test_without_charts_it_is_small_and_says_as_much(forum: Kept) -> None:
    small, large = page(forum), page(forum, charts=True)
    assert "<script" not in small
    assert len(small.encode()) < 100_000
    assert figures_in(small).rows == figures_in(large).rows


def test_with_too_few_persons_it_says_so_and_no_rate(empty: Kept) -> None:
    empty.put([row for row in quarter(persons=12) if row["type"] == "asked"])
    found = figures_in(page(empty))
    said = {row[0]: row[1] for row in found.rows[1:]}
    few = word("analytics.too_few", "en")
    assert said[word("card.offer_rate", "en")] == few
    assert said[word("card.posting_holdout", "en")] == few
    assert word("verdict.too_few_title", "en") in page(empty)


def test_a_week_without_asks_is_a_report_too(empty: Kept) -> None:
    html = page(empty, charts=True)
    assert word("weekly.nothing", "en") in html
    assert 'class="plot"' not in html


def test_simulated_asks_are_said_to_be_so(empty: Kept, forum: Kept) -> None:
    empty.put([{**row, "simulated": True} for row in quarter(persons=40)])
    assert 'class="simulated"' in page(empty)
    assert 'class="simulated"' not in page(forum)


def test_they_are_said_to_be_so_also_where_only_earlier_weeks_have_them(empty: Kept) -> None:
    monday = datetime.combine(WEEK.before.since or NOW, time(), UTC)
    rows = [{**row, "simulated": True} for row in quarter(persons=300)]
    early = {row["ask_id"] for row in rows if row["type"] == "asked" and row["at"] < monday}
    empty.put([row for row in rows if row["ask_id"] in early])
    assert view_of(empty.database, empty.forum_id, WEEK.filters, NOW).report["asks"] == 0
    report = view_of(empty.database, empty.forum_id, WEEK.quarter, NOW).report
    asks = Numbers("en").count(report["asks"])
    assert report["simulated"] == report["asks"] > 0
    html = page(empty)
    assert f'class="simulated">{word("weekly.simulated", "en", n=asks, of=asks)}<' in html


def test_no_week_that_it_shows_has_any(empty: Kept) -> None:
    empty.put([{**row, "simulated": True} for row in quarter(persons=40)])
    later = datetime(2026, 12, 20, tzinfo=UTC)
    html = page(empty, read_week("2026-W50", "Europe/Oslo", ALL, later), now=later)
    assert 'class="simulated"' not in html


def test_what_people_named_is_text(empty: Kept) -> None:
    topic = '</script><b onclick="x">{{ 7 * 7 }}</b>'
    told = [
        {**row, "topic": topic, "lang": topic} if row["type"] == "asked" else row
        for row in quarter(persons=150)
    ]
    empty.put(told)
    html = page(empty, charts=True)
    assert "<b onclick" not in html
    assert "&lt;b onclick" in html
    assert "{{ 7 * 7 }}" in html
    for text in BLOCK.findall(html):
        json.loads(text)


def test_every_column_that_it_shows_is_one_of_its_table() -> None:
    for name, wanted in WANTED.items():
        known = {column.name for column in TABLES[wanted.table or name].columns}
        for one in wanted.columns:
            assert set((one,) if isinstance(one, str) else one) <= known, name


@pytest.mark.parametrize(("groups", "shown"), [(frozenset(), True), (frozenset({"gold"}), False)])
def test_a_thread_is_named_where_everybody_may_read_it(
    empty: Kept, groups: frozenset[str], shown: bool
) -> None:
    thread = Thread("t1", "Ringing the bell", "How?", solved=True, lang="en", groups=groups)
    row = dict.fromkeys(column.name for column in TABLES["threads"].columns)
    with empty.database.write() as c:
        put_threads(c, empty.forum_id, [thread], 1)
    view = view_of(empty.database, empty.forum_id, WEEK.filters, NOW)
    with empty.database.read() as c:
        context = Context(empty.database, c, empty.forum_id, view, NOW)
        row |= {"thread_id": "t1", "stands_out": True, "opened": 60, "posted_after": 40}
        found = table_shown(context, "threads", "en", [row])
    assert found.rows[0][0].text == ("Ringing the bell" if shown else "t1")


@pytest.fixture
def typed(empty: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Return a store that commands find."""
    monkeypatch.setenv("TRIAGE_DATABASE_URL", f"sqlite:///{tmp_path / 'triage.db'}")
    monkeypatch.setenv("TRIAGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRIAGE_INSTALLATION_KEY", INSTALLATION_KEY)
    empty.put(quarter(persons=60))
    return empty


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["weekly", "--forum", "demo", *words])


def test_the_command_replaces_the_file_as_a_whole(typed: Kept, tmp_path: Path) -> None:
    file = tmp_path / "weekly.html"
    done = run("--week", "2026-W20", "--to", str(file), "--lang", "fi", "--no-charts")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["week"], told["bytes"]) == ("2026-W20", file.stat().st_size)
    first = file.read_text(encoding="utf-8")
    assert '<html lang="fi">' in first
    assert run("--week", "2026-W19", "--to", str(file)).exit_code == 0
    assert file.read_text(encoding="utf-8") != first
    assert sorted(one.name for one in tmp_path.glob("*weekly*")) == ["weekly.html"]


@pytest.mark.parametrize(
    "words", [("--week", "2026-W99"), ("--where", "account=nobody"), ("--time-zone", "Mars/X")]
)
def test_one_that_fails_leaves_the_old_file(
    typed: Kept, tmp_path: Path, words: tuple[str, str]
) -> None:
    file = tmp_path / "weekly.html"
    file.write_text("last week", encoding="utf-8")
    done = run("--to", str(file), *words)
    assert done.exit_code == 1, done.output
    assert "bad_field" in done.stderr
    assert file.read_text(encoding="utf-8") == "last week"
    assert list(tmp_path.glob(".weekly*")) == []


def test_its_week_is_over_when_the_clock_writes_it(typed: Kept, tmp_path: Path) -> None:
    done = run("--to", str(tmp_path / "weekly.html"), "--no-charts")
    week = json.loads(done.stdout)["week"]
    assert week == str(read_week(None, "UTC", ALL, datetime.now(UTC)))
