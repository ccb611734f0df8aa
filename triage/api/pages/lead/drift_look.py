"""An address of /lead/drift -> the look that it asks for: one that was kept, or one made for it.

In: a day, the day that counts as the model's own, which asks. Out: a `Look`. What the errand said
on a day stands as it was said; whatever else is asked for is looked at beside the request, and
remembered for a while. Who asks for a long look is told that it is being made.
Not here: looking (watching), remembering (api.found), what a page shows of it (drift).
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from triage import store
from triage.api.found import FEW, PATIENCE_SECONDS
from triage.api.pages.lead.here import Here
from triage.api.remembered import Known
from triage.errors import BadField
from triage.records import Forum
from triage.watching import Watched, Wish
from triage.watching.looking import live_model, model_day, watch_with
from triage.watching.moments import date_of, day_number
from triage.watching.saying import heard

REAL, ALL = "real", "all"
FIELDS = frozenset({"day", "since", "asks"})
# In a demo the model is younger than all of its made-up asks.
_DEMO_WEEKS = timedelta(weeks=5)
_EARLIEST = date(2000, 1, 1)
_LONG_AGO = datetime.combine(_EARLIEST, time(), UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; without `since` the model's own time ends with its training."""

    day: date
    since: date | None
    asks: str


@dataclass(frozen=True, slots=True)
class Look:
    """What was found as of a day, when, and whether it is what the server said at that time.

    `pending`: it is being looked at, and there is nothing to show yet.
    """

    asked: Asked
    watched: Watched
    looked_at: datetime
    kept: bool
    # The first day of which the model has learnt nothing; None without a model.
    made: date | None = None
    pending: bool = False


def asked_of(here: Here) -> Asked:
    """Return what the address asks for. Raises BadField for a day that cannot be."""
    given, today = here.request.query_params, here.now.date()
    day = _day("day", given.get("day"), today) or today
    since = _day("since", given.get("since"), today)
    asks = given.get("asks") or REAL
    if asks not in (REAL, ALL):
        raise BadField("asks", f"is none of {REAL}, {ALL}")
    if not given.get("asks") and here.installation.settings.demo:
        return Asked(day, since or day - _DEMO_WEEKS, ALL)
    return Asked(day, since, asks)


def look_of(here: Here, asked: Asked) -> Look:
    """Return the look that is asked for.

    Raises Unavailable while a part of it is missing, JobLost where a look was not finished, and
    Problem `too_busy` where too many are waited for.
    """
    database = here.database()
    with database.read() as c:
        # A session knows the forum as it was when it was opened.
        forum = store.get_forum(c, here.forum.name)
        model = live_model(c, forum)
        kept = _kept(c, forum, asked, here.now.date())
    if model is None:
        return Look(asked, Watched(None), here.now, kept=False)
    made = date_of(model_day(model))
    if kept is not None:
        return Look(asked, heard(kept.found), kept.looked_at, True, made)
    found = _made(here, forum, asked)
    if found is None:
        return Look(asked, Watched(None), here.now, kept=False, made=made, pending=True)
    return Look(asked, found.value, found.at, False, made)


def _kept(c: store.Connection, forum: Forum, asked: Asked, today: date) -> store.DriftDay | None:
    """Return what was said on the day, if that is what is asked for.

    Early on a day the last word is that of the day before.
    """
    if asked.since is not None or asked.asks != REAL:
        return None
    since = asked.day - timedelta(days=1) if asked.day == today else asked.day
    found = store.latest_drift_day(c, forum.id, asked.day, since=since)
    if found is None or (asked.day == today and found.model_version != forum.live_version):
        return None
    return found


def _made(here: Here, forum: Forum, asked: Asked) -> Known[Watched] | None:
    """Return what is remembered or found at once; None while it is being looked at."""
    since = None if asked.since is None else day_number(asked.since)
    wish = Wish(day_number(asked.day), since, asked.asks == ALL)
    found, today = here.installation.found, asked.day == here.now.date()
    remembered = found.looks if today else found.past_looks
    with here.database().read() as c:
        few = store.count_sent(c, forum.id, _LONG_AGO, FEW + 1, include_simulated=True) <= FEW

    def make() -> Watched:
        if not few:
            return found.look_beside(forum, wish, now=today)
        # Opened where cases came since alone: a model that does not open keeps no page away.
        return watch_with(
            here.database(), forum, wish, lambda: nullcontext(here.caller.desk.parts())
        )

    patience = PATIENCE_SECONDS if few else 0.0
    return remembered.get((forum.id, forum.live_version, wish), make, patience)


def _day(field: str, given: str | None, today: date) -> date | None:
    if not given:
        return None
    try:
        day = datetime.combine(date.fromisoformat(given), time(), UTC).date()
    except ValueError as error:
        raise BadField(field, "is no day, such as 2026-03-02") from error
    if not _EARLIEST <= day <= today:
        raise BadField(field, "is too long ago, or has not been yet")
    return day
