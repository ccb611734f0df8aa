"""What is suggested -> the same, two neighbours of it changed about in a share of the asks.

In: the suggestions of a reply, in which share of asks, which ask. Out: the suggestions as they are
served, each with its rank, the rank of its own, and how likely it was to be served at this rank.
Not here: what may be shown at all (deciding, gate), what is learnt from it (insight.clicks).

People look at what stands first, whatever it is worth. How much of that is the place can be known
only where the place was drawn by lot (Joachims, Swaminathan and Schnabel, 2017). Nothing is shown
for it that would not be shown, and nothing moves by more than one place.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from triage.records import Applicability, Suggestion

_LABEL = "swap 1"
# What is not for this asker never goes above what may be.
_NOT_FOR_THEM = frozenset(
    {Applicability.OTHER_PRODUCT, Applicability.OTHER_VERSION, Applicability.OUTDATED}
)


def swapped(suggestions: Sequence[Suggestion], share: float, ask_id: str) -> tuple[Suggestion, ...]:
    """Return the suggestions as they are served to an ask, best first but for one pair at most.

    `share` is from 0 to 0.5. The lot is drawn by the id of the ask, which is itself drawn: it is
    the same over all of its keystrokes, and nobody can choose it.
    """
    pairs = _pairs(suggestions)
    order = list(range(len(suggestions)))
    chance = share / len(pairs) if pairs else 0.0
    if pairs and _drawn(ask_id, "whether") < share:
        # Of more pairs, as somebody types on, only a new one can take the place of the old one.
        upper = min(pairs, key=lambda pair: _drawn(ask_id, f"pair {pair}"))
        order[upper], order[upper + 1] = order[upper + 1], order[upper]
    return tuple(
        replace(
            suggestions[own],
            rank=place + 1,
            own_rank=own + 1,
            propensity=chance if place != own else 1.0 - chance * _touched(own, pairs),
        )
        for place, own in enumerate(order)
    )


def _pairs(suggestions: Sequence[Suggestion]) -> range:
    """Return the places whose suggestion may change with the next one: all, or none.

    None where one that is not for this asker could go above one that may be. That no pair of a
    reply is left out lets whoever counts later know which places a suggestion could have had.
    """
    alike = len({one.applicability in _NOT_FOR_THEM for one in suggestions}) == 1
    return range(len(suggestions) - 1) if alike else range(0)


def _touched(place: int, pairs: Sequence[int]) -> int:
    return sum(place in (upper, upper + 1) for upper in pairs)


def _drawn(ask_id: str, what: str) -> float:
    """Return a number in [0, 1) that is the same for an ask for ever."""
    digest = hashlib.sha256(f"{_LABEL}\n{what}\n{ask_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
