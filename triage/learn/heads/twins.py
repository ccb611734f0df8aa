"""Cases -> sets of twins: what one set holds is one piece of evidence, and is never split.

In: each case's filed duplicate group and the digest of its text. Out: a number per case, equal for
cases of one group, of one text, or joined by a chain of these.
Not here: splitting (unseen, folds).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from triage.records import Case


def twin_sets(groups: Sequence[str | None], digests: Sequence[str]) -> NDArray[np.int64]:
    """Number the sets from 0 in the order of their first case."""
    parent = list(range(len(digests)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[tuple[str, str], int] = {}
    for place, (group, digest) in enumerate(zip(groups, digests, strict=True)):
        keys = [("text", digest)] + ([("group", group)] if group else [])
        for key in keys:
            there = root(first.setdefault(key, place))
            here = root(place)
            # The earlier one is the root, so that numbers follow the order of the cases.
            parent[max(there, here)] = min(there, here)
    roots = [root(place) for place in range(len(digests))]
    return np.unique(np.array(roots, dtype=np.int64), return_inverse=True)[1].astype(np.int64)


def grouped(cases: Sequence[Case], sets: NDArray[np.int64]) -> list[Case]:
    """Return the cases with their set of twins as their group, so that no fold splits one."""
    return [replace(c, group=f"twins-{s}") for c, s in zip(cases, sets, strict=True)]
