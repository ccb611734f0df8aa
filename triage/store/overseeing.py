"""What the room offers of overseeing: what waits, what came hour by hour, what was told.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.hourly import Causes, Stream, causes_of, hourly_counts, last_moment
from triage.store.opened import (
    Arrivals,
    bursts_since,
    count_dead_deliveries,
    count_open_bursts,
    count_proposed_issues,
    count_running_jobs,
    count_unseen_question_alerts,
    oldest_unseen_question_alert,
    question_alerts_since,
)
from triage.store.silences import ToldSilence, note_silence, told_silence

__all__ = [
    "Arrivals",
    "Causes",
    "Stream",
    "ToldSilence",
    "bursts_since",
    "causes_of",
    "count_dead_deliveries",
    "count_open_bursts",
    "count_proposed_issues",
    "count_running_jobs",
    "count_unseen_question_alerts",
    "hourly_counts",
    "last_moment",
    "note_silence",
    "oldest_unseen_question_alert",
    "question_alerts_since",
    "told_silence",
]
