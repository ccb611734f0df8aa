"""What a bundle remembers of the cases that it was learnt from, so that a later one can be tried.

In: cases and what the heads said of each when they had not seen it. Out: the text of `seen.json`,
and back. Of a case it holds keyed hashes of id, text and duplicate group, and per head which class
was guessed and how surely: no text, no label, no id.
Not here: comparing (challenge), writing bundles (bundle).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from triage.case_marks import SEEN as SEEN
from triage.case_marks import case_mark, keyed_mark
from triage.errors import BadFile
from triage.learn.contest.said import label_of
from triage.learn.heads.fitting import FitReport
from triage.records import HEADS, Case, Label, Labels, Target

_FORMAT = 2
_PERMILLE = 1000

Row = tuple[Case, str]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a model was learnt from, as hashes under `key`, and what it said of each unseen.

    The key is the installation's and stands in no bundle: with it anyone who has one could guess
    texts and see whether they were among them.
    """

    key: str
    hashes: frozenset[str]
    heads: Mapping[Target, tuple[tuple[str, ...], tuple[float, ...]]]
    said: Mapping[str, str]

    def knows(self, row: Row) -> bool:
        """Say whether the model was learnt from this case, its text, or another of its group."""
        return not self.hashes.isdisjoint(_hashes(self.key, row))

    def remembers(self, row: Row) -> bool:
        """Say whether the model was learnt from this very case, with the text that it has now."""
        return _own(self.key, row) in self.said

    def labels_of(self, row: Row) -> Labels:
        """Return what was said of a remembered case out of fold; nothing of any other."""
        kept = self.said.get(_own(self.key, row))
        found: dict[Target, Label] = {}
        if not kept:
            return found
        for target, part in zip(self.heads, kept.split(";"), strict=True):
            if part:
                classes, sure_from = self.heads[target]
                place, permille = map(int, part.split("."))
                confidence = permille / _PERMILLE
                found[target] = label_of(target, classes[place], confidence, sure_from[place])
        return found


def seen_document(key: str, rows: Sequence[Row], report: FitReport) -> str:
    """Return the text of `seen.json` for a model that was learnt from these rows."""
    targets = [t for t in HEADS if t in report.unseen]
    parts = [[""] * len(targets) for _ in rows]
    for column, target in enumerate(targets):
        unseen = report.unseen[target]
        guess = unseen.probabilities.argmax(axis=1)
        surely = np.rint(unseen.probabilities.max(axis=1) * _PERMILLE).astype(int)
        for place, one, permille in zip(unseen.places, guess, surely, strict=True):
            parts[int(place)][column] = f"{one}.{permille}"
    heads = report.classifier.heads
    written = {
        "format": _FORMAT,
        "heads": [
            [t.value, list(report.unseen[t].classes), list(heads[t].abstain_below)] for t in targets
        ],
        "hashes": sorted({h for row in rows for h in _hashes(key, row)}),
        "said": dict(sorted((_own(key, r), ";".join(p)) for r, p in zip(rows, parts, strict=True))),
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_seen(folder: Path, key: str) -> Seen | None:
    """Read what a bundle remembers; None where it was written before bundles remembered anything.

    A bundle of another installation was written under another key: it knows none of these cases.

    Raises BadFile.
    """
    path = folder / SEEN
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["format"] != _FORMAT:
            raise BadFile(path, f"its format {found['format']} is not {_FORMAT}")
        heads = {
            Target(t): (tuple(classes), tuple(map(float, sure)))
            for t, classes, sure in found["heads"]
        }
        return Seen(key, frozenset(found["hashes"]), heads, found["said"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadFile(path, str(error)) from error


def _hashes(key: str, row: Row) -> tuple[str, ...]:
    case, text_digest = row
    named = [f"id\0{case.id}", f"text\0{text_digest}"]
    named += [f"group\0{case.group}"] if case.group else []
    return tuple(keyed_mark(key, name) for name in named)


def _own(key: str, row: Row) -> str:
    return case_mark(key, row[0].id, row[1])
