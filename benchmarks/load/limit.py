"""Drafts -> how long the encoder and an exact search take by themselves: what nothing can go below.

In: a file with the vectors of all units, drafts on standard input (JSON). Out: one JSON object:
milliseconds of each draft, processor seconds, bytes in memory. One thread encodes, one compares
with every unit; nothing is read, ranked, decided, or kept. It is a process of its own.
"""

import json
import resource
import sys
import time

import faiss
import numpy as np

from triage.encode import DEFAULT, TextRole, open_encoder

_WANTED = 50
_KIB = 1024


def main(vectors: str) -> None:
    """Take the drafts of standard input one after another; print what was measured."""
    rows = json.load(sys.stdin)
    faiss.omp_set_num_threads(1)
    encoder = open_encoder(DEFAULT, threads=1)
    if encoder is None:
        raise RuntimeError("the shipped encoder is not here")
    exact = faiss.IndexFlatIP(encoder.dimension)
    exact.add(np.fromfile(vectors, "<f4").reshape(-1, encoder.dimension))
    took: list[float] = []
    spent = time.process_time()
    for row in rows:
        started = time.perf_counter()
        vector = encoder.encode([f"{row['title']}\n{row['body']}"], TextRole.QUERY)
        exact.search(vector, _WANTED)
        took.append((time.perf_counter() - started) * 1000)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    spent = time.process_time() - spent
    json.dump({"milliseconds": took, "processor": spent, "resident": most}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
