"""How many events a second are taken, in batches, as the table grows.

    python benchmarks/event_ingest.py --events 1000000 --asks 200000

Makes a store of its own in a temporary folder (`--folder` for another one), with asks and replies
as the service keeps them. After each `--every` events, which go straight to the store to make the
table large, it sends `--batches` of 1,000 as a server does (parsed, checked, held against their
triages) and prints a line of JSON: how many a second by the clock, and by the second of processor
time, which other work on the machine does not slow; sender and server are one process here.
"""

import json
import random
import secrets
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from triage import store
from triage.api import create_app
from triage.records import Event, EventType, Mode, Role, Stage
from triage.settings import Settings

_BATCH = 1000
_TYPES = ("shown", "shown", "shown", "opened", "rated", "solved", "posted", "still_need_help")
_LABELS = {
    target: {
        "value": "how_to",
        "probability": 0.8,
        "alternatives": [["bug", 0.1], ["problem", 0.05], ["request", 0.03]],
        "abstained": False,
    }
    for target in ("kind", "topic", "severity", "difficulty", "destination", "tone", "scope")
}


def main() -> None:
    """Fill, measure, print."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--asks", type=int, default=200_000)
    parser.add_argument("--every", type=int, default=250_000)
    parser.add_argument("--batches", type=int, default=40)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        settings = Settings(
            data_dir=Path(folder),
            database_url="",
            models_dir=Path(folder) / "models",
            encoder="none",
            reencode="manual",
            rate_key="1000000000/minute",
        )
        with TestClient(create_app(settings)) as client:
            _run(client, settings, options.events, options.asks, options.every, options.batches)


def _run(
    client: TestClient, settings: Settings, events: int, asks: int, every: int, batches: int
) -> None:
    database = store.Database(settings.store_url)
    now = datetime.now(UTC)
    with database.write() as c:
        forum = store.ensure_forum(c, "events")
        secret, key = store.create_key(
            c, forum.id, name="b", role=Role.FRONTEND, publishable=False, test=False, at=now
        )
    ids = _fill(database, forum.id, key.id, asks, now)
    headers = {"Authorization": f"Bearer {secret}"}
    chance = random.Random(7)
    done = 0
    while True:
        rates = []
        worked = 0.0
        for _ in range(batches):
            body = json.dumps({"events": list(_events(ids, chance, _BATCH))})
            start, used = time.perf_counter(), time.process_time()
            reply = client.post("/v1/events", content=body, headers=headers)
            rates.append(_BATCH / (time.perf_counter() - start))
            worked += time.process_time() - used
            assert reply.status_code == 200, reply.text
            assert all(r["state"] == "accepted" for r in reply.json()["results"])
        done += batches * _BATCH
        rates.sort()
        size = sum(path.stat().st_size for path in database.files())
        told = {
            "events": done,
            "per_second": round(rates[len(rates) // 2]),
            "per_processor_second": round(batches * _BATCH / worked),
            "slowest_batch": round(rates[0]),
            "megabytes": round(size / 1e6),
        }
        print(json.dumps(told), flush=True)  # noqa: T201
        if done >= events:
            return
        done += _grow(database, forum.id, key.id, ids, chance, min(every, events - done))


def _fill(
    database: store.Database, forum_id: int, key_id: int, asks: int, now: datetime
) -> list[tuple[str, str]]:
    """Keep asks of as many sessions, each with one reply; return their triages and asks."""
    ids = []
    for start in range(0, asks, _BATCH):
        with database.write() as c:
            for n in range(start, min(start + _BATCH, asks)):
                triage_id, ask_id = secrets.token_hex(16), secrets.token_hex(16)
                at = now - timedelta(seconds=asks - n)
                who: dict[str, Any] = {"person": secrets.token_hex(32), "session": None}
                window = timedelta(minutes=30)
                more: dict[str, Any] = {"lang": "en", "test": False, "at": at, "window": window}
                store.open_ask(c, forum_id, key_id=key_id, new_id=ask_id, **who, **more)
                store.put_triage(c, forum_id, _row(triage_id, ask_id, key_id, at))
                ids.append((triage_id, ask_id))
    return ids


def _row(triage_id: str, ask_id: str, key_id: int, at: datetime) -> store.TriageRow:
    shown = [
        {
            "thread_id": f"t{n}",
            "answer_id": f"t{n}-a1",
            "rank": n + 1,
            "probability": 0.8,
            "lang": "en",
            "solved": True,
            "staff": True,
            "applicability": "fits",
            "reasons": [{"code": "staff_answer", "params": {}}],
        }
        for n in range(3)
    ]
    reply = {"suggestions": shown, "same_question": [], "known_issues": [], "labels": _LABELS}
    question = {"title": "Invoice export stops", "body": "It stops at 90 %. " * 20}
    made: dict[str, Any] = {"model_version": None, "index_version": "1", "mode": Mode.HYBRID}
    return store.TriageRow(triage_id, ask_id, key_id, Stage.SUBMIT, at, question, reply, **made)


def _events(
    ids: Sequence[tuple[str, str]], chance: random.Random, many: int
) -> Iterator[dict[str, Any]]:
    """Make events as a front end sends them, of asks drawn by chance."""
    for _ in range(many):
        triage_id, ask_id = chance.choice(ids)
        yield {
            "event_id": secrets.token_hex(16),
            "type": chance.choice(_TYPES),
            "triage_id": triage_id,
            "ask_id": ask_id,
            "thread_id": f"t{chance.randrange(3)}",
            "rank": 1,
            "occurred_at": datetime.now(UTC).isoformat(),
        }


def _grow(
    database: store.Database,
    forum_id: int,
    key_id: int,
    ids: Sequence[tuple[str, str]],
    chance: random.Random,
    many: int,
) -> int:
    """Keep events without a server, as quickly as the store takes them."""
    for _ in range(0, many, _BATCH):
        rows = [
            Event(
                **{
                    **row,
                    "type": EventType(row["type"]),
                    "occurred_at": datetime.fromisoformat(row["occurred_at"]),
                }
            )
            for row in _events(ids, chance, _BATCH)
        ]
        with database.write() as c:
            store.put_events(c, forum_id, key_id, False, rows, datetime.now(UTC))
    return many


if __name__ == "__main__":
    main()
