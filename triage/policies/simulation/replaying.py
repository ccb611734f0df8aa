"""Columns of asks and a policy -> who answers each: what `decide` says, for all at once.

In: asks, a policy. Out: for each ask whether an expert answers, who reads, and what decided.
The order of the rules is that of `By`; a test decides about random asks in both ways.
Not here: measuring what comes of it (comparing).
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from triage.decide import By
from triage.policies.simulation.asks import Asks, Bools, Floats
from triage.policy import Policy, words_of
from triage.records import Destination, Novelty, Target

ORDER = tuple(By)


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """Of each ask: whether an expert answers, whether all may read it, and the place in ORDER.

    `rule` is the place of the forum's own rule that applies, -1 where none does.
    """

    expert: Bools
    public: Bools
    by: NDArray[np.int64]
    rule: NDArray[np.int64]


def replay(asks: Asks, policy: Policy) -> Replayed:
    """Decide about every ask by a policy."""
    rule = _own_rules(asks, policy)
    to_expert = [one.destination is Destination.EXPERT for one in policy.rules]
    # The last one stands for -1, no rule.
    rule_expert = np.array([*to_expert, False], bool)[rule]
    costs_expert, routed = _by_costs(asks, policy)
    default = policy.default_destination is Destination.EXPERT
    applies: dict[By, tuple[Bools, Bools | bool]] = {
        **{by: (mask, True) for by, mask in _hard(asks, policy).items()},
        By.RULE: (rule >= 0, rule_expert),
        By.CARE: (_sure(asks, policy, Target.TONE, policy.cared_for) & ~asks.wants_public, True),
        By.NOVEL: (_novel(asks, policy), True),
        By.COMMUNITY_LEVEL: (_level(asks, policy.community_levels), False),
        By.UNROUTED: (~routed, default),
        By.COSTS: (routed, costs_expert),
    }
    by = np.full(len(asks), -1, np.int64)
    expert = np.zeros(len(asks), bool)
    for place, name in enumerate(ORDER):
        mask, says = applies[name]
        first = mask & (by < 0)
        by[first] = place
        expert[first] = says[first] if isinstance(says, np.ndarray) else says
    closed = asks.groups.where(bool(g & policy.closed_groups) for g in asks.groups.values)
    return Replayed(expert, ~expert & ~closed, by, rule)


def decided_by(replayed: Replayed, policy: Policy, place: int) -> str:
    """Return what decided about one ask, as a decision names it: `costs`, `rule:invoices`."""
    name = ORDER[replayed.by[place]]
    return f"{name}:{policy.rules[replayed.rule[place]].name}" if name is By.RULE else str(name)


def _hard(asks: Asks, policy: Policy) -> dict[By, Bools]:
    products = {name.casefold() for name in policy.company_products}
    customised = asks.product.where(one in products for one in asks.product.values)
    if policy.customised_to_expert:
        customised = customised | asks.customised
    secret = (bool(found - policy.open_types) for found in asks.secrets.values)
    said = asks.customer_severity
    return {
        By.SENSITIVE: asks.secrets.where(secret),
        By.CONFIDENTIAL: asks.confidential >= policy.confidential_from,
        By.WANTS_PERSON: asks.wants_person,
        By.CUSTOMER_SEVERITY: said.where(one in policy.severe for one in said.values),
        By.SEVERITY: _sure(
            asks, policy, Target.SEVERITY, frozenset(str(one) for one in policy.severe)
        ),
        By.CUSTOMISED: customised,
        By.EXPERT_LEVEL: _level(asks, policy.expert_levels),
    }


def _sure(asks: Asks, policy: Policy, target: Target, among: frozenset[str]) -> Bools:
    told = asks.told[target]
    wanted = policy.precision.get(target)
    found = told.value.where(one in among for one in told.value.values)
    return found if wanted is None else found & (told.probability >= wanted)


def _novel(asks: Asks, policy: Policy) -> Bools:
    if not policy.novel_to_expert:
        return np.zeros(len(asks), bool)
    return _sure(asks, policy, Target.SCOPE, frozenset({str(Novelty.NOVEL)}))


def _level(asks: Asks, levels: frozenset[str]) -> Bools:
    folded = {level.casefold() for level in levels}
    return asks.level.where(one in folded for one in asks.level.values)


def _own_rules(asks: Asks, policy: Policy) -> NDArray[np.int64]:
    found = np.full(len(asks), -1, np.int64)
    if not policy.rules:
        return found
    languages = asks.lang.values
    for place, (text, lang) in enumerate(zip(asks.texts, asks.lang.codes, strict=True)):
        words = words_of(text)  # kept for all of them it would fill a gigabyte
        for number, rule in enumerate(policy.rules):
            if rule.found_in(words, languages[lang]) is not None:
                found[place] = number
                break
    return found


def _by_costs(asks: Asks, policy: Policy) -> tuple[Bools, Bools]:
    routed = ~np.isnan(asks.expert)
    # The same steps in the same order as for one ask, so that rounding is the same too.
    cuts = {severe: policy.costs.cut(severe) for severe in set(asks.severe.tolist())}
    base = np.array([cuts[severe] for severe in asks.severe.tolist()], float)
    at = np.clip(base + _moved(asks, policy), 0.0, 1.0)
    return routed & (np.nan_to_num(asks.expert, nan=-1.0) > at), routed


def _moved(asks: Asks, policy: Policy) -> Floats:
    if not policy.moving.moves:
        return np.zeros(len(asks))
    away = _away(asks, policy)
    topics = asks.told[Target.TOPIC]
    wanted = policy.precision.get(Target.TOPIC)
    topic_sure = np.ones(len(asks), bool) if wanted is None else topics.probability >= wanted
    moved = np.empty(len(asks))
    known = zip(asks.around, topics.value.codes, topic_sure, away, strict=True)
    for place, (around, code, is_sure, closed) in enumerate(known):
        topic = topics.value.values[code] if is_sure else None
        hours = None if topic is None else around.community_hours.get(topic)
        moved[place] = policy.moving.by(around.queue, hours, closed=bool(closed))
    return moved


def _away(asks: Asks, policy: Policy) -> Bools:
    hours = policy.hours
    if hours is None:
        return np.zeros(len(asks), bool)
    return asks.minute.where(
        m is not None and not hours.is_open(datetime.fromtimestamp(m * 60, UTC))
        for m in asks.minute.values
    )
