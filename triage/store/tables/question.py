"""The tables of posted questions: where each stands, its changes, who is alerted, a forum's rules.

In: nothing. Out: SQLAlchemy Table objects in the same METADATA as all others.
Not here: queries (questions, question_changes, question_alerts), what a change may be (lifecycle).
"""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text, UniqueConstraint

from triage.store.columns import TextSet, TextTuple, UtcDateTime
from triage.store.keyed import METADATA, forum_column, of_forum

# A question is the fold of its changes; its row repeats where it stands, for lists and measures.
questions = Table(
    "questions",
    METADATA,
    forum_column(),
    Column("question_id", Text, primary_key=True),
    Column("external_id", Text),
    Column("triage_id", Text),
    # None: it was posted without a triage before.
    Column("ask_id", Text),
    Column("key_id", Integer),
    Column("test", Boolean, nullable=False),
    Column("person", Text),
    Column("session", Text),
    Column("account", Text),
    # Which groups may read it, where its visibility is that of groups.
    Column("groups", TextSet, nullable=False),
    Column("lang", Text),
    Column("product", Text),
    Column("version", Text),
    Column("visibility", Text, nullable=False),
    # What the community may read stays with the community: expert questions are never shareable.
    Column("shareable", Boolean, nullable=False),
    Column("question", JSON, nullable=False),
    Column("decision", JSON, nullable=False),
    Column("labels", JSON, nullable=False),
    Column("kind", Text),
    Column("topic", Text),
    # The worse of the predicted one and the customer's own.
    Column("severity", Integer),
    Column("customer_severity", Integer),
    # What it did not tell when it was posted, what staff asked back, and whether that moved it.
    Column("lacks", TextTuple, nullable=False),
    Column("asked", TextTuple, nullable=False),
    Column("moved", Boolean, nullable=False),
    Column("decided_to", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("in_community", Boolean, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    # When the sweep has to look at it; None: nobody waits any more.
    Column("due_at", UtcDateTime),
    Column("owner_acted_at", UtcDateTime),
    Column("first_person_at", UtcDateTime),
    Column("first_answer_at", UtcDateTime),
    Column("solved_at", UtcDateTime),
    # How often who has to answer changed after it was decided.
    Column("reroutes", Integer, nullable=False),
    of_forum("asks", "ask_id", "ask_id"),
    of_forum("api_keys", "key_id", "id"),
    Index(None, "forum_id", "external_id"),
    Index(None, "forum_id", "ask_id"),
    Index(None, "forum_id", "person"),
    Index(None, "forum_id", "account"),
    Index(None, "forum_id", "due_at"),
    Index(None, "forum_id", "received_at", "question_id"),
    Index(None, "forum_id", "state", "destination"),
)

# Only ever added to. Whoever made a change outside of the staff is not named: the question says
# whose it is, an answer whose that is.
question_changes = Table(
    "question_changes",
    METADATA,
    forum_column(),
    Column("question_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("change_id", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("why", Text),
    Column("by", Text),
    Column("answer_id", Text),
    # Whether the answer may be read by others than the asker and the staff.
    Column("answer_public", Boolean),
    Column("asked", TextTuple, nullable=False),
    Column("owner", Text),
    Column("destination", Text),
    Column("shareable", Boolean),
    # What the asker said or was told with it, and what the staff keep for themselves.
    Column("words", Text),
    Column("note", Text),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
    UniqueConstraint("forum_id", "question_id", "change_id"),
    Index(None, "forum_id", "at"),
)

question_alerts = Table(
    "question_alerts",
    METADATA,
    forum_column(),
    Column("alert_id", Text, primary_key=True),
    Column("question_id", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime),
    Column("seen_by", Text),
    of_forum("questions", "question_id", "question_id", "CASCADE"),
    Index(None, "forum_id", "question_id"),
    Index(None, "forum_id", "at", "alert_id"),
)

# One row a forum: who owns what, how long what may wait, and what was learnt of waiting.
question_rules = Table(
    "question_rules",
    METADATA,
    forum_column(),
    Column("owners", JSON, nullable=False),
    Column("limits", JSON, nullable=False),
    Column("learned", JSON, nullable=False),
    Column("learned_at", UtcDateTime),
    # Where a person of the company is met, with places for what is known of the question.
    Column("handover_url", Text),
)
