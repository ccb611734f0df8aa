"""Where the processor's seconds go: of a start, of one request, of one training run.

In: the store and the models that the settings name, with a trained forum. Out: three tables, each
number the median over fresh processes (start, training) or over requests. Processor seconds, since
others use the machine beside; the load of the machine is told with them.

`python -m benchmarks.where_time_goes start | request | training`; training is a dry run.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

# Nothing of the service here: what it takes to import is a part of what is measured.
ROOT = Path(__file__).resolve().parent.parent
Application = Callable[..., Awaitable[None]]
# Seconds of processor by name, in the order in which they are to be told.
Spent = dict[str, float]

_DRAFTS = ROOT / "data" / "sample" / "drafts.jsonl"
_ASKED = 60
# Of one request: what a step is called, and the function whose time it is, as its caller names it.
_STEPS = {
    "who calls": "triage.api.access:find_caller",
    "the desk": "triage.desk:Desk.ask",
    "  the question read: language, redaction": "triage.text:prepare",
    "  the encoder": "triage.pipeline:_encode",
    "  search": "triage.retrieve.local:LocalIndex.search",
    "  what asks the same folded": "triage.pipeline:fold",
    "  candidates from the store": "triage.held:HeldThreads.__call__",
    "  ranking": "triage.pipeline:order",
    "  trust in answers": "triage.pipeline:_weighed",
    "  labels": "triage.pipeline:_classify",
    "  policy, load and account": "triage.policies.surroundings:Surroundings.now",
    "  the decision": "triage.pipeline:decide",
    "  known issues, others": "triage.affected.beside:BesideReply.find",
    "  the ask kept": "triage.keeping:Keeping.keep",
    "  waiting time, what to ask for": "triage.questions.foresight:Foresight.of",
}
# Of one training run.
_LESSONS = {
    "cases and threads read": "triage.learn.training:_read",
    "heads": "triage.learn.heads.material:Material.fit",
    "  words and other columns": "triage.learn.heads.fitting:fit_featuriser",
    "compared with the live model": "triage.learn.training:_judge",
    "suggestions": "triage.learn.training:learn_suggesting",
    "  quality of answers": "triage.learn.suggestions.suggesting:learn_quality",
    "  texts encoded": "triage.learn.suggestions.space:_encode",
    "  the space adapted": "triage.learn.suggestions.space:learn_adaptation",
}


def main() -> None:
    """Measure one of the three and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("start", "request", "training"))
    parser.add_argument("--times", type=int, default=5, help="fresh processes (%(default)s)")
    parser.add_argument("--once", action="store_true", help="measure here, print JSON")
    chosen = parser.parse_args()
    if chosen.once:
        once = {"start": one_start, "request": one_round, "training": one_training}
        sys.stdout.write(json.dumps(once[chosen.what]()) + "\n")
        return
    rounds = [_in_a_process(chosen.what) for _ in range(chosen.times)]
    sys.stdout.write(table(rounds) + "\n")
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    sys.stdout.write(f"{chosen.times} processes, load of the machine {loads}\n")


def table(rounds: Sequence[Spent]) -> str:
    """Return the median of each step, in milliseconds."""
    lines = ["| step | ms of processor |", "| --- | ---: |"]
    for name in rounds[0]:
        milliseconds = 1000 * statistics.median(one[name] for one in rounds)
        told = f"{milliseconds:.1f}" if milliseconds < 100 else f"{milliseconds:,.0f}"
        lines.append(f"| {name.replace('  ', '&emsp;')} | {told} |")
    return "\n".join(lines)


