"""Cases -> one label per target, spelt one way.

In: cases as they were filed. Out: a label or None per case and target.
Not here: learning from them (heads), how hard a question was that nobody judged (difficulty).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from triage.classify import EASY, HARD, HARD_FROM, label_key
from triage.learn.heads.difficulty import Usual, difficulty_labels
from triage.records import HEADS, Case, Destination, Kind, Target, Tone

_CLOSED = {
    Target.KIND: frozenset(map(str, Kind)),
    Target.DESTINATION: frozenset(map(str, Destination)),
    Target.TONE: frozenset(map(str, Tone)),
}
_NONE: frozenset[str] = frozenset()


def labels_of(
    cases: Sequence[Case], target: Target, usual: Usual | None = None
) -> list[str | None]:
    """Return each case's label, in the commonest spelling of its kind; None where unknown.

    A difficulty that nobody filed is made out from what happened, against the `usual` time.
    """
    filed = [_filed(case, target) for case in cases]
    if target is Target.DIFFICULTY and None in filed:
        told = difficulty_labels(cases, usual)
        return [mine or made_out for mine, made_out in zip(filed, told, strict=True)]
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for label in filed:
        if label is not None:
            spellings[label_key(label)][" ".join(label.split())] += 1
    closed = _CLOSED.get(target, _NONE)
    chosen = {
        key: key if key in closed else min(seen, key=lambda s: (-seen[s], s))
        for key, seen in spellings.items()
        if key
    }
    return [None if label is None else chosen.get(label_key(label)) for label in filed]


def filed_labels(
    cases: Sequence[Case], usual: Usual | None = None
) -> dict[Target, list[str | None]]:
    """Return each head's labels of all cases, as `labels_of` does."""
    return {target: labels_of(cases, target, usual) for target in HEADS}


def _filed(case: Case, target: Target) -> str | None:
    match target:
        case Target.KIND:
            return case.kind
        case Target.TOPIC:
            return case.topic
        case Target.SEVERITY:
            return None if case.severity is None else str(case.severity)
        case Target.DIFFICULTY:
            if case.difficulty is None or math.isnan(case.difficulty):
                return None
            return HARD if case.difficulty >= HARD_FROM else EASY
        case Target.DESTINATION:
            return case.destination or _who_answered(case.escalated)
        case Target.TONE:
            return case.tone
        case Target.SCOPE:
            return None  # nobody files what was never seen: it is fitted on topics left out


def _who_answered(escalated: bool | None) -> str | None:
    if escalated is None:
        return None
    return str(Destination.EXPERT if escalated else Destination.COMMUNITY)
