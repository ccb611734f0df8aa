"""Cases with their true destination -> what the service's routing of them would have cost.

In: cases as filed, their accounts, and how they are encoded. Out: how good destination and severity
are told, and what the decisions cost beside always asking the community, always an expert, and
keyword rules. Whoever is judged was not learnt from, nor was any other wording or translation of
the same problem (`group`). What is judged is `decide` on what the heads say: the decision that is
served.
Not here: what a wrong way costs (costs), fitting (heads), the words of the rules (keywords).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.classify import Facts, facts_of
from triage.costs import SEVERE, Costs, Routed, costs_of
from triage.decide import Policy, decide
from triage.decide.gate import Gate, Threshold
from triage.errors import NotEnoughData
from triage.learn.evaluate.keywords import asks_for_expert
from triage.learn.heads.fitting import FitOptions, Progress, fit_classifier
from triage.learn.statistics.folds import assign_folds
from triage.learn.statistics.intervals import Interval, bootstrap_difference, bootstrap_mean
from triage.learn.statistics.noise import calibration_floor
from triage.learn.statistics.scores import (
    accuracy,
    expected_calibration_error,
    macro_f1,
    per_class,
    separation,
)
from triage.records import Account, Case, Destination, Draft, Labels, Question, Target
from triage.text import prepare

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
Results = dict[str, Any]
Values = Mapping[str, float]

# What `decide` reads; of the topics it is learnt what is new.
_DECIDING = (Target.DESTINATION, Target.SEVERITY, Target.TONE, Target.TOPIC)
SERVED = "served"
# By these costs whoever is likelier to be the right one gets the question.
_EITHER_WRONG_ALIKE = Costs(0.0, 0.0, 1.0, 1.0, 1.0)
_SHOWS_NOTHING = Gate(0.1, 0.9, Threshold(None, 0, guaranteed=False), {}, "nothing")


@dataclass(frozen=True, slots=True)
class RoutingOptions:
    """How routing is judged: by which policy, whose costs are also counted; over how many folds."""

    policy: Policy = field(default_factory=Policy)
    folds: int = 5
    seed: int = 0
    fit: FitOptions = field(default_factory=FitOptions)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A case as the question that it once was, with what was right for it."""

    case: Case
    question: Question
    facts: Facts
    truth: Destination
    problem: str


def evaluate_routing(
    cases: Sequence[Case],
    encode: Encode | None,
    options: RoutingOptions,
    progress: Progress,
    accounts: Sequence[Account] = (),
) -> Results:
    """Judge the routing of every case that has a destination, folds pooled.

    What is known of a case's account counts as it does when a question is served. Raises
    NotEnoughData where there are none, or too few to learn from.
    """
    known = {account.id: account for account in accounts}
    asked = [_ask(case, place, known) for place, case in enumerate(cases) if case.destination]
    if not asked:
        raise NotEnoughData("No case has a destination.")
    labels = _label_unseen(asked, encode, options, progress)
    return {
        "n": len(asked),
        "left_out": len(cases) - len(asked),
        "problems": len({one.problem for one in asked}),
        "needed_expert": float(np.mean([one.truth is Destination.EXPERT for one in asked])),
        "destination": _judge_destination(asked, labels),
        "severity": _judge_severity(asked, labels),
        **_judge_costs(asked, _ways(asked, labels, options), options),
    }


def _ask(case: Case, place: int, accounts: Mapping[str, Account]) -> _Asked:
    draft = Draft(
        case.title,
        case.body,
        lang=case.lang,
        product=case.product,
        version=case.version,
        customer_severity=case.customer_severity,
        account=case.account,
        groups=case.groups,
    )
    question = prepare(draft)
    safe = replace(case, title=question.title, body=question.body, lang=question.lang)
    facts = facts_of(question, accounts.get(case.account or ""), case.created)
    truth = Destination(str(case.destination))
    return _Asked(safe, question, facts, truth, case.group or f"\0{place}")


def _label_unseen(
    asked: Sequence[_Asked], encode: Encode | None, options: RoutingOptions, progress: Progress
) -> list[Labels]:
    """Label each question by a classifier that saw nothing of its problem."""
    vectors = None if encode is None else encode([one.case.text for one in asked])
    truth, problems = [str(one.truth) for one in asked], [one.problem for one in asked]
    fold_of = assign_folds(truth, problems, options.folds, options.seed)
    labels: list[Labels] = [{}] * len(asked)
    for fold in range(options.folds):
        progress(f"fold {fold + 1} of {options.folds}")
        learnt = np.flatnonzero(fold_of != fold).tolist()
        tested = np.flatnonzero(fold_of == fold).tolist()
        if not tested:
            continue
        report = fit_classifier(
            [asked[i].case for i in learnt],
            None if vectors is None else vectors[learnt],
            None,
            replace(options.fit, seed=options.seed, targets=_DECIDING),
            lambda _: None,
            [asked[i].facts for i in learnt],
        )
        if Target.DESTINATION in report.missing:
            raise NotEnoughData(report.missing[Target.DESTINATION])
        told = report.classifier.predict(
            [asked[i].case.title for i in tested],
            [asked[i].case.body for i in tested],
            None if vectors is None else vectors[tested],
            [asked[i].facts for i in tested],
        )
        for place, label in zip(tested, told, strict=True):
            labels[place] = label
    return labels


