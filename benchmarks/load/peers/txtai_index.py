"""Index threads with txtai as its users do: hybrid (BM25 beside vectors), content kept.

Run by the peers' own interpreter: `python txtai_index.py THREADS MODEL FOLDER`.
"""

import json
import sys
from collections.abc import Iterator

from txtai import Embeddings


def main(threads: str, model: str, folder: str) -> None:
    """Read the threads, index their texts, save the index."""
    embeddings = Embeddings(path=model, hybrid=True, content=True)
    embeddings.index(_texts(threads))
    embeddings.save(folder)


def _texts(threads: str) -> Iterator[tuple[str, str, None]]:
    with open(threads, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield row["id"], row["text"], None


if __name__ == "__main__":
    main(*sys.argv[1:])
