"""What it costs to tell of questions: posted and answered with nobody told, and with channels.

A forum in a SQLite file, no encoder. Each round posts and answers the same number of questions in
each of these ways, in turn, so that what else the machine does falls on all of them: `silent` (no
message is thought of), `nobody` (nobody has a channel), `webhook` (one system wants everything),
`address` (besides, each asker has an address that wants it). And what a filled-in address of the
company adds to a reply. Times are the processor's.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from benchmarks.questions import arrived
from triage import store
from triage.lifecycle import State, Who, Why
from triage.questions import Asked, Linking, keep, put_rules, receive_question, rules_from
from triage.records import ChannelKind, Destination, MessageType, Question

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WAYS = ("silent", "nobody", "webhook", "address")
FORM = (
    "https://support.example.com/new?subject={title}&a={situation}&b={problem}&c={impact}"
    "&d={next_step}&p={product}&v={version}&s={severity}&l={lang}&t={topic}&id={triage_id}"
)
WORDS = (
    "Since the update to 8.2 the invoice export stops at 90 percent with error E-417. We tried it"
    " on two machines and with another user, and it stops each time. Twelve people cannot send"
    " their invoices. How do I get the file out before the month is closed?"
)


def set_channels(database: store.Database, forum_id: int, way: str, persons: int) -> None:
    """Have those be told whom a way is about."""
    if way not in ("webhook", "address"):
        return
    every = frozenset(kind.value for kind in MessageType)
    rows = [_row(ChannelKind.WEBHOOK, "hook", None, every)]
    if way == "address":
        wants = frozenset({store.NoticeKind.ANSWERED.value})
        names = [f"p{number}" for number in range(persons)]
        rows += [_row(ChannelKind.PERSON_EMAIL, name, name, wants) for name in names]
    with database.write() as c:
        for row in rows:
            store.put_channel(c, forum_id, row)


def _row(
    kind: ChannelKind, name: str, person: str | None, wants: frozenset[str]
) -> store.ChannelRow:
    return store.ChannelRow(
        channel_id=f"ch_{name}",
        kind=kind,
        name=name,
        sealed=b"",
        created_at=START,
        person=person,
        wants=wants,
    )


def post_and_answer(database: store.Database, forum_id: int, numbers: range) -> float:
    """Return the milliseconds of the processor for each question."""
    begun = time.process_time()
    for number in numbers:
        at = START + timedelta(seconds=number)
        with database.write() as c:
            receive_question(c, forum_id, arrived(number), at)
        asked = Asked(State.ANSWERED, Who.STAFF, "a", Why.OTHER, "nils", f"a{number}")
        with database.write() as c:
            keep(c, forum_id, f"q{number}", asked, at)
    return 1000 * (time.process_time() - begun) / len(numbers)


def tell(folder: Path, rounds: int, each: int) -> dict[str, float]:
    """Return what a question costs in each way."""
    opened = {}
    for way in WAYS:
        database = store.Database(store.sqlite_url(folder / f"{way}.db"))
        with database.write() as c:
            opened[way] = database, store.ensure_forum(c, "bench").id
        set_channels(database, opened[way][1], way, 1000)
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    for turn in range(rounds):
        for way in WAYS:
            numbers = range(turn * each, (turn + 1) * each)
            if way == "silent":
                with mock.patch.object(store, "post_message", return_value=0):
                    took[way].append(post_and_answer(*opened[way], numbers))
            else:
                took[way].append(post_and_answer(*opened[way], numbers))
    for database, _ in opened.values():
        database.close()
    return {f"{way}_ms": statistics.median(times) for way, times in took.items()}


def tell_many(folder: Path, persons: int) -> dict[str, float]:
    """Return the seconds that it takes to tell many at once, in the feed and by mail."""
    database = store.Database(store.sqlite_url(folder / "many.db"))
    with database.write() as c:
        forum_id = store.ensure_forum(c, "bench").id
    told = {"persons": float(persons)}
    for name, kind in (
        ("feed", store.NoticeKind.KNOWN_ISSUE),
        ("mail", store.NoticeKind.ISSUE_FIXED),
    ):
        names = [f"p{number}" for number in range(persons)]
        if name == "mail":
            with database.write() as c:
                for one in names:
                    wants = frozenset({kind.value})
                    row = _row(ChannelKind.PERSON_EMAIL, one, one, wants)
                    store.put_channel(c, forum_id, row)
        news = [store.Notice(person=one, kind=kind, subject="ki", at=START) for one in names]
        begun = time.process_time()
        with database.write() as c:
            store.tell(c, forum_id, news)
        told[f"many_by_{name}_seconds"] = time.process_time() - begun
    database.close()
    return told


def link(folder: Path, times: int) -> dict[str, float]:
    """Return what the address of the company's form adds to a reply."""
    database = store.Database(store.sqlite_url(folder / "link.db"))
    with database.write() as c:
        forum_id = store.ensure_forum(c, "bench").id
    question = Question("Export stops", WORDS, "en", product="portal", wants_person=True)
    one = arrived(1)
    told = {}
    for name, template in (("no_form", None), ("form", FORM)):
        with database.write() as c:
            put_rules(c, forum_id, rules_from({}, {}, template), START)
        linking = Linking(database, forum_id)
        linking.of_draft(question, one.labels, one.decision, "t")
        begun = time.process_time()
        for _ in range(times):
            linking.of_draft(question, one.labels, one.decision, "t")
        told[f"link_{name}_ms"] = 1000 * (time.process_time() - begun) / times
    database.close()
    assert one.decision.destination is Destination.EXPERT
    return told


def main() -> None:
    """Show the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--questions", type=int, default=100, help="in each way of each round")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "questions": asked.rounds * asked.questions,
            **tell(Path(folder), asked.rounds, asked.questions),
            **tell_many(Path(folder), 2_000),
            **link(Path(folder), 500),
        }
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in told.items()}) + "\n")


if __name__ == "__main__":
    main()
