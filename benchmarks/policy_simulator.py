"""How long it takes to try a policy on 100,000 past asks: `python -m benchmarks.policy_simulator`.

The asks are drawn at random: every kind of fact, text of a usual length, a thousand topics' times.
Prints one JSON object; the time of making columns and that of simulating are told apart.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from triage.costs import Costs
from triage.policy import Circumstances, Hours, Moving, Policy, Rule, opening_of
from triage.records import Account, Destination, Finding, Label, Question, Target
from triage.simulate import AnswerTimes, Options, Past, asks_of, simulate

_ASKS = 100_000
_PERSONS = 20_000
_TOPICS = [f"topic-{n}" for n in range(40)]
_VOCABULARY = [f"word{n}" for n in range(5_000)]
_WORDS = 80
_RULES = 100
_START = datetime(2026, 1, 1, tzinfo=UTC)
_HOURS = Hours("Europe/Stockholm", (opening_of("mon-fri 08:00-17:00"),))
_LEVELS = ("gold", "silver", "free")


def main() -> None:
    """Simulate two drafts, one of them with rules over every text, and print the seconds."""
    rng = np.random.default_rng(0)
    past = list(_past(rng))
    started = time.perf_counter()
    asks = asks_of(past)
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
        simulate(asks, draft, Policy(), Options(times=times))
        found[name] = time.perf_counter() - started
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


if __name__ == "__main__":
    main()
