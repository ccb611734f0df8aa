"""A question's terms -> the rarest ones, what each weighs, and which of them propose units.

In: codes of terms, and how frequent they are. Out: weights for what is counted, terms to search.
Not here: how a text becomes terms, searching (lexical), counting (counted, frequencies).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from triage.retrieve.counted import Relevances
from triage.retrieve.frequencies import Codes, Frequencies

# A pasted log has thousands of different terms; the rarest ones say nearly all there is.
_MOST_TERMS = {"words": 80, "grams": 200}
# Units in which terms stand, together. Up to the first all terms propose, as in most forums.
# Above it n-grams that begin at every second character do (their neighbours stand in the same
# words), and the rarest terms up to the last: what only more frequent ones share with a question
# seldom says anything.
_FEW_POSTINGS, _MOST_POSTINGS = 20_000, 50_000
_FEWEST_TERMS = 6
_FREQUENCIES = "{}-frequencies.npy"


class Field(StrEnum):
    """What is matched."""

    WORDS = "words"
    GRAMS = "grams"


@dataclass(frozen=True, slots=True)
class Amounts:
    """What may be found: how many units, how many terms in each field, and how frequent ones."""

    units: int = 0
    tokens: Mapping[Field, int] = field(default_factory=lambda: dict.fromkeys(Field, 0))
    frequencies: Mapping[Field, Frequencies] = field(
        default_factory=lambda: dict.fromkeys(Field, Frequencies())
    )

    def mean(self, of: Field) -> float:
        """Return the mean number of terms of a unit; 1 where there is none."""
        return self.tokens[of] / self.units if self.tokens[of] else 1.0

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the frequencies into files of `folder`; return what `open` must be told."""
        for of, frequencies in self.frequencies.items():
            frequencies.save(folder / _FREQUENCIES.format(of))
        return {"units": self.units, "tokens": dict(self.tokens)}

    @classmethod
    def open(cls, folder: Path, told: Mapping[str, Any]) -> "Amounts":
        """Read what was saved."""
        frequencies = {f: Frequencies.open(folder / _FREQUENCIES.format(f)) for f in Field}
        return cls(told["units"], {f: told["tokens"][f] for f in Field}, frequencies)


@dataclass(frozen=True, slots=True)
class Terms:
    """The rarest terms of a question in one field.

    `codes` and `weights` (inverse document frequency over their sum) are of all, those that
    nothing has too. Of `proposing` each stands in some unit; `complete` says that no other does.
    """

    codes: Codes
    weights: Relevances
    proposing: Sequence[str]
    complete: bool


def read_terms(amounts: Amounts, of: Field, codes: Codes, spelt: Callable[[int], str]) -> Terms:
    """Return what a field is asked; `spelt` gives the term at a place of `codes`."""
    _, firsts = np.unique(codes, return_index=True)
    places = np.sort(firsts)
    frequencies = amounts.frequencies[of].of(codes[places])
    rarest = np.argsort(frequencies, kind="stable")[: _MOST_TERMS[of]]
    places, frequencies = places[rarest], frequencies[rarest]
    units = np.maximum(amounts.units, frequencies)
    weights = np.log1p((units - frequencies + 0.5) / (frequencies + 0.5))
    whole = weights.sum() or 1.0
    there = frequencies > 0
    chosen = there
    if frequencies.sum() > _FEW_POSTINGS:
        kept = there & (places % 2 == 0) if of is Field.GRAMS else there
        rank = np.cumsum(kept)
        postings = np.cumsum(np.where(kept, frequencies, 0))
        chosen = kept & ((postings <= _MOST_POSTINGS) | (rank <= _FEWEST_TERMS))
    return Terms(
        codes[places],
        (weights / whole).astype(np.float32),
        [spelt(place) for place in places[chosen].tolist()],
        bool(chosen.sum() == there.sum()),
    )
