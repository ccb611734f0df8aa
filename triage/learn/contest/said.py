"""What models said of cases -> right or wrong, how surely, and what it would cost. Pure.

In: Labels, the labels that were filed, the policy. Out: arrays over the same cases.
Not here: whether a difference means anything (losses), which cases (unseen).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from triage.classify import EASY, HARD, HARD_FROM, label_key
from triage.costs import cost_of
from triage.decide import Policy, decide
from triage.decide.gate import Gate
from triage.records import Case, Destination, Label, Labels, Question, Target

Floats = NDArray[np.float64]


def label_of(target: Target, name: str, confidence: float, sure_from: float) -> Label:
    """Return the Label of a head whose likeliest class is `name`, which speaks from `sure_from`."""
    value: str | float = name
    if target is Target.DIFFICULTY:
        value = confidence if name == HARD else 1 - confidence
    return Label(value=value, probability=confidence, abstained=confidence < sure_from)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a head said of n cases: NaN in `right` where it said nothing or nothing was filed."""

    right: Floats
    confidence: Floats
    sure: NDArray[np.bool_]


def answers_of(said: Sequence[Labels], target: Target, truth: Sequence[str | None]) -> Answers:
    """Read what a model said for one target beside what was filed."""
    right = np.full(len(said), np.nan)
    confidence = np.full(len(said), np.nan)
    sure = np.zeros(len(said), dtype=bool)
    keyed = cache(label_key)
    for place, (labels, filed) in enumerate(zip(said, truth, strict=True)):
        label = labels.get(target)
        if filed is None or label is None or label.value is None or label.probability is None:
            continue
        right[place] = keyed(_named(label)) == keyed(filed)
        confidence[place] = label.probability
        sure[place] = not label.abstained
    return Answers(right, confidence, sure)


@dataclass(frozen=True, slots=True)
class Routing:
    """How a forum decides today; by its policy is also counted what each way costs."""

    policy: Policy
    gate: Gate


def costs_of_decisions(
    cases: Sequence[Case], said: Sequence[Labels], who: Sequence[str | None], routing: Routing
) -> Floats:
    """Return what the decision on each case would cost; NaN where nobody knows who answered, or
    the model did not say.
    """
    found = np.full(len(cases), np.nan)
    for place, (case, labels, filed) in enumerate(zip(cases, said, who, strict=True)):
        if filed is None or labels.get(Target.DESTINATION, Label()).probability is None:
            continue
        # A stored case is redacted: what was sensitive in it is gone and decides nothing here.
        question = Question(
            case.title,
            case.body,
            case.lang or "en",
            product=case.product,
            version=case.version,
            customer_severity=case.customer_severity,
            groups=case.groups,
        )
        made = decide(question, [], {}, labels, routing.policy, routing.gate)
        found[place] = cost_of(
            Destination(filed), made.destination, case.severity, routing.policy.costs
        )
    return found


def _named(label: Label) -> str:
    if isinstance(label.value, float):
        return HARD if label.value >= HARD_FROM else EASY
    return str(label.value)
