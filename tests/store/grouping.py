"""Asks in a group, a gap that somebody took, what drifts: and all that reads or changes them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from triage.records import ApiKey
from triage.store import (
    Connection,
    DriftRow,
    GapState,
    GapTask,
    asks_to_group,
    drop_empty_groups,
    gap_tasks_of,
    get_ask_groups,
    get_gap_task,
    group_examples,
    grouped_asks,
    is_drift_look_due,
    list_drifts,
    lone_asks,
    name_group,
    put_gap_task,
    put_group_members,
    put_groups,
    replace_drifts,
    take_drift_look,
)

from .samples import NOON

DAY = timedelta(days=1)
TASK = GapTask("g1", GapState.DRAFTING, "", NOON)
DRIFT = DriftRow("inputs", "lang", "all", "", "steady", NOON)


def group(c: Connection, forum_id: int, mark: str) -> None:
    """Put an ask into a group, have somebody take it as a gap, and look whether anything drifts."""
    put_groups(c, forum_id, ["g1"], NOON)
    put_group_members(c, forum_id, {"a1": "g1"}, {"a1": NOON - DAY})
    name_group(c, forum_id, "g1", (mark,))
    put_gap_task(c, forum_id, replace(TASK, by=mark))
    take_drift_look(c, forum_id, NOON, DAY)
    replace_drifts(c, forum_id, [replace(DRIFT, model_version=mark)])


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
