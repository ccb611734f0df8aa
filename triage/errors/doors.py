"""Errors of who calls: nobody that is known, or somebody who may not do what is asked.

In: what was brought. Out: a code, and a sentence that says what to do.
Not here: what is wrong with what is asked (callers).
"""

from triage.errors.root import TriageError


class NotAllowed(TriageError):
    """The caller may not do this."""

    code = "not_allowed"


class NoKey(NotAllowed):
    """A call without an API key."""

    code = "no_key"

    def __init__(self) -> None:
        super().__init__(
            "Send an API key as `Authorization: Bearer KEY`; `python -m triage keys create`"
            " makes one."
        )


class UnknownKey(NotAllowed):
    """A key that never existed, was revoked, or has expired."""

    code = "unknown_key"

    def __init__(self) -> None:
        super().__init__(
            "This API key is unknown, revoked or expired. Ask your administrator for a new one."
        )


class BadVisitor(NotAllowed):
    """A visitor's token that does not hold; its bearer is never taken for somebody anonymous."""

    code = "bad_visitor"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The token in `Triage-Visitor` {problem}. Fetch a new one from the forum's server."
        )


class WrongOrigin(NotAllowed):
    """A publishable key in the pages of a site that it was not made for."""

    code = "wrong_origin"

    def __init__(self) -> None:
        super().__init__(
            "No publishable key may be brought from this site. Make one with"
            " `python -m triage keys create --publishable --origin SITE`."
        )


class DemoElsewhere(NotAllowed):
    """A demo that is reached, or would be, from elsewhere than the machine that it runs on."""

    code = "demo_elsewhere"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"With TRIAGE_DEMO anybody is let in as anybody, so it is for this machine alone;"
            f" {problem}."
        )


class WrongRole(NotAllowed):
    """A key whose role does not reach this endpoint."""

    code = "wrong_role"

    def __init__(self, role: str, allowed: str) -> None:
        super().__init__(f"A key of role `{role}` may not do this; it takes {allowed}.")
