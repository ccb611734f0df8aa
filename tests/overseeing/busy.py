"""A forum that was asked ten times a day for weeks, as the service keeps it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from tests.reports.months import Kept, Row
from triage.records import Forum, Role
from triage.store import create_key, get_forum
from triage.store.tables.base import events

# A Wednesday, after a working day.
NOW = datetime(2026, 6, 17, 18, 30, tzinfo=UTC)
DAYS = 70
HOURS = range(8, 18)


def rows(until: datetime = NOW, days: int = DAYS) -> list[Row]:
    """Return ten asks a day until a moment: each second one was offered something."""
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[Row] = []
    for day in range(days, -1, -1):
        for hour in HOURS:
            at = midnight - timedelta(days=day) + timedelta(hours=hour, minutes=7)
            if at < until:
                found += _ask(f"a{day}-{hour}", at, offered=hour % 2 == 0, number=day * 24 + hour)
    return found


def _ask(ask_id: str, at: datetime, *, offered: bool, number: int) -> list[Row]:
    common = {
        "ask_id": ask_id,
        "user": f"p{number}",
        "session": f"s{number}",
        "arm": "treatment",
    }

    def row(kind: str, minutes: int, **more: object) -> Row:
        moment = (at + timedelta(minutes=minutes)).isoformat()
        told = {"event_id": f"{ask_id}-{kind}", "type": kind}
        return {**common, **told, "occurred_at": moment, "received_at": moment, **more}

    asked = row("asked", 0, offered=offered, lang="en", topic="login")
    if not offered:
        return [asked, row("posted", 5)]
    return [asked, row("solved", 9)] if number % 4 else [asked, row("posted", 12)]


def fill(kept: Kept, until: datetime = NOW, days: int = DAYS, forum: str = "demo") -> Forum:
    """Put them into a store, told by a key; return the forum."""
    kept.put(rows(until, days))
    with kept.database.write() as c:
        found = get_forum(c, forum)
        _, key = create_key(
            c,
            found.id,
            name="site",
            role=Role.FRONTEND,
            publishable=False,
            test=False,
            at=until,
        )
        c.execute(update(events).where(events.c.type != "asked").values(key_id=key.id))
    return found
