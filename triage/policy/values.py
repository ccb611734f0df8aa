"""The rules of one forum. Pure.

In: the values of its fields. Out: a policy that was checked. What protects people has no switch.
Not here: its form as a file (reading, writing), what follows for a question (decide).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.costs import Costs
from triage.errors import BadField
from triage.policy.hours import Hours
from triage.policy.moving import Moving
from triage.policy.rules import MOST_RULES, MOST_TEMPLATES, Rule
from triage.records import Destination, Target, Tone

# What is taken out and yet may be read by everybody: that some company exists is known to all, and
# people sign with their own. An account that the forum knows is another matter.
OPEN_TYPES = frozenset({"company"})
_SEVERITIES = (1, 2, 3, 4)
MOST_SHOWN = 20
# With more the worse order would be the usual one.
MOST_SWAPS = 0.5
_MOST_NAMES = 1_000
LATEST_CONFIDENTIAL = 0.9


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one forum.

    At most `most_shown` threads are offered; `same_question_from` is the probability from which
    one that waits for an answer is named as the same question; in a share of `swaps` of the asks
    two neighbours among them change places, so that it can be known what a place does; `severe` are
    the worst severities, which always go to experts, whoever says so; `cared_for` the tones of
    which the same is true; `novel_to_expert` says so of what is surely new to the forum. What is
    sensitive is private, but for `open_types`; so is what is confidential with a probability of
    `confidential_from` or more.
    `precision` is what a label's probability must reach, beside not abstaining, to count as sure.
    `closed_groups` are those whose members may not post publicly. `company_products` belong to
    one company each; what an account has `customised` counts with them. `expert_levels` of support
    always have an expert, `community_levels` none where only costs would ask one. Any other
    question goes where it is expected to cost less by `costs`, at a cut that `moving` moves.

    An angry customer is not one of them by default: anger says how something was written, not who
    can answer it, and taking a question out of the community because of its tone would teach people
    to shout. The lead is told and may step in. Who speaks of leaving is another matter: what a
    wrong answer costs there is the customer. But no tone makes private what the asker wants public.
    """

    most_shown: int = 3
    same_question_from: float = 0.5
    swaps: float = 0.0
    costs: Costs = field(default_factory=Costs)
    default_destination: Destination = Destination.COMMUNITY
    severe: frozenset[int] = frozenset({1})
    closed_groups: frozenset[str] = frozenset()
    cared_for: frozenset[Tone] = frozenset({Tone.AT_RISK})
    novel_to_expert: bool = True
    open_types: frozenset[str] = OPEN_TYPES
    confidential_from: float = 0.5
    precision: Mapping[Target, float] = field(default_factory=dict)
    customised_to_expert: bool = True
    company_products: frozenset[str] = frozenset()
    expert_levels: frozenset[str] = frozenset()
    community_levels: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    hours: Hours | None = None
    moving: Moving = field(default_factory=Moving)

    def __post_init__(self) -> None:
        """Refuse what no policy may be. Raises BadField, with the name that the file uses."""
        if not 0 <= self.most_shown <= MOST_SHOWN:
            raise BadField("shown.most", f"is {self.most_shown}, not from 0 to {MOST_SHOWN}")
        _share("shown.same_question_from", self.same_question_from)
        _share("shown.swaps", self.swaps)
        if self.swaps > MOST_SWAPS:
            raise BadField("shown.swaps", f"is {self.swaps}, not from 0 to {MOST_SWAPS}")
        if self.severe != frozenset(_SEVERITIES[: len(self.severe)]):
            raise BadField("severity.expert_from", "leaves out a severity that is worse")
        if shut := sorted(self.open_types - OPEN_TYPES):
            problem = f"holds {shut[0]!r}, but what is sensitive is private under every policy"
            raise BadField("sensitive.open", problem)
        _share("sensitive.confidential_from", self.confidential_from)
        if not 0 < self.confidential_from <= LATEST_CONFIDENTIAL:
            problem = f"is {self.confidential_from}, not over 0 and up to {LATEST_CONFIDENTIAL}"
            raise BadField("sensitive.confidential_from", problem)
        for target, wanted in self.precision.items():
            _share(f"precision.{target}", wanted)
        _check_names(self)
        _check_rules(self.rules)


def _share(name: str, value: float) -> None:
    if not math.isfinite(value) or not 0 <= value <= 1:
        raise BadField(name, f"is {value}, not from 0 to 1")


def _check_names(policy: Policy) -> None:
    named = {
        "groups.closed": policy.closed_groups,
        "accounts.company_products": policy.company_products,
        "accounts.expert_levels": policy.expert_levels,
        "accounts.community_levels": policy.community_levels,
    }
    for name, values in named.items():
        if len(values) > _MOST_NAMES:
            raise BadField(name, f"has more than {_MOST_NAMES} members")
        if any(not value.strip() for value in values):
            raise BadField(name, "holds an empty name")
    both = {v.casefold() for v in policy.expert_levels} & {
        v.casefold() for v in policy.community_levels
    }
    if both:
        problem = f"holds {min(both)!r}, which `accounts.expert_levels` holds too"
        raise BadField("accounts.community_levels", problem)


def _check_rules(rules: tuple[Rule, ...]) -> None:
    if len(rules) > MOST_RULES:
        raise BadField("rules", f"has more than {MOST_RULES} members")
    if sum(len(rule.words) + len(rule.templates) for rule in rules) > MOST_TEMPLATES:
        raise BadField("rules", f"hold more than {MOST_TEMPLATES} words and templates together")
    seen: set[str] = set()
    for place, rule in enumerate(rules, start=1):
        if rule.name in seen:
            raise BadField(f"rules.{place}.name", f"is {rule.name!r}, as that of another rule")
        seen.add(rule.name)
