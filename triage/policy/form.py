"""What a `policy.toml` may hold: every section and key, its meaning, and what it is in a policy.

In: nothing. Out: SECTIONS and RULE_KEYS, from which reading, writing and the documents are made.
Not here: parsing and checking (reading), making the text (writing).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from triage.policy.moving import MOST_MOVED
from triage.policy.values import LATEST_CONFIDENTIAL, MOST_SHOWN, MOST_SWAPS, OPEN_TYPES, Policy
from triage.records import Destination, Target, Tone

MOST_SEVERITY = 4


class Is(StrEnum):
    """What a key holds."""

    SWITCH = "true or false"
    WHOLE = "a whole number"
    NUMBER = "a number"
    TEXT = "a text in quotes"
    TEXTS = "a list of texts in quotes"


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what it holds, what it means, and its value in a policy; None is left out.

    A number lies from `low` to `high`, where there are such ends; with `over` the low one itself is
    not allowed. Of texts only those `among` are, where any are named. What is `optional` may stay
    unsaid.
    """

    name: str
    is_: Is
    meaning: str
    of: Callable[[Policy], Any]
    low: float | None = None
    high: float | None = None
    over: bool = False
    among: tuple[str, ...] = ()
    optional: bool = False

    def allows(self, value: float) -> bool:
        """Say whether a number lies where it may."""
        if self.low is not None and (value < self.low or (self.over and value == self.low)):
            return False
        return self.high is None or value <= self.high


def _cost(name: str, meaning: str) -> Key:
    return Key(name, Is.NUMBER, meaning, lambda policy: float(getattr(policy.costs, name)), low=0)


def _step(name: str, is_: Is, meaning: str, high: float | None = None) -> Key:
    return Key(name, is_, meaning, lambda policy: getattr(policy.moving, name), low=0, high=high)


def _wanted(target: Target) -> Key:
    meaning = f"How probable a label of {target} must be to count."
    return Key(
        str(target),
        Is.NUMBER,
        meaning,
        lambda policy: policy.precision.get(target),
        low=0,
        high=1,
        optional=True,
    )


def _holidays(policy: Policy) -> list[str] | None:
    return [str(day) for day in sorted(policy.hours.holidays)] if policy.hours else None


SECTIONS: Mapping[str, tuple[Key, ...]] = {
    "shown": (
        Key(
            "most",
            Is.WHOLE,
            "At most so many threads are offered.",
            lambda p: p.most_shown,
            low=0,
            high=MOST_SHOWN,
        ),
        Key(
            "same_question_from",
            Is.NUMBER,
            "From this probability an open thread is named as the same question.",
            lambda p: p.same_question_from,
            low=0,
            high=1,
        ),
        Key(
            "swaps",
            Is.NUMBER,
            "In this share of asks two neighbours change places, to measure places; 0: never.",
            lambda p: p.swaps,
            low=0,
            high=MOST_SWAPS,
        ),
    ),
    "costs": (
        _cost("expert", "Hours of an expert's work, or their worth: needed one and got one."),
        _cost("community", "The community answers: staff read along."),
        _cost("needless_expert", "An expert answers what the community would have answered."),
        _cost("missed_expert", "Needed an expert and was left with the community."),
        _cost("missed_severe", "The same at severity 1 or 2."),
    ),
    "routing": (
        Key(
            "default",
            Is.TEXT,
            "Who answers while no model is trained: community or expert.",
            lambda p: str(p.default_destination),
            among=tuple(map(str, Destination)),
        ),
        Key(
            "novel_to_expert",
            Is.SWITCH,
            "What is surely new to the forum goes to an expert.",
            lambda p: p.novel_to_expert,
        ),
        Key(
            "cared_for",
            Is.TEXTS,
            "Tones that go to an expert unless the asker wants it public: at_risk, angry, calm.",
            lambda p: sorted(p.cared_for),
            among=tuple(map(str, Tone)),
        ),
    ),
    "precision": tuple(_wanted(target) for target in Target),
    "severity": (
        Key(
            "expert_from",
            Is.WHOLE,
            "This severity and worse go to an expert, by the customer's word too; 0: none does.",
            lambda p: len(p.severe),
            low=0,
            high=MOST_SEVERITY,
        ),
    ),
    "sensitive": (
        Key(
            "private",
            Is.SWITCH,
            "What is sensitive is private. It cannot be switched off.",
            lambda p: True,
        ),
        Key(
            "open",
            Is.TEXTS,
            "What may stay: company, or nothing.",
            lambda p: sorted(p.open_types),
            among=tuple(sorted(OPEN_TYPES)),
        ),
        Key(
            "confidential_from",
            Is.NUMBER,
            "Private from this probability of being about a contract, prices or security.",
            lambda p: p.confidential_from,
            low=0,
            high=LATEST_CONFIDENTIAL,
            over=True,
        ),
    ),
    "groups": (
        Key(
            "closed",
            Is.TEXTS,
            "Groups whose members may not post publicly.",
            lambda p: sorted(p.closed_groups),
        ),
    ),
    "accounts": (
        Key(
            "customised_to_expert",
            Is.SWITCH,
            "Questions about what an account has customised go to an expert.",
            lambda p: p.customised_to_expert,
        ),
        Key(
            "company_products",
            Is.TEXTS,
            "Products that are made for one company: always an expert.",
            lambda p: sorted(p.company_products),
        ),
        Key(
            "expert_levels",
            Is.TEXTS,
            "Support levels whose questions always go to an expert.",
            lambda p: sorted(p.expert_levels),
        ),
        Key(
            "community_levels",
            Is.TEXTS,
            "Support levels without an expert where only costs would ask one.",
            lambda p: sorted(p.community_levels),
        ),
    ),
    "load": (
        _step(
            "most_up",
            Is.NUMBER,
            "The cut rises by so much probability at most; 0: never.",
            MOST_MOVED,
        ),
        _step("most_down", Is.NUMBER, "It falls by so much at most; 0: never.", MOST_MOVED),
        _step("queue_from", Is.WHOLE, "A queue of experts up to this length is usual."),
        _step("per_queued", Is.NUMBER, "The cut rises by this for each question more."),
        _step("slow_from_hours", Is.NUMBER, "The community may take so long on a topic."),
        _step("per_slow_hour", Is.NUMBER, "The cut falls by this for each hour more."),
        _step("while_closed", Is.NUMBER, "The cut rises by this while experts are away."),
    ),
    "hours": (
        Key(
            "time_zone",
            Is.TEXT,
            "The clock of the opening hours, as Europe/Stockholm; without it always open.",
            lambda p: p.hours.time_zone if p.hours else None,
            optional=True,
        ),
        Key(
            "open",
            Is.TEXTS,
            "When experts are in, as mon-fri 08:00-17:00.",
            lambda p: [str(o) for o in p.hours.open] if p.hours else None,
            optional=True,
        ),
        Key(
            "holidays",
            Is.TEXTS,
            "Days when they are not, as 2026-12-24.",
            _holidays,
            optional=True,
        ),
    ),
}

RULE_KEYS: Mapping[str, tuple[Is, str]] = {
    "name": (Is.TEXT, "A name of the rule's own: a-z, 0-9, - and _."),
    "destination": (Is.TEXT, "Who answers: community or expert."),
    "words": (Is.TEXTS, "Whole words, or several in a row."),
    "templates": (Is.TEXTS, "* is the rest of a word, or, alone, up to five words."),
    "languages": (Is.TEXTS, "Only questions in these languages; all without it."),
}
REASON = "reason"
