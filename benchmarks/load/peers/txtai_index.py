"""Index threads with txtai as its users do: hybrid (BM25 beside vectors), content kept.

Run by the peers' own interpreter: `python txtai_index.py THREADS MODEL FOLDER VECTORS`. The vectors
are the model's (vectors.py); searches encode by themselves.
"""

import json
import sys
from collections.abc import Iterator, Sequence

import numpy as np
from txtai import Embeddings


def main(threads: str, model: str, folder: str, vectors: str) -> None:
    """Read the threads, index their texts, save the index."""
    rest = iter(np.load(vectors))

    def of_next(texts: Sequence[str]) -> object:
        return np.stack([next(rest) for _ in texts])

    embeddings = Embeddings(method="external", transform=of_next, hybrid=True, content=True)
    embeddings.index(_texts(threads))
    # From here on it encodes by itself.
    del embeddings.config["method"], embeddings.config["transform"]
    embeddings.config["path"] = model
    embeddings.save(folder)


def _texts(threads: str) -> Iterator[tuple[str, str, None]]:
    with open(threads, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["id"], row["text"], None


if __name__ == "__main__":
    main(*sys.argv[1:])
