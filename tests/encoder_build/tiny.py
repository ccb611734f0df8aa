"""Towers of two layers with random weights, and words that they know."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from encoder_build.source import Shape, Tensor
from encoder_build.towers import Tower
from encoder_build.vocabulary import SPECIAL, make_tokenizer

SHAPE = Shape(hidden=32, layers=2, heads=2, inner=64, epsilon=1e-12)
PLACES = 40
ENGLISH = ("the", "invoice", "was", "sent", "twice", "query", "passage", ":")
SWEDISH = ("fakturan", "skickades", "två", "gånger")
PIECES = [
    *((piece, 0.0) for piece in SPECIAL),
    ("▁", -4.0),
    *((f"▁{word}", -5.0 - i / 10) for i, word in enumerate((*ENGLISH, *SWEDISH))),
    *((letter, -9.0 - i / 10) for i, letter in enumerate("abcdefghijklmnopqrstuvwxyzåäö")),
]
BLOCK = 32


def four_bit_blocks(
    rng: np.random.Generator, rows: int, columns: int
) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Return codes and scales as published: every block's largest weight has the lowest code."""
    codes = rng.integers(1, 16, (rows, columns), dtype=np.uint8)
    codes[:, ::BLOCK] = 0
    scales = rng.choice([-1, 1], (rows, columns // BLOCK)) * rng.uniform(
        0.02, 0.1, (rows, columns // BLOCK)
    )
    return codes, scales.astype(np.float16)


def weights_of(codes: NDArray[np.uint8], scales: NDArray[np.float16]) -> Tensor:
    wide = np.repeat(scales.astype(np.float32), BLOCK, axis=1)
    return ((codes.astype(np.float32) - 8) * wide).astype(np.float32)


def bert(pieces: int, seed: int, shape: Shape = SHAPE) -> dict[str, Tensor]:
    """Return the tensors of a BERT by their names in transformers."""
    rng = np.random.default_rng(seed)

    def made(*size: int, middle: float = 0.0) -> Tensor:
        return (middle + rng.normal(0, 0.15, size)).astype(np.float32)

    hidden, inner = shape.hidden, shape.inner
    tensors = {
        "embeddings.word_embeddings.weight": weights_of(*four_bit_blocks(rng, pieces, hidden)),
        "embeddings.position_embeddings.weight": made(PLACES, hidden),
        "embeddings.token_type_embeddings.weight": made(2, hidden),
        "embeddings.LayerNorm.weight": made(hidden, middle=1.0),
        "embeddings.LayerNorm.bias": made(hidden),
    }
    for layer in range(shape.layers):
        at = f"encoder.layer.{layer}"
        sizes = {f"attention.self.{part}": (hidden, hidden) for part in ("query", "key", "value")}
        sizes["attention.output.dense"] = (hidden, hidden)
        sizes["intermediate.dense"] = (inner, hidden)
        sizes["output.dense"] = (hidden, inner)
        for part, size in sizes.items():
            tensors[f"{at}.{part}.weight"] = made(*size)
            tensors[f"{at}.{part}.bias"] = made(size[0])
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            tensors[f"{at}.{part}.weight"] = made(hidden, middle=1.0)
            tensors[f"{at}.{part}.bias"] = made(hidden)
    return tensors


def multilingual_tower() -> Tower:
    return Tower(bert(len(PIECES), seed=1), SHAPE, make_tokenizer(PIECES), 4)


def english_tower() -> Tower:
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *ENGLISH]
    ids = {word: i for i, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_truncation(16)
    return Tower(bert(len(words), seed=2), SHAPE, tokenizer, 8)


def sentences(words: Sequence[str], count: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(words, rng.integers(2, 9))) for _ in range(count)]


def unit(rows: NDArray[np.floating]) -> Tensor:
    found: Tensor = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return found
