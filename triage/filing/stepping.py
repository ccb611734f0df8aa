"""One step of a question after another, as staff make them in another system.

In: a question that is locked, what staff did there. Out: changes, each kept once and noted as an
act of theirs. What is not allowed is told in the log and left.
Not here: which step follows from what (applying, rerouting), what is allowed (lifecycle).
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage import questions, store
from triage.audit.acting import Acting
from triage.connect.zammad.options import ZammadOptions
from triage.errors import BadField, IdempotencyConflict, IllegalChange
from triage.lifecycle import Posted, State, Who
from triage.questions import Asked, Told
from triage.records import Actor, ActorKind, Destination

_log = logging.getLogger(__name__)
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Through:
    """Through which channel of which forum staff act."""

    forum_id: int
    channel_id: str

    def note(self, c: store.Connection, act: str, what: str, **facts: Any) -> None:  # noqa: ANN401
        """Note an act in the transaction that does it."""
        actor = Actor(ActorKind.PROCESS, f"channel:{self.channel_id}")
        Acting(self.forum_id, actor).note(c, act, what, **facts)


class Stepping:
    """A question, and the steps that are made of it."""

    def __init__(self, c: store.Connection, through: Through, told: Told, now: datetime) -> None:
        self.c = c
        self.through = through
        self.told = told
        self.now = now

    @property
    def question(self) -> Posted:
        """The question as it is after the last step."""
        return self.told.question

    @property
    def answering(self) -> State:
        """The state in which whoever has to answer it has it."""
        for_community = self.question.destination is Destination.COMMUNITY
        return State.WITH_COMMUNITY if for_community else State.WITH_EXPERT

    def make(self, wanted: State, name: str, **brings: Any) -> bool:  # noqa: ANN401
        """Have staff change the question; return whether it was changed, now or before."""
        change_id = f"{self.through.channel_id}:{name}"[:_LONGEST_ID]
        before = self.question
        asked = Asked(wanted, Who.STAFF, change_id, **brings)
        question_id, forum_id = before.question_id, self.through.forum_id
        try:
            kept = questions.keep(self.c, forum_id, question_id, asked, self.now)
        except (IllegalChange, IdempotencyConflict) as error:
            _log.info("ticket_not_followed state=%s code=%s", wanted, error.code)
            return False
        self.told = kept.told
        if kept.fresh:
            self.through.note(
                self.c,
                "question.change",
                question_id,
                before=_noted(before),
                after=_noted(kept.told.question),
            )
        return True

    def read_again(self) -> None:
        """Take in what was changed beside the steps."""
        self.told = questions.read(self.c, self.through.forum_id, self.question.question_id)

    def name_of(self, options: ZammadOptions, login: str | None) -> str | None:
        """Return whom of our owners a login is; its own name where nobody says otherwise."""
        if login is None:
            return None
        try:
            return questions.owner_name("owner", options.owners.get(login, login))
        except BadField:
            return None


def _noted(question: Posted) -> dict[str, Any]:
    return {
        "state": question.state,
        "owner": question.owner,
        "revision": question.revision,
    }
