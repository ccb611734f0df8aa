"""What the tables of policies hold of people: of the staff, who wrote and chose them.

In: nothing. Out: rows of `holdings`.
Not here: what such a row means (holding).
"""

from triage.store.holdings.holding import Fate, Holding

POLICY_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "policies",
        "the versions of the forum's policy, and who of the staff wrote them",
        Fate.STAFF,
        persons=("by",),
        plain=("state", "toml", "simulated"),
    ),
    Holding(
        "policy_history",
        "what became of the versions of the policy, and who of the staff did it",
        Fate.STAFF,
        persons=("by",),
        plain=("action", "reason"),
    ),
)
