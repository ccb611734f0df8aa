"""What the room offers of reports: asks as columns, closed periods, what was before the service.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.activity import (
    Activity,
    AskLinks,
    case_activity,
    links_of_asks,
    question_activity,
)
from triage.store.ask_columns import (
    AskDay,
    StaleAsk,
    ask_days,
    columns_revision,
    count_held,
    count_stale,
    drop_ask_days,
    events_between,
    export_events,
    forget_stale,
    gone_stale,
    held_asks,
    put_ask_day,
    some_stale,
    told_asks,
    told_events,
)
from triage.store.ask_deeds import (
    Calls,
    Deed,
    PostedQuestion,
    calls_of_asks,
    deeds_of_asks,
    questions_of_asks,
)
from triage.store.periods import (
    BaselinePeriod,
    ClosedPeriod,
    baseline_of,
    close_period,
    closed_period,
    closed_periods_of,
    is_closed_about,
    replace_baseline,
)

__all__ = [
    "Activity",
    "AskDay",
    "AskLinks",
    "BaselinePeriod",
    "Calls",
    "ClosedPeriod",
    "Deed",
    "PostedQuestion",
    "StaleAsk",
    "ask_days",
    "baseline_of",
    "calls_of_asks",
    "case_activity",
    "close_period",
    "closed_period",
    "closed_periods_of",
    "columns_revision",
    "count_held",
    "count_stale",
    "deeds_of_asks",
    "drop_ask_days",
    "events_between",
    "export_events",
    "forget_stale",
    "gone_stale",
    "held_asks",
    "is_closed_about",
    "links_of_asks",
    "put_ask_day",
    "question_activity",
    "questions_of_asks",
    "replace_baseline",
    "some_stale",
    "told_asks",
    "told_events",
]
