"""A folder of tantivy files -> another one with the same index, mostly by links.

In: a folder that nobody writes to, though parts of it may be merged meanwhile. Out: a copy.
Not here: what the index holds (lexical).
"""

import json
import shutil
from pathlib import Path

from triage.retrieve.pieces import share

_META, _MANAGED = "meta.json", ".managed.json"
_TIMES = 20


def save_engine(source: Path, target: Path) -> None:
    """Copy the index as its last commit left it.

    Raises OSError when a file of it is missing or cannot be written.
    """
    for left in reversed(range(_TIMES)):
        target.mkdir()
        try:
            _copy(source, target)
        except FileNotFoundError:
            # A merge ended meanwhile and took away what it had merged: its result is there now.
            shutil.rmtree(target)
            if not left:
                raise
        else:
            return


def copy_engine(snapshot: Path, folder: Path) -> None:
    """Make a working copy of a saved index."""
    folder.mkdir()
    _copy(snapshot, folder)


def _copy(source: Path, target: Path) -> None:
    meta = (source / _META).read_bytes()
    parts = {s["segment_id"].replace("-", "") for s in json.loads(meta)["segments"]}
    managed = json.loads((source / _MANAGED).read_bytes())
    names = sorted(n for n in managed if n.partition(".")[0] in parts)
    for name in names:
        # Never changed after they are written; meta is written anew with every commit.
        share(source / name, target / name)
    (target / _MANAGED).write_text(json.dumps([*names, _META]), encoding="utf-8")
    (target / _META).write_bytes(meta)
