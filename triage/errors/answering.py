"""Errors of whoever turns cases into answers, speaks of answers, or chooses a name.

In: what was asked. Out: a code, and a sentence that says what to do.
Not here: every other call (callers).
"""

from triage.errors.callers import Missing, Refused


class AlreadyDecided(Refused):
    """A proposal that was decided about otherwise, or whose case says something else by now."""

    code = "already_decided"

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(
            f"This proposal is `{state}` already. Look at it again; what an approved one became is"
            " changed with `PUT /v1/threads/{id}`."
        )


class NameTaken(Refused):
    """A display name that somebody else has, or one that looks the same."""

    code = "name_taken"

    def __init__(self) -> None:
        super().__init__("Somebody else is known by this name, or one like it. Choose another.")


class NoProposal(Missing):
    """A proposal that this forum has not, or whose case is gone."""

    code = "no_proposal"

    def __init__(self) -> None:
        super().__init__("There is no such proposal in this forum, or its case is gone.")


class NoAnswer(Missing):
    """An answer that its thread has not."""

    code = "no_answer"

    def __init__(self) -> None:
        super().__init__("The thread has no answer of this id. Send the `answer_id` of one of its.")


class NoProfile(Missing):
    """Somebody who chose no name, or a profile that is gone."""

    code = "no_profile"

    def __init__(self) -> None:
        super().__init__("Nobody is known by this profile: no name was chosen, or it is gone.")
