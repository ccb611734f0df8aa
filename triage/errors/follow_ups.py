"""Errors of asking once more.

In: nothing. Out: exception classes with their codes.
Not here: HTTP (api.problems).
"""

from triage.errors.callers import Missing


class NoFollowUp(Missing):
    """A question that this person was never asked, or whose time is over."""

    code = "no_follow_up"

    def __init__(self) -> None:
        super().__init__(
            "This person or session was not asked that, or its time is over. Ask what is due with"
            " `POST /v1/follow-ups/due`."
        )
