"""What the room offers of policies, and of the past that they are tried on.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.past import (
    Came,
    PastAsk,
    account_ids_by_person,
    accounts_by_id,
    count_sent,
    iter_past_asks,
)
from triage.store.policies import (
    PolicyAction,
    PolicyChange,
    PolicyRow,
    PolicyState,
    active_policy,
    add_policy,
    add_policy_change,
    get_policy,
    list_policies,
    list_policy_changes,
    note_simulated,
    policy_in,
    set_policy_state,
)
from triage.store.waits import posted_waits

__all__ = [
    "Came",
    "PastAsk",
    "PolicyAction",
    "PolicyChange",
    "PolicyRow",
    "PolicyState",
    "account_ids_by_person",
    "accounts_by_id",
    "active_policy",
    "add_policy",
    "add_policy_change",
    "count_sent",
    "get_policy",
    "iter_past_asks",
    "list_policies",
    "list_policy_changes",
    "note_simulated",
    "policy_in",
    "posted_waits",
    "set_policy_state",
]
