"""What a forum's questions are labelled with: how often, how well, by which spellings.

In: the store, what the live model was measured at. Out: a `Taxonomy` of one target, its labels
counted in cases and in what was asked lately, with what wants a look.
Not here: pages (api), fitting heads (learn), which labels look wrong (learn's doubts, review).
"""

from triage.taxonomy.alike import Alike, alike
from triage.taxonomy.counting import (
    WINDOW,
    LabelCount,
    Learnt,
    Standing,
    Taxonomy,
    said_lately,
    taxonomy_of,
)

__all__ = [
    "WINDOW",
    "Alike",
    "LabelCount",
    "Learnt",
    "Standing",
    "Taxonomy",
    "alike",
    "said_lately",
    "taxonomy_of",
]
