"""How long a report of a very large forum takes once its events are folded.

    python -m benchmarks.report_columns --events 10000000

In: as how many events the asks are worth. Out: for each report the least seconds of three, by the
clock and of the processor, the size of the store and of the process.
Not here: keeping and folding that many events, which takes far longer (report_speed).

The columns of a made-up year are written into a store as folding would write them; the report
reads nothing else.
"""

import argparse
import os
import resource
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.report_speed import DAYS, EVENTS_PER_ASK, LANGS
from triage.outcomes.columns import SURVEY, Columns
from triage.outcomes.packing import pack
from triage.outcomes.told import CODE_OF
from triage.reports import ReportOrder, report_of_forum
from triage.store import AskDay, Database, ensure_forum, put_ask_day, sqlite_url

_START = datetime(2025, 3, 1, tzinfo=UTC)
_DAY = 86_400.0
_TOPICS = tuple(f"topic-{number:02}" for number in range(20))
_PRODUCTS = tuple(f"product-{number}" for number in range(8))
_ACCOUNTS = tuple(f"account-{number:04}" for number in range(2_000))
_DESTINATIONS = ("community", "expert")
# So many threads there are, and so many of them are shown to an ask.
_THREADS, _PLACES = 2_000, 3
# Of whom (offered, or posted), how often, after how many seconds on average.
_AFTER: tuple[tuple[str, bool, float, float], ...] = (
    ("shown", False, 1.0, 2),
    ("opened", False, 0.5, 30),
    ("rated", False, 0.1, 60),
    ("solved", False, 0.25, 200),
    ("not_solved", False, 0.1, 200),
    ("still_need_help", False, 0.1, 300),
    ("posted", True, 1.0, 3_600),
    ("answered", True, 0.8, 36_000),
    ("accepted", True, 0.5, 86_400),
    ("survey_reply", False, 0.02, 259_200),
)


def _day(random: np.random.Generator, day: int, asks: int, treated: NDArray[np.bool_]) -> Columns:
    who = random.integers(1, len(treated), asks)
    start = np.sort(_START.timestamp() + (day + random.random(asks)) * _DAY)
    offered = random.random(asks) < 0.7
    shown = offered & treated[who]
    posted = random.random(asks) < np.where(shown, 0.3, 0.4)
    told = []
    for kind, of_posts, often, mean in sorted(_AFTER, key=lambda one: CODE_OF[one[0]]):
        chosen = np.flatnonzero((posted if of_posts else shown) & (random.random(asks) < often))
        after = start[chosen] + random.exponential(mean, len(chosen))
        told.append((np.full(len(chosen), CODE_OF[kind]), chosen, after))
    kinds, places, moments = (np.concatenate(column) for column in zip(*told, strict=True))
    replies = int(np.sum(kinds == SURVEY))
    keys = random.integers(1, 2**62, asks)
    arrays: dict[str, NDArray[Any]] = {
        "id": np.array([f"{key:032x}".encode() for key in keys.tolist()]),
        "key": keys,
        "share": np.full(asks, 0.05),
        "ask": np.arange(asks, dtype="<i4"),
        "at": start,
        "known": start + 0.1,
        "arm": treated[who].astype("<i1"),
        # Numbers far apart, as hashes are.
        "person": who * 0x9E3779B97F4A7C1,
        "session": who * 0x9E3779B97F4A7C1 + 1,
        "offered": offered,
        "return_of": np.zeros(asks, "<i8"),
        "lang": (who % len(LANGS)).astype("<i2"),
        "topic": random.integers(0, len(_TOPICS), asks).astype("<i2"),
        "product": random.integers(-1, len(_PRODUCTS), asks).astype("<i4"),
        "account": (who % len(_ACCOUNTS)).astype("<i4"),
        "destination": (random.random(asks) < 0.2).astype("|i1"),
        "newcomer": (who % 2).astype("<i1"),
        "severity": np.full(asks, 9, "<i1"),
        "sensitive": np.zeros(asks, bool),
        "barred": np.zeros(asks, "<i1"),
        "simulated": np.zeros(asks, bool),
        "f_ask": places.astype("<i4"),
        "f_type": kinds.astype("<i1"),
        "f_at": moments,
        "f_known": moments + 0.2,
        "answer": random.integers(0, 2, replies).astype("<i1"),
        "probability": np.full(replies, 0.1),
        "o_key": np.zeros(0, "<i8"),
        "o_known": np.zeros(0),
        **_placings(random, np.flatnonzero(shown), start),
    }
    names = {"lang": LANGS, "topic": _TOPICS, "product": _PRODUCTS, "account": _ACCOUNTS}
    return Columns(arrays, {**names, "destination": _DESTINATIONS})


