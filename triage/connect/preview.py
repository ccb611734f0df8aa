"""A file and its map -> how the first rows read, and what would be lost.

In: a file and a `CaseMap`. Out: a `Preview`. Nothing is kept, hashed or logged; texts are
shortened. It is for the terminal of whoever has the file.
Not here: reading the file (mapped), showing the preview (cli).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from triage.connect.mapped import Unmapped, read_mapped_cases
from triage.connect.mapping import CaseMap
from triage.connect.reading import Reading
from triage.records import Case

_LONGEST_SHOWN = 80
_HEAD = "these cases teach its head nothing"

# What a case without the field is not good for; in the order in which it matters.
LOSSES: Mapping[str, str] = {
    "title": "short questions are told apart by their bodies alone",
    "body": "much of what is learnt comes from bodies",
    "kind": _HEAD,
    "topic": _HEAD,
    "severity": _HEAD,
    "destination": _HEAD + ", unless `escalated` says who answered",
    "tone": _HEAD,
    "created": "they cannot be split by time, and `--since` leaves them out",
    "closed": "how long they took is unknown, unless `difficulty` says it",
    "person": "nothing tells that many cases were written by one and the same",
    "account": "customers cannot be told apart",
    "product": "products cannot be compared",
    "group": "only equal texts are known to ask the same",
    "answer": "what settled them cannot be shown",
    "groups": "everyone may read them",
}
_FIELD_OF = {"person": "user"}


@dataclass(frozen=True, slots=True)
class Loss:
    """How many cases lack a field, of them how many for an unmapped value, and what that costs."""

    field: str
    cases: int
    unmapped: int
    cost: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file reads through a map."""

    reading: Reading
    shown: tuple[Mapping[str, object], ...]
    unmapped: Mapping[str, Counter[str]]
    losses: tuple[Loss, ...]


def preview_cases(path: Path, case_map: CaseMap, rows: int) -> Preview:
    """Read a whole file and keep its first rows as they would be read. Raises BadFile."""
    reading, unmapped = Reading(path), Unmapped()
    shown: list[Mapping[str, object]] = []
    known: Counter[str] = Counter()
    for case in read_mapped_cases(path, case_map, lambda _: "(hashed)", reading, unmapped):
        said = {f.name: getattr(case, f.name) for f in fields(Case)}
        said = {name: v for name, v in said.items() if v not in (None, "", frozenset())}
        known.update(said.keys())
        if len(shown) < rows:
            shown.append({_FIELD_OF.get(n, n): _shortened(v) for n, v in said.items()})
    found = (_loss(name, reading.rows - known[name], unmapped) for name in LOSSES)
    return Preview(reading, tuple(shown), unmapped.values, tuple(one for one in found if one.cases))


def _loss(name: str, lacking: int, unmapped: Unmapped) -> Loss:
    values = unmapped.values.get(name)
    return Loss(_FIELD_OF.get(name, name), lacking, values.total() if values else 0, LOSSES[name])


def _shortened(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        line = " ".join(value.split())
        return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN]}…"
    return value