def _ways(
    asked: Sequence[_Asked], labels: Sequence[Labels], options: RoutingOptions
) -> dict[str, list[Destination]]:
    """Return what each way of routing decides about each question."""

    def decided(policy: Policy, told: Sequence[Labels]) -> list[Destination]:
        pairs = zip(asked, told, strict=True)
        return [_decide(one.question, label, policy) for one, label in pairs]

    def by_costs(costs: Costs) -> list[Destination]:
        return decided(replace(options.policy, costs=costs), labels)

    costs = options.policy.costs
    unlabelled = decided(options.policy, [{}] * len(asked))
    spotted = [asks_for_expert(one.case.title, one.case.body) for one in asked]
    return {
        SERVED: decided(options.policy, labels),
        "severity_unheeded": by_costs(replace(costs, missed_severe=costs.missed_expert)),
        "likelier_side": by_costs(_EITHER_WRONG_ALIKE),
        "always_community": [Destination.COMMUNITY] * len(asked),
        "always_expert": [Destination.EXPERT] * len(asked),
        "rules_without_keywords": unlabelled,
        "keyword_rules": [
            Destination.EXPERT if spot else other
            for spot, other in zip(spotted, unlabelled, strict=True)
        ],
    }


def _decide(question: Question, labels: Labels, policy: Policy) -> Destination:
    # Who answers does not depend on what is found, so nothing needs to be.
    return decide(question, [], {}, labels, policy, _SHOWS_NOTHING).destination


def _judge_costs(
    asked: Sequence[_Asked], ways: Mapping[str, Sequence[Destination]], options: RoutingOptions
) -> Results:
    problems = {str(place): one.problem for place, one in enumerate(asked)}
    costs: dict[str, Values] = {}
    table: Results = {}
    for name, decided in ways.items():
        routed = [
            Routed(one.truth, to, one.case.severity) for one, to in zip(asked, decided, strict=True)
        ]
        costs[name] = dict(zip(problems, costs_of(routed, options.policy.costs), strict=True))
        mean = bootstrap_mean(costs[name], problems, seed=options.seed)
        table[name] = {"cost": mean.mean, "low": mean.low, "high": mean.high, **_slips(routed)}
    saved = {
        name: _interval(bootstrap_difference(values, costs[SERVED], problems, seed=options.seed))
        for name, values in costs.items()
        if name != SERVED
    }
    langs = sorted({one.question.lang for one in asked})
    return {
        "worth_asking_from": options.policy.costs.worth_asking_from,
        "costs": table,
        "saved_by_serving": saved,
        "cost_by_language": {lang: _cost_in(lang, asked, costs) for lang in langs},
    }


def _cost_in(lang: str, asked: Sequence[_Asked], costs: Mapping[str, Values]) -> dict[str, float]:
    here = [str(place) for place, one in enumerate(asked) if one.question.lang == lang]
    return {name: float(np.mean([values[i] for i in here])) for name, values in costs.items()}


def _slips(routed: Sequence[Routed]) -> dict[str, int]:
    """Count what went the wrong way."""
    missed = [
        one for one in routed if one.truth is Destination.EXPERT and one.decided is not one.truth
    ]
    needless = [
        one for one in routed if one.truth is Destination.COMMUNITY and one.decided is not one.truth
    ]
    severe = sum(one.severity in SEVERE for one in missed)
    return {"missed": len(missed), "missed_severe": severe, "needless": len(needless)}


def _judge_destination(asked: Sequence[_Asked], labels: Sequence[Labels]) -> Results:
    truth = [str(one.truth) for one in asked]
    told = [label[Target.DESTINATION] for label in labels]
    table = per_class(truth, [str(label.value) for label in told])
    sure = np.array([label.probability or 0.0 for label in told])
    expert = np.array([label.value == Destination.EXPERT for label in told])
    chance = np.where(expert, sure, 1 - sure)
    needed = np.array([one.truth is Destination.EXPERT for one in asked])
    both = needed.any() and not needed.all()
    right = np.array([label.value == name for label, name in zip(told, truth, strict=True)])
    return {
        "accuracy": accuracy(truth, [str(label.value) for label in told]),
        "macro_f1": macro_f1(table),
        "auroc": separation(chance[needed], chance[~needed]) if both else None,
        "brier": float(np.mean((chance - needed) ** 2)),
        "ece": expected_calibration_error(sure, right),
        "ece_floor": calibration_floor(sure),
        "spoken": float(np.mean([not label.abstained for label in told])),
    }


def _judge_severity(asked: Sequence[_Asked], labels: Sequence[Labels]) -> Results:
    pairs = [
        (one.case.severity, label[Target.SEVERITY])
        for one, label in zip(asked, labels, strict=True)
        if one.case.severity is not None and label[Target.SEVERITY].value is not None
    ]
    if not pairs:
        return {"n": 0}
    truth, guess = [n for n, _ in pairs], [int(str(label.value)) for _, label in pairs]
    severe = np.array([n in SEVERE for n in truth])
    guessed = np.array([n in SEVERE for n in guess])
    names = [str(n) for n in truth], [str(n) for n in guess]
    return {
        "n": len(pairs),
        "accuracy": accuracy(*names),
        "macro_f1": macro_f1(per_class(*names)),
        "within_one": float(np.mean(np.abs(np.subtract(truth, guess)) <= 1)),
        "severe_recall": float(guessed[severe].mean()) if severe.any() else None,
        "severe_precision": float(severe[guessed].mean()) if guessed.any() else None,
        "spoken": float(np.mean([not label.abstained for _, label in pairs])),
    }


def _interval(found: Interval) -> dict[str, float]:
    return {"mean": found.mean, "low": found.low, "high": found.high}
