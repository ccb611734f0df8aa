"""The encoders that are compared, under the names that they have in the tables."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from benchmarks.encoder_quality import Asked, JudgedSet, ask, fit_on_sample
from benchmarks.kept import KeptEncoder
from triage.embedding import Progress
from triage.encode import Encoder, open_encoder
from triage.errors import EncoderMissing
from triage.rank import Ranker, load_ranker

THREADS = 2
WORDS = "words"


class Contestant:
    """An encoder that is opened when it is first needed; without a name, search by words."""

    def __init__(self, label: str, name: str | None, vectors: Path, progress: Progress) -> None:
        self.label = label
        self.name = name
        self._vectors = vectors
        self._progress = progress

    @property
    def id(self) -> str:
        """What its results are kept under."""
        return self.encoder.id if self.encoder is not None else WORDS

    @cached_property
    def encoder(self) -> Encoder | None:
        """The encoder, or None. Raises EncoderMissing."""
        return None if self.name is None else open_encoder(self.name, threads=THREADS)

    @cached_property
    def fitted(self) -> Ranker:
        """Its own weights, fitted on the sample's cases."""
        return fit_on_sample(self._kept, self._progress)

    def ask(self, judged: JudgedSet) -> dict[str, Asked]:
        """Return the values of a set's queries."""
        served = self.fitted if judged.fitted else load_ranker()
        return ask(judged, self._kept, served, self._progress)

    @cached_property
    def _kept(self) -> Encoder | None:
        return None if self.encoder is None else KeptEncoder(self.encoder, self._vectors)


def present(contestants: Sequence[Contestant], progress: Progress) -> list[Contestant]:
    """Return those that can be opened; the first one must be there. Raises EncoderMissing."""
    found: list[Contestant] = []
    for contestant in contestants:
        try:
            progress(f"{contestant.label}: {contestant.id}")
        except EncoderMissing as error:
            if not found:
                raise
            progress(f"left out {contestant.label}: {error}")
            continue
        found.append(contestant)
    return found


def names(contestants: Sequence[Contestant]) -> Mapping[str, str]:
    """Return the name to open each encoder with, by label."""
    return {c.label: c.name for c in contestants if c.name is not None}
