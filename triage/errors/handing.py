"""Errors of handing over: what did not get through, and what is known of no channel.

In: what happened on the way. Out: a code, and a sentence that says what to do.
Not here: what is wrong with a request (callers), when it is tried again (delivering).
"""

from datetime import timedelta

from triage.errors.callers import Missing, Refused
from triage.errors.doors import NotAllowed
from triage.errors.root import TriageError


class SendFailed(TriageError):
    """Something that went out and did not arrive, or came back as nothing of use.

    Its `code` is `address_refused`, `unreachable`, `bad_certificate`, `timed_out`,
    `reply_too_large`, `login_refused`, `rate_limited`, `bad_reply`, or the status, as `http_503`.
    `gone` says that nobody is to try again; `retry_after`, when at the earliest.
    """

    code = "send_failed"

    def __init__(
        self,
        code: str,
        status: int | None = None,
        retry_after: timedelta | None = None,
        gone: bool = False,
    ) -> None:
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.gone = gone
        super().__init__(
            f"The other system could not be told or asked: {code}. `docs/channels.md` says what"
            " this means and what to do."
        )


class BadAddress(Refused):
    """An address that nothing is sent to from here."""

    code = "bad_address"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"The address {problem}. Addresses in one's own network, and those without `https`,"
            " are named in TRIAGE_OUTBOUND_ALLOWED by whoever runs the server."
        )


class NoChannel(Missing):
    """A channel that this forum does not have."""

    code = "no_channel"

    def __init__(self) -> None:
        super().__init__("This forum has no such channel. `GET /v1/channels` shows those it has.")


class NoDelivery(Missing):
    """A delivery that this forum does not keep."""

    code = "no_delivery"

    def __init__(self) -> None:
        super().__init__(
            "This forum keeps no such delivery. `GET /v1/deliveries` shows those it has."
        )


class IllegalDelivery(Refused):
    """A step that a delivery cannot take as it stands."""

    code = "illegal_delivery"

    def __init__(self, standing: str) -> None:
        super().__init__(f"This delivery {standing}. Read it again to see how it stands.")


class BadSignature(NotAllowed):
    """What came in from nobody who holds a channel's secret; it may be of no channel at all."""

    code = "bad_signature"

    def __init__(self) -> None:
        super().__init__(
            "This is signed with no secret of a channel of this address. Compare the address and"
            " the secret in the other system with those of the channel."
        )
