"""What the room offers of watching: asks as they were replied to, and what was said of drift.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.drifts import (
    DriftRow,
    is_drift_look_due,
    list_drifts,
    replace_drifts,
    take_drift_look,
)
from triage.store.served import AskMark, LastReply, ask_marks, first_asked, last_replies

__all__ = [
    "AskMark",
    "DriftRow",
    "LastReply",
    "ask_marks",
    "first_asked",
    "is_drift_look_due",
    "last_replies",
    "list_drifts",
    "replace_drifts",
    "take_drift_look",
]
