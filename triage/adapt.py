"""A question's vector -> the same, moved towards where this forum's answers are.

In: unit rows of questions. Out: unit rows of the same shape. The map is q + up (down q), scaled to
length one: a small correction of a few directions, learnt from the forum's own pairs. Only the
question is moved, so that index, cached vectors and store stay as they are.
Not here: learning the map (learn), when it is applied (pipeline), which file it is (bundle).
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triage.errors import BadFile, IndexMismatch

Vectors = NDArray[np.float32]

_SHORTEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Adaptation:
    """A low-rank map of one encoder's space.

    `down` has shape (rank, dimension), `up` (dimension, rank); both are float32 and finite.
    `encoder_id` names the space, `fitted_on` says what it was learnt from. `known` and `foreign`
    say whether it moves questions in languages that the encoder knows, and in others: each of the
    two is weighed by weights of its own, and those must have been fitted on moved questions.
    """

    down: Vectors
    up: Vectors
    encoder_id: str
    fitted_on: str
    known: bool = True
    foreign: bool = True

    @property
    def dimension(self) -> int:
        """The length of the vectors that it moves."""
        return int(self.down.shape[1])

    @property
    def rank(self) -> int:
        """How many directions it can move them in."""
        return int(self.down.shape[0])

    def moves(self, known_language: bool) -> bool:
        """Whether it is for a question in a language that the encoder knows, or does not."""
        return self.known if known_language else self.foreign

    def apply(self, vectors: Vectors) -> Vectors:
        """Return the moved rows, each of length one, float32.

        Raises IndexMismatch on rows of another dimension.
        """
        if vectors.shape[-1] != self.dimension:
            raise IndexMismatch(self.dimension, int(vectors.shape[-1]))
        moved = vectors + (vectors @ self.down.T) @ self.up.T
        lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
        # A row that the map takes to nothing has no direction left: it stays where it was.
        gone = lengths < _SHORTEST
        return np.where(gone, vectors, moved / np.where(gone, 1.0, lengths)).astype(np.float32)


def save_adaptation(adaptation: Adaptation, path: Path) -> None:
    """Write an adaptation as a numpy archive that holds numbers and text alone."""
    about = {
        "encoder_id": adaptation.encoder_id,
        "fitted_on": adaptation.fitted_on,
        "known": adaptation.known,
        "foreign": adaptation.foreign,
    }
    with path.open("wb") as file:
        np.savez(file, down=adaptation.down, up=adaptation.up, about=np.asarray(json.dumps(about)))


def load_adaptation(path: Path) -> Adaptation:
    """Read an adaptation; nothing in the file is executed.

    Raises BadFile when it is no such file, or its numbers cannot be a map.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            down, up = archive["down"], archive["up"]
            about = json.loads(str(archive["about"]))
            found = Adaptation(
                down,
                up,
                str(about["encoder_id"]),
                str(about["fitted_on"]),
                known=bool(about["known"]),
                foreign=bool(about["foreign"]),
            )
    except (OSError, EOFError, zipfile.BadZipFile, ValueError, LookupError, TypeError) as error:
        raise BadFile(path, f"it holds no adaptation ({error})") from error
    _check(found, path)
    return found


def _check(found: Adaptation, path: Path) -> None:
    down: NDArray[Any] = found.down
    if down.dtype != np.float32 or found.up.dtype != np.float32:
        raise BadFile(path, "its numbers are not 32-bit floats")
    if down.ndim != 2 or 0 in down.shape or found.up.shape != down.shape[::-1]:
        raise BadFile(path, f"its shapes {down.shape} and {found.up.shape} are no map")
    if not (np.isfinite(down).all() and np.isfinite(found.up).all()):
        raise BadFile(path, "its numbers are not all finite")
