"""What `peer_quality` asks of a peer -> the order, and the vector of each of its texts.

In: one JSON object on standard input: threads and queries as pairs of id and text, how many are
wanted (`limit`), and the file of `vectors` (.npz: digests, rows) of all these texts. Out: the same,
opened. Run by the peers' own interpreter.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np


def read_order() -> tuple[dict[str, Any], Callable[[str], np.ndarray]]:
    """Return what is asked, and what gives the row of a text; KeyError for a text without one."""
    order = json.load(sys.stdin)
    with np.load(order["vectors"]) as held:
        rows = dict(zip(held["digests"].tolist(), held["rows"], strict=True))
    return order, lambda text: rows[hashlib.sha256(text.encode()).hexdigest()]
