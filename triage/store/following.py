"""What the room offers of asking once more, and of how questions were routed.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.follow_up_drawing import (
    Drawable,
    FollowUpRow,
    answered_drawable,
    chances_taken,
    hold_draw,
    put_follow_up,
    silent_drawable,
)
from triage.store.follow_ups import (
    ANSWER,
    SUGGESTIONS,
    AskedOnce,
    FollowUpCounts,
    count_follow_ups,
    due_follow_ups,
    get_follow_up,
    has_opted_out,
    note_reply,
    note_shown,
    opt_in,
    opt_out,
)
from triage.store.routed import (
    CaseTimes,
    SentQuestion,
    Step,
    iter_case_times,
    iter_sent,
    iter_steps,
    steps_of,
)

__all__ = [
    "ANSWER",
    "SUGGESTIONS",
    "AskedOnce",
    "CaseTimes",
    "Drawable",
    "FollowUpCounts",
    "FollowUpRow",
    "SentQuestion",
    "Step",
    "answered_drawable",
    "chances_taken",
    "count_follow_ups",
    "due_follow_ups",
    "get_follow_up",
    "has_opted_out",
    "hold_draw",
    "iter_case_times",
    "iter_sent",
    "iter_steps",
    "note_reply",
    "note_shown",
    "opt_in",
    "opt_out",
    "put_follow_up",
    "silent_drawable",
    "steps_of",
]
