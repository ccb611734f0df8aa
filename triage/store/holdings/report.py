"""What the tables of reports hold of people: numbers that stand for asks, and counts.

In: nothing. Out: rows of `holdings`.
Not here: what such a row means (holding).
"""

from triage.store.holdings.holding import PART, Fate, Holding

REPORT_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "ask_columns",
        "what became of the asks of a day and what they named, for reports; who goes leaves it",
        Fate.DELETED,
        kept=PART,
        plain=("day", "packed", "digest"),
    ),
    Holding(
        "stale_asks",
        "which asks changed since reports last looked",
        Fate.DELETED,
        kept=PART,
        plain=("ask_id", "day"),
    ),
    Holding(
        "closed_periods",
        "figures of periods that were closed, and who of the staff closed them",
        Fate.STAFF,
        persons=("by",),
        plain=("time_zone", "figures"),
    ),
    Holding(
        "baselines",
        "how many questions there were before the service, and who of the staff said so",
        Fate.STAFF,
        persons=("by",),
    ),
)
