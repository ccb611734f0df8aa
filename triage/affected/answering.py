"""One answer for many: what answers one question of a cluster answers the others as well.

In: a question that was answered. Out: the open questions of its cluster, answered by the same
answer, and their askers told. Only an answer that others may have is passed on, and what is
private of a question never goes along. Whoever asked for a person is told, and keeps the person.
Not here: which questions mean the same (gathering), which change is allowed (questions).
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage import questions, store
from triage.affected.gathering import take_out
from triage.affected.spaces import sameness_of, space
from triage.encode import Encoder
from triage.errors import IdempotencyConflict, IllegalChange
from triage.insight import same_meaning
from triage.lifecycle import OPEN, State, Who, Why
from triage.records import Visibility

_log = logging.getLogger(__name__)
BY = "affected"
# So sure it has to be that two questions are one before the answer to one ends the other.
SURE = 0.9
_PEOPLE = frozenset({Who.STAFF.value, Who.COMMUNITY.value})
_SAME = "same"
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class PassedOn:
    """An answer that went round: to which questions, and whose askers were only told of it."""

    answered: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


NOBODY = PassedOn()


def pass_on(
    c: store.Connection, forum_id: int, question_id: str, encoder: Encoder | None, now: datetime
) -> PassedOn:
    """Give the last answer of a question to the open ones of its cluster, each once.

    Those that do not surely mean the same are told of it and stay open: so do all without an
    encoder. Nothing happens where it is in no cluster or has no answer that others may have.
    """
    name = store.cluster_of(c, forum_id, question_id)
    source = store.get_question(c, forum_id, question_id)
    if name is None or source is None:
        return NOBODY
    answer = shareable_answer(c, forum_id, source)
    if answer is None:
        return NOBODY
    answered, told = [], []
    members = store.get_questions(c, forum_id, store.members_of(c, forum_id, name))
    sure = _surely_same(c, forum_id, source, list(members.values()), encoder)
    for member_id, member in sorted(members.items()):
        if not _is_for(source, answer, member):
            continue
        if _wants_person(member) or member_id not in sure:
            told.append(member_id)
        elif _answer(c, forum_id, member, source, answer, now):
            answered.append(member_id)
        else:
            continue
        store.tell(c, forum_id, _notices(member, answer, now))
    if answered:
        _log.info("answer_passed_on answered=%d told=%d", len(answered), len(told))
    return PassedOn(tuple(answered), tuple(told))


def shareable_answer(
    c: store.Connection, forum_id: int, source: store.QuestionRow
) -> store.ChangeRow | None:
    """Return the last answer that people gave to a question, where others may have it."""
    if source.state in OPEN:
        # It was answered, and that was not the end of it.
        return None
    given = [
        one
        for one in store.changes_of_question(c, forum_id, source.question_id)
        if one.after == State.ANSWERED and one.who in _PEOPLE and one.answer_id is not None
    ]
    return given[-1] if given and given[-1].answer_public else None


def pass_on_missed(
    c: store.Connection,
    forum_id: int,
    open_ids: Iterable[str],
    encoder: Encoder | None,
    now: datetime,
) -> int:
    """Do what should have been done when questions were answered; return how many got one."""
    waiting = frozenset(open_ids)
    count = 0
    for members in store.list_clusters(c, forum_id).values():
        if waiting.isdisjoint(members):
            continue
        for member_id in members:
            if member_id not in waiting:
                count += len(pass_on(c, forum_id, member_id, encoder, now).answered)
    return count


def not_mine(
    c: store.Connection,
    forum_id: int,
    question_id: str,
    encoder: Encoder | None,
    now: datetime,
) -> questions.Told:
    """Have an asker say that theirs is another question: it is open again, and stands apart.

    Saying so twice says it once. Raises NoQuestion.
    """
    told = questions.read(c, forum_id, question_id, lock=True)
    refused = _refused(told)
    if refused is not None:
        change_id = f"not-mine:{refused.change_id}"[:_LONGEST]
        if any(one.change_id == change_id for one in told.changes):
            return told
        if told.question.state is State.ANSWERED:
            asked = questions.Asked(State.REOPENED, Who.CUSTOMER, change_id, why=Why.NOT_MINE)
            told = questions.keep(c, forum_id, question_id, asked, now).told
    if store.cluster_of(c, forum_id, question_id) is not None:
        source = None if refused is None else refused.change_id.split(":", 2)[1]
        take_out(c, forum_id, question_id, encoder, now, refused=source)
    return told


def _refused(told: questions.Told) -> store.ChangeRow | None:
    """Return the change that gave a question another's answer, where that is its last one."""
    given = [one for one in told.changes if one.after == State.ANSWERED]
    return given[-1] if given and given[-1].why == Why.SAME_ANSWER else None


