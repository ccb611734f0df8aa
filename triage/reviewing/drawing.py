"""A day of a forum -> the items that a lead should look at, each with what the machine said of it.

In: the store, the open model, how much is wished for. Out: rows, kept together with the draw: a day
is drawn once, whoever comes first. The lot is drawn first, of all that was sent since the draw
before; what is chosen comes from the rest and never counts for what is measured.
Not here: candidates (gathering), scores (scoring), what becomes of an item (queue).
"""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from triage import store
from triage.audit.acting import Acting
from triage.insight.choosing import by_lot
from triage.pipeline import Parts
from triage.records import Forum
from triage.reviewing.gathering import (
    MOST_ASKS,
    Candidate,
    of_asks,
    of_doubts,
    of_moved,
    of_unlabelled,
    place_of,
    vectors_of,
)
from triage.reviewing.picking import pick
from triage.reviewing.rows import Day, bare_row, mixed, row_of, scored_row
from triage.reviewing.scoring import score
from triage.reviewing.teaching import case_id_of
from triage.reviewing.values import Drawn, Wish
from triage.store import (
    BurstState,
    ProposalState,
    ReviewDraw,
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewSubject,
)
from triage.text import digest

FRESH = timedelta(days=14)
_UNLABELLED = timedelta(days=90)
_FIRST_LOT = timedelta(days=7)
_FLEETING = (ReviewSubject.ASK, ReviewSubject.QUESTION, ReviewSubject.CASE)
_MANY = 500
_FEW = 0.08  # of a day's items: bursts, and as many proposals


def draw(
    database: store.Database,
    forum: Forum,
    parts: Parts,
    wish: Wish,
    now: datetime,
    acting: Acting | None = None,
) -> Drawn:
    """Fill a forum's queue for a day, once, noted as of who acts. Raises StoreUnavailable."""
    with database.read() as c:
        last = store.last_review_draw(c, forum.id)
        day = _day(last, now)
        if last is not None and last.drawn_on >= day.date:
            return Drawn(day.date, again=True)
        seen = store.reviewed_subjects(c, forum.id)
        lot, asked, propensity = _by_lot(c, forum, day, wish, seen)
        taken = seen | {(one.subject, one.subject_id) for one in lot}
        taken |= {(ReviewSubject.ASK, one.ask_id) for one in lot if one.ask_id}
        others = _without_labels(c, forum.id, wish, day, taken)
    rest = max(0, wish.most - len(lot) - len(others))
    chosen = _chosen(database, forum, parts, wish, day, rest, taken, lot)
    drawn = [row_of(one, ReviewReason.RANDOM, day, propensity=propensity) for one in lot]
    rows = mixed([*others, *chosen], drawn)
    kept = ReviewDraw(
        day.date, now, day.since, day.until, asked, len(lot), len(rows), parts.version
    )
    with database.write() as c:
        store.expire_reviews(c, forum.id, now - FRESH, _FLEETING)
        store.expire_superseded(c, forum.id)
        store.close_stale_doubts(c, forum.id)
        if not store.add_review_draw(c, forum.id, kept, rows):
            return Drawn(kept.drawn_on, again=True)
        if acting is not None:
            told = {"items": len(rows), "by_lot": len(lot), "asks": asked}
            acting.note(c, "review.draw", kept.drawn_on.isoformat(), after=told)
    return Drawn(kept.drawn_on, len(rows), Counter(row.reason for row in rows))


def _day(last: ReviewDraw | None, now: datetime) -> Day:
    """Return what the lot is drawn of: all since the draw before, up to the last midnight."""
    until = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    since = until - _FIRST_LOT if last is None else max(last.until, until - FRESH)
    return Day(now, min(since, until), until)


def _by_lot(
    c: store.Connection,
    forum: Forum,
    day: Day,
    wish: Wish,
    seen: set[tuple[ReviewSubject, str]],
) -> tuple[list[Candidate], int, float]:
    """Return what the lot drew, of how many, and how likely each was to be drawn.

    What was in the queue before is drawn from all the same, and then not asked about twice.
    """
    simulated = wish.include_simulated
    sent = store.sent_asks(c, forum.id, day.since, day.until, include_simulated=simulated)
    found = of_asks(c, forum.id, sent)
    keys = sorted(found)
    lot = by_lot(keys, min(wish.by_lot, wish.most), f"{forum.name} {day.date.isoformat()}")
    drawn = [found[keys[place]] for place in lot.places]
    return [one for one in drawn if not _is_seen(one, seen)], len(keys), lot.propensity


