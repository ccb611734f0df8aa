"""The vectors of a store -> a file that is mapped, for whoever measures over real ones.

In: a store. Out: its vectors, one row each. Not here: what is done with them (index_growth, load).
"""

import sqlite3
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def real_vectors(store: Path, target: Path) -> Floats:
    """Copy the vectors of a store into a file and map it: it shall not count as memory."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as c:
        (count,) = c.execute("SELECT count(*) FROM vectors").fetchone()
        with target.open("wb") as file:
            for (vector,) in c.execute("SELECT vector FROM vectors ORDER BY text_digest"):
                file.write(vector)
    return np.memmap(target, dtype="<f4", mode="r").reshape(count, -1)
