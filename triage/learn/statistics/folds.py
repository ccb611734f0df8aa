"""Cases -> folds: like answers spread evenly, one duplicate group never split.

In: a label and a group per case. Out: a fold number per case, the same for the same seed.
Not here: splits by time, and what is done with a fold.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


def assign_folds(
    labels: Sequence[str], groups: Sequence[Hashable], folds: int, seed: int
) -> NDArray[np.int64]:
    """Give each case a fold from 0 to folds - 1.

    Groups are dealt out one by one, largest first, each to the fold that has seen least of the
    group's labels; ties go to the smaller fold, then to the lower number. Unlike a splitter that
    insists on every class in every fold, this also serves a class with two cases.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    classes = {label: i for i, label in enumerate(sorted(set(labels)))}
    dealt = [list(m) for m in members.values()]
    np.random.default_rng(seed).shuffle(dealt)
    dealt.sort(key=len, reverse=True)
    seen = np.zeros((folds, len(classes)))
    sizes = np.zeros(folds)
    fold_of = np.empty(len(labels), dtype=np.int64)
    for rows in dealt:
        columns = [classes[labels[row]] for row in rows]
        burden = seen[:, columns].sum(axis=1)
        chosen = int(np.lexsort((sizes, burden))[0])
        fold_of[rows] = chosen
        np.add.at(seen[chosen], columns, 1.0)
        sizes[chosen] += len(rows)
    return fold_of
