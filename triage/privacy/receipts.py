"""What an erasure says of itself: what it removed, what knows of it still, and the proof.

In: the row of an erasure, the folder of the forum's models. Out: the receipt as people read it.
Which models were learnt from the person's cases is looked up whenever it is read, so that training
anew and removing old versions shows.
Not here: erasing (erasing).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from triage import store
from triage.case_marks import marks_in
from triage.errors import BadFile
from triage.store.erasures import KEEP_STAFF_ANSWERS as KEEP_STAFF_ANSWERS

# Kept in the row, never shown: by them a model is known that was learnt from the person's cases.
MARKS = "case_marks"
REMOVED = "removed"
PROOF = "proof"


def merged(
    receipt: Mapping[str, Any] | None, rows: Mapping[str, int], marks: Collection[str]
) -> dict[str, Any]:
    """Return a receipt that counts what was removed now as well as before."""
    former = dict(receipt or {})
    counts = Counter(former.get(REMOVED) or {}) + Counter(rows)
    known = sorted({*(former.get(MARKS) or ()), *marks})
    return {**former, REMOVED: dict(sorted(counts.items())), MARKS: known}


def told_receipt(
    row: store.ErasureRow, forum: str, forum_dir: Path, live: str | None
) -> dict[str, Any]:
    """Return the receipt as it is shown and kept by whoever asked for it."""
    receipt = dict(row.receipt or {})
    marks = frozenset(receipt.get(MARKS) or ())
    return {
        "erasure_id": row.id,
        "forum": forum,
        "person": row.person,
        "asked_at": row.asked_at.isoformat(),
        "done_at": None if row.done_at is None else row.done_at.isoformat(),
        "state": "done" if row.done_at is not None else "unfinished",
        "replayed": row.replayed,
        KEEP_STAFF_ANSWERS: bool(receipt.get(KEEP_STAFF_ANSWERS)),
        REMOVED: receipt.get(REMOVED) or {},
        "models": list(_knowing(forum_dir, marks, live)),
        PROOF: receipt.get(PROOF),
    }


def _knowing(forum_dir: Path, marks: frozenset[str], live: str | None) -> Iterator[dict[str, Any]]:
    """Give the versions that were learnt from cases with these marks.

    `cases` is None for a version that keeps no list of what it was learnt from.
    """
    if not marks or not forum_dir.is_dir():
        return
    for folder in sorted(path for path in forum_dir.glob("[!.]*") if path.is_dir()):
        if not (folder / "manifest.json").is_file():
            continue
        try:
            known = marks_in(folder)
        except BadFile:
            known = frozenset()
        count = len(marks & known) if known else None
        if count != 0:
            yield {"version": folder.name, "live": folder.name == live, "cases": count}
