"""What is said of drift, and what was said before -> what other systems are told; each change once.

In: what a look found. Out: it is kept, for its day, too, and one message names the measures that
have drifted since the last look. A message holds codes and numbers and nobody's words; what it
says stays for the leads as an alert, whoever else is told.
Not here: looking, how messages are delivered (delivering), when it is looked (api).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from triage import store
from triage.audit.acting import Acting, plain_reason
from triage.errors import NoAlert
from triage.insight.drift import Drift, Verdict
from triage.records import MessageType
from triage.watching.looking import Watched
from triage.watching.moments import date_of
from triage.watching.saying import said

EVERY = timedelta(hours=1)
STREAM = "drift"


def tell(c: store.Connection, forum_id: int, watched: Watched, now: datetime) -> tuple[Drift, ...]:
    """Keep what was found, and tell what has drifted that had not; return it.

    Verdicts of another model version are none of this one's.
    """
    version = watched.model_version
    if version is None:
        store.replace_drifts(c, forum_id, [])
        return ()
    before = {
        row.key: row for row in store.list_drifts(c, forum_id) if row.model_version == version
    }
    rows = [_row(one, version, before.get(one.key), now) for one in watched.drifts]
    store.replace_drifts(c, forum_id, rows)
    today = store.DriftDay(now.astimezone(UTC).date(), now, version, said(watched))
    store.keep_drift_day(c, forum_id, today)
    fresh = tuple(one for one in watched.drifts if _is_fresh(one, before.get(one.key)))
    if fresh:
        message = _message(fresh, before, version, now)
        receivers = store.post_message(c, forum_id, message)
        store.add_drift_alert(c, forum_id, _alert(message, receivers))
    return fresh


def see(
    c: store.Connection, acting: Acting, alert_id: str, reason: str, at: datetime
) -> store.DriftAlert:
    """Note that somebody has looked at an alert, and what they say of it; who was first stays.

    Return the alert as it is then. Raises NoAlert.
    """
    told = plain_reason(reason) or None
    if store.see_drift_alert(c, acting.forum_id, alert_id, acting.actor.name, told, at):
        acting.note(c, "drift.seen", alert_id, after={"reason": told})
    alert = store.get_drift_alert(c, acting.forum_id, alert_id)
    if alert is None:
        raise NoAlert
    return alert


def _is_fresh(one: Drift, before: store.DriftRow | None) -> bool:
    if one.verdict is not Verdict.DRIFTED:
        return False
    return before is None or before.verdict != Verdict.DRIFTED


def _row(one: Drift, version: str, before: store.DriftRow | None, now: datetime) -> store.DriftRow:
    same = before is not None and before.verdict == one.verdict
    changed = before.changed_at if before is not None and same else now
    part, measure, name = one.key
    return store.DriftRow(part, measure, name, version, one.verdict.value, changed)


def _message(
    fresh: Sequence[Drift],
    before: dict[tuple[str, str, str], store.DriftRow],
    version: str,
    now: datetime,
) -> store.Message:
    return store.Message(
        type=MessageType.DRIFT,
        stream=STREAM,
        at=now,
        data={
            "model_version": version,
            "drifted": [_said(one, before.get(one.key)) for one in fresh],
        },
    )


def _alert(message: store.Message, receivers: int) -> store.DriftAlert:
    return store.DriftAlert(
        alert_id=message.message_id,
        at=message.at,
        model_version=message.data["model_version"],
        receivers=receivers,
        drifted=message.data["drifted"],
    )


def _said(one: Drift, before: store.DriftRow | None) -> dict[str, Any]:
    return {
        "part": one.part.value,
        "measure": one.measure,
        "slice": one.slice,
        "before": None if before is None else before.verdict,
        "since": None if one.since is None else date_of(one.since).isoformat(),
        "p_value": one.p_value,
        "e_value": one.e_value,
        "persons": one.persons,
    }
