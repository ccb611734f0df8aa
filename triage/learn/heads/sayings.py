"""Sentences that anybody might write -> cases of ours, beside those of a forum that has few.

In: the languages of a forum's cases, and an encoder. Out: Sayings: texts, their labels and rows. A
rare kind has a dozen cases in six languages; what a wish or a complaint sounds like is the same in
every forum, and need not be learnt from these alone.
Not here: the sentences (phrases), how much a head makes of them (fitting).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.phrases.sayings import SAYINGS
from triage.records import Target

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Sayings:
    """Texts, each with the target and the label that it is said for, and their encoder rows."""

    texts: tuple[str, ...]
    labels: tuple[tuple[Target, str], ...]
    vectors: Vectors

    def of(self, target: Target, classes: Sequence[str]) -> tuple[list[int], list[int]]:
        """Return the places of what is said for these classes of a target, and of which each is."""
        number = {(target, name): i for i, name in enumerate(classes)}
        told = [
            (place, number[label]) for place, label in enumerate(self.labels) if label in number
        ]
        return [place for place, _ in told], [name for _, name in told]


def sayings_in(
    languages: Collection[str | None],
    encode: Callable[[Sequence[str]], Vectors],
    targets: Collection[Target] = tuple(SAYINGS),
) -> Sayings | None:
    """Return what is said in these languages, in every one where none of them is known.

    None where nothing is said for these targets: their labels are each forum's own.
    """
    told = [
        (text, (target, label), lang)
        for target, said_for in SAYINGS.items()
        if target in targets
        for label, said in said_for.items()
        for lang, texts in said.items()
        for text in texts
    ]
    chosen = [one for one in told if one[2] in languages] or told
    if not chosen:
        return None
    texts = tuple(text for text, _, _ in chosen)
    labels = tuple((target, str(label)) for _, (target, label), _ in chosen)
    return Sayings(texts, labels, encode(texts))
