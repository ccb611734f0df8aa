"""Who answers, by which rule, and what would have changed it. Pure.

In: one question with its labels, a policy, and the circumstances. Out: a route with its reason.
The first rule that applies decides; costs decide where none does.
Not here: what is shown and who may read (deciding).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from triage.decide.labels import expert_probability, severe_probability, sure
from triage.policy import Circumstances, Policy, words_of
from triage.records import Cut, Destination, Labels, Novelty, Question, Reason, Target

_LIKELIER = 0.5
_MILDEST = 4
_EXPERT, _COMMUNITY = Destination.EXPERT, Destination.COMMUNITY


class By(StrEnum):
    """What decides, in the order in which it is asked."""

    SENSITIVE = "sensitive"
    CONFIDENTIAL = "confidential"
    WANTS_PERSON = "wants_person"
    CUSTOMER_SEVERITY = "customer_severity"
    SEVERITY = "severity"
    CUSTOMISED = "customised"
    EXPERT_LEVEL = "expert_level"
    RULE = "rule"
    CARE = "care"
    NOVEL = "novel"
    COMMUNITY_LEVEL = "community_level"
    UNROUTED = "unrouted"
    COSTS = "costs"


@dataclass(frozen=True, slots=True)
class Asked:
    """All that who answers depends on."""

    question: Question
    labels: Labels
    policy: Policy
    around: Circumstances


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers and why; `turn` is what by itself would have kept this rule from deciding.

    A turn outlives the question's words where asks are aged, so it holds nothing of them.
    """

    by: By
    destination: Destination
    reason: Reason
    turn: Reason | None
    rule: str | None = None
    cut: Cut | None = None

    @property
    def named(self) -> str:
        """What decided, as it is kept: a lead's own rule with its name."""
        return f"{self.by}:{self.rule}" if self.rule else str(self.by)


Skipped = frozenset[str]
_Found = tuple[Reason, Reason | None] | None


def route(asked: Asked, skipped: Skipped = frozenset()) -> Route:
    """Say who answers, as if the `skipped` rules (by `Route.named`) did not apply."""
    for by, applies in _HARD:
        if by not in skipped and (found := applies(asked)):
            return Route(by, _EXPERT, *found)
    if own := _own_rule(asked, skipped):
        return own
    for by, applies in _SOFT:
        if by not in skipped and (found := applies(asked)):
            return Route(by, _EXPERT, *found)
    if By.COMMUNITY_LEVEL not in skipped and (found := _community_level(asked)):
        return Route(By.COMMUNITY_LEVEL, _COMMUNITY, *found)
    expert = expert_probability(asked.labels)
    if expert is None:
        return Route(By.UNROUTED, asked.policy.default_destination, Reason("unrouted"), None)
    return _by_costs(asked, expert)


def turns(asked: Asked, taken: Route) -> tuple[Reason, ...]:
    """Return what, all together, would have sent the question the other way; empty: nothing would.

    Whatever decided is left aside, one after the other, until who answers is another.
    """
    found: list[Reason] = []
    skipped: Skipped = frozenset()
    now = taken
    while now.destination is taken.destination:
        if now.turn is None:
            return ()
        if now.turn not in found:
            found.append(now.turn)
        if now.by is By.COSTS:
            break
        skipped |= {now.named}
        now = route(asked, skipped)
    return tuple(found)


def secret_types(question: Question, policy: Policy) -> list[str]:
    """Return the types of what was found that nobody outside may read."""
    # The page is told by the customer's system, always with its own host, and is posted nowhere.
    found = {f.type for f in question.sensitive if (f.type, f.field) != ("host", "context.page")}
    return sorted(found - policy.open_types)


def cut_of(asked: Asked) -> Cut:
    """Return the cut for this question, moved by the load."""
    policy, around = asked.policy, asked.around
    base = policy.costs.cut(severe_probability(asked.labels))
    topic = sure(asked.labels, Target.TOPIC, policy.precision)
    hours = None if topic is None else around.community_hours.get(str(topic))
    closed = is_closed(policy, around)
    moved = policy.moving.by(around.queue, hours, closed=closed)
    return Cut(min(1.0, max(0.0, base + moved)), moved, around.queue, hours, closed)


def is_closed(policy: Policy, around: Circumstances) -> bool:
    """Say whether experts are known to be away."""
    if policy.hours is None or around.now is None:
        return False
    return not policy.hours.is_open(around.now)


def _sensitive(asked: Asked) -> _Found:
    types = ", ".join(secret_types(asked.question, asked.policy))
    if not types:
        return None
    return Reason("sensitive", {"types": types}), Reason("turn_sensitive", {"types": types})


def _confidential(asked: Asked) -> _Found:
    if asked.question.confidential < asked.policy.confidential_from:
        return None
    params = _from_was(asked.policy.confidential_from, asked.question.confidential)
    return Reason("confidential"), Reason("turn_confidential", params)


