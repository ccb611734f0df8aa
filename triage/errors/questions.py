"""Errors about posted questions and whoever is alerted of them.

In: what was asked for. Out: a code, and a sentence that says what to do.
Not here: steps that a question cannot take (callers).
"""

from triage.errors.callers import Missing


class NoQuestion(Missing):
    """A posted question that does not exist, or that this caller may not read."""

    code = "no_question"

    def __init__(self) -> None:
        super().__init__(
            "There is no such question for this caller. Whoever asked it is known by the token in"
            " `Triage-Visitor`."
        )


class NoAlert(Missing):
    """An alert that this forum never gave."""

    code = "no_alert"

    def __init__(self) -> None:
        super().__init__("This forum has no such alert. `GET /v1/alerts` shows those it has.")
