"""Questions that a model labelled -> those that a person should look at next. Pure.

In: what the model said, encoder rows, labelled cases near by. Out: scores, a choice, a lot.
docs/review.md tells how well, docs/decisions/choosing-what-to-review.md why so.
Not here: SQL, HTTP, settings, clocks, what becomes of the choice (reviewing).
"""

from triage.insight.choosing.batches import MOST_ALIKE, choose, shares_of, unlike
from triage.insight.choosing.drawing import by_lot
from triage.insight.choosing.scoring import disagreeing, far, nearest, over_heads, unsure
from triage.insight.choosing.values import Chosen, Lot, Near, Pool, Why

__all__ = [
    "MOST_ALIKE",
    "Chosen",
    "Lot",
    "Near",
    "Pool",
    "Why",
    "by_lot",
    "choose",
    "disagreeing",
    "far",
    "nearest",
    "over_heads",
    "shares_of",
    "unlike",
    "unsure",
]