def _wants_person(asked: Asked) -> _Found:
    if not asked.question.wants_person:
        return None
    return Reason("wants_person"), Reason("turn_wants_person")


def _customer_severity(asked: Asked) -> _Found:
    if asked.question.customer_severity not in asked.policy.severe:
        return None
    return Reason("customer_severity"), _milder(asked.policy)


def _severity(asked: Asked) -> _Found:
    severity = sure(asked.labels, Target.SEVERITY, asked.policy.precision)
    if severity not in {str(s) for s in asked.policy.severe}:
        return None
    return Reason("severity", {"severity": str(severity)}), _milder(asked.policy)


def _milder(policy: Policy) -> Reason | None:
    mild = len(policy.severe) + 1
    return Reason("turn_severity", {"severity": mild}) if mild <= _MILDEST else None


def _customised(asked: Asked) -> _Found:
    product, policy = asked.question.product, asked.policy
    if product is None:
        return None
    account = asked.around.account
    own = account.customised_products if account and policy.customised_to_expert else ()
    if product.casefold() not in _folded(frozenset(own) | policy.company_products):
        return None
    return Reason("customised"), Reason("turn_customised")


def _expert_level(asked: Asked) -> _Found:
    if _level(asked) not in _folded(asked.policy.expert_levels):
        return None
    return Reason("expert_level"), Reason("turn_level")


def _community_level(asked: Asked) -> _Found:
    if _level(asked) not in _folded(asked.policy.community_levels):
        return None
    return Reason("community_level"), Reason("turn_level")


def _care(asked: Asked) -> _Found:
    if asked.question.wants_public:
        return None
    if sure(asked.labels, Target.TONE, asked.policy.precision) not in asked.policy.cared_for:
        return None
    # The words of this reason are for whoever asks; why in truth is told to leads.
    return Reason("expert_care"), Reason("turn_care")


def _novel(asked: Asked) -> _Found:
    # The other heads know nothing of it either, so their word about it is not asked.
    novel = sure(asked.labels, Target.SCOPE, asked.policy.precision) == Novelty.NOVEL
    if not asked.policy.novel_to_expert or not novel:
        return None
    return Reason("novel"), Reason("turn_novel")


_Applies = Callable[[Asked], _Found]
_HARD: tuple[tuple[By, _Applies], ...] = (
    (By.SENSITIVE, _sensitive),
    (By.CONFIDENTIAL, _confidential),
    (By.WANTS_PERSON, _wants_person),
    (By.CUSTOMER_SEVERITY, _customer_severity),
    (By.SEVERITY, _severity),
    (By.CUSTOMISED, _customised),
    (By.EXPERT_LEVEL, _expert_level),
)
_SOFT: tuple[tuple[By, _Applies], ...] = ((By.CARE, _care), (By.NOVEL, _novel))


def _own_rule(asked: Asked, skipped: Skipped) -> Route | None:
    rules = [r for r in asked.policy.rules if f"{By.RULE}:{r.name}" not in skipped]
    if not rules:
        return None
    words, lang = words_of(asked.question.text), asked.question.lang
    for rule in rules:
        if (held := rule.found_in(words, lang)) is None:
            continue
        turn = Reason("turn_rule", {"rule": rule.name, "word": held})
        said = rule.reason.get(lang) or rule.reason.get("en")
        if said:
            why = Reason("rule_says", {"said": said})
        else:
            why = Reason("rule_expert" if rule.destination is _EXPERT else "rule_community")
        return Route(By.RULE, rule.destination, why, turn, rule.name)
    return None


def _by_costs(asked: Asked, expert: float) -> Route:
    """Return whoever is the cheaper bet; the words of the reason are no surer than the heads."""
    cut = cut_of(asked)
    turn = Reason("turn_probability", _from_was(cut.at, expert)) if 0 < cut.at < 1 else None
    if expert > cut.at:
        code = "needs_expert" if expert >= _LIKELIER else "expert_in_case"
        why = Reason(code, {"percent": percent_of(expert)})
        return Route(By.COSTS, _EXPERT, why, turn, cut=cut)
    code = "community_can" if expert < _LIKELIER else "community_first"
    why = Reason(code, {"percent": percent_of(1 - expert)})
    return Route(By.COSTS, _COMMUNITY, why, turn, cut=cut)


def percent_of(probability: float) -> int:
    """Return a probability for people: nobody is told that something is certain or impossible."""
    return min(99, max(1, round(100 * probability)))


def _from_was(limit: float, was: float) -> dict[str, str | int | float]:
    return {"limit": round(limit, 3), "was": round(was, 3)}


def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _level(asked: Asked) -> str:
    account = asked.around.account
    return ((account and account.support_level) or "").casefold()
