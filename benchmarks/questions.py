"""How fast posted questions are kept: posting, one change among many writers, lists, the sweep.

A forum of N questions in a SQLite file, half of them with experts; no encoder, since deciding is
measured elsewhere. Fifty threads then change one question at once, and the sweep goes over all.
"""

import argparse
import json
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from triage import store
from triage.errors import IllegalChange
from triage.lifecycle import State, Who, Why
from triage.questions import Arrived, Asked, Foresight, keep, receive_question, sweep_forum
from triage.records import Decision, Destination, Label, Question, Target, Visibility

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WRITERS = 50
_TOPICS = ("api", "invoices", "payroll", "login", "export")


def arrived(number: int) -> Arrived:
    """Return one question of many."""
    to = Destination.EXPERT if number % 2 else Destination.COMMUNITY
    seen = Visibility.PRIVATE if number % 2 else Visibility.PUBLIC
    labels = {
        Target.KIND: Label("problem", 0.9, abstained=False),
        Target.TOPIC: Label(_TOPICS[number % len(_TOPICS)], 0.9, abstained=False),
    }
    words = f"Export {number} stops at 90 percent after the update, error E-{number}."
    question = Question(f"Export {number} stops", words, "en", person=f"p{number % 999}")
    decision = Decision((), (), to, 0.9, seen, to is Destination.COMMUNITY, ())
    return Arrived(f"q{number}", question, decision, labels)


def race(database: store.Database, forum_id: int, question_id: str) -> int:
    """Have many writers answer one revision at once; return how many did."""

    def write(number: int) -> bool:
        asked = Asked(
            State.ANSWERED, Who.STAFF, f"c{number}", Why.OTHER, "x", f"a{number}", expected=2
        )
        try:
            with database.write() as c:
                return keep(c, forum_id, question_id, asked, START).fresh
        except IllegalChange:
            return False

    with ThreadPoolExecutor(WRITERS) as pool:
        return sum(pool.map(write, range(WRITERS)))


def main() -> None:
    """Show the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=5_000)
    count = parser.parse_args().questions
    told: dict[str, float] = {"questions": count}
    with tempfile.TemporaryDirectory() as folder:
        database = store.Database(store.sqlite_url(Path(folder) / "triage.db"))
        with database.write() as c:
            forum_id = store.ensure_forum(c, "bench").id
        begun = time.perf_counter()
        for number in range(count):
            with database.write() as c:
                at = START + timedelta(seconds=number)
                receive_question(c, forum_id, arrived(number), at)
        told["posted_ms_each"] = 1000 * (time.perf_counter() - begun) / count
        begun = time.perf_counter()
        told["of_50_writers_made_it"] = race(database, forum_id, "q0")
        told["race_seconds"] = time.perf_counter() - begun
        begun = time.perf_counter()
        with database.read() as c:
            store.list_questions(c, forum_id, store.QuestionsWanted(open=True), limit=50)
            store.expert_queue(c, forum_id)
        told["list_and_queue_ms"] = 1000 * (time.perf_counter() - begun)
        begun = time.perf_counter()
        Foresight(database, forum_id).of(arrived(1).question, {}, arrived(1).decision)
        told["learn_seconds"] = time.perf_counter() - begun
        begun = time.perf_counter()
        done = sweep_forum(database, forum_id, START + timedelta(days=3))
        told["swept"] = sum(done.told().values())
        told["sweep_seconds"] = time.perf_counter() - begun
        database.close()
    sys.stdout.write(json.dumps({name: round(value, 3) for name, value in told.items()}) + "\n")


if __name__ == "__main__":
    main()
