"""What the tables of reviewing hold of people.

In: nothing. Out: their rows for `holdings`.
Not here: what a row means (holding), the other tables (register).
"""

from triage.store.holdings.holding import PART, Fate, Holding, Link

REVIEW_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "review_items",
        "what a lead should look at, what the machine said of it, and what the lead said",
        Fate.DELETED,
        kept=PART,
        persons=("decided_by",),
        staff=("decided_by",),
        texts=("note",),
        plain=(
            *("id", "subject", "subject_id", "ask_id", "question_id", "case_id", "burst_id"),
            *("reason", "targets", "drawn_on", "model_version", "said", "evidence", "lang"),
            *("product", "state", "labels", "verdict", "former"),
        ),
        of=(
            Link("ask_id", "asks"),
            Link("question_id", "questions"),
            Link("case_id", "cases"),
            Link("burst_id", "event_bursts"),
        ),
        exported=True,
    ),
    Holding(
        "reviewed_labels",
        "the labels that leads gave to cases",
        Fate.DELETED,
        kept=PART,
        plain=("case_id", "target", "label", "filed", "item_id"),
        of=(Link("case_id", "cases"),),
        exported=True,
    ),
    Holding(
        "review_draws",
        "how many asks there were and how many of them the lot drew, by day",
        Fate.NOTHING,
        plain=("drawn_on", "model_version"),
    ),
)
