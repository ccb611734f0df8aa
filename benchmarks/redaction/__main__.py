"""`python -m benchmarks.redaction`: recall and precision by type, for seen and blind formats.

In: the items of our own generator, and the shared sets where they are. Out: the tables of
docs/redaction.md on standard output; `--faults` shows what went wrong with the seen formats.
Not here: drawing items (items), judging (measure).
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.redaction.business import CUSTOMER_TEMPLATES, INTERNAL_DOMAINS, KNOWN_NAMES
from benchmarks.redaction.items import SPLITS, Span, items
from benchmarks.redaction.measure import Measured, measure
from benchmarks.sets import SAMPLE, SHARED
from triage.redaction import Redaction
from triage.text import redact

OWN = Redaction(
    CUSTOMER_TEMPLATES, frozenset(INTERNAL_DOMAINS), frozenset(), frozenset(KNOWN_NAMES)
)
REAL = {
    "sample cases": SAMPLE / "cases.jsonl",
    "sample threads": SAMPLE / "threads.jsonl",
    "semeval_cqa": SHARED / "semeval_cqa" / "threads.jsonl",
    "stackfaq": SHARED / "stackfaq" / "queries.jsonl",
    "swefaq": SHARED / "swefaq" / "threads.jsonl",
    "nlbse2024": SHARED / "nlbse2024" / "cases.jsonl.gz",
    "se_threads": SHARED / "se_threads" / "threads.jsonl.gz",
    "gnome pages": SHARED / "help_pages" / "gnome_threads_en.jsonl.gz",
    "stackoverflow20": SHARED / "stackoverflow20" / "test.jsonl.gz",
    "banking77": SHARED / "banking77" / "test.jsonl",
}


def find(text: str) -> list[Span]:
    """Find as drafts are looked through, with what the generator says of itself."""
    return [Span(f.type, f.start, f.end) for f in redact(text, OWN).found]


def table(measured: dict[str, Measured]) -> Iterator[str]:
    """Yield the lines of a table of both splits."""
    yield "| type | n | recall | gone | precision | n blind | recall | gone | precision |"
    yield "| --- " * 9 + "|"
    for name in sorted({name for m in measured.values() for name in m.tallies}):
        cells = [name]
        for split in SPLITS:
            tally = measured[split].tallies[name]
            shares = (tally.recall, tally.safe, tally.precision)
            cells += [str(tally.expected), *(f"{share:.3f}" for share in shares)]
        yield f"| {' | '.join(cells)} |"
    for split in SPLITS:
        told = measured[split]
        yield f"harmless texts, {split}: {told.harmless}, with an alarm: {told.alarms}"


def _texts(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield f"{row.get('title') or row.get('text') or ''}\n{row.get('body') or ''}".strip()


def real(name: str, path: Path) -> str:
    """Say what is found in the texts of a real set, which nobody has labelled."""
    counts: dict[str, int] = {}
    texts = alarms = 0
    for text in _texts(path):
        texts += 1
        types = {f.type for f in redact(text).found}
        alarms += bool(types)
        for one in types:
            counts[one] = counts.get(one, 0) + 1
    told = ", ".join(f"{one} {n}" for one, n in sorted(counts.items())) or "nothing"
    return f"| {name} | {texts} | {100 * alarms / texts:.2f} % | {told} |"


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", action="store_true", help="show the faults of the seen half")
    parser.add_argument("--real", action="store_true", help="also look through the real sets")
    chosen = parser.parse_args()
    measured = {split: measure(items(split), find) for split in SPLITS}
    lines = list(table(measured))
    if chosen.faults:
        lines += measured["seen"].faults
    sys.stdout.write("\n".join(lines) + "\n")
    for name, path in REAL.items() if chosen.real else ():
        if path.exists():
            sys.stdout.write(real(name, path) + "\n")


if __name__ == "__main__":
    main()
