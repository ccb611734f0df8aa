"""A person's decision about a proposal -> a thread that can be found at once, or nothing.

In: a proposal, who may read the thread, what the person would say otherwise. Out: the proposal as
it was decided. Thread, decision and note are one transaction: of two who decide, one does.
What became of a proposal once is not done again: approving it twice gives the same thread.
Not here: what is proposed (proposing), who may decide (api).
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from triage import store
from triage.answers.proposing import Drafted, content_of, draft_of, safe
from triage.audit.acting import Acting
from triage.crypto.persons import HashPerson
from triage.errors import AlreadyDecided, BadField, NoProposal
from triage.forum_redaction import ForumRedaction
from triage.knowledge import Knowledge, boilerplate_of
from triage.records import Answer, Case, Thread
from triage.redaction import Redaction
from triage.store import ProposalRow, ProposalState
from triage.text import prepare_thread
from triage.versions import is_range

ANSWER_ID = "a1"
_UNDECIDED = (ProposalState.OPEN, ProposalState.REFUSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who may read the thread (no groups: everybody), and what it says instead, where that is."""

    groups: frozenset[str]
    title: str | None = None
    body: str | None = None
    answer: str | None = None
    valid_versions: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal with its case and what the thread would say."""

    row: ProposalRow
    case: Case
    drafted: Drafted


class Publishing:
    """Decides about the proposals of one forum."""

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        knowledge: Knowledge,
        redaction: Redaction,
        hash_person: HashPerson,
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._knowledge = knowledge
        self._redaction = ForumRedaction(database, forum_id, redaction)
        self._hash_person = hash_person

    def listed(
        self, state: ProposalState | None, after: str | None, limit: int
    ) -> list[tuple[ProposalRow, Shown | None]]:
        """Return proposals, that of the newest case first; those whose case is gone bare."""
        with self._database.read() as c:
            rows = store.list_proposals(c, self._forum_id, state, after=after, limit=limit)
            cases = store.get_cases(c, self._forum_id, {row.case_id for row in rows})
            return [(row, self._shown(c, row, cases.get(row.case_id))) for row in rows]

    def show(self, proposal_id: str) -> Shown:
        """Return a proposal with all that a decision needs. Raises NoProposal."""
        with self._database.read() as c:
            row = store.get_proposal(c, self._forum_id, proposal_id)
            cases = store.get_cases(c, self._forum_id, [row.case_id]) if row else {}
            shown = self._shown(c, row, cases.get(row.case_id)) if row else None
        if shown is None:
            raise NoProposal
        return shown

    def approve(
        self, proposal_id: str, wanted: Wanted, acting: Acting, also: store.Note | None = None
    ) -> ProposalRow:
        """Make the thread of a proposal; it can be suggested when this returns.

        `also` is done in the transaction that decides it, here as below; it may refuse to.
        Raises NoProposal, AlreadyDecided where it was decided otherwise, and BadField.
        """
        shown, now = self.show(proposal_id), datetime.now(UTC)
        thread = self._thread(shown, wanted, acting, now)
        if shown.row.state is ProposalState.APPROVED:
            return self._same(shown.row, thread)

        def note(c: store.Connection) -> None:
            self._take(c, shown.row, ProposalState.APPROVED, now, thread.id)
            after = {"thread_id": thread.id, "groups": sorted(thread.groups)}
            acting.note(c, "proposal.approve", proposal_id, after=after)
            if also is not None:
                also(c)

        try:
            self._knowledge.put([thread], note=note)
        except AlreadyDecided:
            row = self.show(proposal_id).row
            return self._same(row, thread)
        self._knowledge.sync()
        return self.show(proposal_id).row

    def refuse(
        self,
        proposal_id: str,
        reason: str | None,
        acting: Acting,
        also: store.Note | None = None,
    ) -> ProposalRow:
        """Leave a case what it is. Raises NoProposal, and AlreadyDecided once it is a thread."""
        row = self.show(proposal_id).row
        if row.state is ProposalState.REFUSED:
            return row
        with self._database.write() as c:
            self._take(c, row, ProposalState.REFUSED, datetime.now(UTC))
            acting.note(c, "proposal.refuse", proposal_id, after={"reason": reason})
            if also is not None:
                also(c)
        return self.show(proposal_id).row

    def _shown(self, c: store.Connection, row: ProposalRow, case: Case | None) -> Shown | None:
        if case is None:
            return None
        account = store.account_behind(c, self._forum_id, case.account, case.person)
        shared = boilerplate_of(c, self._forum_id)
        return Shown(row, case, draft_of(case, account, self._redaction.now(), shared))

    def _take(
        self,
        c: store.Connection,
        row: ProposalRow,
        state: ProposalState,
        at: datetime,
        thread_id: str | None = None,
    ) -> None:
        """Decide about a proposal whose case is still as it was shown."""
        case = store.get_cases(c, self._forum_id, [row.case_id]).get(row.case_id)
        if case is None:
            raise NoProposal
        if content_of(case) != row.content:
            raise AlreadyDecided(ProposalState.SUPERSEDED)
        former = _UNDECIDED if state is ProposalState.APPROVED else (ProposalState.OPEN,)
        if not store.decide_proposal(c, self._forum_id, row.id, state, at, former, thread_id):
            now = store.get_proposal(c, self._forum_id, row.id)
            raise AlreadyDecided(now.state) if now else NoProposal

    def _same(self, row: ProposalRow, wanted: Thread) -> ProposalRow:
        """Return an approved proposal if what was made of it is what is wanted now."""
        if row.state is not ProposalState.APPROVED or row.thread_id is None:
            raise AlreadyDecided(row.state)
        made = self._knowledge.fetch([row.thread_id]).get(row.thread_id)
        if made is not None and _readable(made) != _readable(prepare_thread(wanted)):
            raise AlreadyDecided(row.state)
        return row

    def _thread(self, shown: Shown, wanted: Wanted, acting: Acting, now: datetime) -> Thread:
        """Return the thread that is wanted. It names nobody, and nothing of the case."""
        drafted, own = shown.drafted, self._redaction.now()
        title, body, answer = (
            given if said is None else safe(said, own)
            for given, said in (
                (drafted.title, wanted.title),
                (drafted.body, wanted.body),
                (drafted.answer, wanted.answer),
            )
        )
        if not answer or not (title or body):
            raise BadField("title" if answer else "answer", "is empty; a thread needs both")
        if wanted.valid_versions and not is_range(wanted.valid_versions):
            raise BadField("valid_versions", "is no range of versions such as `>=8.2,<9`")
        return Thread(
            shown.row.thread_id or f"k_{secrets.token_hex(8)}",
            title,
            body,
            (Answer(ANSWER_ID, answer, staff=True, created=now, updated=now),),
            solved=True,
            lang=drafted.lang,
            product=drafted.product,
            valid_versions=wanted.valid_versions,
            groups=wanted.groups,
            created=now,
            updated=now,
            # Whoever approves it has read it.
            verified_by=self._hash_person(f"staff:{acting.actor.name}"),
            verified_at=now,
        )


def _readable(thread: Thread) -> tuple[object, ...]:
    answers = tuple(answer.body for answer in thread.answers)
    said = (thread.title, thread.body, answers)
    return (*said, thread.groups, thread.valid_versions, thread.product)
