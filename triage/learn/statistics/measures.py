"""Ranked ids and gains -> the field's measures, per query and in the mean. Pure.

Reciprocal rank and hit rate at a depth; average precision (Buckley and Voorhees, 2000); nDCG with
gains 2^g - 1 and discounts log2(rank + 1) (Burges et al., 2005).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DEPTH = 10
KEYS = ("mrr@10", "hit@1", "hit@5", "hit@10", "ndcg@10", "map")


@dataclass(frozen=True, slots=True)
class QueryMeasures:
    """One query's values, all in [0, 1]."""

    reciprocal_rank: float
    hit_1: bool
    hit_5: bool
    hit_10: bool
    ndcg: float
    average_precision: float


def measure(ranking: Sequence[str], gains: Mapping[str, int]) -> QueryMeasures:
    """Measure one ranking; a query without a relevant document counts 0 everywhere."""
    places = [place for place, doc in enumerate(ranking, start=1) if gains.get(doc, 0) > 0]
    relevant = sum(gain > 0 for gain in gains.values())
    first = places[0] if places else math.inf
    precisions = [found / place for found, place in enumerate(places, start=1)]
    return QueryMeasures(
        reciprocal_rank=1 / first if first <= DEPTH else 0.0,
        hit_1=first <= 1,
        hit_5=first <= 5,
        hit_10=first <= 10,
        ndcg=_ndcg(ranking, gains),
        average_precision=sum(precisions) / relevant if relevant else 0.0,
    )


def published(row: QueryMeasures) -> dict[str, float]:
    """Return one query's values under their published keys."""
    return {
        "mrr@10": row.reciprocal_rank,
        "hit@1": float(row.hit_1),
        "hit@5": float(row.hit_5),
        "hit@10": float(row.hit_10),
        "ndcg@10": row.ndcg,
        "map": row.average_precision,
    }


def summarise(rows: Sequence[QueryMeasures]) -> dict[str, float | int]:
    """Return the means under their published keys."""
    values = [published(row) for row in rows]
    means = {key: sum(v[key] for v in values) / max(1, len(rows)) for key in KEYS}
    return {"queries": len(rows), **means}


def _ndcg(ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    ideal = _dcg(sorted(gains.values(), reverse=True))
    return _dcg([gains.get(doc, 0) for doc in ranking]) / ideal if ideal else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(
        (2**gain - 1) / math.log2(place + 1)
        for place, gain in enumerate(gains[:DEPTH], start=1)
        if gain > 0
    )
