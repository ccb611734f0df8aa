"""The root of the tree, which is drawn in `triage.errors`."""


class TriageError(Exception):
    """The root: nothing of ours raises anything else on purpose."""

    code = "internal"
