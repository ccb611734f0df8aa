"""A case -> the mark by which a model's bundle remembers that it was learnt from this very case.

In: the installation's key for this purpose, a case's id and its text's digest; a bundle's folder.
Out: keyed hashes that say nothing of the case to anyone without the key.
Not here: what else a bundle remembers (learn.contest.seen).
"""

import hashlib
import json
from collections.abc import Set
from pathlib import Path

from triage.errors import BadFile

SEEN = "seen.json"


def case_mark(key: str, case_id: str, text_digest: str) -> str:
    """Return the mark of a case with the text that it has."""
    return keyed_mark(key, f"case\0{case_id}\0{text_digest}")


def keyed_mark(key: str, text: str) -> str:
    """Return a short keyed hash."""
    return hashlib.blake2b(text.encode(), digest_size=8, key=key.encode()[:64]).hexdigest()


def marks_in(folder: Path) -> Set[str]:
    """Return the marks of the cases that a bundle was learnt from; none where it keeps none.

    Raises BadFile.
    """
    path = folder / SEEN
    if not path.is_file():
        return frozenset()
    try:
        return frozenset(json.loads(path.read_text(encoding="utf-8"))["said"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadFile(path, str(error)) from error
