"""Texts -> unit vectors.

In: texts already redacted and cleaned, and whether each asks or answers. Out: float32 rows of
length one. Opening an encoder by name is the only way in; a model library is imported only
when the model that needs it is opened, and the shipped encoder needs no PyTorch.
Not here: caching of vectors (store), comparing them (retrieve).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from triage.encode.base import Encoder, TextRole
from triage.encode.hashing import HashingEncoder
from triage.encode.manifest import is_ours
from triage.errors import EncoderMissing

__all__ = ["DEFAULT", "MINILM", "Encoder", "HashingEncoder", "TextRole", "open_encoder"]

DEFAULT = "shipped"
MINILM = "all-MiniLM-L6-v2"
_NO_PROMPTS: Mapping[str, str] = MappingProxyType({})
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)


def open_encoder(
    name: str, *, threads: int = 1, prompts: Mapping[str, str] = _NO_PROMPTS
) -> Encoder | None:
    """Open an encoder by name.

    `shipped`, `all-MiniLM-L6-v2`, `hashing`, a folder (of our own format, or of
    sentence-transformers), a sentence-transformers model by its hub name (`owner/name`, from the
    local hub cache), or `none`. `none` gives None: the service then searches lexically. `threads`
    is the number of threads one encode may use. `prompts` by role are for a folder or hub model
    that has none of its own. Raises EncoderMissing when the model is not installed and
    EncoderAltered when its files are not the pinned ones.
    """
    if name == "none":
        return None
    hashing = re.fullmatch(r"hashing(?::([1-9]\d{0,3}))?", name)
    if hashing is not None:  # `hashing:64` has 64 dimensions: two cheap encoders for tests
        return HashingEncoder(int(hashing[1] or 256))
    if name == MINILM:
        from triage.encode.transformer import open_packaged_minilm

        return open_packaged_minilm(threads=threads)
    if name == DEFAULT:
        from triage.encode.runtime import open_shipped

        return open_shipped(threads=threads)
    return _open_model(name, threads, prompts)


def _open_model(name: str, threads: int, prompts: Mapping[str, str]) -> Encoder:
    folder = Path(name)
    if is_ours(folder):
        from triage.encode.runtime import open_onnx

        return open_onnx(folder, threads=threads, prompts=prompts)
    from triage.encode.transformer import open_cached, open_transformer

    if folder.is_dir():
        return open_transformer(folder, threads=threads, prompts=prompts)
    if _HUB_NAME.fullmatch(name):
        return open_cached(name, threads=threads, prompts=prompts)
    raise EncoderMissing(name, "there is no such folder, and nothing is downloaded")
