"""Errors about what many have in common: known issues, clusters of questions, gaps.

In: what was asked for. Out: a code, and a sentence that says what to do.
Not here: what else may be missing (callers).
"""

from triage.errors.callers import Missing, Refused


class NoKnownIssue(Missing):
    """A known issue that does not exist, or that this caller may not read."""

    code = "no_known_issue"

    def __init__(self, issue_id: str) -> None:
        super().__init__(f"There is no known issue {issue_id!r} in this forum.")


class IssueChanged(Refused):
    """A known issue that somebody else changed since it was read."""

    code = "issue_changed"

    def __init__(self, issue_id: str) -> None:
        super().__init__(
            f"The known issue {issue_id!r} was changed by somebody else in the meantime. Read it"
            " again, and send the change again if it still holds."
        )


class NoCluster(Missing):
    """A cluster of questions that does not exist, or no more."""

    code = "no_cluster"

    def __init__(self, cluster_id: str) -> None:
        super().__init__(
            f"There is no cluster {cluster_id!r} in this forum. `GET /v1/clusters` gives those"
            " that there are."
        )


class NoGap(Missing):
    """A group of asks that does not exist, or no longer."""

    code = "no_gap"

    def __init__(self, gap_id: str) -> None:
        super().__init__(
            f"There is no gap {gap_id!r} in this forum. Read the list again: groups whose asks are"
            " all gone are forgotten."
        )