def _chosen(
    database: store.Database,
    forum: Forum,
    parts: Parts,
    wish: Wish,
    day: Day,
    most: int,
    taken: set[tuple[ReviewSubject, str]],
    lot: Sequence[Candidate],
) -> list[ReviewRow]:
    """Return what is chosen for what speaks for it, nothing nearly the same as another."""
    unlabelled = of_unlabelled(database, forum.id, parts, day.now - _UNLABELLED)
    with database.read() as c:
        found = {one.key: one for one in (*unlabelled, *_candidates(c, forum.id, wish, day))}
        asked = store.reviewed_subjects(c, forum.id, waiting=True)
        pool = [
            found[key]
            for key in sorted(found)
            # A label that is doubted since it was looked at is looked at again.
            if not _is_seen(found[key], asked if _is_doubt(found[key]) else taken)
        ]
        if not pool or not most:
            return []
        vectors = vectors_of(c, forum.id, parts, [place_of(one) for one in pool])
        scored = score(c, forum.id, parts, pool, vectors)
        lately = store.reviews_since(c, forum.id, day.date - FRESH)
        lately += store.list_reviews(c, forum.id, ReviewState.OPEN, limit=_MANY)
        # What was looked at itself is no reason not to look at it again.
        own = {one.case.id for one in pool if one.case is not None}
        lately = [row for row in lately if case_id_of(row) not in own]
        beside = vectors_of(c, forum.id, parts, [*map(place_of, lot), *_places(c, forum, lately)])
    return [
        scored_row(pool[one.place], one.place, ReviewReason(one.why), one.score, scored, day)
        for one in pick(pool, scored, most, beside)
    ]


def _candidates(c: store.Connection, forum_id: int, wish: Wish, day: Day) -> list[Candidate]:
    """Return what was sent lately, what people moved and what training doubts.

    What people moved stands for itself, though it was sent lately too. Nothing is chosen before the
    lot could have drawn it: else the lot would miss what was doubtful.
    """
    simulated = wish.include_simulated
    since = day.until - FRESH
    sent = store.sent_asks(c, forum_id, since, day.until, include_simulated=simulated)
    moved = store.moved_questions(c, forum_id, since - FRESH, include_simulated=simulated)
    asked = of_asks(c, forum_id, sent[-MOST_ASKS:])
    sent_on = [one for one in of_moved(c, forum_id, moved) if one.sent_at < day.until]
    return [*asked.values(), *sent_on, *of_doubts(c, forum_id)]


def _places(
    c: store.Connection, forum: Forum, rows: Sequence[ReviewRow]
) -> list[tuple[str | None, str | None]]:
    from_cases = store.get_cases(c, forum.id, [row.case_id for row in rows if row.case_id])
    digests = {name: digest(case.text) for name, case in from_cases.items()}
    return [(row.ask_id, digests.get(row.case_id or "")) for row in rows]


def _without_labels(
    c: store.Connection,
    forum_id: int,
    wish: Wish,
    day: Day,
    taken: set[tuple[ReviewSubject, str]],
) -> list[ReviewRow]:
    """Return the bursts and the proposals that wait, a few of each: nobody labels them."""
    few = math.ceil(max(0, wish.most - wish.by_lot) * _FEW)
    bursts = store.list_bursts(c, forum_id, state=BurstState.OPEN, limit=_MANY)
    proposed = store.list_proposals(c, forum_id, ProposalState.OPEN, limit=_MANY)
    hasty = [
        bare_row(ReviewSubject.BURST, one.id, ReviewReason.BURST, day, burst_id=one.id)
        for one in bursts
        if (ReviewSubject.BURST, one.id) not in taken
    ]
    answers = [
        bare_row(ReviewSubject.PROPOSAL, one.id, ReviewReason.PROPOSAL, day, case_id=one.case_id)
        for one in proposed
        if (ReviewSubject.PROPOSAL, one.id) not in taken
    ]
    return [*hasty[:few], *answers[:few]]


def _is_doubt(one: Candidate) -> bool:
    return ReviewReason.LABEL_ERROR in one.found


def _is_seen(one: Candidate, seen: set[tuple[ReviewSubject, str]]) -> bool:
    mine = (one.subject, one.subject_id) in seen
    return mine or (one.ask_id is not None and (ReviewSubject.ASK, one.ask_id) in seen)
