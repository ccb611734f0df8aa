"""What somebody wants of a question -> the change that is kept: the one place where doors make it.

In: a checked caller, a question's id, what it is to become. Out: the question as it stands then,
and how much of it the caller may see.
Not here: what may become of it (lifecycle, questions), as whom somebody acts (question_rights).
"""

import secrets
from dataclasses import replace
from datetime import datetime

from triage import affected, questions, store, text
from triage.api.access import Caller
from triage.api.question_rights import Sight, acts_as, sight_of
from triage.api.schemas.question import ChangeRequest
from triage.audit.acting import Acting
from triage.errors import NoQuestion
from triage.forum_redaction import ForumRedaction
from triage.lifecycle import State, Who, Why
from triage.questions.settled import keep_as_case

# What a customer means where nothing else is said.
_MEANT = {State.ESCALATED: Why.WANTS_PERSON, State.CLOSED: Why.WITHDRAWN}


def keep_change(
    caller: Caller, question_id: str, asked: ChangeRequest, now: datetime
) -> tuple[questions.Kept, Sight]:
    """Make a change, noted where staff make it.

    Raises NoQuestion, WrongRole and IllegalChange.
    """
    forum_id, database = caller.forum.id, caller.installation.database()
    with database.read() as c:
        row = store.get_question(c, forum_id, question_id)
    if row is None:
        raise NoQuestion
    who = acts_as(caller, row, asked)
    wanted = _wanted(caller, row, asked, who)
    acting = Acting(forum_id, caller.actor)
    encoder = caller.desk.serving.encoder
    with database.write() as c:
        kept = questions.keep(c, forum_id, question_id, wanted, now)
        if kept.fresh and who is Who.STAFF:
            before, after = _noted(row), _noted(kept.told.row)
            acting.note(c, "question.change", question_id, before=before, after=after)
        if kept.fresh:
            keep_as_case(c, forum_id, kept.told, now)
            affected.pass_on(c, forum_id, question_id, encoder, now)
    seen = sight_of(caller, kept.told.row, asked.user, asked.session)
    return kept, seen or Sight.OTHERS


def _wanted(
    caller: Caller, row: store.QuestionRow, asked: ChangeRequest, who: Who
) -> questions.Asked:
    change_id = asked.change_id or secrets.token_hex(16)
    staff = who is Who.STAFF
    answer_id, public = asked.answer_id, None
    if asked.state is State.ANSWERED:
        # Whoever of the staff writes the answer here gives it no name of its own.
        answer_id = answer_id or (f"answer:{change_id}" if staff and asked.words else None)
        stands = row.shareable and asked.answer_id is not None
        public = asked.answer_public if asked.answer_public is not None else stands
    why = asked.why
    if why is None and who is Who.CUSTOMER:
        why = _MEANT.get(asked.state)
        if asked.state is State.CONFIRMED_SOLVED and row.first_answer_at is None:
            why = Why.SOLVED_ALONE
    return questions.Asked(
        asked.state,
        who,
        change_id,
        why,
        by=_named(caller, asked) if staff else None,
        answer_id=answer_id,
        answer_public=public,
        asked=tuple(asked.asked),
        owner=None if asked.owner is None else questions.owner_name("owner", asked.owner),
        expected=asked.revision,
        words=_safe(caller, asked.words, published=staff),
        note=_safe(caller, asked.note, published=True) if staff else None,
    )


def _named(caller: Caller, asked: ChangeRequest) -> str:
    """Return who of the staff it is; an address that signs in is one, whatever is in it."""
    return caller.actor.name if asked.by is None else questions.owner_name("by", asked.by)


def _safe(caller: Caller, said: str | None, *, published: bool) -> str | None:
    """Return words that may be kept. Hosts and companies stay in what staff write: it is advice."""
    if not said:
        return None
    ours = caller.installation
    own = ForumRedaction(ours.database(), caller.forum.id, ours.settings.redaction).now()
    return text.clean(text.redact(said, replace(own, business=not published)).text)


def _noted(row: store.QuestionRow) -> dict[str, object]:
    return {"state": row.state, "owner": row.owner, "revision": row.revision}
