"""What many questions have in common: clusters, bursts, known issues, gaps, trends. Pure.

In: questions and asks as points (`Item`), in six languages. Out: clusters, splits, bursts, matches.
docs/clusters.md tells how well; docs/decisions/clusters.md why so.
Not here: SQL, HTTP, settings, clocks, making vectors, telling people.
"""

from triage.insight.bursting import bursts
from triage.insight.clustering import affected, cluster
from triage.insight.gaps import Change, Counted, Gap, change_of, ranked
from triage.insight.grouping import Founded, Group, founded, group_of, nearest_groups
from triage.insight.joining import join, split
from triage.insight.matching import About, matches
from triage.insight.naming import terms_of
from triage.insight.rising import Looking, Rise, rises
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
    "Change",
    "Cluster",
    "Counted",
    "Fit",
    "Founded",
    "Gap",
    "Group",
    "Issue",
    "Item",
    "Joined",
    "Looking",
    "Matched",
    "Odds",
    "Pair",
    "Rise",
    "Sameness",
    "Split",
    "Watching",
    "affected",
    "bursts",
    "change_of",
    "cluster",
    "founded",
    "group_of",
    "join",
    "load_sameness",
    "matches",
    "nearest_groups",
    "ranked",
    "rises",
    "same_meaning",
    "save_sameness",
    "shipped_sameness",
    "split",
    "terms_of",
]
