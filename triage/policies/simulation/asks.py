"""Past asks -> columns, so that a hundred thousand are decided about at once.

In: asks one by one, as `decide` was given them. Out: arrays of what any policy may look at.
Not here: deciding (replaying), measuring (comparing).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from triage.decide import expert_probability, secret_types, severe_probability
from triage.policy import Circumstances, Policy
from triage.records import Destination, Label, Labels, Question, Target

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]

# By this one everything sensitive that any policy may let pass is still named.
_STRICTEST = Policy(open_types=frozenset())
# Whose labels are read as values; destination only as a probability.
_READ = (Target.SEVERITY, Target.TONE, Target.SCOPE, Target.TOPIC)
_NO_LABEL = Label()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Past:
    """One past ask. `truth` is who really had to answer, None where nobody knows.

    `person` stands for whoever asked (a keyed hash); `expert_hours` is what it took an expert.
    """

    question: Question
    labels: Labels
    around: Circumstances
    person: str
    truth: Destination | None = None
    expert_hours: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Column(Generic[T]):
    """A value for each ask, each distinct one kept once."""

    codes: Codes
    values: Sequence[T]

    def where(self, wanted: Iterable[bool]) -> Bools:
        """Return which asks have one of the values that are wanted; `wanted` goes by `values`."""
        return np.fromiter(wanted, bool, len(self.values))[self.codes]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the labels of one target say: the value where they do not abstain, its probability."""

    value: Column[str | None]
    probability: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Asks:
    """Past asks as columns; `expert` is NaN where no head told anything."""

    secrets: Column[frozenset[str]]
    confidential: Floats
    wants_person: Bools
    wants_public: Bools
    customer_severity: Column[int | None]
    product: Column[str | None]
    customised: Bools
    level: Column[str]
    groups: Column[frozenset[str]]
    lang: Column[str]
    texts: tuple[str, ...]
    told: dict[Target, Told]
    expert: Floats
    severe: Floats
    around: tuple[Circumstances, ...]
    minute: Column[int | None]
    person: Column[str]
    truth: Column[Destination | None]
    expert_hours: Floats

    def __len__(self) -> int:
        return len(self.around)


def asks_of(past: Iterable[Past]) -> Asks:
    """Put past asks side by side, whatever order they come in."""
    rows = list(past)
    questions = [one.question for one in rows]
    expert = [expert_probability(one.labels) for one in rows]
    hours = [one.expert_hours for one in rows]
    return Asks(
        secrets=_column([frozenset(secret_types(q, _STRICTEST)) for q in questions]),
        confidential=np.array([q.confidential for q in questions], float),
        wants_person=np.array([q.wants_person for q in questions], bool),
        wants_public=np.array([q.wants_public for q in questions], bool),
        customer_severity=_column([q.customer_severity for q in questions]),
        product=_column([None if q.product is None else q.product.casefold() for q in questions]),
        customised=np.array([_customised(one) for one in rows], bool),
        level=_column([_level(one.around) for one in rows]),
        groups=_column([q.groups for q in questions]),
        lang=_column([q.lang for q in questions]),
        texts=tuple(q.text for q in questions),
        told={target: _told(rows, target) for target in _READ},
        expert=np.array([np.nan if p is None else p for p in expert], float),
        severe=np.array([severe_probability(one.labels) for one in rows], float),
        around=tuple(one.around for one in rows),
        minute=_column([_minute(one.around) for one in rows]),
        person=_column([one.person for one in rows]),
        truth=_column([one.truth for one in rows]),
        expert_hours=np.array([np.nan if h is None else h for h in hours], float),
    )


def _column(values: Sequence[T]) -> Column[T]:
    distinct: dict[T, int] = {}
    codes = [distinct.setdefault(value, len(distinct)) for value in values]
    return Column(np.array(codes, np.int64), tuple(distinct))


def _told(rows: Sequence[Past], target: Target) -> Told:
    labels = [one.labels.get(target, _NO_LABEL) for one in rows]
    values = [None if one.abstained or one.value is None else str(one.value) for one in labels]
    return Told(_column(values), np.array([one.probability or 0.0 for one in labels], float))


def _customised(one: Past) -> bool:
    product, account = one.question.product, one.around.account
    if product is None or account is None:
        return False
    return product.casefold() in {own.casefold() for own in account.customised_products}


def _level(around: Circumstances) -> str:
    return ((around.account and around.account.support_level) or "").casefold()


def _minute(around: Circumstances) -> int | None:
    # Opening hours change on whole minutes, so that one answer serves all asks of a minute.
    return None if around.now is None else int(around.now.timestamp() // 60)
