"""What the tables of measuring hold of people: vectors of asks, bursts of events, the holdout.

In: nothing. Out: their rows for `holdings`.
Not here: what a row means (holding), asks and events themselves (register).
"""

from triage.store.holdings.holding import VISITS, Fate, Holding, Link

MEASURING_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "ask_vectors",
        "what the encoder makes of a question, to see that somebody comes back with it",
        Fate.DELETED,
        kept="asks",
        aged="at",
        texts=("vector",),
        plain=("ask_id", "encoder_id"),
        of=(Link("ask_id", "asks"),),
    ),
    Holding(
        "event_bursts",
        "more events of one person than a person makes, put aside for review",
        Fate.DELETED,
        kept="asks",
        aged="last_at",
        persons=("person", "session"),
        plain=("id", "state"),
        of=(Link("person"), Link("session", VISITS)),
        key="id",
        exported=True,
    ),
    Holding(
        "holdouts",
        "to which share of askers nothing is suggested, and who of the staff set it",
        Fate.STAFF,
        persons=("by",),
        plain=("shares",),
    ),
)
