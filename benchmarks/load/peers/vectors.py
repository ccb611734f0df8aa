"""Encode texts once for all peers: MiniLM's vectors of the first ones, made-up ones of the rest.

Run by the peers' own interpreter: `python vectors.py TEXTS MODEL COUNT FILE`. Beyond COUNT texts a
vector is that of an earlier text, moved at random: what a search costs is the same, and a core
takes an hour and a half to encode a hundred thousand. What is found is measured by peer_quality.
"""

import json
import sys

import numpy as np
from sentence_transformers import SentenceTransformer

_NOISE = 0.6


def main(texts: str, model: str, count: str, file: str) -> None:
    """Write one normalised row a text, in order (.npy)."""
    with open(texts, encoding="utf-8") as lines:
        told = [json.loads(line)["text"] for line in lines]
    encoder = SentenceTransformer(model, device="cpu")
    real = encoder.encode(told[: int(count)], normalize_embeddings=True, show_progress_bar=True)
    np.save(file, with_made_up(np.asarray(real, np.float32), len(told)))


def with_made_up(real: np.ndarray, count: int) -> np.ndarray:
    """Return `count` rows: the real ones, then some near them."""
    luck = np.random.default_rng(0)
    near = real[luck.integers(len(real), size=count - len(real))]
    noise = luck.standard_normal(near.shape, dtype=np.float32)
    near = near + _NOISE * noise / np.sqrt(np.float32(real.shape[1]))
    return np.concatenate([real, near / np.linalg.norm(near, axis=1, keepdims=True)])


if __name__ == "__main__":
    main(*sys.argv[1:])
