"""Errors about reports: a period that cannot be closed.

In: the period. Out: a code, and a sentence that says what to do.
Not here: fields that are wrong (callers).
"""

from triage.errors.callers import Refused


class PeriodOpen(Refused):
    """A period that cannot be closed, since its figures are not yet those of all of it."""

    code = "period_open"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The period cannot be closed: {why}. Give a beginning and an end that has come, as of"
            " a moment after it."
        )


class PeriodClosed(Refused):
    """A period that was closed before: what was said then stays said."""

    code = "period_closed"

    def __init__(self, since: str, until: str) -> None:
        super().__init__(
            f"The period from {since} to {until} is closed. A report of it tells the figures it was"
            " closed with beside those of now."
        )
