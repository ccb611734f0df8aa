"""How long a report of the store takes, and how that grows: events are made up, all else is real.

    python -m benchmarks.report_speed                     # to 1,000,000 events
    python -m benchmarks.report_speed --events 10000000

In: how many events. Out: for each size, ten times the one before, how many seconds it took to fold
the events into columns, and each of several reports; how large store and process are.
Not here: ingest by the API (events), whether the figures are right (deflection_proof).

A year of a forum: a third as many persons as asks, seven events an ask of those that are offered
something, six languages, twenty topics, eight products, two thousand accounts and threads, a
holdout of 5 %. The rows are put in with plain SQL.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.reports import ReportOrder, fold, report_of_forum
from triage.store import Connection, Database, count_stale, drop_ask_days, ensure_forum, sqlite_url

START = datetime(2025, 3, 1, tzinfo=UTC)
DAYS = 365
EVENTS_PER_ASK = 5.25
LANGS = ("da", "de", "en", "fi", "nb", "sv")
THREADS = 2_000
_BLOCK = 5_000
_ROUNDS = range(3)

_ASK = (
    "INSERT INTO asks (forum_id, ask_id, person, session, lang, test, opened_at, last_at, arm,"
    " unit, share, offered, topic, newcomer, product, account, destination, sensitive)"
    " VALUES (?,?,?,?,?,0,?,?,?,'person',.05,?,?,?,?,?,?,0)"
)
_TRIAGE = (
    "INSERT INTO triages (forum_id, triage_id, ask_id, stage, at, question, reply, index_version,"
    " mode) VALUES (?,?,?,'submit',?,'{}','{}','1','hybrid')"
)
_EVENT = (
    "INSERT INTO events (forum_id, event_id, type, triage_id, ask_id, occurred_at, thread_id,"
    " person, session, rank, propensity, value_text, test, received_at, visible, details)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,0,?,?,?)"
)

_OF_THREADS = frozenset({"shown", "opened", "rated", "solved"})
# What follows an ask: of which asks, how often, and after how many seconds on average.
_AFTER: Sequence[tuple[str, float, float]] = (
    *(("shown", 1.0, 2.0),) * 4,
    *(("opened", 0.5, 40.0), ("rated", 0.1, 90.0), ("dismissed", 0.1, 60.0)),
    *(("solved", 0.25, 240.0), ("not_solved", 0.1, 200.0), ("still_need_help", 0.1, 300.0)),
    ("survey_reply", 0.02, 3 * 86_400.0),
)
_POSTED: Sequence[tuple[str, float, float]] = (
    *(("posted", 1.0, 3_600.0), ("answered", 0.8, 36_000.0), ("accepted", 0.5, 86_400.0)),
)


def fill(database: Database, events: int, seed: int = 0, days: int = DAYS) -> int:
    """Put so many days of made-up asks in a new store; return how many events there are."""
    with database.write() as c:
        forum_id = ensure_forum(c, "demo").id
    count = 0
    with _without_indexes(database, forum_id):
        asks = max(1, round(events / EVENTS_PER_ASK))
        for rows in _rows(forum_id, asks, days, np.random.default_rng(seed)):
            with database.write() as c:
                for statement, some in zip((_ASK, _TRIAGE, _EVENT), rows, strict=True):
                    c.exec_driver_sql(statement, some)
            count += len(rows[2])
    return count


@contextmanager
def _without_indexes(database: Database, forum_id: int) -> Iterator[None]:
    """Make the indexes and triggers of the tables to be filled when they are full: in a tenth."""
    with database.write() as c:
        made = c.exec_driver_sql(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type != 'table'"
            " AND tbl_name IN ('asks', 'triages', 'events')"
        ).fetchall()
        for kind, name, _ in made:
            c.exec_driver_sql(f"DROP {kind} {name}")
    yield
    with database.write() as c:
        for _, _, statement in made:
            c.exec_driver_sql(statement)
        # As if the triggers had been there: every ask is to be folded.
        drop_ask_days(c, forum_id)


def _rows(
    forum_id: int, asks: int, days: int, random: np.random.Generator
) -> Iterator[tuple[list[Any], list[Any], list[Any]]]:
    """Give the rows of asks, triages and events, so many asks at a time."""
    persons = max(1, asks // 3)
    starts = np.sort(random.random(asks)) * days * 86_400
    who = random.integers(0, persons, asks)
    holdout, habit = random.random(persons) < 0.05, random.beta(2, 3, persons)
    for begin in range(0, asks, _BLOCK):
        some = slice(begin, begin + _BLOCK)
        start, person = starts[some], who[some]
        n = len(start)
        offered, treated = random.random(n) < 0.7, ~holdout[person]
        shown = offered & treated
        posted = random.random(n) < habit[person] * np.where(shown, 0.75, 1.0)
        at, topic = _texts(start), random.integers(0, 20, n).tolist()
        ids = [f"{place:016x}" for place in range(begin, begin + n)]
        names = [f"person-{one:032x}" for one in person.tolist()]
        arms = np.where(treated, "treatment", "holdout").tolist()
        facts = {
            "arm": arms,
            "offered": offered.tolist(),
            "lang": [LANGS[one % 6] for one in person.tolist()],
            "topic": [f"topic-{one}" for one in topic],
            "newcomer": (person % 7 == 0).tolist(),
            "product": [f"product-{one % 8}" for one in topic],
            "account": [f"account-{one % 2_000}" for one in person.tolist()],
            "destination": np.where(random.random(n) < 0.2, "expert", "community").tolist(),
        }
        told = [dict(zip(facts, row, strict=True)) for row in zip(*facts.values(), strict=True)]
        whose = list(zip(ids, names, at, told, strict=True))
        ask_rows = [_ask(forum_id, i, p, t, said) for i, p, t, said in whose]
        triage_rows = [(forum_id, f"t{i}", i, t) for i, _, t, _ in whose]
        events = [_event(forum_id, i, 0, p, t, "asked", json.dumps(f)) for i, p, t, f in whose]
        kinds = [(kind, shown) for kind in _AFTER] + [(kind, posted) for kind in _POSTED]
        for number, ((kind, often, mean), of) in enumerate(kinds, 1):
            chosen = np.flatnonzero(of & (random.random(n) < often))
            later = _texts(start[chosen] + random.exponential(mean, len(chosen)))
            events += [
                _event(forum_id, ids[place], number, names[place], t, kind, None)
                for place, t in zip(chosen.tolist(), later, strict=True)
            ]
        yield ask_rows, triage_rows, events


def _ask(forum_id: int, ask_id: str, person: str, at: str, said: dict[str, Any]) -> tuple[Any, ...]:
    of = ("offered", "topic", "newcomer", "product", "account", "destination")
    return (
        *(forum_id, ask_id, person, f"s-{person}", said["lang"], at, at, said["arm"]),
        *(said[name] for name in of),
    )


def _event(
    forum_id: int, ask_id: str, number: int, person: str, at: str, kind: str, details: str | None
) -> tuple[Any, ...]:
    shown = kind == "shown"
    # What was opened, rated or solved is what was shown first.
    thread = (int(ask_id, 16) * 7 + (number if shown else 1)) % THREADS
    return (
        *(forum_id, f"{ask_id}-{number}", kind, f"t{ask_id}", ask_id, at),
        f"thread-{thread}" if kind in _OF_THREADS else None,
        *(person, f"s-{person}", number if shown else None, 1.0 if shown else None),
        *("yes" if kind == "survey_reply" else None, at, shown, details),
    )


def _texts(seconds: NDArray[np.float64]) -> list[str]:
    """Return moments as SQLite keeps them."""
    moments = np.datetime64(START.replace(tzinfo=None), "us") + (seconds * 1e6).astype("m8[us]")
    return [text.replace("T", " ") for text in np.datetime_as_string(moments).tolist()]


def reports() -> dict[str, ReportOrder]:
    """Return the reports that are timed, by what they are of."""
    end = START + timedelta(days=DAYS + 30)
    since, until = START + timedelta(days=300), START + timedelta(days=330)
    early = START + timedelta(days=200)
    return {
        "all": ReportOrder(as_of=end),
        "a month": ReportOrder(since=since, until=until, as_of=end),
        "as of before": ReportOrder(as_of=early),
        "a week's window": ReportOrder(as_of=end, window_days=7),
    }


def measured(path: Path, events: int) -> dict[str, Any]:
    """Fill a store, fold it, and time each report; return the seconds."""
    database = Database(sqlite_url(path))
    try:
        filling, put = _timed(lambda: fill(database, events))
        with database.read() as c:
            forum_id, stale = _forum(c)
        folding, _ = _timed(lambda: fold(database, forum_id))
        found = {}
        for name, order in reports().items():
            rounds = [_timed(partial(report_of_forum, database, forum_id, order)) for _ in _ROUNDS]
            found[name] = min(seconds for seconds, _ in rounds)
        return {
            "events": put,
            "asks": stale,
            "fill_s": filling,
            "fold_s": folding,
            **found,
            "store_gb": path.stat().st_size / 1e9,
            "process_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        }
    finally:
        database.close()


def _forum(c: Connection) -> tuple[int, int]:
    forum_id = ensure_forum(c, "demo").id
    return forum_id, count_stale(c, forum_id)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def main() -> None:
    """Measure at growing sizes and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--events", type=int, default=1_000_000, help="the largest size")
    parser.add_argument("--only", action="store_true", help="that size alone")
    parser.add_argument("--folder", type=Path, help="where stores are made; kept there")
    chosen = parser.parse_args()
    sizes = [chosen.events // 10**power for power in (2, 1, 0)]
    print(f"load when begun: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)  # noqa: T201
    names: list[str] = []
    for size in sizes[-1:] if chosen.only else sizes:
        with TemporaryDirectory() as scratch:
            folder = chosen.folder or Path(scratch)
            row = measured(folder / f"reports-{size}.db", size)
        if not names:
            names = list(row)
            print("| " + " | ".join(names) + " |\n" + "| --- " * len(names) + "|")  # noqa: T201
        cells = (f"{v:,}" if isinstance(v, int) else f"{v:.2f}" for v in row.values())
        print("| " + " | ".join(cells) + f" | load {os.getloadavg()[0]:.1f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
