"""Columns of a day -> bytes, and back without copying them.

In: `Columns`, bytes made here. Out: the other.
Not here: what is in them (columns), where bytes are kept (store).

A line of JSON says which arrays follow, each of one type in one piece, so that reading a year of
days costs little more than having its bytes.
"""

import json

import numpy as np

from triage.errors import BadField
from triage.outcomes.columns import FIELDS, NAMED, Columns, in_use

# Packs of another version are made anew from the events.
VERSION = 3
_ALIGNED = 8


def pack(columns: Columns) -> bytes:
    """Return the columns as bytes, without words that none of their rows has."""
    columns = in_use(columns)
    arrays = {name: np.ascontiguousarray(columns.arrays[name]) for name in FIELDS}
    head = {
        "version": VERSION,
        "names": columns.names,
        "arrays": [[name, array.dtype.str, len(array)] for name, array in arrays.items()],
    }
    line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    parts = (line, *(array.tobytes() for array in arrays.values()))
    return b"".join(part + bytes(-len(part) % _ALIGNED) for part in parts)


def unpack(packed: bytes) -> Columns:
    """Return the columns that bytes hold. Raises BadField for those of another version."""
    end = packed.index(b"\n") + 1
    head = json.loads(packed[:end])
    if head.get("version") != VERSION:
        raise BadField("columns", f"are of version {head.get('version')}, not {VERSION}")
    at = end + -end % _ALIGNED
    arrays = {}
    for name, kind, length in head["arrays"]:
        arrays[name] = np.frombuffer(packed, np.dtype(kind), length, at)
        at += arrays[name].nbytes
        at += -at % _ALIGNED
    return Columns(arrays, {name: tuple(head["names"][name]) for name in NAMED})
