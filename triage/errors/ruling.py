"""Errors about the versions of a forum's policy.

In: a version, what was found. Out: a code, and a sentence that says what to do.
Not here: a policy whose text is wrong, which is a field that is (callers).
"""

from triage.errors.callers import Missing, Refused
from triage.errors.parts import Unavailable


class PolicyChanged(Refused):
    """A policy that somebody else has drafted or activated since it was read."""

    code = "policy_changed"

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has drafted or activated another policy in the meantime. Read it again,"
            " and do what you meant if it still holds."
        )


class NoPolicy(Missing):
    """A version of its policy that the forum does not have, or no draft."""

    code = "no_policy"

    def __init__(self, version: int | None = None) -> None:
        what = (
            "no draft of its policy" if version is None else f"no version {version} of its policy"
        )
        super().__init__(
            f"This forum has {what}. `python -m triage policy history` shows those that it has,"
            " `policy import FILE` makes a draft."
        )


class PolicyRefused(Unavailable):
    """A policy that should decide and that this release cannot read."""

    code = "policy_refused"

    def __init__(self, version: int, problem: str) -> None:
        super().__init__(
            f"Version {version} of the policy cannot be read: {problem} Activate another one with"
            " `python -m triage policy activate`, or start the release that wrote it."
        )
