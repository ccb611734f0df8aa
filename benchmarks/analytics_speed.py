"""How long the analyst's pages take: whole pages of a quarter, single queries of a large year.

    python -m benchmarks.analytics_speed                     # 5,000 asks, 1,000,000 events
    python -m benchmarks.analytics_speed --asks 100000 --events 10000000

In: how many asks the quarter has, how many events the year is worth; 0 leaves one out. Out: of each
page how long it took while nothing was held, with other filters, and again, by the clock and of the
processor, where what the server does beside it counts in; of each query the same. All are the least
of three.
Not here: the figures themselves (insight_proof), keeping so many events (report_speed).

A page is asked of the service itself, as a browser of somebody who is signed in asks it, with its
charts and tables and without the script that draws them. A page of the quarter is wanted within a
second, a query at ten million events within two.
"""

import argparse
import gc
import os
import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from starlette.testclient import TestClient

from benchmarks.analytics_world import Filled, quarter, year
from triage.analytics import viewing
from triage.analytics.context import Context
from triage.analytics.drilling import asks_listed, drilled
from triage.analytics.filters import Filters
from triage.analytics.tables import TABLES
from triage.analytics.values import View
from triage.analytics.viewing import view_of
from triage.api import create_app
from triage.outcomes import Only
from triage.records import Role
from triage.reports import fold
from triage.reports.values import Row
from triage.settings import Settings
from triage.store import Means, add_user, get_forum, open_session

WANTED_PAGE, WANTED_QUERY = 1.0, 2.0
_TABS = ("", "/slices", "/gaps", "/trends", "/threads", "/activity", "/asks", "/definitions")
_ROUNDS = range(3)
_YEAR = 365


