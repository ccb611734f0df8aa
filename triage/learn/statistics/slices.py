"""Cases -> the slices in which a new model must not be worse. Pure.

In: cases, what is known of their accounts, and their filed kinds. Out: the places of each slice's
cases by its name: all, each language, kind and product, severity 1-2, new accounts.
Not here: comparing within them (losses).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triage.classify import Facts
from triage.costs import SEVERE
from triage.records import Case

ALL = "all"
_MOST_PRODUCTS = 20

Places = NDArray[np.int64]


def slices_of(
    cases: Sequence[Case], facts: Sequence[Facts], kinds: Sequence[str | None]
) -> Mapping[str, Places]:
    """Return each slice that has a case, `all` first, the others by their name.

    Of more than twenty products the rarest are one slice together.
    """
    found: dict[str, list[int]] = defaultdict(list)
    products = _products(cases)
    for place, (case, fact, kind) in enumerate(zip(cases, facts, kinds, strict=True)):
        names = [
            f"language {case.lang}" if case.lang else None,
            f"kind {kind}" if kind else None,
            products.get(_product(case)),
            "severity 1-2" if case.severity in SEVERE else None,
            "new accounts" if fact.new_account else None,
        ]
        for name in names:
            if name is not None:
                found[name].append(place)
    first = {ALL: np.arange(len(cases))} if cases else {}
    return {**first, **{name: np.array(found[name]) for name in sorted(found)}}


def _products(cases: Sequence[Case]) -> dict[str, str]:
    """Name the slice of each product."""
    counted = Counter(_product(case) for case in cases if _product(case))
    ranked = sorted(counted, key=lambda name: (-counted[name], name))
    alone = ranked if len(ranked) <= _MOST_PRODUCTS else ranked[: _MOST_PRODUCTS - 1]
    return {name: f"product {name}" if name in alone else "other products" for name in ranked}


def _product(case: Case) -> str:
    return " ".join((case.product or "").split()).casefold()
