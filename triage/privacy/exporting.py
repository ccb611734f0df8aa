"""Everything that is kept of a person, for that person to read.

In: a keyed hash. Out: their rows, table by table, in words and numbers; what is sealed is opened,
but for secrets that sign: those are of whoever keeps the address.
Digests, vectors and the numbers of keys are left out: they say nothing to anyone. So is what
nobody by name did in a session that others used as well, which may be theirs, and who of the staff
it was; what staff noted of the person's questions is about the person, and in it.
Not here: finding the rows (store), who may have them (api, cli).
"""

from datetime import UTC, date, datetime
from typing import Any

from triage import store
from triage.channels import address_in
from triage.errors import SealBroken
from triage.originals import Originals, originals
from triage.records import Forum

_UNTOLD = frozenset({"forum_id", "key_id", "digest", "text_digest", "revision", "receipt"})
_SEALED, _CHANNELS, _MESSAGES = "sealed", "channels", "messages"


def export_person(
    database: store.Database, forum: Forum, person: str, installation_key: bytes
) -> dict[str, Any]:
    """Return a person's rows by table; what no key of ours opens is None in them."""
    with database.read() as c:
        found = store.rows_of_person(c, forum.id, person, shared=False)
    opener = originals(installation_key, forum.name, None)

    def told(name: str, row: dict[str, Any]) -> dict[str, Any]:
        box = row.pop(_SEALED, None)
        if name == _CHANNELS and box is not None:
            row["address"] = _address(bytes(box), row["channel_id"], forum, installation_key)
        elif box is not None:
            row["fields"] = _opened(bytes(box), row["triage_id"], opener)
        if name == _MESSAGES:
            # Other systems are told who of the staff has it; that is in no customer's export.
            row["data"] = {said: value for said, value in row["data"].items() if said != "owner"}
        untold = _UNTOLD | set(store.BY_TABLE[name].staff)
        return {column: _plain(value) for column, value in row.items() if column not in untold}

    tables = {
        name: [told(name, dict(row)) for row in rows]
        for name, rows in found.items()
        if store.BY_TABLE[name].exported
    }
    now = datetime.now(UTC).isoformat()
    return {"forum": forum.name, "person": person, "exported_at": now, "tables": tables}


def _address(box: bytes, channel_id: str, forum: Forum, installation_key: bytes) -> str | None:
    try:
        return address_in(box, channel_id, forum, installation_key)
    except SealBroken:
        return None


def _opened(box: bytes, triage_id: str, opener: Originals) -> dict[str, str] | None:
    try:
        return dict(opener.open_box(box, triage_id))
    except SealBroken:
        # The installation key was changed: nobody reads it any more, and the rest is still theirs.
        return None


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
