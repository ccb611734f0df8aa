"""Hits -> the threads that may settle a question, each with the probability that it does.

In: a question, the evidence per thread, the threads, what is known of their answers. Out: matches,
best first: what asks the same is folded onto the thread that settles it (`resolution`), scored
(`ranking`), with the answer most likely to help (`answer_quality`), marked and weighed by what is
known of it (`answer_trust`).
Not here: how evidence is found (retrieve), what is shown (decide), fitting (learn.suggestions).
"""

from triage.rank.ranking import (
    COLD_START,
    FEATURES,
    REGIMES,
    Features,
    Ranker,
    Weights,
    applicability_of,
    features_of,
    load_ranker,
    rank,
    regime_of,
    save_ranker,
)

__all__ = [
    "COLD_START",
    "FEATURES",
    "REGIMES",
    "Features",
    "Ranker",
    "Weights",
    "applicability_of",
    "features_of",
    "load_ranker",
    "rank",
    "regime_of",
    "save_ranker",
]
