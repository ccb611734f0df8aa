"""Encoders of our own format, the shipped one first: one tower, or two in one space.

In: a folder of our format (manifest), texts. Out: unit vectors. No PyTorch is needed or loaded.
With two towers a row has two parts. The first tower reads every text and returns `own`, the first
part; `english`, above zero when the text is English; and `vector`, a whole row whose second part
is estimated. The second tower reads English texts alone, and its row takes the estimate's place:
a language that gains nothing from it does not pay for it.
Not here: what the folder must hold (manifest), running a graph (tower), how both are made
(`encoder_build`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from triage.encode.base import TextRole, Vectors
from triage.encode.manifest import (
    ENGLISH,
    ENGLISH_TOKENIZER,
    MODEL,
    TOKENIZER,
    Manifest,
    read_manifest,
)
from triage.encode.reading import chosen_prompts, mark_of
from triage.encode.tower import Tower
from triage.errors import EncoderMissing, EncodingFailed

SHIPPED = "shipped"
# Of models/encoder/encoder.json, which holds those of the files beside it: a new build of the
# shipped encoder changes this line and nothing else.
SHIPPED_SHA256 = "c88a7d8ab5422636cf6239b330d3d8ed516973a5a2d2acc62460625b97ad76be"
_SHIPPED_FOLDER = Path(__file__).resolve().parents[2] / "models" / "encoder"
_LENGTH_TOLERANCE = 1e-3
_OUTPUTS_OF_TWO = {"vector", "own", "english"}


class OnnxEncoder:
    """A model of our format; several threads may share it."""

    def __init__(
        self,
        manifest: Manifest,
        prompts: Mapping[TextRole, str],
        tower: Tower,
        english: Tower | None,
    ) -> None:
        self._manifest = manifest
        self._prompts = prompts
        self._tower = tower
        self._english = english

    @property
    def id(self) -> str:
        """Name and digest of the manifest, and the prompts where they are not its own."""
        if self._prompts == chosen_prompts(self._manifest.prompts, {}):
            return self._manifest.id
        return f"{self._manifest.id}+{mark_of(self._prompts)}"

    @property
    def dimension(self) -> int:
        """The length of one vector."""
        return self._manifest.dimension

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the model was made for."""
        return self._manifest.languages

    @property
    def prompts(self) -> Mapping[TextRole, str]:
        """What is put before a text of each role."""
        return self._prompts

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text; long texts are cut at the model's window."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        found = self._tower.read(texts, self._prompts.get(role, ""))
        rows = self._wide(found["vector"])
        if self._english is not None:
            places = np.flatnonzero(found["english"][:, 0] > 0.0).tolist()
            if places:
                # The second tower was trained without prompts.
                second = self._english.read([texts[i] for i in places], "")["vector"]
                rows[places] = self._wide(np.hstack([found["own"][places], second]))
        lengths = np.linalg.norm(rows, axis=1)
        if not (np.abs(lengths - 1.0) < _LENGTH_TOLERANCE).all():
            raise EncodingFailed(self._manifest.called, "a vector is not finite and of length one")
        return rows

    def _wide(self, rows: Vectors) -> Vectors:
        if rows.shape[1] != self.dimension:
            raise EncodingFailed(self._manifest.called, f"its vectors have shape {rows.shape}")
        return rows


def open_shipped(*, threads: int) -> OnnxEncoder:
    """Open the encoder in models/encoder; it must be the one that this code was made with."""
    manifest = read_manifest(_SHIPPED_FOLDER, SHIPPED, SHIPPED_SHA256)
    return _open(manifest, chosen_prompts(manifest.prompts, {}), threads)


def open_onnx(folder: Path, *, threads: int, prompts: Mapping[str, str]) -> OnnxEncoder:
    """Open an encoder of our format from any folder; its files must be what its manifest says."""
    manifest = read_manifest(folder, str(folder))
    return _open(manifest, chosen_prompts(manifest.prompts, prompts), threads)


def _open(manifest: Manifest, prompts: Mapping[TextRole, str], threads: int) -> OnnxEncoder:
    tower = Tower(manifest, MODEL, TOKENIZER, threads)
    if "vector" not in tower.outputs:
        raise EncoderMissing(manifest.called, f"its {MODEL} has no output `vector`")
    if ENGLISH not in manifest.files:
        return OnnxEncoder(manifest, prompts, tower, None)
    if not set(tower.outputs) >= _OUTPUTS_OF_TWO:
        wanted = ", ".join(sorted(_OUTPUTS_OF_TWO))
        raise EncoderMissing(manifest.called, f"its {MODEL} must have the outputs {wanted}")
    second = Tower(manifest, ENGLISH, ENGLISH_TOKENIZER, threads)
    if "vector" not in second.outputs:
        raise EncoderMissing(manifest.called, f"its {ENGLISH} has no output `vector`")
    return OnnxEncoder(manifest, prompts, tower, second)
