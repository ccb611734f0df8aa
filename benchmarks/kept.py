"""An encoder whose vectors are kept in files, so that a broken-off run loses little.

Vectors are kept by the encoder's id, the text's role and the text's digest: another model, or the
same one built anew, never meets them. Every batch is a file of its own, written beside and renamed.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from triage.embedding import matrix, space_of
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.encode.over import EncoderOver
from triage.streams import chunks
from triage.text import digest

_BATCH = 256
_NOT_IN_NAMES = re.compile(r"[^\w.@+-]")


class KeptEncoder(EncoderOver):
    """Another encoder, which encodes no text twice."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        super().__init__(encoder)
        self._folder = folder
        self._known: dict[TextRole, dict[str, Vectors]] = {}

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text; what is new is encoded and kept, batch by batch."""
        folder = self._folder / _NOT_IN_NAMES.sub("_", space_of(self._encoder, role))
        if role not in self._known:
            self._known[role] = _read(folder)
        known = self._known[role]
        fresh = {digest(t): t for t in texts if digest(t) not in known}
        # Similar lengths side by side: a batch costs as much as its longest text.
        for batch in chunks(sorted(fresh.items(), key=lambda pair: len(pair[1])), _BATCH):
            rows = self._encoder.encode([text for _, text in batch], role)
            known.update({name: row for (name, _), row in zip(batch, rows, strict=True)})
            _write(folder, [name for name, _ in batch], rows)
        return matrix(known, texts, self.dimension)


def _read(folder: Path) -> dict[str, Vectors]:
    known: dict[str, Vectors] = {}
    for part in sorted(folder.glob("*.npz")):
        with np.load(part) as held:
            known.update(zip(held["digests"].tolist(), held["rows"], strict=True))
    return known


def _write(folder: Path, digests: Sequence[str], rows: Vectors) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{digests[0]}.part"
    with beside.open("wb") as file:
        np.savez(file, digests=np.asarray(digests), rows=rows)
    beside.rename(beside.with_suffix(".npz"))
