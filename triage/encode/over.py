"""An encoder over another one: everything but the encoding is the other's.

In: an encoder. Out: the same space, for whoever encodes less than all of what is asked for.
Not here: what is remembered, and of whom (typed, learn, demo).
"""

from collections.abc import Mapping

from triage.encode.base import Encoder, TextRole


class EncoderOver:
    """Another encoder under this one: everything but the encoding is the other's."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def id(self) -> str:
        """The other encoder's."""
        return self._encoder.id

    @property
    def dimension(self) -> int:
        """The other encoder's."""
        return self._encoder.dimension

    @property
    def languages(self) -> frozenset[str]:
        """The other encoder's."""
        return self._encoder.languages

    @property
    def prompts(self) -> Mapping[TextRole, str]:
        """The other encoder's."""
        return self._encoder.prompts
