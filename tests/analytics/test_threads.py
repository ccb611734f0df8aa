"""What is said of threads counts asks, and each number is that of the asks behind it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.clicks import LOOKS, World, drawn
from tests.reports.months import Kept, Row
from triage import store
from triage.analytics.context import Context
from triage.analytics.thread_asks import SIDES, about_threads, asks_behind, asks_of_thread
from triage.analytics.threads import PLACE_COLUMNS, THREAD_COLUMNS, place_rows, thread_rows
from triage.analytics.values import View
from triage.errors import BadField
from triage.records import Answer, Thread

from .conftest import _open as opened_store
from .forum import LANGS, NOW, START, _row, seen_by, view
from .test_drilling import FILTERS

ASKS = 2_500
USELESS = 7


def showings(asks: int = ASKS, swaps: float = 0.2) -> list[Row]:
    """Return asks that were shown threads in a world where it is known what places do."""
    shown, _ = drawn(World(asks=asks, swaps=swaps, threads=20, persons=900), 0)
    random = np.random.default_rng(1)
    rows: list[Row] = []
    begun: dict[int, int] = {}
    for at in range(len(shown.ask)):
        ask, who = int(shown.ask[at]), int(shown.who[at])
        ask_id, thread = f"a{ask}", int(shown.thread[at])
        start = START + timedelta(minutes=20 * ask)
        if begun.setdefault(ask, at) == at:
            facts = {"user": f"p{who}", "arm": "treatment", "lang": LANGS[ask % 3]}
            rows.append(_row(ask_id, "asked", start, offered=True, topic="login", **facts))
        about = {"thread_id": f"t{thread}"}
        lots = {"propensity": float(shown.propensity[at])}
        if lots["propensity"] < 1:
            lots["own_rank"] = int(shown.own_rank[at])
        told = {**about, **lots, "rank": int(shown.rank[at])}
        rows.append(_about(ask_id, "shown", start, 0.1, **told))
        if not shown.opened[at]:
            continue
        rows.append(_about(ask_id, "opened", start, 2, **about))
        said = random.random()
        if said < 0.5 and thread != USELESS:
            rows.append(_about(ask_id, "solved", start, 4, **about))
        elif said < 0.6:
            rows.append(_about(ask_id, "not_solved", start, 4, **about))
        if random.random() < (0.7 if thread == USELESS else 0.15):
            rows.append(_about(ask_id, "posted", start, 30, **about))
    return rows


def _about(ask_id: str, kind: str, start: object, minutes: float, **more: object) -> Row:
    row = _row(ask_id, kind, start, minutes, **more)  # type: ignore[arg-type]
    return {**row, "event_id": f"{ask_id}-{kind}-{more['thread_id']}"}


@pytest.fixture(scope="module")
def suggested(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Kept]:
    """Yield a forum in which twenty threads were suggested, of which one is no more."""
    kept = opened_store(tmp_path_factory.mktemp("threads") / "triage.db", migrated)
    kept.put(showings())
    with kept.database.write() as c:
        answers = (Answer("a", "Like this."),)
        there = [Thread(f"t{n}", f"Title {n}", "", answers, lang="en") for n in range(1, 20)]
        store.put_threads(c, kept.forum_id, there, store.next_revision(c, kept.forum_id))
    yield kept
    kept.database.close()


def told(kept: Kept, seen: View) -> list[dict[str, object]]:
    names = [column.name for column in THREAD_COLUMNS]
    with kept.database.read() as c:
        rows = list(thread_rows(Context(kept.database, c, kept.forum_id, seen, NOW)))
    return [dict(zip(names, row, strict=True)) for row in rows]


def of(rows: list[dict[str, object]], thread_id: str | None) -> dict[str, object]:
    return next(row for row in rows if row["thread_id"] == thread_id)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(filters=FILTERS)
def test_each_number_is_that_of_the_asks_behind_it(suggested: Kept, filters: object) -> None:
    try:
        seen = seen_by(suggested, filters)  # type: ignore[arg-type]
    except BadField:
        return
    for row in told(suggested, seen):
        key = str(row["behind"]).split(":", 2)[2]
        for side in SIDES:
            behind = asks_of_thread(seen, key, side)
            assert int(behind.sum()) == row[side], (key, side)
            assert not (behind & ~seen.kept).any()
        assert row["persons"] == len(np.unique(seen.who[asks_of_thread(seen, key)]))


def test_a_period_has_the_places_that_all_time_has(suggested: Kept) -> None:
    every = view(suggested)
    part = view(suggested, since="2026-03-10", until="2026-03-16", zone="Europe/Oslo")
    inside = {part.asks.ids[place] for place in np.flatnonzero(part.kept).tolist()}
    assert 0 < len(inside) < len(every.asks) / 2

    def told_of(seen: View) -> list[tuple[object, ...]]:
        about = about_threads(seen)
        columns = (about.thread, about.rank, about.own_rank, about.seen, about.word)
        rows = zip(about.ask.tolist(), *(one.tolist() for one in columns), strict=True)
        return sorted((seen.asks.ids[ask], *row) for ask, *row in rows)

    assert told_of(part) == [row for row in told_of(every) if row[0] in inside] != []


def test_the_numbers_are_those_of_the_events(suggested: Kept) -> None:
    rows = showings()
    found = of(told(suggested, view(suggested)), "t3")
    count = {
        kind: len({row["ask_id"] for row in rows if row["type"] == kind and _of(row, "t3")})
        for kind in ("shown", "opened", "solved")
    }
    assert (found["shown"], found["opened"]) == (count["shown"], count["opened"])
    assert found["lang"] == "en"
    # Of those who said so some were posted all the same, or were denied of another thread.
    assert 0 < int(str(found["settled_by_it"])) < count["solved"]


def _of(row: Row, thread_id: str) -> bool:
    return row.get("thread_id") == thread_id


def test_the_one_that_is_opened_and_does_not_help_stands_out(suggested: Kept) -> None:
    rows = told(suggested, view(suggested))
    assert [row["thread_id"] for row in rows if row["stands_out"]] == [f"t{USELESS}"]
    assert rows[0]["thread_id"] == f"t{USELESS}"
    assert rows[0]["settled_by_it"] == 0
    assert float(str(rows[0]["posted_after_low"])) > 0.4


def test_a_thread_that_is_no_more_is_counted_without_a_name(suggested: Kept) -> None:
    seen = view(suggested)
    gone = of(told(suggested, seen), None)
    assert gone["lang"] is None
    with suggested.database.read() as c:
        context = Context(suggested.database, c, suggested.forum_id, seen, NOW)
        behind = asks_behind(context, str(gone["behind"]))
    assert int(behind.sum()) == gone["shown"]
    assert np.array_equal(behind, asks_of_thread(seen, "t0"))


@pytest.mark.parametrize(
    "key", ["thread:", "thread:shown:", "gap:shown:t1", "thread:liked:t1", "thread", "thread:#7:t"]
)
def test_what_names_no_number_of_a_thread_is_refused(suggested: Kept, key: str) -> None:
    seen = view(suggested)
    with suggested.database.read() as c, pytest.raises(BadField) as refused:
        asks_behind(Context(suggested.database, c, suggested.forum_id, seen, NOW), key)
    assert refused.value.field == "behind"


def test_a_number_beyond_all_threads_has_no_asks(suggested: Kept) -> None:
    assert not asks_of_thread(view(suggested), f"#{10**40}").any()
    assert not asks_of_thread(view(suggested), "no such thread").any()


def test_places_are_looked_at_as_is_true(suggested: Kept) -> None:
    seen = view(suggested)
    with suggested.database.read() as c:
        rows = list(place_rows(Context(suggested.database, c, suggested.forum_id, seen, NOW)))
    names = [column.name for column in PLACE_COLUMNS]
    places = [dict(zip(names, row, strict=True)) for row in rows]
    assert [place["rank"] for place in places] == [1, 2, 3]
    for place, true in zip(places, LOOKS, strict=True):
        assert place["looked_low"] <= true <= place["looked_high"]
    assert sum(place["showings"] for place in places) == sum(
        int(str(row["shown"])) for row in told(suggested, seen)
    )


def test_of_few_persons_no_rate_is_told(suggested: Kept) -> None:
    until = (START + timedelta(days=1)).date().isoformat()
    rows = told(suggested, view(suggested, until=until))
    few = [row for row in rows if int(str(row["persons"])) < 20]
    assert few
    for row in few:
        rates = ("opened_share", "attraction", "effect", "posted_after_share")
        assert [row[name] for name in rates] == [None] * 4
        assert row["stands_out"] is False


def test_without_lots_places_are_not_measured_and_nothing_is_corrected(empty: Kept) -> None:
    empty.put(showings(600, swaps=0.0))
    seen = view(empty)
    assert {row["attraction"] for row in told(empty, seen)} == {None}
    assert any(row["opened_share"] is not None for row in told(empty, seen))
    with empty.database.read() as c:
        rows = list(place_rows(Context(empty.database, c, empty.forum_id, seen, NOW)))
    assert [row[2:] for row in rows] == [(0, None, None, None)] * 3


def test_a_front_end_that_tells_of_nothing_shown_has_no_shares(empty: Kept) -> None:
    empty.put([row for row in showings(600) if row["type"] != "shown"])
    rows = told(empty, view(empty))
    assert sum(int(str(row["opened"])) for row in rows) > 0
    assert {row["opened_share"] for row in rows} == {None}
    assert {row["attraction"] for row in rows} == {None}


def test_where_nobody_asked_there_is_nothing(empty: Kept) -> None:
    seen = view(empty)
    with empty.database.read() as c:
        context = Context(empty.database, c, empty.forum_id, seen, NOW)
        assert list(thread_rows(context)) == []
        assert list(place_rows(context)) == []
