"""The frozen values that travel between rooms.

In: nothing. Out: every noun of the service (see the vocabulary in docs/architecture.md).
Not here: behaviour beyond what a value can say about itself, and anything that knows
HTTP, SQL or a model library.
"""

from triage.records.asked import Attachment, Context, Draft, Event, Finding, Question
from triage.records.choices import (
    HEADS,
    LANGUAGES,
    Applicability,
    Arm,
    Destination,
    EventType,
    JobKind,
    JobState,
    Kind,
    Mode,
    Novelty,
    Role,
    Side,
    Stage,
    Target,
    Tone,
    UnitKind,
    Visibility,
)
from triage.records.installed import ApiKey, Forum
from triage.records.known import Account, Answer, Case, Judgement, Query, Thread, Unit
from triage.records.said import (
    Cut,
    Decision,
    Hit,
    Label,
    Labels,
    Match,
    Reason,
    Reply,
    SameQuestion,
    Suggestion,
)
from triage.records.trusted import Act, Actor, ActorKind, Visitor, WebUser

__all__ = [
    "HEADS",
    "LANGUAGES",
    "Account",
    "Act",
    "Actor",
    "ActorKind",
    "Answer",
    "ApiKey",
    "Applicability",
    "Arm",
    "Attachment",
    "Case",
    "Context",
    "Cut",
    "Decision",
    "Destination",
    "Draft",
    "Event",
    "EventType",
    "Finding",
    "Forum",
    "Hit",
    "JobKind",
    "JobState",
    "Judgement",
    "Kind",
    "Label",
    "Labels",
    "Match",
    "Mode",
    "Novelty",
    "Query",
    "Question",
    "Reason",
    "Reply",
    "Role",
    "SameQuestion",
    "Side",
    "Stage",
    "Suggestion",
    "Target",
    "Thread",
    "Tone",
    "Unit",
    "UnitKind",
    "Visibility",
    "Visitor",
    "WebUser",
]
