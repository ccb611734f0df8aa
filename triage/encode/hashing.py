"""The plainest encoder: character n-grams hashed into a fixed number of places.

Weinberger et al., "Feature hashing for large scale multitask learning" (2009). It needs no
weights, knows no meaning, and is the same on every machine: tests and contracts use it.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

import numpy as np

from triage.encode.base import TextRole, Vectors
from triage.records import LANGUAGES

_WORD = re.compile(r"\w+")


class HashingEncoder:
    """Signed hashing of words and of their character trigrams."""

    def __init__(self, dimension: int = 256) -> None:
        self._dimension = dimension

    @property
    def id(self) -> str:
        """What makes these vectors comparable."""
        return f"hashing-{self._dimension}"

    @property
    def dimension(self) -> int:
        """The length of one vector."""
        return self._dimension

    @property
    def languages(self) -> frozenset[str]:
        """Every language alike: none is understood."""
        return frozenset(LANGUAGES)

    @property
    def prompts(self) -> Mapping[TextRole, str]:
        """None: a question and an answer are hashed alike."""
        return {}

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text; a text without words gives a fixed row."""
        rows = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for feature in _features(text):
                code = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
                row[(code >> 1) % self._dimension] += 1.0 if code & 1 else -1.0
            if not row.any():
                row[0] = 1.0
            row /= np.linalg.norm(row)
        return rows


def _features(text: str) -> list[str]:
    words = _WORD.findall(text.lower())[:512]
    grams = [f"#{w}#"[i : i + 3] for w in words for i in range(len(w))]
    return words + grams
