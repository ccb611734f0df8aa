"""Drafts -> how long the encoder and an exact search take by themselves: what nothing can go below.

In: a store with the vectors of all units, drafts on standard input (JSON). Out: one JSON object:
milliseconds of each draft, processor seconds, bytes in memory. One thread encodes, one compares
with every unit; nothing is read, ranked, decided, or kept. It is a process of its own.
"""

import json
import resource
import sqlite3
import sys
import time
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from triage.encode import DEFAULT, TextRole, open_encoder

_WANTED = 50
_KIB = 1024


def main(store: str) -> None:
    """Take the drafts of standard input one after another; print what was measured."""
    rows = json.load(sys.stdin)
    faiss.omp_set_num_threads(1)
    encoder = open_encoder(DEFAULT, threads=1)
    if encoder is None:
        raise RuntimeError("the shipped encoder is not here")
    exact = faiss.IndexFlatIP(encoder.dimension)
    exact.add(_vectors(Path(store), encoder.dimension))
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


def _vectors(store: Path, dimension: int) -> NDArray[np.float32]:
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as opened:
        held = opened.execute("SELECT vector FROM vectors ORDER BY text_digest")
        joined = b"".join(vector for (vector,) in held)
    return np.frombuffer(joined, dtype="<f4").reshape(-1, dimension)


if __name__ == "__main__":
    main(*sys.argv[1:])
