"""Items made of directions: a meaning is one, a language another that all its texts share."""

import numpy as np

from triage.insight import Item, Odds, Sameness
from triage.insight.values import Vectors

DIMENSION = 96
LANGS = ("en", "sv", "fi")


def sameness(**others: float) -> Sameness:
    """Return what was fitted for these vectors: as the shipped one, with languages of their own."""
    means = {lang: (0.5 * direction(f"lang {lang}")).astype(np.float32) for lang in LANGS}
    odds = Odds(40.0, -20.0)
    return Sameness("made", means, odds, odds, others.get("bar", 0.3), 0.1, "nothing")


def direction(name: str) -> Vectors:
    """Return a unit vector that belongs to a name."""
    rng = np.random.default_rng(list(name.encode()))
    found = rng.normal(size=DIMENSION)
    return (found / np.linalg.norm(found)).astype(np.float32)


def item(name: str, meaning: str, lang: str = "en", at: float = 0.0, **others: str) -> Item:
    """Return an item that says a meaning in its own words and a language."""
    row = direction(meaning) + 0.4 * direction(f"words {name}")
    row = row / np.linalg.norm(row) + 0.5 * direction(f"lang {lang}")
    return Item(name, row.astype(np.float32), lang, at, **others)


def forum(meanings: int, wordings: int) -> list[Item]:
    """Return items of so many meanings, each in so many wordings and in all languages in turn."""
    return [
        item(f"{m}-{w}", f"meaning {m}", LANGS[w % len(LANGS)], at=float(m * wordings + w))
        for m in range(meanings)
        for w in range(wordings)
    ]
