"""Rank threads for queries with txtai, hybrid as its users have it.

In: one JSON object on standard input: threads and queries as pairs of id and text, how many are
wanted, and the file of `vectors` (.npz: digests, rows) of all these texts. Out: the ranked ids of
each query. Run by the peers' own interpreter.
"""

import hashlib
import json
import sys
from collections.abc import Sequence

import numpy as np
from txtai import Embeddings


def main() -> None:
    """Index, search, print."""
    order = json.load(sys.stdin)
    with np.load(order["vectors"]) as held:
        rows = dict(zip(held["digests"].tolist(), held["rows"], strict=True))

    def look_up(texts: Sequence[str]) -> object:
        return np.stack([rows[hashlib.sha256(t.encode()).hexdigest()] for t in texts])

    embeddings = Embeddings(method="external", transform=look_up, hybrid=True)
    embeddings.index((name, text, None) for name, text in order["threads"])
    ranked = {
        name: [str(found) for found, _ in embeddings.search(text, order["limit"])]
        for name, text in order["queries"]
    }
    json.dump(ranked, sys.stdout)


if __name__ == "__main__":
    main()
