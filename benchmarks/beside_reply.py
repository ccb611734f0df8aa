"""How long it takes to say what others have, beside the reply to a draft.

Known issues and open questions of made-up vectors in one SQLite file, asked by as many drafts; then
how long one look takes that finds a burst among a month of asks.
`python -m benchmarks.beside_reply`.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triage import store
from triage.affected import BesideReply, Watcher
from triage.affected.publishing import Written, new_issue, published
from triage.affected.spaces import space
from triage.encode import HashingEncoder, TextRole
from triage.questions import Arrived, receive_question
from triage.records import Decision, Destination, Question, Role, Visibility

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WORDS = [f"word{n}" for n in range(4000)]


def texts(rng: np.random.Generator, count: int) -> list[str]:
    """Return so many questions of twelve words."""
    return [" ".join(rng.choice(WORDS, 12)) for _ in range(count)]


def main() -> None:
    """Fill a store, measure, and print milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=50)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--asks", type=int, default=3000)
    chosen = parser.parse_args()
    rng, encoder = np.random.default_rng(7), HashingEncoder()
    with tempfile.TemporaryDirectory() as folder:
        database = store.Database(store.sqlite_url(Path(folder) / "triage.db"))
        with database.write() as c:
            forum = store.ensure_forum(c, "bench")
            store.create_key(
                c,
                forum.id,
                name="page",
                role=Role.FRONTEND,
                publishable=False,
                test=False,
                at=NOW,
            )
            _fill(c, forum.id, encoder, rng, chosen.issues, chosen.questions)
        watcher = Watcher(database, forum.id)
        begun = time.perf_counter()
        watcher.look(encoder, NOW)
        _say("gathering all questions", [time.perf_counter() - begun])
        beside = BesideReply(database, forum.id)
        spent = []
        for title in texts(rng, 200):
            vector = encoder.encode([title], TextRole.QUERY)
            begun = time.process_time()
            beside.find(encoder, Question(title, "", "en", person="p"), vector)
            spent.append(time.process_time() - begun)
        _say("beside one reply, processor time", spent[1:])
        with database.write() as c:
            _ask(c, forum.id, encoder, texts(rng, chosen.asks), spread=timedelta(days=28))
            _ask(
                c,
                forum.id,
                encoder,
                ["the export stops with E-417"] * 6,
                spread=timedelta(minutes=6),
            )
        watcher = Watcher(database, forum.id)
        for name in ("the look that reads a month and finds the burst", "the look after it"):
            later = NOW + timedelta(minutes=1 + (name[9] == "a"))
            begun = time.perf_counter()
            seen = watcher.look(encoder, later)
            _say(f"{name} (proposed {len(seen.proposed)})", [time.perf_counter() - begun])
        database.close()


def _fill(
    c: store.Connection,
    forum_id: int,
    encoder: HashingEncoder,
    rng: np.random.Generator,
    issues: int,
    questions: int,
) -> None:
    for place, title in enumerate(texts(rng, issues)):
        words = Written(title=title, lang="en")
        row = published(new_issue(words, NOW + timedelta(seconds=place)), NOW)
        store.put_issue(c, forum_id, row)
    decided = Decision((), (), Destination.COMMUNITY, None, Visibility.PUBLIC, True, ())
    for place, title in enumerate(texts(rng, questions)):
        question = Question(title, "", "en", person=f"p{place}")
        receive_question(c, forum_id, Arrived(f"q{place:06}", question, decided, {}), NOW)


def _ask(
    c: store.Connection,
    forum_id: int,
    encoder: HashingEncoder,
    titles: Sequence[str],
    *,
    spread: timedelta,
) -> None:
    vectors: NDArray[np.float32] = encoder.encode(titles, TextRole.QUERY)
    for place, vector in enumerate(vectors):
        at = NOW - spread * (1 - place / len(titles))
        name = f"a{len(titles)}-{place}"
        ask_id = store.open_ask(
            c,
            forum_id,
            key_id=None,
            person=f"person {name}",
            session=None,
            lang="en",
            test=False,
            at=at,
            window=timedelta(minutes=30),
            new_id=name,
        )
        store.put_ask_vector(c, forum_id, ask_id, space(encoder), vector, at)


def _say(what: str, spent: Sequence[float]) -> None:
    median, late = np.percentile(np.array(spent) * 1000, [50, 95])
    print(f"{what}: {median:.1f} ms in the middle, {late:.1f} ms for nineteen of twenty")  # noqa: T201


if __name__ == "__main__":
    main()