def main() -> None:
    """Fill, time, and print a line for each page and each query."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--asks", type=int, default=5_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    chosen = parser.parse_args()
    if chosen.asks:
        with TemporaryDirectory() as scratch:
            time_pages(Path(scratch), chosen.asks)
    if chosen.events:
        with TemporaryDirectory() as scratch:
            time_queries(Path(scratch), chosen.events)


def time_pages(folder: Path, asks: int) -> None:
    """Time every page of a quarter of so many asks."""
    settings = Settings(data_dir=folder, models_dir=folder / "models", encoder="hashing")
    filled = quarter(folder / "triage.db", asks)
    begun = time.perf_counter()
    folded = fold(filled.database, filled.forum_id)
    _say(f"{folded:,} asks of a quarter, folded in {time.perf_counter() - begun:.0f} s")
    days = f"from={filled.since}&to={filled.until}"
    with TestClient(create_app(settings)) as client:
        client.cookies.set("triage", _token(filled))
        # What a process does once: libraries are loaded, templates compiled.
        once, *_ = _page(client, f"/analytics?from={filled.since}&to={filled.since}")
        slowest = slowest_own = 0.0
        _say(f"the first page of a process, of a day: {once:.1f} s")
        _say("| page | first | processor | other filters | processor | again | processor | kB |")
        _say("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for tab in _TABS:
            pages = _rounds(client, f"/analytics{tab}?{days}")
            told = " | ".join(f"{wall:.2f} | {own:.2f}" for wall, own, _ in pages)
            slowest = max(slowest, *(wall for wall, *_ in pages))
            slowest_own = max(slowest_own, *(own for _, own, _ in pages))
            _say(f"| {tab or '/'} | {told} | {pages[0][2] / 1e3:.0f} |")
    _verdict("page", slowest, slowest_own, WANTED_PAGE)
    filled.database.close()


def _token(filled: Filled) -> str:
    """Sign an analyst in; return what their browser keeps."""
    now = datetime.now(UTC)
    with filled.database.write() as c:
        forum = get_forum(c, "demo")
        ana = "ana@example.com"
        user = add_user(c, forum.id, email=ana, name="Ana", role=Role.ANALYST, at=now)
        return open_session(c, user, Means.PASSWORD, now, now + timedelta(hours=1))


def _rounds(client: TestClient, address: str) -> list[tuple[float, float, int]]:
    """Return what a page takes with nothing held, with other filters, and again."""
    first, other = [], []
    for _ in _ROUNDS:
        _forget()
        first.append(_page(client, address))
        other.append(_page(client, f"{address}&lang=nb"))
    again = [_page(client, address) for _ in _ROUNDS]
    # Each by itself: whatever else the machine does stretches the one and not the other.
    return [
        (min(wall for wall, *_ in some), min(own for _, own, _ in some), some[0][2])
        for some in (first, other, again)
    ]


def _page(client: TestClient, address: str) -> tuple[float, float, int]:
    """Return how many seconds a page took, those of the processor, and how many bytes it has."""
    begun, processor = time.perf_counter(), time.process_time()
    response = client.get(address, follow_redirects=False)
    seconds, own = time.perf_counter() - begun, time.process_time() - processor
    if response.status_code != 200:
        raise SystemExit(f"{address} was answered with {response.status_code}.")
    return seconds, own, len(response.content)


def time_queries(folder: Path, events: int) -> None:
    """Time every query of a page at so many events, of the last quarter and of the whole year."""
    filled = year(folder / "triage.db", events)
    end = filled.until
    some = {
        "a month": Filters(end - timedelta(days=29), end),
        "a quarter": Filters(end - timedelta(days=90), end),
        "a quarter of one language": Filters(end - timedelta(days=90), end, only=Only("nb")),
        "a year": Filters(end - timedelta(days=_YEAR - 1), end),
    }
    _say("", f"{events:,} events", "| query | seconds | of the processor |", "| --- | --- | --- |")
    took = []
    for name, filters in some.items():
        told = _query(f"reading {name}", partial(_read, filled, filters))
        if name != "a year":
            took.append(told)
    took += _tables(filled, some["a quarter"])
    slowest, own = (max(seconds) for seconds in zip(*took, strict=True))
    _verdict("query, the year's reading left aside", slowest, own, WANTED_QUERY)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    size = sum(file.stat().st_size for file in filled.database.files()) / 1e6
    _say(f"store {size:.0f} MB, process {memory:.2f} GB")
    filled.database.close()


def _read(filled: Filled, filters: Filters) -> Any:  # noqa: ANN401
    _forget()
    return view_of(filled.database, filled.forum_id, filters, _now(filled.until))


def _tables(filled: Filled, filters: Filters) -> list[tuple[float, float]]:
    """Time the rows of each table of a view, and a page of asks."""
    view = view_of(filled.database, filled.forum_id, filters, _now(filled.until))
    took = [_query(name, partial(_rows, filled, view, name)) for name in TABLES]
    return [*took, _query("asks behind a card", partial(_listed, filled, view))]


def _rows(filled: Filled, view: View, name: str) -> list[Row]:
    with filled.database.read() as c:
        # A context of its own, which has read nothing yet for another table.
        context = Context(filled.database, c, filled.forum_id, view, _now(filled.until))
        return list(TABLES[name].rows(context))


def _listed(filled: Filled, view: View) -> object:
    flags = drilled(view, "offer_rate")
    if not np.any(flags):
        raise SystemExit("There is no ask behind a card.")
    with filled.database.read() as c:
        return asks_listed(c, filled.forum_id, view, flags)


def _now(until: date) -> datetime:
    return datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=30)


def _forget() -> None:
    """Let go of every reading that is held, as a server that has just begun has none."""
    viewing._SHELVES.clear()


def _query(name: str, made: Callable[[], object]) -> tuple[float, float]:
    """Print and return the least seconds of a few times, by the clock and of the processor."""
    rounds = []
    for _ in _ROUNDS:
        gc.collect()
        clock, processor = time.perf_counter(), time.process_time()
        made()
        rounds.append((time.perf_counter() - clock, time.process_time() - processor))
    seconds, own = (min(one) for one in zip(*rounds, strict=True))
    _say(f"| {name} | {seconds:.2f} | {own:.2f} |")
    return seconds, own


def _verdict(what: str, slowest: float, own: float, wanted: float) -> None:
    held, alone = ("held" if took < wanted else "NOT held" for took in (slowest, own))
    load = os.getloadavg()[0]
    _say(f"slowest {what}, wanted {wanted:.0f} s: {slowest:.2f} s by the clock ({held}),")
    _say(f"{own:.2f} s of the processor ({alone}), load {load:.0f}")


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
