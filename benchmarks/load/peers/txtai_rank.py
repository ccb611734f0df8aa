"""Rank threads for queries with txtai, hybrid as its users have it.

In: an order on standard input (given). Out: the ranked ids of each query. Run by the peers' own
interpreter.
"""

import json
import sys
from collections.abc import Sequence

import numpy as np
from given import read_order
from txtai import Embeddings


def main() -> None:
    """Index, search, print."""
    order, vector = read_order()

    def look_up(texts: Sequence[str]) -> object:
        return np.stack([vector(text) for text in texts])

    embeddings = Embeddings(method="external", transform=look_up, hybrid=True)
    embeddings.index((name, text, None) for name, text in order["threads"])
    ranked = {
        name: [str(found) for found, _ in embeddings.search(text, order["limit"])]
        for name, text in order["queries"]
    }
    json.dump(ranked, sys.stdout)


if __name__ == "__main__":
    main()
