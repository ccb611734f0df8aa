"""What has been told of drift -> to whom, whether it arrived, who has seen it, how it stands now.

In: kept alerts, the verdicts of now. Out: the list of the page.
Not here: telling (watching), the log of all deliveries (deliveries).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from triage import store
from triage.api.pages.lead.drift_naming import measure_of, slice_of, verdict_cell
from triage.api.pages.lead.here import Here, href
from triage.api.pages.showing import Cell
from triage.insight.drift import Verdict
from triage.records import DeliveryState, MessageType

_MOST = 20
_TONES = {
    DeliveryState.PENDING: "plain",
    DeliveryState.DELIVERED: "good",
    DeliveryState.DEAD: "bad",
    DeliveryState.SKIPPED: "plain",
}


@dataclass(frozen=True, slots=True)
class Turned:
    """One measure of an alert: since when, and what is said of it at the last look."""

    name: str
    since: str
    now: Cell | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Another system that was told, and whether that arrived."""

    name: str
    href: str
    state: Cell


@dataclass(frozen=True, slots=True)
class AlertShown:
    """One alert. `seen_at` is None as long as nobody of the staff said that they have seen it.

    `typed` is what somebody made of it in a form that could not be kept.
    """

    alert_id: str
    at: datetime
    title: str
    version: str
    turned: Sequence[Turned]
    receivers: Sequence[Receiver]
    untold: str
    seen_at: datetime | None
    seen_by: str
    reason: str
    typed: str = ""


def alerts(here: Here, typed: Mapping[str, str] = MappingProxyType({})) -> list[AlertShown]:
    """Return the last alerts, newest first; `typed` is what stands in the forms of some."""
    with here.database().read() as c:
        rows = store.list_drift_alerts(c, here.forum.id, limit=_MOST)
        now = {row.key: row for row in store.list_drifts(c, here.forum.id)}
        channels = store.list_channels(c, here.forum.id) if rows else []
        found = [_shown(here, c, row, now, channels) for row in rows]
    return [replace(one, typed=typed.get(one.alert_id, "")) for one in found]


def listeners(here: Here) -> list[str]:
    """Return what other systems would be told, by name; those that are switched off are not."""
    with here.database().read() as c:
        return [
            one.name
            for one in store.list_channels(c, here.forum.id)
            if MessageType.DRIFT.value in one.wants and one.disabled_at is None
        ]


def _shown(
    here: Here,
    c: store.Connection,
    row: store.DriftAlert,
    now: Mapping[tuple[str, str, str], store.DriftRow],
    channels: Sequence[store.ChannelRow],
) -> AlertShown:
    told = [_receiver(here, c, row, channel) for channel in channels]
    receivers = [one for one in told if one is not None]
    untold = "" if row.receivers else here.part("told_nobody")
    if row.receivers and not receivers:
        # What was told is kept for a while alone; how many were told stays.
        untold = here.counted("lead_drift.told_once", row.receivers)
    return AlertShown(
        alert_id=row.alert_id,
        at=row.at,
        title=here.counted("lead_drift.alert", len(row.drifted)),
        version=row.model_version,
        turned=[_turned(here, one, row.model_version, now) for one in row.drifted],
        receivers=receivers,
        untold=untold,
        seen_at=row.seen_at,
        seen_by=row.seen_by or "",
        reason=row.reason or "",
    )


def _turned(
    here: Here,
    told: Mapping[str, str | None],
    version: str,
    now: Mapping[tuple[str, str, str], store.DriftRow],
) -> Turned:
    part, measure, name = (str(told[field]) for field in ("part", "measure", "slice"))
    row = now.get((part, measure, name))
    current = None if row is None or row.model_version != version else Verdict(row.verdict)
    since = told.get("since")
    return Turned(
        f"{here.part(part)}: {measure_of(here, measure)} ({slice_of(here, name)})",
        here.part("begun", day=since) if since else "",
        None if current is None else verdict_cell(here, current),
    )


def _receiver(
    here: Here, c: store.Connection, row: store.DriftAlert, channel: store.ChannelRow
) -> Receiver | None:
    found = store.get_delivery(c, here.forum.id, channel.channel_id, row.alert_id)
    if found is None:
        return None
    state = Cell(here.part(f"delivery_{found.state}"), mark=_TONES[found.state])
    return Receiver(channel.name, href("deliveries", channel.channel_id, row.alert_id), state)
