"""Fit `triage/insight/insight_cold_start.json`: when two questions are taken to mean the same.

What languages have of their own comes of the same strings of programs in all six. The rest comes of
three kinds of teachers: StackFAQ (alone, among a thousand questions of other forums, and in forums
of 40 to 320 questions, a third each), the sample's cases, and LibreOffice's titles in English,
Swedish and Finnish. Which neighbours count, and how much, is decided first (`decide`): for every
choice each kind is clustered with the bar that is best for the other two, and the best mean wins,
of those that have a floor (docs/decisions/clusters.md says why). Then the bar is fitted on all
three, and the probabilities on the questions. Sets for evaluation only teach nothing, and none is
read here.
Run: python -m benchmarks.clusters_cold_start [--keep-surroundings]
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.linear_model import LogisticRegression

from benchmarks.kept import KeptEncoder
from benchmarks.meanings import (
    Labels,
    Meanings,
    Pairs,
    forums,
    judge,
    language_means,
    pairs_of,
    sample,
    stackfaq,
    translated,
)
from benchmarks.sets import ROOT, SHARED
from triage.encode import DEFAULT, open_encoder
from triage.insight import Odds, Sameness, save_sameness, shipped_sameness
from triage.insight.sameness import COLD_START, Crowd, Surroundings
from triage.insight.values import Numbers, Vectors

FITTED_ON = (
    "StackFAQ, questions of forums, sample cases, LibreOffice titles (en, sv, fi); "
    "languages: strings of programs"
)
STRINGS = 600
PAGES = 500
# Forums of all sizes: so many meanings of StackFAQ, in five wordings, and as many single questions.
SMALL = (4, 8, 16, 32)
_WORDINGS = 5
CHOICES = [
    Surroundings(first, last, share, elsewhere, floored)
    for first, last in ((3, 10), (5, 12), (8, 20))
    for share in (0.0, 0.15, 0.25, 0.35, 0.45)
    for elsewhere in (0, 1, 2, 4)
    for floored in (True, False)
    if share > 0 or (first, elsewhere, floored) == (3, 0, False)
]
GRID = np.round(np.arange(0.05, 0.95, 0.01), 2)
_NEAREST = 10
_NOTHING = Odds(1.0, 0.0)
TITLES = "LibreOffice titles"

Similarities = Callable[[Meanings], Vectors]


@dataclass(frozen=True, slots=True)
class Teacher:
    """A set that teaches; the weights of one kind are 1 together."""

    kind: str
    meanings: Meanings
    weight: float = 1.0


def fit(start: Sameness, teachers: Sequence[Teacher]) -> Sameness:
    """Fit the bar and the probabilities, for the surroundings that were decided."""
    barred = fit_bar(start, teachers)
    # Titles are no questions, so they do not say how likely two questions are to mean the same.
    asked = [one for one in teachers if one.kind != TITLES]
    near = [(one.weight, *_near_pairs(one.meanings, barred)) for one in asked]
    alone = _odds([(weight, cosine, same) for weight, cosine, _, same in near])
    crowded = _odds([(weight, similar, same) for weight, _, similar, same in near])
    return replace(barred, alone=alone, crowded=crowded)


def unfitted(encoder_id: str, means: dict[str, Vectors]) -> Sameness:
    """Return what is to be fitted, with what languages have of their own."""
    return Sameness(encoder_id, means, _NOTHING, _NOTHING, 0.0, 0.0, FITTED_ON)


def fit_bar(start: Sameness, teachers: Sequence[Teacher]) -> Sameness:
    """Fit what clusters need; nothing is said of probabilities."""
    start = with_typical(start, teachers)
    mean = np.mean(list(_curves(start, teachers).values()), axis=0)
    return replace(start, bar=float(GRID[int(np.argmax(mean))]))


def with_typical(start: Sameness, teachers: Sequence[Teacher]) -> Sameness:
    """Fit what is usual of neighbours: their mean over all sets, each language by itself."""
    seen = replace(start.surroundings, elsewhere=0)
    low = replace(start, typical=0.0, surroundings=seen)
    means = [Crowd(one.meanings.items, low).around.mean() for one in teachers]
    typical = float(np.average(means, weights=[one.weight for one in teachers]))
    return replace(start, typical=round(typical, 4))


def decide(
    start: Sameness, teachers: Sequence[Teacher], choices: Sequence[Surroundings]
) -> list[tuple[float, Surroundings]]:
    """Return what each choice comes to on kinds of sets that did not choose the bar; best first."""
    found = []
    for choice in choices:
        tried = with_typical(replace(start, surroundings=choice), teachers)
        curves = _curves(tried, teachers)
        scores = []
        for name, own in curves.items():
            others = np.mean([curve for other, curve in curves.items() if other != name], axis=0)
            best = int(np.argmax(others))
            # With the next bar on either side: a choice must not depend on one hundredth.
            scores.append(own[max(best - 1, 0) : best + 2].mean())
        found.append((float(np.mean(scores)), choice))
    return sorted(found, key=lambda pair: -pair[0])


def _curves(sameness: Sameness, teachers: Sequence[Teacher]) -> dict[str, Numbers]:
    """Return F1 at every bar for every kind."""
    curves: dict[str, Numbers] = {}
    for one in teachers:
        found = sweep(one.meanings, scaled(one.meanings, sameness), "average")
        own = one.weight * np.array([pairs.f1 for pairs in found])
        curves[one.kind] = curves.get(one.kind, np.zeros(len(GRID))) + own
    return curves


def scaled(meanings: Meanings, sameness: Sameness) -> Vectors:
    """Return the scaled similarities of all pairs."""
    crowd = Crowd(meanings.items, sameness)
    every = np.arange(len(meanings.items))
    return crowd.scaled(every, every)


def cosines(meanings: Meanings) -> Vectors:
    """Return the plain cosines of all pairs."""
    rows = np.stack([item.vector for item in meanings.items])
    found: Vectors = rows @ rows.T
    return found


def best_bar(known: Sequence[Meanings], similar: Similarities, method: str) -> float:
    """Return the threshold with the best mean F1 over the sets."""
    curves = [[p.f1 for p in sweep(one, similar(one), method)] for one in known]
    return float(GRID[int(np.argmax(np.mean(curves, axis=0)))])


def sweep(meanings: Meanings, similarities: Vectors, method: str) -> list[Pairs]:
    """Judge every threshold: pairs by themselves, or joined (single), or average link."""
    if method == "pairs":
        return judge_pairs(meanings, similarities)
    return [judge(labels, meanings) for labels in grouped(similarities, method)]


def grouped(similarities: Vectors, method: str) -> list[Labels]:
    """Cluster at every threshold of a grid."""
    far = np.clip(similarities.max() - similarities, 0, None)
    tree = linkage(squareform(far, checks=False), method)
    top = float(similarities.max())
    return [fcluster(tree, max(top - bar, 0.0), "distance").astype(np.int64) for bar in GRID]


def judge_pairs(meanings: Meanings, similarities: Vectors) -> list[Pairs]:
    """Judge pairs by themselves, whatever follows of two of them for a third."""
    i, j = np.triu_indices(len(meanings.items), 1)
    judged = meanings.counted[i] | meanings.counted[j]
    i, j = i[judged], j[judged]
    same = meanings.groups[i] == meanings.groups[j]
    near = similarities[i, j]
    right, every = np.sort(near[same]), np.sort(near)
    return [
        pairs_of(
            len(right) - int(np.searchsorted(right, bar)),
            len(every) - int(np.searchsorted(every, bar)),
            len(right),
        )
        for bar in GRID.tolist()
    ]


def _near_pairs(meanings: Meanings, sameness: Sameness) -> tuple[Vectors, Vectors, Labels]:
    """Return cosine, scaled similarity and truth of each counted item's nearest."""
    crowd = Crowd(meanings.items, sameness)
    every = np.arange(len(meanings.items))
    near = crowd.scaled(every, every)
    np.fill_diagonal(near, -np.inf)
    mine = np.flatnonzero(meanings.counted)
    best = np.argsort(-near[mine], axis=1, kind="stable")[:, :_NEAREST]
    i, j = np.repeat(mine, _NEAREST), best.ravel()
    alone: Vectors = (crowd.rows[i] * crowd.rows[j]).sum(axis=1)
    return alone, near[i, j], (meanings.groups[i] == meanings.groups[j]).astype(np.int64)


