"""A draw of the review queue, what a lead said of an item: and all that reads or changes it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from triage.records import ApiKey, Case
from triage.store import (
    BurstState,
    Connection,
    ReviewDraw,
    ReviewedLabel,
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewSubject,
    ReviewVerdict,
    add_review_draw,
    close_reviews_of,
    close_stale_doubts,
    count_open_reviews,
    count_reviews_done,
    decide_review,
    doubts_of,
    drop_doubts,
    drop_reviewed_labels,
    expire_reviews,
    expire_superseded,
    find_burst,
    get_review,
    last_review_draw,
    list_bursts,
    list_reviews,
    moved_questions,
    put_cases,
    put_reviewed_labels,
    reopen_doubt,
    reviewed_labels_of,
    reviewed_subjects,
    reviews_since,
    sent_asks,
    topics_of_cases,
    unlabelled_cases,
    waiting_doubts,
    who_asked,
    who_posted,
)

from .samples import NOON

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
DRAW = ReviewDraw(TODAY, NOON, NOON - DAY, NOON, 1, 1, 2, None)
ITEM = ReviewRow(
    id="r1",
    subject=ReviewSubject.ASK,
    subject_id="a1",
    reason=ReviewReason.RANDOM,
    targets=("kind",),
    drawn_on=TODAY,
    drawn_at=NOON,
    place=0,
    model_version=None,
    said={},
    evidence={},
    propensity=0.5,
    ask_id="a1",
)
LABEL = ReviewedLabel("c1", "kind", "", None, "r1", True, NOON)
_LONG_AGO, _LATER = NOON - 9 * DAY, NOON + 9 * DAY


def review(c: Connection, forum_id: int, mark: str) -> None:
    """Draw two items, and have a lead say something of a case."""
    told = {"said": {"kind": mark}}
    other = replace(ITEM, id="r2", subject_id="q0", subject=ReviewSubject.QUESTION, place=1, **told)
    items = [replace(ITEM, **told), replace(other, ask_id=None)]
    add_review_draw(c, forum_id, replace(DRAW, model_version=mark), items)
    case = Case("c9", mark, "", created=NOON, topic=mark)
    put_cases(c, forum_id, [(case, "d9")])
    put_reviewed_labels(c, forum_id, [replace(LABEL, label=mark)])


def reviewed(c: Connection, forum_id: int) -> dict[str, Any]:
    """Read all of it."""
    return {
        "reviews": (
            get_review(c, forum_id, "r1"),
            list_reviews(c, forum_id),
            list_reviews(c, forum_id, ReviewState.DECIDED, ReviewReason.RANDOM),
            count_open_reviews(c, forum_id),
            count_reviews_done(c, forum_id, _LONG_AGO, _LATER),
            reviewed_subjects(c, forum_id),
            reviews_since(c, forum_id, TODAY, TODAY + DAY, by_lot=True),
        ),
        "review_draws": last_review_draw(c, forum_id),
        "reviewed_labels": (
            reviewed_labels_of(c, forum_id, ["c1"]),
            doubts_of(c, forum_id, ["c1"]),
            waiting_doubts(c, forum_id),
        ),
        "reviewable": (
            sent_asks(c, forum_id, _LONG_AGO, _LATER, include_simulated=True),
            moved_questions(c, forum_id, _LONG_AGO, include_simulated=True),
            unlabelled_cases(c, forum_id, ["kind"], _LONG_AGO, 9),
            topics_of_cases(c, forum_id),
            who_asked(c, forum_id, ["a1"]),
            who_posted(c, forum_id, ["q0"]),
        ),
        "bursts_found": [
            find_burst(c, forum_id, one.id)
            for one in list_bursts(c, forum_id, state=BurstState.OPEN)
        ],
    }


def change_reviewed(c: Connection, key: ApiKey) -> None:
    """Change all of it."""
    forum_id = key.forum.id
    decided = replace(ITEM, state=ReviewState.SKIPPED, decided_by="eva", decided_at=NOON)
    decide_review(c, forum_id, decided, ReviewState.OPEN)
    close_reviews_of(c, forum_id, ReviewSubject.ASK, "a1", ReviewVerdict.LABELLED, NOON)
    expire_reviews(c, forum_id, _LATER, [ReviewSubject.QUESTION])
    expire_superseded(c, forum_id)
    drop_reviewed_labels(c, forum_id, "c1", ["kind"])
    reopen_doubt(c, forum_id, "c1", "kind", NOON)
    close_stale_doubts(c, forum_id)
    drop_doubts(c, forum_id, "c1", ["kind"])
