"""Everything that is kept of a person, for that person to read.

In: a keyed hash. Out: their rows, table by table, in words and numbers; what is sealed is opened.
Digests, vectors and the numbers of keys are left out: they say nothing to anyone.
Not here: finding the rows (store), who may have them (api, cli).
"""

from datetime import UTC, date, datetime
from typing import Any

from triage import store
from triage.errors import SealBroken
from triage.originals import Originals
from triage.records import Forum

_UNTOLD = frozenset({"forum_id", "key_id", "digest", "text_digest", "revision", "receipt"})
_SEALED = "sealed"


def export_person(
    database: store.Database, forum: Forum, person: str, originals: Originals
) -> dict[str, Any]:
    """Return a person's rows by table; `fields` is None in one that no key of ours opens."""
    with database.read() as c:
        found = store.rows_of_person(c, forum.id, person)
    told = {
        name: [_told(dict(row), originals) for row in rows]
        for name, rows in found.items()
        if store.BY_TABLE[name].exported
    }
    now = datetime.now(UTC).isoformat()
    return {"forum": forum.name, "person": person, "exported_at": now, "tables": told}


def _told(row: dict[str, Any], originals: Originals) -> dict[str, Any]:
    if _SEALED in row:
        row["fields"] = _opened(bytes(row.pop(_SEALED)), row["triage_id"], originals)
    return {name: _plain(value) for name, value in row.items() if name not in _UNTOLD}


def _opened(box: bytes, triage_id: str, originals: Originals) -> dict[str, str] | None:
    try:
        return dict(originals.open_box(box, triage_id))
    except SealBroken:
        # The installation key was changed: nobody reads it any more, and the rest is still theirs.
        return None


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
