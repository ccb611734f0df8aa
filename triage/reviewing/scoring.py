"""Candidates -> how much speaks for each, by reason.

In: candidates with their rows, the labelled cases of the forum. Out: a pool to choose from, and by
candidate what is to be told of each score.
Not here: the arithmetic (insight.choosing), choosing (drawing).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage import store
from triage.embedding import space_of
from triage.encode import TextRole
from triage.insight.choosing import Near, Pool, Why, disagreeing, far, nearest, over_heads, unsure
from triage.insight.values import Codes, Numbers, Vectors
from triage.pipeline import Parts
from triage.records import Case, Labels, Novelty, Target
from triage.review import label_of
from triage.reviewing.gathering import Candidate, unit
from triage.reviewing.values import ASKED
from triage.store import ReviewReason

_MORE_THAN_A_GUESS = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Candidates as they may be chosen, with what each head adds to a score."""

    pool: Pool
    labels: Sequence[Labels]
    unsure: Mapping[Target, Numbers]
    disagreeing: Mapping[Target, Numbers]
    nearest: Numbers
    near: Near
    cases: Mapping[int, Case]

    def targets(self, place: int, reason: ReviewReason, given: tuple[Target, ...]) -> list[Target]:
        """Return the targets to ask about, the most doubtful first."""
        by_head = {
            ReviewReason.UNCERTAIN: self.unsure,
            ReviewReason.DISAGREEING: self.disagreeing,
        }.get(reason)
        if by_head is None:
            return list(given)
        doubt = {t: by_head[t][place] for t in given if t in by_head}
        known = {t: float(d) for t, d in doubt.items() if not np.isnan(d)}
        return sorted(given, key=lambda t: -known.get(t, -1.0))

    def evidence(self, place: int, reason: ReviewReason) -> dict[str, Any]:
        """Return why a candidate was scored as it was.

        Of the uncertain a number by target, of the disagreeing what the model says, what the
        nearest cases mostly say, and which share of them says otherwise; of the novel the cosine
        of the nearest case.
        """
        if reason is ReviewReason.UNCERTAIN:
            told = {t.value: float(numbers[place]) for t, numbers in self.unsure.items()}
            return {name: round(n, 4) for name, n in told.items() if not np.isnan(n)}
        if reason is ReviewReason.DISAGREEING:
            return {
                target.value: [
                    str(self.labels[place][target].value),
                    self._mostly(place, target),
                    round(float(shares[place]), 4),
                ]
                for target, shares in self.disagreeing.items()
                if not np.isnan(shares[place])
            }
        if reason is ReviewReason.NOVEL and not np.isnan(self.nearest[place]):
            return {"nearest": round(float(self.nearest[place]), 4)}
        return {}

    def _mostly(self, place: int, target: Target) -> str | None:
        """Return the label that the nearest cases have most, each with its nearness."""
        told: dict[str, float] = {}
        for number, cosine in zip(self.near.places[place], self.near.cosines[place], strict=True):
            label = label_of(self.cases[number], target) if number in self.cases else None
            if label is not None:
                told[label] = told.get(label, 0.0) + max(0.0, float(cosine))
        return max(told, key=lambda label: (told[label], label)) if told else None


def score(
    c: store.Connection,
    forum_id: int,
    parts: Parts,
    found: Sequence[Candidate],
    vectors: Vectors,
) -> Scored:
    """Score candidates; `vectors` are their unit rows, zeros where there is none."""
    labels = [one.labels for one in found]
    by_head = {target: _unsure(labels, target) for target in ASKED}
    near, cases = _near(c, forum_id, parts, vectors)
    against = {target: _disagreeing(labels, target, near, cases) for target in ASKED}
    away = far(near)
    lies = np.linalg.norm(vectors, axis=1) > 0
    scores: dict[str, Numbers] = {
        Why.UNCERTAIN: over_heads(list(by_head.values())),
        Why.DISAGREEING: over_heads(list(against.values())),
        Why.NOVEL: _novel(labels, np.where(lies, away, np.nan)),
    }
    told = np.array([bool(one.found) for one in found], dtype=np.bool_)
    for why in Why:
        # What somebody changed or doubts is looked at for that.
        scores[why] = np.where(told, np.nan, scores[why])
    nearest_one = np.where(lies, 1.0 - away, np.nan)
    return Scored(Pool(vectors, scores), labels, by_head, against, nearest_one, near, cases)


def _unsure(labels: Sequence[Labels], target: Target) -> Numbers:
    first, second = np.full((2, len(labels)), np.nan)
    for i, said in enumerate(labels):
        label = said.get(target)
        if label is not None and label.probability is not None:
            first[i] = label.probability
            second[i] = label.alternatives[0][1] if label.alternatives else 0.0
    return unsure(first, second)


def _novel(labels: Sequence[Labels], away: Numbers) -> Numbers:
    """Return how likely each is about something new; by distance where no head says so."""
    told = np.full(len(labels), np.nan)
    for i, said in enumerate(labels):
        label = said.get(Target.SCOPE)
        if label is not None and label.probability is not None:
            novel = label.value == Novelty.NOVEL
            told[i] = label.probability if novel else 1.0 - label.probability
    if np.isnan(told).all():
        return away
    # What is as good as known is no candidate, however few are newer.
    return np.where(told >= _MORE_THAN_A_GUESS, told, np.nan)


def _near(
    c: store.Connection, forum_id: int, parts: Parts, vectors: Vectors
) -> tuple[Near, Mapping[int, Case]]:
    """Return the labelled cases nearest to each row, and those cases by their numbers."""
    names: list[str] = []

    def told() -> Iterator[tuple[Codes, Vectors]]:
        if parts.encoder is None:
            return
        space = space_of(parts.encoder, TextRole.QUERY)
        for ids, rows in store.iter_case_vectors(c, forum_id, space, None):
            numbers: Codes = np.arange(len(names), len(names) + len(ids), dtype=np.int64)
            names.extend(ids)
            yield numbers, unit(rows)

    near = nearest(vectors, told())
    wanted = {int(place) for place in np.unique(near.places) if place >= 0}
    cases = store.get_cases(c, forum_id, {names[place] for place in wanted})
    return near, {place: cases[names[place]] for place in wanted if names[place] in cases}


def _disagreeing(
    labels: Sequence[Labels],
    target: Target,
    near: Near,
    cases: Mapping[int, Case],
) -> Numbers:
    codes: dict[str, int] = {}

    def code(value: object) -> int:
        return codes.setdefault(" ".join(str(value).split()).casefold(), len(codes))

    guess = np.full(len(labels), -1, dtype=np.int64)
    for i, said in enumerate(labels):
        guessed = said.get(target)
        if guessed is not None and guessed.value is not None:
            guess[i] = code(guessed.value)
    filed = np.full(max(cases, default=-1) + 1, -1, dtype=np.int64)
    for number, case in cases.items():
        label = label_of(case, target)
        if label is not None:
            filed[number] = code(label)
    return disagreeing(guess, filed, near)
