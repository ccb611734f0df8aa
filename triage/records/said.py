"""What is found, predicted, decided and said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from triage.records.asked import Question
from triage.records.choices import Applicability, Arm, Destination, Mode, Target, Visibility
from triage.records.credited import Trust


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was decided: a stable code and its parameters; text is made at the door."""

    code: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """The evidence that one thread speaks to one question.

    `similarity_*` are cosines in [-1, 1]; `words` and `grams` are relevances of the thread's best
    passage over words and over character n-grams: BM25 over the sum of the query's inverse
    document frequencies, so 0 is no match and about 1 every term once. `identifiers`, in [-1, 1],
    is the share of the question's error codes, versions and file names that the thread has, and
    below 0 where it has only others of the same make. `answer_id` names the answer that speaks to
    the question best, `passage` which of its passages does, and `quality`, in [0, 1], what the
    answer is worth whatever was asked. None means that the thread has no passage of that kind, or
    that this side was not asked.
    """

    thread_id: str
    similarity_title: float | None = None
    similarity_question: float | None = None
    similarity_answer: float | None = None
    words: float | None = None
    grams: float | None = None
    answer_id: str | None = None
    identifiers: float | None = None
    passage: int | None = None
    quality: float | None = None

    @property
    def similarity(self) -> float | None:
        """The nearest passage's cosine, whatever its kind."""
        known = [
            s
            for s in (self.similarity_title, self.similarity_question, self.similarity_answer)
            if s is not None
        ]
        return max(known) if known else None


@dataclass(frozen=True, slots=True)
class Match:
    """A known thread and how likely it is to settle the question."""

    thread_id: str
    probability: float
    answer_id: str | None = None
    passage: int | None = None
    applicability: Applicability = Applicability.UNKNOWN
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """One head's prediction: calibrated probability, runners-up, and whether it abstains."""

    value: str | float | None = None
    probability: float | None = None
    alternatives: tuple[tuple[str, float], ...] = ()
    abstained: bool = True


Labels = Mapping[Target, Label]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A match as it is shown: which thread, which answer, in which words.

    `propensity` is how likely it was to be served at this rank, given the question: 1, as long as
    the order is that of the probabilities and nothing in it is drawn by lot. Where something is,
    `own_rank` is the rank that its probability gives it.
    """

    thread_id: str
    answer_id: str | None
    title: str
    snippet: str
    url: str | None
    lang: str | None
    rank: int
    probability: float
    solved: bool
    staff: bool
    applicability: Applicability
    reasons: tuple[Reason, ...] = ()
    trust: Trust | None = None
    propensity: float = 1.0
    own_rank: int | None = None


@dataclass(frozen=True, slots=True)
class SameQuestion:
    """An open thread that asks the same: it can be followed, it solves nothing yet.

    `followers` are the other persons who have its question too, as far as the asker may know.
    """

    thread_id: str
    followers: int = 0


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """A known issue that a draft is about, in the words of the staff.

    `certain`: the asker's product and version are known to be affected; otherwise they may be.
    `affected` counts the other persons who asked about it, of those the asker may know of.
    """

    issue_id: str
    title: str
    body: str
    lang: str | None
    probability: float
    certain: bool
    affected: int = 0
    workaround: str | None = None
    fix: str | None = None
    fixed_in: str | None = None
    thread_id: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """From over which probability of needing an expert one is asked, and how the load moved that.

    `at` is what was compared with, `moved` what the load had added to it. `queue` and
    `community_hours` are what was known of the load, `closed` that experts were away.
    """

    at: float
    moved: float = 0.0
    queue: int | None = None
    community_hours: float | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What is shown, who answers, who may read, and why.

    `reasons` are told to whoever asks; `for_leads` never are: nobody is told that they sound angry.
    For leads alone, too, are the `policy_version`, the rule or costs that decided (`decided_by`),
    and what, all of it together, would have sent the question the other way (`would_change`).
    `cut` is there where costs decided.
    """

    shown: tuple[Match, ...]
    same_question: tuple[SameQuestion, ...]
    destination: Destination
    destination_probability: float | None
    visibility: Visibility
    public_allowed: bool
    reasons: tuple[Reason, ...]
    for_leads: tuple[Reason, ...] = ()
    policy_version: str | None = None
    decided_by: str | None = None
    would_change: tuple[Reason, ...] = ()
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything that is said to one draft. Parts not yet built are empty, never absent."""

    triage_id: str
    ask_id: str
    question: Question
    suggestions: tuple[Suggestion, ...]
    decision: Decision
    labels: Labels
    mode: Mode
    model_version: str | None
    index_version: str
    index_age_seconds: float
    arm: Arm = Arm.TREATMENT
    expected_seconds: float | None = None
    # What whoever answers would ask for, at most two.
    missing: tuple[Reason, ...] = ()
    known_issues: tuple[KnownIssue, ...] = ()
    # Other persons with an open question of this meaning, of those the asker may know of.
    also_affected: int = 0
    # Where a person of the company is met, with the question filled in; None: not the way.
    handover_url: str | None = None