def _odds(sets: Sequence[tuple[float, Vectors, Labels]]) -> Odds:
    """Fit a logistic curve; every kind weighs alike."""
    values = np.concatenate([v for _, v, _ in sets]).reshape(-1, 1)
    truth = np.concatenate([t for _, _, t in sets])
    weights = np.concatenate([np.full(len(t), 2000 * weight / len(t)) for weight, _, t in sets])
    curve = LogisticRegression(C=1e6).fit(values, truth, sample_weight=weights)
    return Odds(round(float(curve.coef_[0, 0]), 4), round(float(curve.intercept_[0]), 4))


def teaching(shared: Path, encoder: KeptEncoder) -> list[Teacher]:
    """Return the sets that teach."""
    faq = stackfaq(shared, encoder)
    among = faq.among(forums(shared, encoder)).all_counted()
    return [
        Teacher("StackFAQ", faq, 1 / 3),
        Teacher("StackFAQ", among, 1 / 3),
        *(Teacher("StackFAQ", _small(among, count), 1 / 3 / len(SMALL)) for count in SMALL),
        Teacher("sample cases", sample(encoder)),
        Teacher(TITLES, translated(shared, encoder, PAGES)),
    ]


def _small(among: Meanings, count: int) -> Meanings:
    """Return some meanings in some wordings, and as many others that were asked once."""
    rng = np.random.default_rng(count)
    names, counts = np.unique(among.groups, return_counts=True)
    meanings = rng.permutation(names[counts >= _WORDINGS])[:count]
    single = rng.permutation(names[counts == 1])[: count * _WORDINGS]
    chosen = np.isin(among.groups, single)
    for name in meanings:
        chosen[rng.permutation(np.flatnonzero(among.groups == name))[:_WORDINGS]] = True
    return among.only(chosen)


def opened() -> KeptEncoder:
    """Open the shipped encoder with the vectors that are kept of it."""
    encoder = open_encoder(DEFAULT, threads=2)
    assert encoder is not None
    return KeptEncoder(encoder, ROOT / "build" / "vectors")


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--out", type=Path, default=COLD_START)
    parser.add_argument(
        "--keep-surroundings", action="store_true", help="decide nothing anew: four minutes less"
    )
    chosen = parser.parse_args()
    encoder = opened()
    start = unfitted(encoder.id, language_means(chosen.shared, encoder, STRINGS))
    teachers = teaching(chosen.shared, encoder)
    if chosen.keep_surroundings:
        start = replace(start, surroundings=shipped_sameness().surroundings)
    else:
        decided = decide(start, teachers, CHOICES)
        for score, choice in decided:
            sys.stderr.write(f"{score:.4f} {choice}\n")
        start = replace(start, surroundings=next(one for _, one in decided if one.floored))
    found = fit(start, teachers)
    save_sameness(found, chosen.out)
    sys.stderr.write(
        f"bar {found.bar}, alone even at {found.alone.even:.3f}, "
        f"crowded at {found.crowded.even:.3f}, typical {found.typical}: {chosen.out}\n"
    )


if __name__ == "__main__":
    main()
