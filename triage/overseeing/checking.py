"""What a forum's store says of its service -> a check for each part that can fail without a word.

In: a connection, a forum, a moment. Out: checks, the worst first.
Not here: what only the server knows of itself (api), whether traffic has drifted (watching).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from triage import store
from triage.overseeing.silence import Silence, Speech, listen
from triage.overseeing.telling import told_of
from triage.overseeing.values import WORST_FIRST, Check, Fact, Standing
from triage.records import DeliveryState, Forum, JobKind, JobState

# A model that learnt nothing for so long knows a product that there is no more.
OLD_MODEL = timedelta(days=180)
# Somebody looks at drift every hour, and draws what is to be reviewed every day.
LATE_LOOK, LATE_DRAW = timedelta(hours=3), timedelta(hours=36)
# An alert is for now: unseen for so long nobody is there.
LATE_ALERT = timedelta(hours=24)

_MAKES_LIVE = frozenset(
    {store.ModelAction.PUBLISH, store.ModelAction.ACTIVATE, store.ModelAction.ROLLBACK}
)

_HEARD = {
    Speech.SILENT: Standing.BAD,
    Speech.UNHEARD: Standing.SOON,
    Speech.HEARD: Standing.GOOD,
    Speech.THIN: Standing.GOOD,
    Speech.NEVER: Standing.RESTING,
    Speech.MISSING: Standing.BAD,
    Speech.AWAITED: Standing.SOON,
}


def check_forum(
    c: store.Connection, forum: Forum, now: datetime, *, include_simulated: bool = False
) -> tuple[Check, ...]:
    """Return every check of a forum, the worst first."""
    heard = listen(c, forum.id, now, include_simulated=include_simulated)
    found = [*map(heard_check, heard), *_channels(c, forum, heard)]
    for check in (_model, _training, _knowledge, _deliveries, _drift, _alerts, _reviews):
        found.extend(check(c, forum, now))
    return worst_first(found)


def worst_first(checks: list[Check]) -> tuple[Check, ...]:
    """Return checks by how urgent they are, else in their order."""
    return tuple(sorted(checks, key=lambda check: WORST_FIRST.index(check.standing)))


def heard_check(one: Silence) -> Check:
    """Return the check of a stream."""
    facts: dict[str, Fact]
    if one.begins_at is not None and one.last_at is not None:
        return Check(
            one.stream.value,
            _HEARD[one.speech],
            one.speech.value,
            one.last_at,
            {
                "expected": round(one.expected),
                "limit": round(one.limit),
                "begins_at": one.begins_at,
                "after": one.begins_at - one.last_at,
            },
        )
    facts = {} if one.begins_at is None else {"n": round(one.expected), "since": one.begins_at}
    return Check(one.stream.value, _HEARD[one.speech], one.speech.value, one.last_at, facts)


def _model(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    row = store.get_model(c, forum.id, forum.live_version) if forum.live_version else None
    if row is None:
        yield Check("model", Standing.SOON, "none")
        return
    old = now - row.created_at > OLD_MODEL
    facts: dict[str, Fact] = {"version": row.version, "age": now - row.created_at}
    yield Check(
        "model", Standing.SOON if old else Standing.GOOD, "old" if old else "live",
        row.created_at, facts,
    )  # fmt: skip


def _training(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    job = store.get_job(c, forum.id, JobKind.TRAIN)
    if job is None:
        yield Check("training", Standing.RESTING, "never")
        return
    stuck = job.state is JobState.RUNNING and not job.is_held(now)
    if stuck or job.state is JobState.FAILED:
        code = "stuck" if stuck else "failed"
        facts = {"code": job.code} if job.code and not stuck else {"code": ""}
        yield Check("training", Standing.BAD, code, job.finished_at or job.heartbeat_at, facts)
        return
    yield Check("training", Standing.GOOD, job.state.value, job.finished_at or job.queued_at)


def _knowledge(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    threads = store.count_threads(c, forum.id)
    standing = Standing.GOOD if threads else Standing.BAD
    yield Check("knowledge", standing, "there" if threads else "empty", None, {"n": threads})


def _channels(c: store.Connection, forum: Forum, heard: Sequence[Silence]) -> Iterator[Check]:
    rows = [row for row in store.list_channels(c, forum.id) if row.person is None]
    told = [told_of(c, forum.id, one) for one in heard if one.is_dead]
    untold = [one.told_at for one in told if one is not None and not one.receivers]
    if untold:
        yield Check("channels", Standing.SOON, "untold", min(untold), {"n": len(untold)})
    if not rows:
        if not untold:
            yield Check("channels", Standing.RESTING, "none")
        return
    off = sum(row.disabled_at is not None for row in rows)
    tired = [r for r in rows if r.disabled_at is None and r.failures >= store.RESTS_AFTER]
    facts = {"n": len(tired) or off or len(rows), "of": len(rows)}
    code = "resting" if tired else "disabled" if off else "fine"
    standing = {"resting": Standing.BAD, "disabled": Standing.SOON}.get(code, Standing.GOOD)
    yield Check("channels", standing, code, _reached_at(rows), facts)


def _deliveries(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    rows = [row for row in store.list_channels(c, forum.id) if row.person is None]
    if not rows:
        return
    counts = store.count_deliveries(c, forum.id, (DeliveryState.DEAD,)).values()
    dead = sum(states.get(DeliveryState.DEAD, 0) for states in counts)
    if dead:
        oldest = min(store.oldest_unsettled(c, forum.id).values(), default=None)
        yield Check("deliveries", Standing.BAD, "dead", oldest, {"n": dead})
    else:
        yield Check("deliveries", Standing.GOOD, "fine", _reached_at(rows))


def _reached_at(rows: Sequence[store.ChannelRow]) -> datetime | None:
    return max((row.reached_at for row in rows if row.reached_at), default=None)


def _drift(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    # Whether anybody still looks, or a model is live, is no answer to what was told already.
    unseen = store.count_unseen_alerts(c, forum.id)
    if unseen:
        oldest = store.oldest_unseen_alert(c, forum.id)
        yield Check("drift", Standing.BAD, "unseen", oldest, {"n": unseen})
    version = forum.live_version
    if version is None:
        return
    turn, day = store.drift_looked_at(c, forum.id), store.latest_drift_day(c, forum.id)
    # Who takes the turn and fails has looked at nothing. A version that has just become live is
    # looked at within the hour.
    looked = None if day is None else day.looked_at
    moments = (looked, turn and _live_since(c, forum.id, version))
    begun = max(filter(None, moments), default=turn)
    if begun is not None and now - begun > LATE_LOOK:
        yield Check("drift", Standing.SOON, "late", looked)
    elif looked is None:
        yield Check("drift", Standing.RESTING, "never")
    elif not unseen:
        drifted = sum(row.verdict == "drifted" for row in store.list_drifts(c, forum.id))
        code = "drifted" if drifted else "fine"
        standing = Standing.SOON if drifted else Standing.GOOD
        yield Check("drift", standing, code, looked, {"n": drifted})


def _live_since(c: store.Connection, forum_id: int, version: str) -> datetime | None:
    """Return when a version became the live one for the last time; None: nobody noted it."""
    rows = store.list_history(c, forum_id)
    mine = [row.at for row in rows if row.version == version and row.action in _MAKES_LIVE]
    return max(mine, default=None)


def _alerts(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    oldest = store.oldest_unseen_question_alert(c, forum.id)
    if oldest is None:
        yield Check("alerts", Standing.GOOD, "fine")
        return
    standing = Standing.BAD if now - oldest > LATE_ALERT else Standing.SOON
    many = store.count_unseen_question_alerts(c, forum.id)
    yield Check("alerts", standing, "unseen", oldest, {"n": many})


def _reviews(c: store.Connection, forum: Forum, now: datetime) -> Iterator[Check]:
    if forum.live_version is None:
        return
    drawn = store.last_review_draw(c, forum.id)
    waiting = sum(store.count_open_reviews(c, forum.id).values())
    if drawn is None:
        yield Check("reviews", Standing.RESTING, "never")
    elif now - drawn.drawn_at > LATE_DRAW:
        yield Check("reviews", Standing.SOON, "late", drawn.drawn_at, {"n": waiting})
    else:
        yield Check("reviews", Standing.GOOD, "drawn", drawn.drawn_at, {"n": waiting})
