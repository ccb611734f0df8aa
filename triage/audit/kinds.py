"""What acts are about, and which of them a lead may read of.

In: the name of an act, such as `model.activate`. Out: its kind. What no kind names is for
administrators alone, so that an act that is new is closed until somebody opens it.
Not here: the acts themselves (the doors), reading the log (store.audit), words for people (web).
"""

from collections.abc import Mapping
from enum import StrEnum


class ActKind(StrEnum):
    """What an act is about."""

    MODELS = "models"
    TRAINING = "training"
    REVIEW = "review"
    POLICY = "policy"
    ISSUES = "issues"
    QUESTIONS = "questions"
    DELIVERIES = "deliveries"
    KNOWLEDGE = "knowledge"
    MEASURES = "measures"
    CHANNELS = "channels"
    PERSONS = "persons"
    STAFF = "staff"
    UPKEEP = "upkeep"


# The first word of each act's name.
SUBJECTS: Mapping[ActKind, tuple[str, ...]] = {
    ActKind.MODELS: ("model",),
    ActKind.TRAINING: ("train", "encode", "encoder", "boilerplate"),
    ActKind.REVIEW: ("review", "reviews", "case"),
    ActKind.POLICY: ("policy",),
    ActKind.ISSUES: ("known_issue", "cluster", "burst", "drift"),
    ActKind.QUESTIONS: ("question", "questions", "question_rules", "alert"),
    ActKind.DELIVERIES: ("delivery", "deliveries"),
    ActKind.KNOWLEDGE: ("thread", "threads", "cases", "answer", "proposal"),
    ActKind.MEASURES: ("gap", "holdout", "period", "baseline", "report"),
    ActKind.CHANNELS: ("channel",),
    ActKind.PERSONS: ("person", "original", "erasures", "visitor_secret"),
    ActKind.STAFF: ("user", "session", "key", "audit"),
    ActKind.UPKEEP: ("retention", "accounts", "demo"),
}
# What leads may do themselves; persons, keys and users are none of their business.
OF_LEADS = (
    *(ActKind.MODELS, ActKind.TRAINING, ActKind.REVIEW, ActKind.POLICY, ActKind.ISSUES),
    *(ActKind.QUESTIONS, ActKind.DELIVERIES, ActKind.KNOWLEDGE, ActKind.MEASURES),
)
_KIND_OF = {subject: kind for kind, subjects in SUBJECTS.items() for subject in subjects}


def kind_of(act: str) -> ActKind | None:
    """Return what an act is about; None where nobody has said."""
    return _KIND_OF.get(act.partition(".")[0])


def subjects_of(kinds: tuple[ActKind, ...]) -> tuple[str, ...]:
    """Return the first words of all acts of these kinds."""
    return tuple(subject for kind in kinds for subject in SUBJECTS[kind])
