"""Rank threads for queries with Chroma: the nearest by vectors, which is what it has.

In: an order on standard input (given). Out: the ranked ids of each query. Run by the peers' own
interpreter.
"""

import json
import sys
from itertools import islice

import chromadb
from given import read_order

_BATCH = 1000
# What Chroma looks at unless told otherwise; where all are to be ordered it has to look at all.
_USUAL_BREADTH = 100


def main() -> None:
    """Index, search, print."""
    order, vector = read_order()
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
