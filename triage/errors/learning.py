"""Errors of whoever changes which version of a model is live.

In: what was asked. Out: a code, and a sentence that says what to do.
Not here: versions that are not there (callers), files that cannot be opened (parts).
"""

from triage.errors.callers import Refused


class ModelChanged(Refused):
    """Another version of the model is live than the one that whoever acts has seen."""

    code = "model_changed"

    def __init__(self, live: str | None) -> None:
        super().__init__(
            f"Meanwhile {live or 'no version'} is live, and nothing was done. Look again, and act"
            " once more if it still holds."
        )


class NoFormerVersion(Refused):
    """A model that cannot be rolled back: nothing is known to have been live before."""

    code = "no_former_version"

    def __init__(self, forum: str) -> None:
        super().__init__(
            f"No version of the model of forum {forum} is left that was live before this one."
            " Activate one by its name."
        )


class VerdictAgainst(Refused):
    """A version that did not pass the gate, wanted live without a reason to overrule that."""

    code = "verdict_against"

    def __init__(self, version: str, why: str, more: int = 0) -> None:
        others = f" `models show {version}` has {more} more reasons." if more else ""
        super().__init__(
            f"The gate did not pass version {version}: {why}{others} Give a reason to make it live"
            " all the same (`--force REASON`, or `force` in the request); it is recorded."
        )
