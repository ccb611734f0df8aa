"""What the room offers of reports: asks as columns, closed periods, what was before the service.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.ask_columns import (
    AskDay,
    StaleAsk,
    ask_days,
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
    "AskDay",
    "BaselinePeriod",
    "ClosedPeriod",
    "StaleAsk",
    "ask_days",
    "baseline_of",
    "close_period",
    "closed_period",
    "closed_periods_of",
    "count_held",
    "count_stale",
    "drop_ask_days",
    "events_between",
    "export_events",
    "forget_stale",
    "gone_stale",
    "held_asks",
    "is_closed_about",
    "put_ask_day",
    "replace_baseline",
    "some_stale",
    "told_asks",
    "told_events",
]
