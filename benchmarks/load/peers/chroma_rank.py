"""Rank threads for queries with Chroma: the nearest by vectors, which is what it has.

In: one JSON object on standard input: threads and queries as pairs of id and text, how many are
wanted, and the file of `vectors` (.npz: digests, rows) of all these texts. Out: the ranked ids of
each query. Run by the peers' own interpreter.
"""

import hashlib
import json
import sys
from itertools import islice

import chromadb
import numpy as np

_BATCH = 1000
# What Chroma looks at unless told otherwise; where all are to be ordered it has to look at all.
_USUAL_BREADTH = 100


def main() -> None:
    """Index, search, print."""
    order = json.load(sys.stdin)
    with np.load(order["vectors"]) as held:
        rows = dict(zip(held["digests"].tolist(), held["rows"], strict=True))

    def vector(text: str) -> list[float]:
        return rows[hashlib.sha256(text.encode()).hexdigest()].tolist()

    client = chromadb.EphemeralClient()
    looked_at = max(_USUAL_BREADTH, order["limit"])
    space = {"hnsw:space": "cosine", "hnsw:search_ef": looked_at}
    threads = client.create_collection("threads", metadata=space)
    rest = iter(order["threads"])
    while some := list(islice(rest, _BATCH)):
        threads.add(ids=[name for name, _ in some], embeddings=[vector(text) for _, text in some])
    ranked = {
        name: threads.query(query_embeddings=[vector(text)], n_results=order["limit"])["ids"][0]
        for name, text in order["queries"]
    }
    json.dump(ranked, sys.stdout)


if __name__ == "__main__":
    main()
