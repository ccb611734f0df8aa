"""Labelled cases -> the labels that look wrong, for a person to look at.

In: cases with what a head said of each when it had not seen it. Out: doubts, the surest first:
labels that the head would hardly have given (confident learning, Northcutt et al. 2021), and
labels of one and the same text that contradict one another.
Not here: keeping doubts and what a person made of them (store). A doubtful label is learnt from
all the same until somebody changes it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from triage import store
from triage.learn.heads.fitting import Unseen
from triage.learn.heads.labels import labels_of
from triage.records import Case, Target
from triage.review import REVIEWED

UNLIKELY = "unlikely"

_WORD = re.compile(r"\w+")
_MOST_BELIEF = 0.1  # that a head may have in a label which it is said to doubt
_FEWEST_WORDS = 3  # "help!" may rightly stand for anything
_ALIKE = 0.8  # the share of words that two texts of one group have in common
_MOST_TEXTS = 50  # of one group that are told apart; what comes after them is its own text
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Doubt:
    """A case's label for a target that looks wrong, and the one that is `likelier`.

    `why` is `unlikely`, with the head's probabilities of both labels, or names the cases that
    contradict it, with the shares of the cases of this text that have the one and the other.
    """

    case_id: str
    target: Target
    label: str
    likelier: str
    probability: float
    label_probability: float
    why: str


def find_doubts(
    cases: Sequence[Case],
    target: Target,
    classes: Sequence[str],
    probabilities: NDArray[np.float64],
    truth: NDArray[np.int64],
) -> list[Doubt]:
    """Return the doubtful labels of these cases, the surest first, at most one a case.

    `probabilities` has one row per case, over `classes`, of a head that had not seen it; `truth`
    is the place of each case's label in `classes`.
    """
    contradicted = _contradictions(cases, target, [classes[i] for i in truth])
    found = {d.case_id: d for d in contradicted}
    for place in _unlikely(truth, probabilities):
        likelier = int(probabilities[place].argmax())
        doubt = Doubt(
            cases[place].id,
            target,
            classes[truth[place]],
            classes[likelier],
            float(probabilities[place, likelier]),
            float(probabilities[place, truth[place]]),
            UNLIKELY,
        )
        found.setdefault(doubt.case_id, doubt)
    return sorted(found.values(), key=lambda d: (d.label_probability, -d.probability, d.case_id))


def all_doubts(
    cases: Sequence[Case], unseen: Mapping[Target, Unseen], found_at: datetime
) -> list[store.DoubtRow]:
    """Return the doubts of every head that is looked at, ready to be kept.

    Labels without a head, and those too rare for one, are looked at for contradictions alone.
    """
    rows: list[store.DoubtRow] = []
    for target in REVIEWED:
        learnt = unseen.get(target)
        found: list[Doubt] = []
        if learnt is not None:
            chosen = [cases[i] for i in learnt.places]
            found = find_doubts(chosen, target, learnt.classes, learnt.probabilities, learnt.truth)
        known = {d.case_id for d in found}
        labels = labels_of(cases, target)
        found += [d for d in _contradictions(cases, target, labels) if d.case_id not in known]
        rows += [
            store.DoubtRow(
                d.case_id,
                d.target,
                d.label,
                d.likelier,
                d.probability,
                d.why,
                found_at,
                label_probability=d.label_probability,
            )
            for d in found
        ]
    return rows


def _unlikely(truth: NDArray[np.int64], probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the places of the labels that the head had rather not given."""
    # Here, because it brings pandas, which no other command needs.
    from cleanlab.filter import find_label_issues

    found = find_label_issues(truth, probabilities, filter_by="low_self_confidence", n_jobs=1)
    own = probabilities[np.arange(len(truth)), truth]
    # A weak head disagrees with a quarter of all labels: that is no news of the labels.
    return np.flatnonzero(found & (own <= _MOST_BELIEF) & (own < probabilities.max(axis=1)))


def _contradictions(
    cases: Sequence[Case], target: Target, labels: Sequence[str | None]
) -> Iterator[Doubt]:
    """Yield a doubt for each case whose text has another label at least as often."""
    for members in _same_texts(cases, [i for i, label in enumerate(labels) if label is not None]):
        counted = Counter(labels[i] for i in members)
        if len(counted) < 2:
            continue
        ranked = sorted(counted, key=lambda label: (-counted[label], str(label)))
        most = counted[ranked[0]]
        for i in members:
            others = [label for label in ranked if label != labels[i]]
            if counted[labels[i]] == most > counted[others[0]]:
                continue
            others_ids = [cases[j].id for j in members if labels[j] == others[0]]
            yield Doubt(
                cases[i].id,
                target,
                str(labels[i]),
                str(others[0]),
                counted[others[0]] / len(members),
                counted[labels[i]] / len(members),
                _named(others_ids),
            )


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - _MOST_NAMED
    return f"contradicted by {', '.join(ids[:_MOST_NAMED])}" + (f" and {more} more" * (more > 0))


def _same_texts(cases: Sequence[Case], places: Iterable[int]) -> Iterator[list[int]]:
    """Yield the places of cases that say the same, where there are several.

    The same words in the same order, or within a group nearly the same words.
    """
    by_text: dict[str, list[int]] = defaultdict(list)
    for i in places:
        words = _WORD.findall(cases[i].text.casefold())
        if len(words) >= _FEWEST_WORDS:
            by_text[" ".join(words)].append(i)
    groups: dict[str, list[tuple[frozenset[str], list[int]]]] = defaultdict(list)
    for text, members in by_text.items():
        group = cases[members[0]].group
        if group is None:
            yield from [members] if len(members) > 1 else []
            continue
        words_here = frozenset(text.split())
        alike = next((m for w, m in groups[group] if _overlap(w, words_here) >= _ALIKE), None)
        if alike is not None:
            alike += members
        elif len(groups[group]) < _MOST_TEXTS:
            groups[group].append((words_here, list(members)))
        elif len(members) > 1:
            yield members
    yield from (m for texts in groups.values() for _, m in texts if len(m) > 1)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
