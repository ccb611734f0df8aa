"""Events as short as a test can say them, and what the measures make of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from triage.outcomes import Asks, Gathering, Wanted, asks_of, report_of, settle
from triage.outcomes.outcome import OUTCOMES, WINDOW_DAYS

Row = dict[str, Any]
DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)


def at(days: float) -> str:
    return (DAY_ONE + timedelta(days=days)).isoformat()


def event(kind: str, days: float = 0.0, ask: str = "a", **more: object) -> Row:
    row = {"type": kind, "ask_id": ask, "triage_id": f"t-{ask}", "occurred_at": at(days)}
    return {"event_id": f"{ask}-{kind}-{days}", **row, **more}


def asked(days: float = 0.0, ask: str = "a", person: str | None = "p", **more: object) -> Row:
    fields = {"arm": "treatment", "offered": True, "user": person, **more}
    return event("asked", days, ask, **fields)


def gathered(rows: Iterable[Row]) -> Gathering:
    gathering = Gathering()
    for row in rows:
        gathering.take(row)
    return gathering


def asks_from(rows: Iterable[Row], as_of: float | None = None) -> Asks:
    moment = None if as_of is None else (DAY_ONE + timedelta(days=as_of)).timestamp()
    return asks_of(gathered(rows).log(), moment)


def outcomes(rows: Iterable[Row], window: float = WINDOW_DAYS, as_of: float = 60) -> dict[str, str]:
    asks = asks_from(rows, as_of)
    settled = settle(asks, window)
    return {
        ask: OUTCOMES[code].value
        for ask, code in zip(asks.ids, settled.outcome.tolist(), strict=True)
    }


def report(
    rows: Iterable[Row],
    holdout: float = 0.5,
    as_of: float | None = 60,
    **wanted: Any,  # noqa: ANN401
) -> dict[str, Any]:
    return report_of(asks_from(rows, as_of), Wanted(holdout, **wanted))
