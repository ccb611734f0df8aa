"""What happened after asks, in columns: of some types, the first and last of each ask.

In: arrays with one entry a happening. Out: fewer of them, or one value an ask.
Not here: the asks (asks), which type means what (outcome).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
# Few different small numbers, as narrow as they come.
Codes = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Followings:
    """What happened after asks; `at` is in days after the ask, as the sender's clock said.

    `grouped`: they are in the order of their types, so that some are found without a look at all.
    """

    ask: Codes
    type: Codes
    at: Floats
    answer: Codes
    grouped: bool = False

    def of(self, *types: int) -> "Followings":
        """Return those of some types alone."""
        if self.grouped:
            return self._groups(sorted(set(types)))
        return self.where(np.isin(self.type, types))

    def where(self, kept: Flags) -> "Followings":
        """Return the marked ones alone."""
        return Followings(
            self.ask[kept], self.type[kept], self.at[kept], self.answer[kept], self.grouped
        )

    def first(self, asks: int) -> Floats:
        """Return for each ask when the first came; never before the ask; infinity for never."""
        return self._reduced(asks, np.minimum, np.inf, np.maximum(self.at, 0.0))

    def last(self, asks: int) -> Floats:
        """Return for each ask when the last came, as the clock said; minus infinity for never."""
        return self._reduced(asks, np.maximum, -np.inf, self.at)

    def any(self, asks: int) -> Flags:
        """Say for each ask whether there is one."""
        found = np.zeros(asks, dtype=bool)
        found[self.ask] = True
        return found

    def _groups(self, types: Sequence[int]) -> "Followings":
        # Of the type of the others: else all of them would be made wider to be compared.
        wanted = np.asarray(types, dtype=self.type.dtype)
        begins = np.searchsorted(self.type, wanted, side="left").tolist()
        ends = np.searchsorted(self.type, wanted, side="right").tolist()
        cuts = [slice(*cut) for cut in zip(begins, ends, strict=True)]
        if len(cuts) == 1:
            (cut,) = cuts
            return Followings(
                self.ask[cut], self.type[cut], self.at[cut], self.answer[cut], grouped=True
            )
        return Followings(
            np.concatenate([self.ask[cut] for cut in cuts]),
            np.concatenate([self.type[cut] for cut in cuts]),
            np.concatenate([self.at[cut] for cut in cuts]),
            np.concatenate([self.answer[cut] for cut in cuts]),
            grouped=True,
        )

    def _reduced(self, asks: int, by: np.ufunc, empty: float, at: Floats) -> Floats:
        reduced = np.full(asks, empty)
        by.at(reduced, self.ask, at)
        return reduced
