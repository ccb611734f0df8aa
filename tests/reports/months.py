"""Events of made-up askers, put into a store as the service keeps them, and measured as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from benchmarks.askers import World, month_of
from triage.outcomes import Gathering, Wanted, asks_of, report_of
from triage.reports import ReportOrder, report_of_forum
from triage.store import Database
from triage.store.tables.base import asks, events, triages

Row = dict[str, Any]
SHARE = 0.2
AS_OF = datetime(2026, 4, 20, tzinfo=UTC)
_DETAILS = (
    *("arm", "offered", "lang", "topic", "newcomer", "severity", "sensitive", "return_of"),
    *("product", "account", "destination", "simulated"),
)


@dataclass(frozen=True)
class Kept:
    """An open store with one forum."""

    database: Database
    forum_id: int

    def put(self, rows: Iterable[Row]) -> None:
        """Keep events, and the asks and triages that they are of."""
        rows = list(rows)
        opened = first_asked(rows)
        with self.database.write() as c:
            known = set(c.execute(asks.select().with_only_columns(asks.c.ask_id)).scalars())
            new = {name: row for name, row in opened.items() if name not in known}
            mine = {"forum_id": self.forum_id}
            if new:
                c.execute(asks.insert(), [{**mine, **_ask(row)} for row in new.values()])
                c.execute(triages.insert(), [{**mine, **_triage(row)} for row in new.values()])
            told = [{**mine, **_event(row)} for row in rows if row["ask_id"] in {*known, *opened}]
            if told:
                c.execute(events.insert(), told)

    def delete(self, ask_ids: Sequence[str]) -> None:
        """Take asks out of the store, as erasure does."""
        with self.database.write() as c:
            for table in (events, triages, asks):
                c.execute(table.delete().where(table.c.ask_id.in_(ask_ids)))

    def report(self, **order: Any) -> dict[str, Any]:  # noqa: ANN401
        """Make a report of the store."""
        return report_of_forum(
            self.database, self.forum_id, ReportOrder(**{"as_of": AS_OF, **order})
        )


def month(**world: Any) -> list[Row]:  # noqa: ANN401
    """Return a month's events, each once, with when they arrived."""
    rows: dict[str, Row] = {}
    for row in month_of(World("kept", **{"persons": 150, "returns": 0.3, **world}), 3).rows:
        if row["type"] == "asked":
            row = {**row, **_facts(int(sha256(row["ask_id"].encode()).hexdigest(), 16))}
        late = timedelta(seconds=len(rows) % 7 * 900)
        arrived = (moment(row["occurred_at"]) + late).isoformat()
        rows.setdefault(row["event_id"], {**row, "received_at": arrived})
    opened = first_asked(rows.values())
    return [row for row in rows.values() if row["ask_id"] in opened]


def of_file(rows: Iterable[Row], as_of: datetime = AS_OF, **wanted: Any) -> dict[str, Any]:  # noqa: ANN401
    """Measure the same events as a file of them is measured."""
    gathering = Gathering()
    for row in rows:
        gathering.take(row)
    asks_then = asks_of(gathering.log(), as_of.timestamp())
    return report_of(asks_then, Wanted(wanted.pop("holdout", SHARE), **wanted))


def first_asked(rows: Iterable[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row["type"] == "asked":
            found.setdefault(row["ask_id"], row)
    return found


def moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _facts(number: int) -> Row:
    """Return what an ask says of itself, some of it in some asks only."""
    told = {
        "product": (None, "Portal", "Ledger")[number % 3],
        "account": (None, "acme", "brio", "cord", "dune")[number // 3 % 5],
        "destination": ("community", "expert")[number // 15 % 2],
        "simulated": True if number // 30 % 7 == 0 else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _ask(row: Row) -> Row:
    at = moment(row["occurred_at"])
    return {
        "ask_id": row["ask_id"],
        "person": row.get("user"),
        "session": row.get("session"),
        "lang": row.get("lang"),
        "test": False,
        "opened_at": at,
        "last_at": at,
        "arm": row.get("arm"),
        "unit": "person",
        "share": SHARE,
        "offered": row.get("offered"),
        "barred": "bot" if row.get("bot") else None,
        "return_of": row.get("return_of"),
    }


def _triage(row: Row) -> Row:
    return {
        "triage_id": f"t-{row['ask_id']}",
        "ask_id": row["ask_id"],
        "stage": "submit",
        "at": moment(row["occurred_at"]),
        "question": {},
        "reply": {},
        "index_version": "1",
        "mode": "hybrid",
    }


def _event(row: Row) -> Row:
    details = {name: row[name] for name in (*_DETAILS, "bot", "staff") if name in row}
    value = row.get("value")
    return {
        "event_id": row["event_id"],
        "type": row["type"],
        "triage_id": f"t-{row['ask_id']}",
        "ask_id": row["ask_id"],
        "occurred_at": moment(row["occurred_at"]),
        "received_at": moment(row["received_at"]),
        "person": row.get("user"),
        "session": row.get("session"),
        "thread_id": row.get("thread_id"),
        "value_text": value if isinstance(value, str) else None,
        "value_number": value if isinstance(value, int | float) else None,
        "test": False,
        "visible": row.get("visible"),
        "rank": row.get("rank"),
        "propensity": row.get("propensity"),
        "details": details if row["type"] == "asked" else _lots(row),
    }


def _lots(row: Row) -> Row | None:
    return {"own_rank": row["own_rank"]} if "own_rank" in row else None
