"""What people ask, and what they do after a reply."""

from dataclasses import dataclass
from datetime import datetime

from triage.records.choices import Asker, EventType, Stage


@dataclass(frozen=True, slots=True)
class Context:
    """Where in the customer's system the problem arose."""

    page: str | None = None
    form: str | None = None
    record_type: str | None = None
    error_text: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the draft; `text` is what could be read of it."""

    name: str
    type: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person typed, untouched. Only `triage.text` may look inside."""

    title: str
    body: str
    lang: str | None = None
    product: str | None = None
    version: str | None = None
    context: Context = Context()
    customer_severity: int | None = None
    attachments: tuple[Attachment, ...] = ()
    person: str | None = None
    account: str | None = None
    groups: frozenset[str] = frozenset()
    session: str | None = None
    stage: Stage = Stage.SUBMIT
    asker: Asker = Asker.CUSTOMER
    # What the asker chose: a person of the staff, or that everybody may read it.
    wants_person: bool = False
    wants_public: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something sensitive in a draft: characters `start` to `end` of the submitted `field`."""

    type: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """A draft made safe: redacted, cleaned, its language known. Never holds raw text."""

    title: str
    body: str
    lang: str
    product: str | None = None
    version: str | None = None
    context: Context = Context()
    customer_severity: int | None = None
    attachments: tuple[Attachment, ...] = ()
    person: str | None = None
    account: str | None = None
    groups: frozenset[str] = frozenset()
    session: str | None = None
    stage: Stage = Stage.SUBMIT
    sensitive: tuple[Finding, ...] = ()
    # The probability that it is about a contract, prices agreed on, or security.
    confidential: float = 0.0
    # What the asker chose: a person of the staff, or that everybody may read it.
    wants_person: bool = False
    wants_public: bool = False

    @property
    def text(self) -> str:
        """Title and body as one text."""
        return f"{self.title}\n{self.body}".strip()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened after a reply. `person` and `session` are keyed hashes."""

    event_id: str
    type: EventType
    triage_id: str
    ask_id: str
    occurred_at: datetime
    thread_id: str | None = None
    question_id: str | None = None
    external_id: str | None = None
    person: str | None = None
    session: str | None = None
    rank: int | None = None
    value: str | float | None = None
    # Whether it was in sight; with which probability it was shown as settling the question; and
    # how likely the place was that it was served at (1: there was no other).
    visible: bool | None = None
    probability: float | None = None
    propensity: float | None = None
