"""What the tables of posted questions hold of people.

In: nothing. Out: their rows of `holdings`.
Not here: the tables (tables.question), what such a row promises (holding).
"""

from triage.store.holdings.holding import PART, VISITS, Fate, Holding, Link

QUESTION_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "questions",
        "questions that were posted, redacted, and where each stands",
        Fate.DELETED,
        kept="events",
        aged="changed_at",
        blanked="asks",
        waits=True,
        persons=("person", "session", "owner"),
        staff=("owner",),
        texts=("question", "decision", "labels", "product", "version", "external_id"),
        plain=(
            *("question_id", "triage_id", "ask_id", "account", "groups", "lang", "visibility"),
            *("kind", "topic", "lacks", "asked", "decided_to", "destination", "state"),
        ),
        of=(Link("person"), Link("session", VISITS), Link("ask_id", "asks")),
        key="question_id",
        exported=True,
    ),
    Holding(
        "question_changes",
        "what became of posted questions, step by step, and what was said with it",
        Fate.DELETED,
        kept=PART,
        persons=("by", "owner"),
        staff=("by", "owner"),
        texts=("words", "note"),
        plain=(
            *("question_id", "change_id", "before", "after", "who", "why", "answer_id", "asked"),
            "destination",
        ),
        of=(Link("question_id", "questions"),),
        exported=True,
    ),
    Holding(
        "question_alerts",
        "who of the staff was told at once of a question",
        Fate.DELETED,
        kept=PART,
        persons=("owner", "seen_by"),
        plain=("alert_id", "question_id", "why"),
        of=(Link("question_id", "questions"),),
    ),
    Holding(
        "question_rules",
        "who owns which questions, and how long what may wait: of the staff, not of customers",
        Fate.STAFF,
        persons=("owners",),
        plain=("limits", "learned", "handover_url"),
    ),
)
