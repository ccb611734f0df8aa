"""What the room offers of watching: asks as they were replied to, and what was said of drift.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.drift_days import (
    DriftAlert,
    DriftDay,
    add_drift_alert,
    count_unseen_alerts,
    drift_days,
    get_drift_alert,
    keep_drift_day,
    latest_drift_day,
    list_drift_alerts,
    oldest_unseen_alert,
    see_drift_alert,
)
from triage.store.drifts import (
    DriftRow,
    drift_looked_at,
    is_drift_look_due,
    list_drifts,
    replace_drifts,
    take_drift_look,
)
from triage.store.served import AskMark, LastReply, ask_marks, first_asked, last_replies

__all__ = [
    "AskMark",
    "DriftAlert",
    "DriftDay",
    "DriftRow",
    "LastReply",
    "add_drift_alert",
    "ask_marks",
    "count_unseen_alerts",
    "drift_days",
    "drift_looked_at",
    "first_asked",
    "get_drift_alert",
    "is_drift_look_due",
    "keep_drift_day",
    "last_replies",
    "latest_drift_day",
    "list_drift_alerts",
    "list_drifts",
    "oldest_unseen_alert",
    "replace_drifts",
    "see_drift_alert",
    "take_drift_look",
]
