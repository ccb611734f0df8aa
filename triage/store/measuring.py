"""What the room offers of measuring: asks with their arms, their vectors, bursts, the holdout.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.ask_rows import (
    AskFacts,
    AskRow,
    asks_of_person,
    count_arms,
    first_named_ask,
    get_ask,
    is_newcomer,
    is_staff,
    iter_asks,
    tell_ask,
)
from triage.store.ask_vectors import (
    AskVector,
    ask_vectors,
    other_questions,
    put_ask_vector,
    vectors_of_asks,
)
from triage.store.bursts import (
    MOST_EVENTS,
    BurstRow,
    BurstState,
    burst_contents,
    find_burst,
    get_burst,
    list_bursts,
    put_bursts_aside,
    settle_burst,
)
from triage.store.confirmed import iter_refused
from triage.store.events import write_events
from triage.store.filed import Filed, filed_since, open_triage_of
from triage.store.holdouts import HoldoutRow, holdout_of, list_holdouts, set_holdout
from triage.store.simulated import MADE_UP, count_real, has_simulated
from triage.store.simulating import (
    Noted,
    Simulated,
    count_simulated,
    drop_simulated,
    put_simulated,
)

__all__ = [
    "MADE_UP",
    "MOST_EVENTS",
    "AskFacts",
    "AskRow",
    "AskVector",
    "BurstRow",
    "BurstState",
    "Filed",
    "HoldoutRow",
    "Noted",
    "Simulated",
    "ask_vectors",
    "asks_of_person",
    "burst_contents",
    "count_arms",
    "count_real",
    "count_simulated",
    "drop_simulated",
    "filed_since",
    "find_burst",
    "first_named_ask",
    "get_ask",
    "get_burst",
    "has_simulated",
    "holdout_of",
    "is_newcomer",
    "is_staff",
    "iter_asks",
    "iter_refused",
    "list_bursts",
    "list_holdouts",
    "open_triage_of",
    "other_questions",
    "put_ask_vector",
    "put_bursts_aside",
    "put_simulated",
    "set_holdout",
    "settle_burst",
    "tell_ask",
    "vectors_of_asks",
    "write_events",
]
