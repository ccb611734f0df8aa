"""Training runs: the one under way or the last one, what came of those before, and the next one.

In: what the page stands on, what was typed. Out: the values of the page; an order, or what of it
cannot be.
Not here: asking for a run (training_runs), following it (routes.training, static/training.js).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from triage import store
from triage.api.pages.frame import Form
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.model_naming import TONES, moment
from triage.api.pages.showing import Cell, Head, Shown
from triage.api.schemas.training import FINAL, TrainingRequest
from triage.jobs import state_of
from triage.orders import TrainingOrder
from triage.records import JobKind
from triage.web.figures import UNKNOWN

TAB = "training"
STEPS = 6
_MOST_RUNS = 20
_PERCENT = frozenset({"precision", "risk"})
_TYPED = ("since", "seed", "force", "precision", "risk")
_STATES = {"done": "good", "failed": "bad", "stalled": "bad", "running": "soon"}


class Unreadable(Exception):
    """A form in which some fields cannot be; `fields` names them."""

    def __init__(self, fields: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Run:
    """A run as people read it. `step` is the step that is under way, from 1; 0: none yet."""

    state: str
    word: str
    tone: str
    final: bool
    asked_at: datetime
    by: str
    step: int
    steps: int
    note: str | None
    cancel_wanted: bool
    asked: tuple[tuple[str, str], ...]
    outcome: str
    version: str | None


def order_of(form: Form) -> TrainingRequest:
    """Read the form as the API reads its body; shares are percents there. Raises Unreadable."""
    said = {name: form[name].strip() for name in _TYPED if form.get(name, "").strip()}
    given: dict[str, Any] = {**said, "dry_run": "dry_run" in form}
    wrong = set()
    for name in _PERCENT & said.keys():
        try:
            given[name] = float(said[name].replace(",", ".").rstrip("% ")) / 100
        except ValueError:
            wrong.add(name)
    if "seed" in said and not said["seed"].isdecimal():
        wrong.add("seed")
    if wrong:
        raise Unreadable(frozenset(wrong))
    if "seed" in said:
        given["seed"] = int(said["seed"])
    try:
        return TrainingRequest.model_validate_json(json.dumps(given))
    except ValidationError as error:
        raise Unreadable(frozenset(str(one["loc"][0]) for one in error.errors())) from error


def training_values(here: Here) -> Mapping[str, Any]:
    """Return the values of the page."""
    with here.database().read() as c:
        job = store.get_job(c, here.forum.id, JobKind.TRAIN)
        past = store.list_past_jobs(c, here.forum.id, JobKind.TRAIN, _MOST_RUNS)
        cases = store.count_cases(c, here.forum.id)
    settings = here.installation.settings
    return {
        "run": None if job is None else run_of(here, job),
        "past": _table(here, past),
        "cases": cases,
        "steps": [(number, here.part(f"step_{number}")) for number in range(1, STEPS + 1)],
        "usual_risk": here.numbers.share(settings.risk),
        "href": href,
        "words": _words(here),
    }


def run_of(here: Here, job: store.JobRow) -> Run:
    """Tell a run."""
    state = state_of(job)
    order = TrainingOrder.of({"by": "", **job.options})
    result = job.result or {}
    under_way = state in ("running", "stalled")
    return Run(
        state,
        here.part(f"state_{state}"),
        _STATES.get(state, "plain"),
        state in FINAL,
        job.queued_at,
        order.by or UNKNOWN,
        min(job.done + 1, STEPS) if under_way and job.total else 0,
        STEPS,
        job.note,
        job.cancel_wanted,
        asked_of(here, order),
        outcome_of(here, job),
        result.get("version"),
    )


def asked_of(here: Here, order: TrainingOrder) -> tuple[tuple[str, str], ...]:
    """Return what was asked for beside what is usual."""
    told = [
        ("since", f"{order.since:%Y-%m-%d}" if order.since else ""),
        ("precision", order.precision or ""),
        ("risk", here.numbers.share(order.risk) if order.risk is not None else ""),
        ("seed", str(order.seed) if order.seed else ""),
        ("dry_run", here.say("lead.yes") if order.dry_run else ""),
        ("force", order.force or ""),
    ]
    return tuple((here.part(f"asked_{name}"), said) for name, said in told if said)


def outcome_of(here: Here, job: store.JobRow) -> str:
    """Say in a sentence what came of a run; nothing while it is under way."""
    result, state = job.result or {}, state_of(job)
    if state == "failed":
        key = f"lead_training.failed_{job.code}"
        return here.say(key) if here.has(key) else here.part("failed_other")
    if state != "done":
        return here.part("nothing_published") if state == "cancelled" else ""
    if not result.get("version"):
        return here.part("only_measured")
    if result.get("live"):
        return here.part("is_live")
    return here.part("kept_refused" if result.get("refused") else "kept_aside")


def _table(here: Here, past: list[store.JobRow]) -> Shown:
    rows = tuple(_row(here, job) for job in past)
    names = ("asked_at", "by", "took", "state", "version", "verdict", "outcome")
    heads = tuple(Head(name, here.part(f"col_{name}")) for name in names)
    return Shown("past", here.part("past"), heads, rows)


def _row(here: Here, job: store.JobRow) -> tuple[Cell, ...]:
    run, result = run_of(here, job), job.result or {}
    took = None
    if job.started_at and job.finished_at:
        took = (job.finished_at - job.started_at).total_seconds()
    word = result.get("verdict", {}).get("outcome")
    verdict = Cell(UNKNOWN)
    if word is not None:
        verdict = Cell(here.say(f"lead_models.verdict_{word}"), mark=TONES.get(word, "plain"))
    to = href("models", run.version) if run.version else None
    return (
        Cell(moment(job.queued_at)),
        Cell(run.by),
        Cell(here.numbers.wait(took)),
        Cell(run.word, mark=run.tone),
        Cell(run.version or UNKNOWN, href=to),
        verdict,
        Cell(run.outcome, hint=(job.note or "") if run.state == "failed" else ""),
    )


def _words(here: Here) -> Mapping[str, str]:
    """Return what the script says of a run that goes on."""
    states = ("queued", "running", "stalled", "done", "failed", "cancelled")
    said = {state: here.part(f"state_{state}") for state in states}
    said["cancelling"] = here.part("cancelling")
    return said
