"""The encoder port."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class TextRole(StrEnum):
    """Whether a text asks or answers: some models want to be told."""

    QUERY = "query"
    PASSAGE = "passage"


class Encoder(Protocol):
    """A vector space for texts.

    `id` changes whenever the vectors would: it names weights, prompts and truncation.
    `languages` are those whose similarities can be trusted (ISO 639-1 codes). `prompts` are what
    the encoder itself puts before a text of a role; a role without one has no entry.
    """

    @property
    def id(self) -> str:
        """What makes these vectors comparable."""
        ...

    @property
    def dimension(self) -> int:
        """The length of one vector."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the model was made for."""
        ...

    @property
    def prompts(self) -> Mapping[TextRole, str]:
        """What is put before a text of each role."""
        ...

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text, shape (len(texts), dimension), float32, all finite."""
        ...
