"""What the tables of follow-ups hold of people.

In: nothing. Out: their rows for `holdings`.
Not here: what a row means (holding), the other tables (register).
"""

from triage.store.holdings.holding import VISITS, Fate, Holding, Link

FOLLOW_UP_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "follow_ups",
        "which asks were drawn by chance to be asked once more, and the yes or no to it",
        Fate.DELETED,
        kept="events",
        aged="drawn_at",
        plain=("ask_id", "follow_up_id", "about", "reply"),
        of=(Link("ask_id", "asks"),),
        exported=True,
    ),
    Holding(
        "follow_up_opt_outs",
        "who does not want to be asked whether it helped",
        Fate.DELETED,
        # Or a session, where nobody vouched for a person.
        persons=("person",),
        of=(Link("person"), Link("person", VISITS)),
        exported=True,
    ),
)
