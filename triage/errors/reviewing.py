"""Errors of the review queue.

In: an item, who decided. Out: a code, and a sentence that says what to do.
Not here: HTTP (api.problems).
"""

from datetime import datetime

from triage.errors.callers import Missing, Refused


class NoReview(Missing):
    """An item that the review queue does not have, or no longer."""

    code = "no_review"

    def __init__(self, item_id: str) -> None:
        super().__init__(
            f"There is no review item {item_id!r} in this forum. Read the list again: an item goes"
            " with what it is about."
        )


class ReviewTaken(Refused):
    """An item that somebody decided about otherwise, or before."""

    code = "review_taken"

    def __init__(self, by: str | None, at: datetime | None) -> None:
        self.by = by
        self.at = at
        who = by or "somebody, through another door"
        super().__init__(
            f"This item was decided already by {who}. Look at it again; `undo` has it wait again,"
            " so that it can be decided otherwise."
        )


class ReviewFinal(Refused):
    """A decision that cannot be taken back here, because it has had its effect."""

    code = "review_final"

    def __init__(self, item_id: str) -> None:
        super().__init__(
            f"What was decided of {item_id} has had its effect. A burst that is left out can still"
            " be let count, a refused proposal be approved, and a thread be changed where threads"
            " are."
        )
