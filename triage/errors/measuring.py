"""Errors about what is measured.

In: what was asked for. Out: a code, and a sentence that says what to do.
Not here: events that are refused, which have codes of their own (store.events).
"""

from triage.errors.callers import Missing, Refused


class NoBurst(Missing):
    """A burst of events that the forum does not have."""

    code = "no_burst"

    def __init__(self) -> None:
        super().__init__("This forum has no such burst. `GET /v1/event-bursts` lists them.")


class BurstCounts(Refused):
    """A burst whose events count already."""

    code = "burst_counts"

    def __init__(self) -> None:
        super().__init__(
            "Somebody let the events of this burst count, and training may have read them since:"
            " they cannot be put aside again."
        )
