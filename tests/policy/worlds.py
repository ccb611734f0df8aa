"""Random asks and policies, as hypothesis and plain numbers draw them."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from triage.costs import Costs
from triage.policies.simulation import Past
from triage.policy import Circumstances, Hours, Moving, Policy, Rule, opening_of
from triage.records import (
    Account,
    Destination,
    Finding,
    Label,
    Labels,
    Novelty,
    Question,
    Target,
    Tone,
)

TOPICS = ("bank", "tax", "login")
START = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
TEXTS = ("The bank feed stopped", "I cannot really log in", "Die Überwachung meldet", "Export VAT")
HOURS = Hours(
    "Europe/Stockholm",
    (opening_of("mon-thu 08:00-17:00"), opening_of("fri 08:00-15:30")),
    frozenset({date(2026, 4, 3)}),
)
RULES = (
    Rule("monitor", Destination.EXPERT, templates=("*überwach*",), languages=frozenset({"de"})),
    Rule("login", Destination.COMMUNITY, templates=("cannot * log in",)),
    Rule("vat", Destination.EXPERT, words=("vat",), reason={"en": "Tax is for experts here."}),
)


def policy_of(rng: np.random.Generator) -> Policy:
    """Draw a policy that uses every field."""
    community, needless = sorted(rng.uniform(0, 1, 2))
    expert, missed, severe = sorted(rng.uniform(0, 9, 3))
    some = rng.random() < 0.5
    return Policy(
        swaps=float(rng.uniform(0, 0.5)),
        costs=Costs(expert, community, needless, missed, severe),
        default_destination=rng.choice(list(Destination)),
        severe=frozenset(range(1, int(rng.integers(0, 5)) + 1)),
        closed_groups=frozenset({"invited"}) if some else frozenset(),
        cared_for=frozenset(rng.choice(list(Tone), int(rng.integers(0, 4)), replace=False)),
        novel_to_expert=bool(rng.random() < 0.5),
        open_types=frozenset({"company"}) if rng.random() < 0.5 else frozenset(),
        confidential_from=float(rng.uniform(0.1, 0.9)),
        precision={Target(t): float(rng.random()) for t in rng.choice(list(Target), 3)},
        customised_to_expert=bool(rng.random() < 0.5),
        company_products=frozenset({"ACME portal"}) if rng.random() < 0.5 else frozenset(),
        expert_levels=frozenset({"Gold"}) if rng.random() < 0.3 else frozenset(),
        community_levels=frozenset({"free"}) if rng.random() < 0.5 else frozenset(),
        rules=tuple(rule for rule in RULES if rng.random() < 0.6),
        hours=HOURS if rng.random() < 0.7 else None,
        moving=Moving(float(rng.uniform(0, 0.5)), float(rng.uniform(0, 0.5)), per_slow_hour=0.01),
    )


def label_of(rng: np.random.Generator, values: list[str]) -> Label:
    """Draw a label among values, with its runner-up."""
    value, other = rng.choice(values, 2, replace=False)
    p = float(rng.uniform(0.4, 1))
    return Label(str(value), p, ((str(other), 1 - p),), abstained=bool(rng.random() < 0.4))


def labels_of(rng: np.random.Generator) -> Labels:
    """Draw labels; one forum in ten has no model."""
    if rng.random() < 0.1:
        return {}
    return {
        Target.DESTINATION: label_of(rng, [str(d) for d in Destination]),
        Target.SEVERITY: label_of(rng, ["1", "2", "3", "4"]),
        Target.TONE: label_of(rng, [str(t) for t in Tone]),
        Target.SCOPE: label_of(rng, [str(n) for n in Novelty]),
        Target.TOPIC: label_of(rng, list(TOPICS)),
    }


def past_of(rng: np.random.Generator, persons: int = 50) -> Past:
    """Draw one past ask."""
    found = [
        Finding(t, "body", 0, 3) for t in ("company", "password", "host") if rng.random() < 0.1
    ]
    if rng.random() < 0.3:
        found.append(Finding("host", "context.page", 0, 3))
    question = Question(
        str(rng.choice(TEXTS)),
        "",
        str(rng.choice(["en", "de"])),
        product=rng.choice([None, "Acme Portal", "ledger"]),
        customer_severity=rng.choice([None, None, None, 1, 2, 4]),
        groups=frozenset({"invited"}) if rng.random() < 0.2 else frozenset(),
        sensitive=tuple(found),
        confidential=float(rng.random() ** 4),
        wants_person=bool(rng.random() < 0.1),
        wants_public=bool(rng.random() < 0.2),
    )
    return Past(
        question,
        labels_of(rng),
        around_of(rng),
        person=str(rng.integers(persons)),
        truth=rng.choice([None, *Destination]),
        expert_hours=rng.choice([None, 0.5, 2.0]),
    )


def around_of(rng: np.random.Generator) -> Circumstances:
    """Draw what holds around an ask, some of it unknown."""
    level = str(rng.choice(["gold", "Free", "silver"]))
    account = Account("a", support_level=level, customised_products=("Ledger",))
    return Circumstances(
        now=None if rng.random() < 0.1 else START + timedelta(minutes=int(rng.integers(60_000))),
        queue=None if rng.random() < 0.2 else int(rng.integers(0, 90)),
        community_hours={t: float(rng.uniform(0, 90)) for t in TOPICS if rng.random() < 0.7},
        account=account if rng.random() < 0.5 else None,
    )
