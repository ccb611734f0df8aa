"""What people and machines changed in a forum since a moment, the latest first.

In: a connection, a forum, since when, whose acts may be told. Out: changes, of one kind counted
together.
Not here: figures of what was asked (day), words of any of it (web).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from triage import store
from triage.overseeing.values import Fact
from triage.records import Forum, JobKind, JobState


class ChangeKind(StrEnum):
    """What changed."""

    ACT = "act"
    MODEL_MADE = "model_made"
    TRAINED = "trained"
    NOT_TRAINED = "not_trained"
    DRIFTED = "drifted"
    WATCHED = "watched"
    STEADY = "steady"
    PROPOSED = "proposed"
    BURST = "burst"
    ALERTED = "alerted"
    DRAWN = "drawn"


_TURNED = {
    "drifted": ChangeKind.DRIFTED,
    "watch": ChangeKind.WATCHED,
    "steady": ChangeKind.STEADY,
}


@dataclass(frozen=True, slots=True)
class Change:
    """Some of one kind, `n` of them, the last one `at`.

    Of acts, `what` is the name of the act and `by` who did it; `about` is what it is about where
    there is one alone.
    """

    kind: ChangeKind
    at: datetime
    n: int = 1
    what: str = ""
    by: tuple[str, ...] = ()
    about: str = ""
    facts: dict[str, Fact] = field(default_factory=dict)


def changed_since(
    c: store.Connection, forum: Forum, since: datetime, subjects: Collection[str] | None
) -> tuple[Change, ...]:
    """Return what changed from a moment on; `subjects` are the acts that may be told, None: all."""
    found = [
        *_acts(c, forum, since, subjects),
        *_models(c, forum, since),
        *_drifts(c, forum, since),
        *_issues(c, forum, since),
        *_bursts(c, forum, since),
        *_alerts(c, forum, since),
        *_reviews(c, forum, since),
    ]
    return tuple(sorted(found, key=lambda change: change.at, reverse=True))


def _acts(
    c: store.Connection, forum: Forum, since: datetime, subjects: Collection[str] | None
) -> Iterator[Change]:
    wanted = store.ActsWanted(subjects=subjects, since=since)
    for done in store.count_acts(c, forum.id, wanted):
        about = done.objects[0] if len(done.objects) == 1 else ""
        facts: dict[str, Fact] = {"people": int(done.by_people)}
        yield Change(ChangeKind.ACT, done.at, done.n, done.act, done.by, about, facts)


def _models(c: store.Connection, forum: Forum, since: datetime) -> Iterator[Change]:
    for row in store.list_models(c, forum.id):
        if row.created_at >= since:
            yield Change(ChangeKind.MODEL_MADE, row.created_at, about=row.version)
    job = store.get_job(c, forum.id, JobKind.TRAIN)
    if job is None or job.finished_at is None or job.finished_at < since:
        return
    if job.state is JobState.DONE:
        yield Change(ChangeKind.TRAINED, job.finished_at)
    elif job.state is JobState.FAILED:
        yield Change(ChangeKind.NOT_TRAINED, job.finished_at, facts={"code": job.code or ""})


def _drifts(c: store.Connection, forum: Forum, since: datetime) -> Iterator[Change]:
    turned: dict[ChangeKind, list[datetime]] = defaultdict(list)
    for row in store.list_drifts(c, forum.id):
        if row.changed_at >= since and row.verdict in _TURNED:
            turned[_TURNED[row.verdict]].append(row.changed_at)
    for kind, moments in turned.items():
        yield Change(kind, max(moments), len(moments))


def _issues(c: store.Connection, forum: Forum, since: datetime) -> Iterator[Change]:
    fresh = [
        issue.proposed_at
        for issue in store.list_issues(c, forum.id, {store.IssueState.PROPOSED})
        if issue.proposed_at >= since
    ]
    if fresh:
        yield Change(ChangeKind.PROPOSED, max(fresh), len(fresh))


def _bursts(c: store.Connection, forum: Forum, since: datetime) -> Iterator[Change]:
    fresh = store.bursts_since(c, forum.id, since)
    if fresh.last_at is not None:
        yield Change(ChangeKind.BURST, fresh.last_at, fresh.n, facts={"events": fresh.events})


def _alerts(c: store.Connection, forum: Forum, since: datetime) -> Iterator[Change]:
    fresh = store.question_alerts_since(c, forum.id, since)
    if fresh.last_at is not None:
        yield Change(ChangeKind.ALERTED, fresh.last_at, fresh.n)


def _reviews(c: store.Connection, forum: Forum, since: datetime) -> Iterator[Change]:
    drawn = store.last_review_draw(c, forum.id)
    if drawn is not None and drawn.drawn_at >= since and drawn.items:
        yield Change(ChangeKind.DRAWN, drawn.drawn_at, drawn.items)
