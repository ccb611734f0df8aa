"""The closed choices, each read once at the door."""

from enum import StrEnum

LANGUAGES = ("en", "sv", "nb", "da", "fi", "de")


class Kind(StrEnum):
    """What sort of question this is."""

    HOW_TO = "how_to"
    PROBLEM = "problem"
    BUG = "bug"
    REQUEST = "request"
    COMPLAINT = "complaint"
    ACCOUNT = "account"


class Destination(StrEnum):
    """Who answers."""

    COMMUNITY = "community"
    EXPERT = "expert"


class Visibility(StrEnum):
    """Who may read."""

    PUBLIC = "public"
    GROUP = "group"
    PRIVATE = "private"


class Stage(StrEnum):
    """Whether the person is still typing or pressed the button."""

    TYPING = "typing"
    SUBMIT = "submit"


class Mode(StrEnum):
    """With which parts a reply was made."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    DEGRADED = "degraded"
    UNROUTED = "unrouted"


class Arm(StrEnum):
    """The side of the holdout experiment an ask belongs to."""

    TREATMENT = "treatment"
    HOLDOUT = "holdout"


class Asker(StrEnum):
    """Who asks, as far as whoever sends the draft says so; only customers count in measures."""

    CUSTOMER = "customer"
    STAFF = "staff"
    BOT = "bot"


class Side(StrEnum):
    """Which half of retrieval a ranking may use."""

    BOTH = "both"
    DENSE = "dense"
    LEXICAL = "lexical"


class Role(StrEnum):
    """What an API key may do."""

    FRONTEND = "frontend"
    LEAD = "lead"
    ANALYST = "analyst"
    ADMIN = "admin"


class EventType(StrEnum):
    """What a person or the forum did after a reply."""

    ASKED = "asked"
    SHOWN = "shown"
    OPENED = "opened"
    RATED = "rated"
    SOLVED = "solved"
    NOT_SOLVED = "not_solved"
    DISMISSED = "dismissed"
    STILL_NEED_HELP = "still_need_help"
    POSTED = "posted"
    FOLLOWED = "followed"
    ESCALATED = "escalated"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REOPENED = "reopened"
    SURVEY_REPLY = "survey_reply"
    STAFF_TIME = "staff_time"


class UnitKind(StrEnum):
    """The part of a thread that an indexed passage comes from."""

    TITLE = "title"
    QUESTION = "question"
    ANSWER = "answer"


class Applicability(StrEnum):
    """Whether a thread speaks of the asker's product and version, and whether it still holds."""

    FITS = "fits"
    OTHER_PRODUCT = "other_product"
    OTHER_VERSION = "other_version"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"


class Tone(StrEnum):
    """How the person who asks feels about it."""

    CALM = "calm"
    ANGRY = "angry"
    AT_RISK = "at_risk"


class Novelty(StrEnum):
    """Whether a question is about something that a forum's labelled cases know of."""

    KNOWN = "known"
    NOVEL = "novel"


class Target(StrEnum):
    """What is said of a question; all but SCOPE, whose values are Novelty, has a head."""

    KIND = "kind"
    TOPIC = "topic"
    SEVERITY = "severity"
    DIFFICULTY = "difficulty"
    DESTINATION = "destination"
    TONE = "tone"
    SCOPE = "scope"


HEADS = tuple(target for target in Target if target is not Target.SCOPE)


class JobKind(StrEnum):
    """Work on a forum that a process of its own does; a forum has one job of each kind."""

    ENCODE = "encode"
    TRAIN = "train"
    RETAIN = "retain"


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