def _in_a_process(what: str) -> Spent:
    command = [sys.executable, "-m", "benchmarks.where_time_goes", what, "--once"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: Spent = json.loads(done.stdout.splitlines()[-1])
    return found


def one_start() -> Spent:
    """Do what serve.py does until it is ready, and say what each step took."""
    spent: Spent = {}
    settings = import_module("triage.settings").Settings()
    app = import_module("serve").application(settings)
    spent["imports"] = time.process_time()
    installation = app.state.installation
    with _spent(spent, "language models"):
        import_module("triage.text").warm_up()
    with _spent(spent, "the store: tables current, erasures caught up"):
        (forum, *_) = installation.forums()
    with _spent(spent, "the encoder"):
        desk = installation.desk(forum)
    with _spent(spent, "the index"):
        desk.knowledge.sync(forum.revision)
    with _spent(spent, "the model: hashes, opening, smoke questions; waiting times"):
        desk.open()
    installation.close()
    spent["all"] = time.process_time()
    return spent


def one_round() -> Spent:
    """Ask the sample's drafts over the application, typing and then submitted."""
    from triage.api import create_app
    from triage.settings import Settings

    settings = Settings()
    app = create_app(settings)
    drafts = [json.loads(line) for line in _DRAFTS.open(encoding="utf-8")]
    seconds: dict[str, list[Spent]] = {"typing": [], "submit": []}

    async def ask_all(key: str) -> None:
        async with app.router.lifespan_context(app):
            for place, draft in enumerate(drafts[: _ASKED + 5]):
                for stage, rounds in seconds.items():
                    steps: Spent = defaultdict(float)
                    with _watched(_STEPS, steps):
                        began = time.process_time()
                        await _call(app, key, {**_asked(draft, place), "stage": stage})
                        steps["all"] = time.process_time() - began
                    if place >= 5:  # the first ones fill what is kept between calls
                        rounds.append(steps)

    asyncio.run(ask_all(_key_of(settings.forum)))
    return {
        f"{stage}: {name}": statistics.median(one.get(name, 0.0) for one in rounds)
        for stage, rounds in seconds.items()
        for name in ("all", *_STEPS)
    }


def one_training() -> Spent:
    """Train without publishing, and say what each step took."""
    from triage.cli.train import train

    steps: Spent = defaultdict(float)
    spent: Spent = {"imports": time.process_time()}
    with _watched(_LESSONS, steps, time.process_time), _silent():
        train(["--dry-run", "--json"], standalone_mode=False)
    spent |= {name: steps[name] for name in _LESSONS}
    spent["all"] = time.process_time()
    return spent


def _asked(draft: Mapping[str, Any], place: int) -> dict[str, Any]:
    told = {name: draft[name] for name in ("title", "body", "product") if draft.get(name)}
    return {**told, "user": f"person-{place}", "session": f"session-{place}"}


def _key_of(forum: str) -> str:
    """Make a key of the forum for this round; it expires by itself."""
    from click.testing import CliRunner

    from triage.cli.keys import keys

    made = CliRunner().invoke(keys, ["create", "--test", "--forum", forum, "--role", "frontend"])
    if made.exit_code:
        raise SystemExit(made.output)
    return made.stdout.strip()


async def _call(app: Application, key: str, body: Mapping[str, Any]) -> None:
    sent = json.dumps(body).encode()
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v1/triage",
        "raw_path": b"/v1/triage",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    replies: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": sent, "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        replies.append(message)

    await app(scope, receive, send)
    if replies[0]["status"] != 200:
        raise SystemExit(b"".join(one.get("body", b"") for one in replies[1:]).decode())


@contextmanager
def _spent(spent: Spent, name: str) -> Iterator[None]:
    began = time.process_time()
    yield
    spent[name] = time.process_time() - began


@contextmanager
def _silent() -> Iterator[None]:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        kept, sys.stdout = sys.stdout, nowhere
        try:
            yield
        finally:
            sys.stdout = kept


@contextmanager
def _watched(
    steps: Mapping[str, str], spent: Spent, clock: Callable[[], float] = time.thread_time
) -> Iterator[None]:
    """Have these functions add to `spent` what they take, by their steps' names."""
    kept = []
    for name, place in steps.items():
        module, _, path = place.partition(":")
        *owners, attribute = path.split(".")
        owner: Any = import_module(module)
        for one in owners:
            owner = getattr(owner, one)
        kept.append((owner, attribute, getattr(owner, attribute)))
        setattr(owner, attribute, _timed(getattr(owner, attribute), name, spent, clock))
    try:
        yield
    finally:
        for owner, attribute, function in kept:
            setattr(owner, attribute, function)


def _timed(
    function: Callable[..., Any], name: str, spent: Spent, clock: Callable[[], float]
) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: object, **named: object) -> object:
        began = clock()
        try:
            return function(*arguments, **named)
        finally:
            spent[name] = spent.get(name, 0.0) + clock() - began

    return timed


if __name__ == "__main__":
    main()
