"""What the room offers of reviewing: items of the queue, labels of leads, what might be looked at.

In: nothing. Out: the names that `triage.store` gives on; callers import from there.
Not here: any of it (the files it is imported from).
"""

from triage.store.doubts import close_stale_doubts, doubts_of, drop_doubts, waiting_doubts
from triage.store.review_draws import (
    ReviewDraw,
    add_review_draw,
    expire_superseded,
    last_review_draw,
)
from triage.store.reviewable import (
    MovedQuestion,
    SentAsk,
    moved_questions,
    sent_asks,
    topics_of_cases,
    unlabelled_cases,
    who_asked,
    who_posted,
)
from triage.store.reviewed import (
    ReviewedLabel,
    drop_reviewed_labels,
    put_reviewed_labels,
    reviewed_labels_of,
)
from triage.store.reviews import (
    ReviewReason,
    ReviewRow,
    ReviewState,
    ReviewSubject,
    ReviewVerdict,
    close_reviews_of,
    count_open_reviews,
    count_reviews_done,
    decide_review,
    expire_reviews,
    get_review,
    list_reviews,
    reviewed_subjects,
    reviews_since,
)

__all__ = [
    "MovedQuestion",
    "ReviewDraw",
    "ReviewReason",
    "ReviewRow",
    "ReviewState",
    "ReviewSubject",
    "ReviewVerdict",
    "ReviewedLabel",
    "SentAsk",
    "add_review_draw",
    "close_reviews_of",
    "close_stale_doubts",
    "count_open_reviews",
    "count_reviews_done",
    "decide_review",
    "doubts_of",
    "drop_doubts",
    "drop_reviewed_labels",
    "expire_reviews",
    "expire_superseded",
    "get_review",
    "last_review_draw",
    "list_reviews",
    "moved_questions",
    "put_reviewed_labels",
    "reviewed_labels_of",
    "reviewed_subjects",
    "reviews_since",
    "sent_asks",
    "topics_of_cases",
    "unlabelled_cases",
    "waiting_doubts",
    "who_asked",
    "who_posted",
]
