"""Posted questions of a forum, kept: what `lifecycle` decides, row by row and exactly once.

In: a connection in a transaction, what somebody wants of a question. Out: the question as it is
then, with its changes kept, its owner named, and whoever must know alerted.
Not here: what may become of a question (lifecycle), SQL (store), who may ask for it (api), how a
draft becomes a question (posting).
"""

from triage.questions.alerts import see_alert
from triage.questions.changing import Asked, Kept, keep
from triage.questions.foresight import Foresight, learn_forum_waits
from triage.questions.linking import Linking
from triage.questions.queueing import (
    AGES,
    Load,
    Queued,
    awaiting_of,
    count_late,
    load_of,
    loads_of,
    queue_of,
)
from triage.questions.reading import Told, change_of, posted_of, read
from triage.questions.receiving import Arrived, receive_question
from triage.questions.rules import (
    STAFF,
    Rules,
    owner_name,
    put_rules,
    rules_from,
    rules_of,
    told_rules,
)
from triage.questions.sweeping import Swept, sweep_forum

__all__ = [
    "AGES",
    "STAFF",
    "Arrived",
    "Asked",
    "Foresight",
    "Kept",
    "Linking",
    "Load",
    "Queued",
    "Rules",
    "Swept",
    "Told",
    "awaiting_of",
    "change_of",
    "count_late",
    "keep",
    "learn_forum_waits",
    "load_of",
    "loads_of",
    "owner_name",
    "posted_of",
    "put_rules",
    "queue_of",
    "read",
    "receive_question",
    "rules_from",
    "rules_of",
    "see_alert",
    "sweep_forum",
    "told_rules",
]
