"""An item of the review queue -> what it is about, in its words as they are kept.

In: an item. Out: the question and what belongs to it; nothing where it is gone or too old.
Not here: why it is labelled so and what is near to it (explanation), who may read it (api).
"""

from collections.abc import Sequence

from triage import store
from triage.answers.publishing import Publishing
from triage.errors import NoProposal
from triage.kept import kept_question, read_question
from triage.records import Case, Question
from triage.reviewing.values import Subject
from triage.store import ReviewRow, ReviewSubject

_LINE = 120


class Looking:
    """Looks up what items of one forum are about."""

    def __init__(
        self, database: store.Database, forum_id: int, publishing: Publishing | None
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._publishing = publishing

    def subject(self, row: ReviewRow) -> Subject | None:
        """Return what an item is about; None where it is gone, or its words are."""
        if row.subject is ReviewSubject.PROPOSAL:
            return self._proposal(row)
        with self._database.read() as c:
            if row.subject is ReviewSubject.BURST:
                return self._burst(c, row)
            if row.subject is ReviewSubject.CASE:
                return self._case(c, row)
            found = self._asked(c, row)
        return found if found is not None and found.question.text else None

    def titles(self, rows: Sequence[ReviewRow]) -> dict[str, str]:
        """Return a short line of what each item is about, by item; of bursts none, as of the gone.

        It is what was asked, not what a proposal makes of it.
        """
        with self._database.read() as c:
            cases = store.get_cases(c, self._forum_id, [r.case_id for r in rows if r.case_id])
            posted = [r.question_id for r in rows if r.question_id]
            questions = store.get_questions(c, self._forum_id, posted)
            alone = [r.ask_id for r in rows if r.ask_id and not r.question_id]
            asked = store.get_asked(c, self._forum_id, alone)
        words = {name: (case.title, case.body) for name, case in cases.items()}
        told = {name: one.question for name, one in questions.items()}
        words |= {name: (q.get("title") or "", q.get("body") or "") for name, q in told.items()}
        words |= {name: (one.title, one.body) for name, one in asked.items()}
        found: dict[str, str] = {}
        for row in rows:
            title, body = words.get(row.case_id or row.question_id or row.ask_id or "", ("", ""))
            line = " ".join((title or body).split())
            if line:
                found[row.id] = line if len(line) <= _LINE else f"{line[: _LINE - 1].rstrip()}…"
        return found

    def _asked(self, c: store.Connection, row: ReviewRow) -> Subject | None:
        asked = None
        if row.ask_id is not None:
            asked = store.get_asked(c, self._forum_id, [row.ask_id]).get(row.ask_id)
        triage_id = asked.triage_id if asked is not None else None
        if row.question_id is not None:
            posted = store.get_question(c, self._forum_id, row.question_id)
            if posted is None:
                return None
            question = kept_question(posted)
            return Subject(
                question,
                posted.received_at,
                question_row=posted,
                triage_id=posted.triage_id or triage_id,
                account=posted.account,
            )
        reply = store.last_replies(c, self._forum_id, [row.subject_id]).get(row.subject_id)
        if reply is None or asked is None:
            return None
        question = read_question(reply.question)
        return Subject(question, asked.at, triage_id=triage_id, account=question.account)

    def _case(self, c: store.Connection, row: ReviewRow) -> Subject | None:
        case = store.get_cases(c, self._forum_id, [row.subject_id]).get(row.subject_id)
        if case is None:
            return None
        at = case.created or row.drawn_at
        return Subject(question_of(case), at, case=case, account=case.account)

    def _burst(self, c: store.Connection, row: ReviewRow) -> Subject | None:
        burst = store.find_burst(c, self._forum_id, row.subject_id)
        if burst is None:
            return None
        contents = store.burst_contents(c, self._forum_id, burst.id)
        nothing = Question(title="", body="", lang="")
        return Subject(nothing, burst.last_at, burst=burst, contents=contents)

    def _proposal(self, row: ReviewRow) -> Subject | None:
        if self._publishing is None:
            return None
        try:
            shown = self._publishing.show(row.subject_id)
        except NoProposal:
            return None
        case = shown.case
        at = shown.row.case_at
        return Subject(question_of(case), at, case=case, account=case.account, proposal=shown)


def question_of(case: Case) -> Question:
    """Return the question of a case, as it would be asked today."""
    return Question(
        title=case.title,
        body=case.body,
        lang=case.lang or "",
        product=case.product,
        version=case.version,
        customer_severity=case.customer_severity,
        account=case.account,
        groups=case.groups,
    )
