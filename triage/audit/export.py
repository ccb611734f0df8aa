"""The log of privileged acts as it leaves the house, and whether what came back is what left.

In: a forum's log. Out: JSON lines, an act each, and a last line that says how many there are and is
signed. Whoever holds the file can tell from it alone that no act is missing, altered or added, and
from it with the store that nothing was taken out of the store since.
Not here: noting acts (acting), the log in the store (store).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from triage import store
from triage.crypto.signing import Signer, Standing
from triage.errors import BadFile
from triage.records import Act, Actor, ActorKind

_PAGE = 500
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export is of; `digest` is that of its last act."""

    forum: str
    acts: int
    digest: str


def told_act(row: store.AuditRow) -> dict[str, Any]:
    """Return an act as JSON."""
    act = row.act
    return {
        "number": row.number,
        "at": act.at.isoformat(),
        "actor": {"kind": act.actor.kind.value, "name": act.actor.name},
        "act": act.act,
        "object": act.object,
        "before": None if act.before is None else dict(act.before),
        "after": None if act.after is None else dict(act.after),
        "digest": row.digest,
    }


def export_lines(
    database: store.Database, forum_id: int, forum: str, last: int, signer: Signer
) -> Iterator[str]:
    """Give the acts up to number `last`, a line each, and the signed line that ends them."""
    content = hashlib.sha256()
    number, digest = 0, store.FIRST_DIGEST
    while number < last:
        # A page at a time: whoever reads slowly holds no transaction open.
        with database.read() as c:
            page = list(islice(store.iter_acts(c, forum_id, number), min(_PAGE, last - number)))
        if not page:
            break
        for row in page:
            line = json.dumps(told_act(row), ensure_ascii=False) + "\n"
            content.update(line.encode())
            number, digest = row.number, row.digest
            yield line
    summary = {
        "format": _FORMAT,
        "forum": forum,
        "acts": number,
        "last_digest": digest,
        "sha256": content.hexdigest(),
    }
    signature = json.loads(signer.sign(_canonical(summary)))
    yield json.dumps({**summary, "signature": signature}, ensure_ascii=False) + "\n"


def check_export(file: Path, signer: Signer) -> Exported:
    """Return what an export is of, if it is whole and was signed here. Raises BadFile."""
    with file.open("rb") as lines:
        *acts, end = [line for line in lines if line.strip()] or [b""]
    summary = _row(file, end)
    signature = json.dumps(summary.pop("signature", None)).encode()
    standing = signer.standing(_canonical(summary), signature)
    if standing is not Standing.OURS:
        raise BadFile(file, f"its last line is not one that this installation signed ({standing})")
    if hashlib.sha256(b"".join(acts)).hexdigest() != summary["sha256"]:
        raise BadFile(file, "its lines are not those that were signed")
    digest = store.FIRST_DIGEST
    for number, line in enumerate(acts, 1):
        digest = _next_digest(file, digest, number, _row(file, line))
    if (len(acts), digest) != (summary["acts"], summary["last_digest"]):
        raise BadFile(file, "acts are missing at its end")
    return Exported(summary["forum"], summary["acts"], digest)


def still_holds(c: store.Connection, forum_id: int, exported: Exported) -> bool:
    """Say whether the store's log still has the last act of an export, as it was then."""
    if exported.acts == 0:
        return True
    row = next(store.iter_acts(c, forum_id, exported.acts - 1), None)
    return row is not None and (row.number, row.digest) == (exported.acts, exported.digest)


def _next_digest(file: Path, previous: str, number: int, row: dict[str, Any]) -> str:
    try:
        actor = Actor(ActorKind(row["actor"]["kind"]), row["actor"]["name"])
        at = datetime.fromisoformat(row["at"])
        act = Act(at, actor, row["act"], row["object"], row["before"], row["after"])
        found, named = row["digest"], row["number"]
    except (LookupError, TypeError, ValueError) as error:
        raise BadFile(file, f"line {number} is no act") from error
    if named != number or found != store.act_digest(previous, number, act):
        raise BadFile(file, f"act {number} is altered or missing")
    return str(found)


def _row(file: Path, line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadFile(file, "it is no export of an audit log") from error
    if not isinstance(row, dict):
        raise BadFile(file, "it is no export of an audit log")
    return row


def _canonical(summary: dict[str, Any]) -> bytes:
    return json.dumps(summary, sort_keys=True, separators=(",", ":")).encode()
