"""Asks in a group, a gap that somebody took, what drifts: and all that reads or changes them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from triage.records import ApiKey
from triage.store import (
    Connection,
    DriftAlert,
    DriftDay,
    DriftRow,
    GapState,
    GapTask,
    Stream,
    ToldSilence,
    add_drift_alert,
    asks_to_group,
    count_unseen_alerts,
    drift_days,
    drift_looked_at,
    drop_empty_groups,
    gap_tasks_of,
    get_ask_groups,
    get_drift_alert,
    get_gap_task,
    group_examples,
    grouped_asks,
    is_drift_look_due,
    keep_drift_day,
    latest_drift_day,
    list_drift_alerts,
    list_drifts,
    lone_asks,
    name_group,
    note_silence,
    oldest_unseen_alert,
    put_gap_task,
    put_group_members,
    put_groups,
    replace_drifts,
    see_drift_alert,
    take_drift_look,
    told_silence,
)

from .samples import NOON

DAY = timedelta(days=1)
TASK = GapTask("g1", GapState.DRAFTING, "", NOON)
DRIFT = DriftRow("inputs", "lang", "all", "", "steady", NOON)
LOOK = DriftDay(NOON.date(), NOON, "", {"verdicts": {"inputs": "steady"}})
ALERT = DriftAlert(alert_id="msg_1", at=NOON, model_version="", receivers=1, drifted=[])


def group(c: Connection, forum_id: int, mark: str) -> None:
    """Put an ask into a group, have somebody take it as a gap, and look whether anything drifts."""
    put_groups(c, forum_id, ["g1"], NOON)
    put_group_members(c, forum_id, {"a1": "g1"}, {"a1": NOON - DAY})
    name_group(c, forum_id, "g1", (mark,))
    put_gap_task(c, forum_id, replace(TASK, by=mark))
    take_drift_look(c, forum_id, NOON, DAY)
    replace_drifts(c, forum_id, [replace(DRIFT, model_version=mark)])
    keep_drift_day(c, forum_id, replace(LOOK, model_version=mark))
    add_drift_alert(c, forum_id, replace(ALERT, drifted=[{"measure": mark}]))
    note_silence(c, forum_id, Stream.ASKS, ToldSilence(NOON, len(mark)))


def grouped(c: Connection, forum_id: int) -> dict[str, Any]:
    """Read all of it."""
    since = NOON - 999 * DAY
    examples = group_examples(c, forum_id, "e5", 9)
    return {
        "groups": (
            get_ask_groups(c, forum_id),
            get_ask_groups(c, forum_id, ["g1"]),
            grouped_asks(c, forum_id, since, NOON + 999 * DAY),
            {name: [one.vector.tolist() for one in asks] for name, asks in examples.items()},
            [one.vector.tolist() for one in asks_to_group(c, forum_id, "e5", 9)],
            [one.ask_id for one in lone_asks(c, forum_id, "e5", since, 9)],
        ),
        "gaps": (get_gap_task(c, forum_id, "g1"), gap_tasks_of(c, forum_id)),
        "drifts": (list_drifts(c, forum_id), is_drift_look_due(c, forum_id, NOON, DAY)),
        "drift_days": (
            latest_drift_day(c, forum_id),
            latest_drift_day(c, forum_id, NOON.date(), since=NOON.date()),
            drift_days(c, forum_id, since.date(), (NOON + DAY).date()),
            drift_looked_at(c, forum_id),
        ),
        "drift_alerts": (
            list_drift_alerts(c, forum_id),
            list_drift_alerts(c, forum_id, since=since, unseen=True),
            get_drift_alert(c, forum_id, "msg_1"),
            count_unseen_alerts(c, forum_id),
            oldest_unseen_alert(c, forum_id),
        ),
        "silences": [told_silence(c, forum_id, stream) for stream in Stream],
    }


def change_grouped(c: Connection, key: ApiKey) -> None:
    """Change all of it."""
    forum_id = key.forum.id
    put_groups(c, forum_id, ["g2"], NOON)
    name_group(c, forum_id, "g1", ("new",))
    put_gap_task(c, forum_id, replace(TASK, state=GapState.DISMISSED, changed_at=NOON + DAY))
    put_group_members(c, forum_id, {"a1": None}, {"a1": NOON + DAY})
    drop_empty_groups(c, forum_id)
    take_drift_look(c, forum_id, NOON + 2 * DAY, DAY)
    replace_drifts(c, forum_id, [])
    keep_drift_day(c, forum_id, replace(LOOK, looked_at=NOON + DAY))
    note_silence(c, forum_id, Stream.ASKS, ToldSilence(NOON + DAY, 2))
    see_drift_alert(c, forum_id, "msg_1", "somebody", "seen", NOON + DAY)
