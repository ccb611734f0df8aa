"""How long it takes to try a policy on 100,000 past asks: `python -m benchmarks.policy_simulator`.

The asks are drawn at random: every kind of fact, text of a usual length, a thousand topics' times.
They are tried in memory, and then from a real store (a SQLite file in a temporary folder) that
holds each with its reply and what became of it: the whole of what a lead waits for.
Prints one JSON object; the time of making columns and that of simulating are told apart.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from triage import store
from triage.costs import Costs
from triage.decide import decide
from triage.decide.gate import Gate, Threshold
from triage.kept import kept_decision, kept_labels, kept_words
from triage.policies.in_force import InForce
from triage.policies.simulation import AnswerTimes, Options, Past, asks_of, simulate
from triage.policies.trial import try_policy
from triage.policy import Circumstances, Hours, Moving, Policy, Rule, opening_of
from triage.records import Account, Destination, Finding, Label, Question, Role, Target
from triage.store.tables.ask import asks, events, triages
from triage.streams import chunks

_ASKS = 100_000
_PERSONS = 20_000
_TOPICS = [f"topic-{n}" for n in range(40)]
_VOCABULARY = [f"word{n}" for n in range(5_000)]
_WORDS = 80
_RULES = 100
_START = datetime(2026, 1, 1, tzinfo=UTC)
_HOURS = Hours("Europe/Stockholm", (opening_of("mon-fri 08:00-17:00"),))
_LEVELS = ("gold", "silver", "free")
_GATE = Gate(0.1, 0.9, Threshold(None, 0, guaranteed=False), {}, "shows nothing")


def main() -> None:
    """Simulate two drafts, one of them with rules over every text, and print the seconds."""
    rng = np.random.default_rng(0)
    past = list(_past(rng))
    started = time.perf_counter()
    columns = asks_of(past)
    found = {"asks": _ASKS, "persons": _PERSONS, "columns": time.perf_counter() - started}
    rules = tuple(
        Rule(f"rule-{n}", Destination.EXPERT, (f"word{n} word{n + 1}",), (f"*ord{n}x* * word7",))
        for n in range(_RULES)
    )
    plain = Policy(costs=Costs(missed_expert=4))
    moving = Moving(most_up=0.2, most_down=0.2)
    full = replace(plain, hours=_HOURS, moving=moving, rules=rules)
    rng_times = np.random.default_rng(1)
    times = AnswerTimes(
        {(d, t): rng_times.lognormal(2, 1, 200).tolist() for d in Destination for t in _TOPICS}
    )
    for name, draft in (("simulate_costs", plain), ("simulate_everything", full)):
        started = time.perf_counter()
        simulate(columns, draft, Policy(), Options(times=times))
        found[name] = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        database = store.Database(store.sqlite_url(Path(folder) / "asks.db"))
        forum_id = _fill(database, past)
        now = _START + timedelta(days=31)
        for name, draft in (("store_costs", plain), ("store_everything", full)):
            started, used = time.perf_counter(), time.process_time()
            trial = try_policy(database, forum_id, InForce(draft), InForce(Policy()), 31, now)
            found[name] = time.perf_counter() - started
            found[f"{name}_processor"] = time.process_time() - used
        found["store_asks"] = trial.found.asks
        found["store_answer_times"] = trial.waits
        database.close()
    found["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({k: round(v, 2) for k, v in found.items()}) + "\n")


def _past(rng: np.random.Generator) -> Iterator[Past]:
    expert, uniform = rng.random(_ASKS), rng.random((_ASKS, 3))
    drawn = rng.integers(0, len(_VOCABULARY), (_ASKS, _WORDS))
    numbers = rng.integers(0, 2**31, (_ASKS, 3)).tolist()
    loads = [{t: float(rng.uniform(1, 90)) for t in _TOPICS} for _ in range(30)]
    for place, (first, second, third) in enumerate(numbers):
        question = Question(
            "A question",
            " ".join(_VOCABULARY[word] for word in drawn[place]),
            ("en", "sv", "de")[first % 3],
            sensitive=(Finding("password", "body", 0, 3),) if uniform[place, 0] < 0.03 else (),
            customer_severity=(None, None, None, 1, 3)[second % 5],
            wants_person=bool(uniform[place, 1] < 0.02),
        )
        labels = {
            Target.DESTINATION: Label("expert", float(expert[place]), abstained=False),
            Target.SEVERITY: Label(str(first % 4 + 1), 0.4 + 0.5 * float(uniform[place, 2])),
            Target.TOPIC: Label(_TOPICS[third % len(_TOPICS)], 0.8, abstained=False),
        }
        around = Circumstances(
            now=_START + timedelta(seconds=26 * place),
            queue=second % 60,
            community_hours=loads[place * len(loads) // _ASKS],
            account=Account("a", support_level=_LEVELS[third % 3]),
        )
        truth = (None, Destination.EXPERT, Destination.COMMUNITY)[second % 3]
        yield Past(question, labels, around, str(first % _PERSONS), truth)


def _fill(database: store.Database, past: list[Past]) -> int:
    """Keep the asks as a server would have: reply, posts, answers, what the staff took."""
    with database.write() as c:
        forum = store.ensure_forum(c, "benchmark")
        _, found = store.create_key(
            c, forum.id, name="f", role=Role.FRONTEND, publishable=False, test=False, at=_START
        )
        store.put_accounts(c, forum.id, [Account("a", support_level="gold")])
        for rows in chunks(enumerate(past)):
            kept = [_rows(forum.id, found.id, place, one) for place, one in rows]
            for table, made in zip((asks, triages, events), zip(*kept, strict=True), strict=True):
                c.execute(insert(table), [row for some in made for row in some])
    return forum.id


def _rows(forum_id: int, key_id: int, place: int, one: Past) -> tuple[list[Any], ...]:
    at, ask_id = one.around.now or _START, f"a{place}"
    decision = decide(one.question, [], {}, one.labels, Policy(), _GATE, one.around)
    base = {"forum_id": forum_id, "ask_id": ask_id, "key_id": key_id}
    ask = {**base, "person": one.person, "test": False, "opened_at": at, "last_at": at}
    reply = {
        "suggestions": [],
        "decision": kept_decision(decision),
        "labels": kept_labels(one.labels),
    }
    triage = {**base, "triage_id": ask_id, "stage": "submit", "at": at, "mode": "hybrid"}
    triage |= {"question": kept_words(one.question), "reply": reply, "index_version": "1"}
    told: list[tuple[str, int, float | None]] = [("posted", 1, None)]
    told += [("answered", 1 + place % 90, None)] if place % 5 else []
    told += [("escalated", 30, None), ("staff_time", 40, 35.0)] if place % 9 == 0 else []
    event = {**base, "triage_id": ask_id, "test": False, "received_at": at}
    made = [
        {
            **event,
            "event_id": f"{ask_id}-{kind}",
            "type": kind,
            "occurred_at": at + timedelta(hours=hours),
            "value_number": value,
        }
        for kind, hours, value in told
    ]
    return [ask], [triage], made


if __name__ == "__main__":
    main()