def _surely_same(
    c: store.Connection,
    forum_id: int,
    source: store.QuestionRow,
    members: Sequence[store.QuestionRow],
    encoder: Encoder | None,
) -> set[str]:
    """Return the questions that mean the same as one beyond doubt, held against it alone.

    A cluster is a guess that its members are invited to correct; taking a question from who
    would answer it wants more than that.
    """
    if encoder is None:
        return set()
    ids = [source.question_id, *(one.question_id for one in members)]
    vectors = store.get_question_vectors(c, forum_id, space(encoder), ids)
    mine = vectors.get(source.question_id)
    if mine is None:
        return set()
    sameness, lang = sameness_of(encoder), source.lang or ""
    return {
        one.question_id
        for one in members
        if (its := vectors.get(one.question_id)) is not None
        and same_meaning(mine, lang, its, one.lang or "", sameness) >= SURE
    }


def _is_for(source: store.QuestionRow, answer: store.ChangeRow, member: store.QuestionRow) -> bool:
    """Say whether an answer is for a question: open when it came, and its asker may read it."""
    if member.question_id == source.question_id or member.state not in OPEN:
        return False
    # Who asked later was shown the answer before they posted, and asked all the same.
    if member.received_at > answer.at or member.test != source.test:
        return False
    if source.visibility != Visibility.GROUP:
        return True
    return not source.groups.isdisjoint(asker_groups(member))


def asker_groups(row: store.QuestionRow) -> frozenset[str]:
    """Return the groups of whoever posted a question."""
    return frozenset(row.question.get("groups") or ()) | row.groups


def _wants_person(member: store.QuestionRow) -> bool:
    return member.state == State.ESCALATED or bool(member.question.get("wants_person"))


def _answer(
    c: store.Connection,
    forum_id: int,
    member: store.QuestionRow,
    source: store.QuestionRow,
    answer: store.ChangeRow,
    now: datetime,
) -> bool:
    asked = questions.Asked(
        wanted=State.ANSWERED,
        who=Who.MACHINE,
        change_id=f"{_SAME}:{source.question_id}:{answer.answer_id}",
        why=Why.SAME_ANSWER,
        by=BY,
        answer_id=answer.answer_id,
        answer_public=True,
        # What the community wrote stands in the thread, and goes with it.
        words=answer.words if answer.who == Who.STAFF else None,
    )
    try:
        return questions.keep(c, forum_id, member.question_id, asked, now).fresh
    except (IllegalChange, IdempotencyConflict) as error:
        # It has this answer already, or went another way meanwhile.
        _log.info("answer_not_passed_on code=%s", error.code)
        return False


def _notices(
    member: store.QuestionRow, answer: store.ChangeRow, now: datetime
) -> list[store.Notice]:
    if member.person is None:
        return []
    told = store.Notice(
        person=member.person,
        kind=store.NoticeKind.SAME_ANSWER,
        subject=member.question_id,
        detail=answer.answer_id,
        at=now,
        lang=member.lang,
    )
    return [told]
