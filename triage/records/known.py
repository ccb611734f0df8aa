"""What is known: threads, resolved cases, accounts, and judged questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triage.records.choices import UnitKind


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in a thread. `person` is a keyed hash."""

    id: str
    body: str
    person: str | None = None
    accepted: bool = False
    staff: bool = False
    votes: int = 0
    created: datetime | None = None
    updated: datetime | None = None
    outdated_votes: int = 0


@dataclass(frozen=True, slots=True)
class Thread:
    """A known question with its answers. No groups means that everyone may read it."""

    id: str
    title: str
    body: str
    answers: tuple[Answer, ...] = ()
    person: str | None = None
    solved: bool = False
    lang: str | None = None
    tags: tuple[str, ...] = ()
    product: str | None = None
    valid_versions: str | None = None
    groups: frozenset[str] = frozenset()
    url: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    duplicate_of: tuple[str, ...] = ()
    superseded_by: str | None = None
    outdated_votes: int = 0
    verified_by: str | None = None
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage of a thread, the thing that is embedded and searched."""

    kind: UnitKind
    text: str
    answer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A resolved question as first written, with what happened to it."""

    id: str
    title: str
    body: str
    person: str | None = None
    account: str | None = None
    groups: frozenset[str] = frozenset()
    product: str | None = None
    version: str | None = None
    lang: str | None = None
    created: datetime | None = None
    first_response: datetime | None = None
    closed: datetime | None = None
    escalated: bool | None = None
    answer: str | None = None
    answer_public: bool = False
    kind: str | None = None
    topic: str | None = None
    difficulty: float | None = None
    severity: int | None = None
    customer_severity: int | None = None
    destination: str | None = None
    tone: str | None = None
    group: str | None = None

    @property
    def text(self) -> str:
        """Title and body as one text."""
        return f"{self.title}\n{self.body}".strip()


@dataclass(frozen=True, slots=True)
class Account:
    """A customer company."""

    id: str
    name: str | None = None
    support_level: str | None = None
    expert_team: str | None = None
    customised_products: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    first_seen: datetime | None = None
    preferred_channel: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question of an evaluation set, with the documents it may choose from (or all).

    `extra` holds the fields of its line that the format does not name, as text, so that a part
    of a set can be chosen by them.
    """

    id: str
    title: str
    body: str
    lang: str | None = None
    candidates: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a document answers a query: 2 perfect, 1 relevant, 0 irrelevant."""

    query_id: str
    doc_id: str
    gain: int
