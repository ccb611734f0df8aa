"""What reviewing takes and gives.

In: nothing. Out: the values that the other files here take and give.
Not here: the items themselves, which are rows (store).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from triage.answers.publishing import Shown, Wanted
from triage.records import Case, Question, Target
from triage.store import BurstRow, QuestionRow, ReviewReason

# So many signs of a note are kept; a longer one is refused, never cut.
LONGEST_NOTE = 1_000
# What a lead is asked to label, in the order in which it is asked.
ASKED = (Target.KIND, Target.TOPIC, Target.SEVERITY, Target.DESTINATION)


@dataclass(frozen=True, slots=True)
class Wish:
    """How much is drawn a day: at most so many items, `by_lot` of them by lot.

    Simulated asks are drawn only where that is wished: they show the queue, and teach nothing.
    """

    most: int = 25
    by_lot: int = 8
    include_simulated: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a draw put into the queue; `again`: the day was drawn before, and nothing was."""

    day: date
    new: int = 0
    by_reason: Mapping[ReviewReason, int] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of an item: labels of an ask, a question or a case, some or all of them.

    Of a burst, whether it counts; of a proposal, what is approved, or that it is refused. A label
    that is doubted and named again is kept.
    """

    labels: Mapping[Target, str] = field(default_factory=dict)
    note: str | None = None
    counts: bool | None = None
    approve: Wanted | None = None
    refuse: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items were done on a day, of how many that there were to do."""

    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What an item is about, in its words as they are kept; of a burst there are none."""

    question: Question
    at: datetime
    case: Case | None = None
    question_row: QuestionRow | None = None
    triage_id: str | None = None
    account: str | None = None
    burst: BurstRow | None = None
    contents: Sequence[tuple[str, int, int]] = ()
    proposal: Shown | None = None
