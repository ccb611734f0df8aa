"""Somebody who does far too much at once."""

from datetime import UTC, datetime
from typing import Any

from .conftest import World
from .samples import EXPORT_DRAFT

MANY = 51


def report_too_much(world: World) -> list[dict[str, Any]]:
    """Have one person say many times that their ask is solved; return what became of each."""
    reply = world.ask({**EXPORT_DRAFT, "user": "hasty"})
    told = {
        "type": "solved",
        "triage_id": reply["triage_id"],
        "ask_id": reply["ask_id"],
        "thread_id": "export",
        "occurred_at": datetime.now(UTC).isoformat(),
    }
    events = [{**told, "event_id": f"b{n}"} for n in range(MANY)]
    sent = world.send("POST", "/v1/events", "frontend", json={"events": events}).json()
    results: list[dict[str, Any]] = sent["results"]
    return results


def open_burst(world: World) -> dict[str, Any]:
    """Return the one burst that nobody has decided about."""
    (found,) = world.send("GET", "/v1/event-bursts?state=open", "lead").json()["bursts"]
    burst: dict[str, Any] = found
    return burst


def burst(world: World) -> str:
    """Have somebody do far too much; return the id of the burst."""
    report_too_much(world)
    burst_id: str = open_burst(world)["id"]
    return burst_id
