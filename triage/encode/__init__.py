"""Texts -> unit vectors.

In: texts already redacted and cleaned, and whether each asks or answers. Out: float32 rows of
length one. Opening an encoder by name is the only way in; a model library is imported only
when the model that needs it is opened.
Not here: caching of vectors (store), comparing them (retrieve).
"""

from pathlib import Path

from triage.encode.base import Encoder, TextRole
from triage.encode.hashing import HashingEncoder
from triage.errors import EncoderMissing

__all__ = ["Encoder", "HashingEncoder", "TextRole", "open_encoder"]

DEFAULT_MODEL = "all-MiniLM-L6-v2"


def open_encoder(name: str, *, threads: int = 1) -> Encoder | None:
    """Open an encoder by name: `all-MiniLM-L6-v2`, `hashing`, a model's folder, or `none`.

    `none` gives None: the service then searches lexically. `threads` is the number of threads
    one encode may use. Raises EncoderMissing when the model is not installed and
    EncoderAltered when its weights are not the pinned ones.
    """
    if name == "none":
        return None
    if name == "hashing":
        return HashingEncoder()
    from triage.encode.transformer import open_packaged_minilm, open_transformer

    if name == DEFAULT_MODEL:
        return open_packaged_minilm(threads=threads)
    if not Path(name).is_dir():
        raise EncoderMissing(name, "there is no such folder, and nothing is downloaded")
    return open_transformer(Path(name), threads=threads)
