"""Whether the expected time to a first answer holds for questions that come later.

The sample's cases in the order of their time: the earlier ones are the history, those still
unanswered when the later ones begin included. Of the later ones, how many were answered within the
time by which half, and nine in ten, were said to be.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import datetime
from typing import NamedTuple

from benchmarks.sets import SAMPLE
from triage.lifecycle import Wait, learn_waits
from triage.records import Destination


class Asked(NamedTuple):
    """One case: when it was asked and first answered, where it went, its topic."""

    at: datetime
    answered: datetime | None
    destination: Destination
    topic: str | None


def load() -> list[Asked]:
    """Return the sample's cases in the order of their time."""
    rows = map(json.loads, (SAMPLE / "cases.jsonl").read_text(encoding="utf-8").splitlines())
    found = [
        Asked(
            datetime.fromisoformat(row["created"]),
            datetime.fromisoformat(row["first_response"]) if row["first_response"] else None,
            Destination(row["destination"]),
            row["topic"],
        )
        for row in rows
        if row["created"] and row["destination"]
    ]
    return sorted(found)


def as_of(asked: list[Asked], now: datetime) -> list[Wait]:
    """Return how long each has waited by now, answered or not."""
    waits = []
    for one in asked:
        known = one.answered is not None and one.answered <= now
        end = one.answered if known and one.answered else now
        waits.append(Wait(one.destination, one.topic, (end - one.at).total_seconds(), known))
    return waits


def main() -> None:
    """Show the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=0.6, help="of the cases that are history")
    asked = load()
    cut = int(parser.parse_args().share * len(asked))
    learned = learn_waits(as_of(asked[:cut], asked[cut].at))
    counts: Counter[tuple[str, str]] = Counter()
    for one in asked[cut:]:
        told = learned.expect(one.destination, one.topic)
        where = one.destination.value
        counts[where, "questions"] += 1
        if one.answered is None or told.half is None:
            continue
        counts[where, "told"] += 1
        counts[where, "by topic"] += told.topic is not None
        counts[where, "half"] += one.answered - one.at <= told.half
        counts[where, "with most"] += told.most is not None
        counts[where, "most"] += told.most is not None and one.answered - one.at <= told.most
    names = ("questions", "told", "by topic", "half", "with most", "most")
    sys.stdout.write(f"| destination | {' | '.join(names)} |\n{'| --- ' * 7}|\n")
    for where in Destination:
        cells = " | ".join(str(counts[where.value, name]) for name in names)
        sys.stdout.write(f"| {where.value} | {cells} |\n")


if __name__ == "__main__":
    main()
