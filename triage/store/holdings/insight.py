"""What the tables of known issues, clusters and notices hold of people.

In: nothing. Out: their rows for `holdings`.
Not here: what a row means (holding), the other tables (register).
"""

from triage.store.holdings.holding import PART, Fate, Holding, Link

_OF_QUESTION = (Link("question_id", "questions"),)

INSIGHT_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "known_issues",
        "faults that are known; a proposal's words are a customer's until it is published",
        Fate.DELETED,
        kept="asks",
        # Empty where the words are the staff's: those are kept.
        aged="words_at",
        persons=("person",),
        texts=("title", "body", "products", "workaround", "fix", "fixed_in"),
        plain=("issue_id", "state", "lang", "versions", "groups", "thread_id", "evidence"),
        of=(Link("person"),),
        key="issue_id",
        exported=True,
    ),
    Holding(
        "known_issue_asks",
        "which asks were about a known issue, so that who asked hears of its end",
        Fate.DELETED,
        kept="asks",
        aged="at",
        persons=("person",),
        plain=("issue_id", "ask_id", "lang", "visibility", "groups"),
        of=(Link("person"), Link("ask_id", "asks")),
        exported=True,
    ),
    Holding(
        "clusters",
        "that several open questions mean the same",
        Fate.NOTHING,
        plain=("cluster_id",),
    ),
    Holding(
        "cluster_members",
        "which questions mean the same",
        Fate.DELETED,
        kept=PART,
        plain=("question_id", "cluster_id"),
        of=_OF_QUESTION,
        exported=True,
    ),
    Holding(
        "questions_apart",
        "which questions do not mean the same, as somebody said who knows",
        Fate.DELETED,
        kept=PART,
        plain=("question_id", "other_id"),
        of=(*_OF_QUESTION, Link("other_id", "questions")),
        exported=True,
    ),
    Holding(
        "question_vectors",
        "what the encoder makes of open questions",
        Fate.DELETED,
        kept=PART,
        blanked="asks",
        texts=("vector",),
        plain=("question_id", "encoder_id"),
        of=_OF_QUESTION,
    ),
    Holding(
        "notices",
        "what people are told: of known issues, of answers to questions like theirs",
        Fate.DELETED,
        kept="events",
        aged="at",
        persons=("person",),
        plain=("notice_id", "kind", "subject", "detail", "lang"),
        of=(Link("person"),),
        exported=True,
    ),
    Holding(
        "ask_groups",
        "that several asks mean the same, and words that several persons used for it",
        Fate.NOTHING,
        plain=("group_id", "terms"),
    ),
    Holding(
        "ask_group_members",
        "which asks mean the same",
        Fate.DELETED,
        kept=PART,
        plain=("ask_id", "group_id"),
        of=(Link("ask_id", "asks"),),
        exported=True,
    ),
    Holding(
        "gap_tasks",
        "who of the staff answers what many ask and nothing answers yet",
        Fate.STAFF,
        persons=("by",),
        plain=("gap_id", "state", "thread_id"),
    ),
    Holding(
        "drift_verdicts",
        "how unlike its own time a model's traffic is, by measure",
        Fate.NOTHING,
        plain=("part", "measure", "slice", "model_version", "verdict"),
    ),
    Holding(
        "drift_looks",
        "when the server last looked for drift",
        Fate.NOTHING,
    ),
    Holding(
        "drift_days",
        "what was said of drift on each day, and words that several persons used",
        Fate.NOTHING,
        kept="asks",
        aged="looked_at",
        plain=("model_version", "found"),
    ),
    Holding(
        "drift_alerts",
        "which measures have drifted, and who of the staff has seen it",
        Fate.STAFF,
        persons=("seen_by",),
        plain=("alert_id", "model_version", "drifted", "reason"),
    ),
    Holding(
        "silences",
        "when it was last told that asks, suggestions, events or questions had stopped",
        Fate.NOTHING,
        plain=("stream",),
    ),
    Holding(
        "watches",
        "when the server last looked for what many ask",
        Fate.NOTHING,
    ),
)
