"""A quarter of made-up asks with everything that a card can count, and views of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tests.reports.months import SHARE, Kept, Row
from triage.analytics.filters import Filters, read_filters
from triage.analytics.values import View
from triage.analytics.viewing import view_of

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 20, tzinfo=UTC)
DAYS = 90
LANGS = ("en", "nb", "sv")
PRODUCTS = (None, "Ledger", "Portal")
ACCOUNTS = (None, "acme", "brio")
# Of those to whom something was shown, how often, after how many minutes at most.
_DEEDS = (
    ("opened", 0.5, 5),
    ("solved", 0.35, 20),
    ("not_solved", 0.1, 30),
    ("still_need_help", 0.15, 40),
)


def quarter(seed: int = 1, persons: int = 300, **world: float) -> list[Row]:
    """Return the events of a quarter: some persons ask often, some are not known, some are bots."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for person in range(persons):
        about = _about(random, person, world)
        for number in range(int(random.geometric(0.45))):
            rows += _ask(random, f"a{person}-{number}", about, rows, world)
    return rows


def _about(random: np.random.Generator, person: int, world: dict[str, float]) -> dict[str, Any]:
    """Return what is the same in all asks of a person."""
    held = random.random() < world.get("holdout", SHARE)
    named = random.random() < world.get("named", 0.9)
    about = {
        "user": f"p{person}" if named else None,
        "session": f"s{person}",
        "arm": "holdout" if held else "treatment",
        "lang": str(random.choice(LANGS)),
        "account": ACCOUNTS[int(random.integers(len(ACCOUNTS)))],
        "newcomer": bool(random.random() < 0.4),
        "bot": True if random.random() < 0.02 else None,
    }
    return {name: value for name, value in about.items() if value is not None}


def _ask(
    random: np.random.Generator,
    ask_id: str,
    about: dict[str, Any],
    before: list[Row],
    world: dict[str, float],
) -> list[Row]:
    start = START + timedelta(days=float(random.random() * DAYS))
    offered = bool(random.random() < 0.7)
    facts = {
        "offered": offered,
        "topic": str(random.choice(["invoices", "login", "reports"])),
        "product": PRODUCTS[int(random.integers(len(PRODUCTS)))],
        "destination": str(random.choice(["community", "expert"])),
        "severity": int(random.integers(1, 5)),
    }
    mine = [
        row for row in before if row["type"] == "asked" and row.get("user") == about.get("user")
    ]
    if mine and "user" in about and random.random() < 0.3:
        earlier = mine[-1]
        if earlier["at"] < start:
            facts["return_of"] = earlier["ask_id"]
    said = {name: value for name, value in facts.items() if value is not None}
    rows = [_row(ask_id, "asked", start, **about, **said)]
    shown = offered and about["arm"] == "treatment"
    if shown:
        rows.append(_row(ask_id, "shown", start, 0.1, visible=bool(random.random() < 0.9)))
        for kind, often, latest in _DEEDS:
            if random.random() < often:
                rows.append(_row(ask_id, kind, start, float(random.random() * latest)))
    posting = world.get("posting_shown", 0.25) if shown else world.get("posting", 0.5)
    if random.random() < posting:
        later = float(random.exponential(60 * 24))
        rows.append(_row(ask_id, "posted", start, later))
        if random.random() < 0.6:
            rows.append(_row(ask_id, "answered", start, later + 600))
    return rows


def _row(ask_id: str, kind: str, start: datetime, minutes: float = 0.0, **more: Any) -> Row:  # noqa: ANN401
    at = start + timedelta(minutes=minutes)
    return {
        "event_id": f"{ask_id}-{kind}",
        "type": kind,
        "ask_id": ask_id,
        "occurred_at": at.isoformat(),
        "received_at": at.isoformat(),
        "at": at,
        **more,
    }


def view(kept: Kept, now: datetime = NOW, **given: str) -> View:
    """Return the view that an address asks for; `since` and `until` stand for `from` and `to`."""
    names = {"since": "from", "until": "to"}
    return seen_by(kept, read_filters({names.get(k, k): v for k, v in given.items()}), now)


def seen_by(kept: Kept, filters: Filters, now: datetime = NOW) -> View:
    return view_of(kept.database, kept.forum_id, filters, now)
