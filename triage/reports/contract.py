"""What is kept of events -> the same as the event contract has it, for whoever reads events.

In: events and asks as they are kept. Out: one mapping an event, as `report --events` and columns
take them: what is said of an ask stands in its `asked` event.
Not here: columns (folding), writing files (export_file).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from triage import store
from triage.outcomes.told import said

_BARRED = ("bot", "staff", "test")
_OURS = ("held",)


def contract_event(values: dict[str, Any], ask: Mapping[str, Any]) -> dict[str, Any]:
    """Make what is kept of an event what the contract has of it."""
    text, number = values.pop("value_text"), values.pop("value_number")
    values["value"] = number if text is None else text
    details = values.pop("details") or {}
    if values["type"] == "asked":
        values |= details
        if ask["arm"] is None:
            # Who cannot be followed is in no experiment, though treated like everybody else.
            values.pop("arm", None)
        values["return_of"] = ask["return_of"] or details.get("return_of")
        values |= {name: bool(details.get(name)) for name in _BARRED}
        values["test"] = values["test"] or bool(ask["test"])
        if ask["barred"] in _BARRED:
            values[ask["barred"]] = True
        if ask["simulated"]:
            values["simulated"] = True
    elif values["type"] == "shown":
        values["own_rank"] = details.get("own_rank")
    return values


def contract_events(
    c: store.Connection,
    forum_id: int,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime,
) -> Iterator[dict[str, Any]]:
    """Give the events of a period without any words, oldest first; what is not told is left out.

    Asks of which something is put aside with a burst are in no measure, and so not here.
    """
    for page in store.events_between(c, forum_id, since, until, as_of):
        ids = {row["ask_id"] for row in page}
        asks = store.told_asks(c, forum_id, sorted(ids))
        held = store.held_asks(c, forum_id, ids)
        for row in page:
            if row["ask_id"] in asks and row["ask_id"] not in held:
                yield _told(contract_event(row, asks[row["ask_id"]]))


def _told(values: dict[str, Any]) -> dict[str, Any]:
    value = values["value"]
    if isinstance(value, str) and said(value) < 0:
        # What somebody wrote: nobody counts it.
        values["value"] = None
    return {
        name: value
        for name, value in values.items()
        if value is not None and name not in _OURS and not (value is False and name in _BARRED)
    }