def _placings(
    random: np.random.Generator, asks: NDArray[np.int64], start: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """Return which threads these asks were shown: the first is opened most, two may be swapped."""
    ask = np.repeat(asks, _PLACES)
    own = np.tile(np.arange(1, _PLACES + 1), len(asks))
    rank, propensity = own.copy(), np.where(own < 3, 0.9, 1.0)
    swapped = np.repeat(random.random(len(asks)) < 0.1, _PLACES) & (own < 3)
    rank[swapped], propensity[swapped] = 3 - own[swapped], 0.1
    opened = random.random(len(ask)) < 0.4 / rank
    return {
        "p_ask": ask.astype("<i4"),
        # Numbers far apart, as hashes are; those of an ask come in their order.
        "p_thread": np.sort(
            random.integers(1, _THREADS, (len(asks), _PLACES)) * 0x9E3779B97F4A7C1 % 2**62
        ).ravel(),
        "p_rank": rank.astype("<i1"),
        "p_own": own.astype("<i1"),
        "p_propensity": propensity.astype("<f4"),
        "p_seen": np.ones(len(ask), "<i1"),
        "p_opened": np.where(opened, start[ask] + 30.0, np.nan),
        "p_word": np.where(opened, random.integers(-1, 2, len(ask)), -1).astype("<i1"),
    }


def fill(database: Database, events: int) -> int:
    """Write a year of columns into a new store; return the forum's number."""
    random = np.random.default_rng(0)
    asks = round(events / EVENTS_PER_ASK)
    treated = random.random(max(2, asks // 3)) >= 0.05
    with database.write() as c:
        forum_id = ensure_forum(c, "demo").id
        for day in range(DAYS):
            packed = pack(_day(random, day, asks // DAYS, treated))
            name = (_START + timedelta(days=day)).date().isoformat()
            put_ask_day(c, forum_id, AskDay(name, packed, asks // DAYS, events // DAYS))
    return forum_id


def main() -> None:
    """Time a few reports and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    chosen = parser.parse_args()
    end = _START + timedelta(days=DAYS + 30)
    since, until = (_START + timedelta(days=days) for days in (300, 330))
    orders = {
        "all": ReportOrder(as_of=end),
        "a month": ReportOrder(as_of=end, since=since, until=until),
        "as of before": ReportOrder(as_of=_START + timedelta(days=200)),
    }
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "columns.db"
        database = Database(sqlite_url(path))
        forum_id = fill(database, chosen.events)
        for name, order in orders.items():
            wall, cpu = min(_timed(database, forum_id, order) for _ in range(3))
            load = os.getloadavg()[0]
            print(f"{chosen.events:,} | {name} | {wall:.2f} s | {cpu:.2f} s cpu | load {load:.0f}")  # noqa: T201
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        size = sum(file.stat().st_size for file in database.files()) / 1e6
        print(f"store {size:.0f} MB, process {memory:.2f} GB")  # noqa: T201
        database.close()


def _timed(database: Database, forum_id: int, order: ReportOrder) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    report_of_forum(database, forum_id, order)
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main()
