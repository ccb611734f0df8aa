"""What many questions have in common: clusters of one meaning, bursts, known issues. Pure.

In: questions and asks as points (`Item`), in six languages. Out: clusters, splits, bursts, matches.
docs/clusters.md tells how well; docs/decisions/clusters.md why so.
Not here: SQL, HTTP, settings, clocks, making vectors, telling people.
"""

from triage.insight.bursting import bursts
from triage.insight.clustering import affected, cluster
from triage.insight.joining import join, split
from triage.insight.matching import About, matches
from triage.insight.sameness import (
    Odds,
    Sameness,
    load_sameness,
    same_meaning,
    save_sameness,
    shipped_sameness,
)
from triage.insight.values import (
    Burst,
    Cluster,
    Fit,
    Issue,
    Item,
    Joined,
    Matched,
    Pair,
    Split,
    Watching,
)

__all__ = [
    "About",
    "Burst",
    "Cluster",
    "Fit",
    "Issue",
    "Item",
    "Joined",
    "Matched",
    "Odds",
    "Pair",
    "Sameness",
    "Split",
    "Watching",
    "affected",
    "bursts",
    "cluster",
    "join",
    "load_sameness",
    "matches",
    "same_meaning",
    "save_sameness",
    "shipped_sameness",
    "split",
]
