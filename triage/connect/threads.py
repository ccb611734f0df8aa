"""One record of the threads format -> Thread.

In: the fields of a record and the function that hashes persons. Out: a `Thread`, its text as
written. Names of persons are hashed here and go no further.
Not here: reading files (rows), making text safe (text).
"""

from collections.abc import Mapping

from triage.connect import fields
from triage.connect.tables import MOST_ANSWERS
from triage.crypto.persons import HashPerson
from triage.errors import BadField
from triage.records import Answer, Thread

KNOWN_FIELDS = frozenset(
    "id title body answers user solved lang tags product valid_versions groups url created updated"
    " duplicate_of superseded_by outdated_votes verified_by verified_at".split()
)
KNOWN_ANSWER_FIELDS = frozenset(
    "id body user accepted staff votes created updated outdated_votes".split()
)


def hashed(row: Mapping[str, object], name: str, hash_person: HashPerson) -> str | None:
    """Return the keyed hash of the person in a field."""
    person = fields.text(row, name)
    return None if person is None else hash_person(person)


def thread_from(row: Mapping[str, object], hash_person: HashPerson) -> Thread:
    """Read one thread. Raises BadField without an id or without any text."""
    thread_id = fields.required(row, "id")
    title, body = fields.text(row, "title") or "", fields.text(row, "body") or ""
    answers = _answers(row, thread_id, hash_person)
    if not (title or body or any(answer.body for answer in answers)):
        raise BadField("title", "is missing, and so are a body and answers; some text is needed")
    solved = fields.boolean(row, "solved")
    return Thread(
        id=thread_id,
        title=title,
        body=body,
        answers=answers,
        person=hashed(row, "user", hash_person),
        solved=_seems_solved(body, answers) if solved is None else solved,
        lang=fields.language(row),
        tags=fields.names(row, "tags"),
        product=fields.short(row, "product"),
        valid_versions=fields.versions(row, "valid_versions"),
        groups=fields.groups(row),
        url=fields.address(row),
        created=fields.moment(row, "created"),
        updated=fields.moment(row, "updated"),
        duplicate_of=tuple(one for one in fields.names(row, "duplicate_of") if one != thread_id),
        superseded_by=fields.short(row, "superseded_by"),
        outdated_votes=fields.integer(row, "outdated_votes", least=0) or 0,
        verified_by=hashed(row, "verified_by", hash_person),
        verified_at=fields.moment(row, "verified_at"),
    )


def _seems_solved(body: str, answers: tuple[Answer, ...]) -> bool:
    """Judge a thread that does not say: an answer without a question is a knowledge-base page."""
    if not body and answers:
        return True
    return any(answer.accepted or answer.staff for answer in answers)


def _answers(
    row: Mapping[str, object], thread_id: str, hash_person: HashPerson
) -> tuple[Answer, ...]:
    value = row.get("answers")
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadField("answers", "is no list")
    if len(value) > MOST_ANSWERS:
        raise BadField("answers", f"has more than {MOST_ANSWERS} members")
    answers: list[Answer] = []
    given = {str(member.get("id")) for member in value if isinstance(member, Mapping)}
    taken: set[str] = set()
    for position, member in enumerate(value):
        if not isinstance(member, Mapping):
            raise BadField(f"answers.{position}", "is no object")
        derived = f"{thread_id}-a{position + 1}"
        while derived in given:
            derived += "-"
        try:
            answer = _answer(member, derived, hash_person)
        except BadField as error:
            raise BadField(f"answers.{position}.{error.field}", error.problem) from None
        if answer.id in taken:
            raise BadField(f"answers.{position}.id", "is that of another answer of the thread")
        taken.add(answer.id)
        if answer.body:
            answers.append(answer)
    return tuple(answers)


def _answer(row: Mapping[str, object], derived_id: str, hash_person: HashPerson) -> Answer:
    return Answer(
        id=fields.short(row, "id") or derived_id,
        body=fields.text(row, "body") or "",
        person=hashed(row, "user", hash_person),
        accepted=fields.boolean(row, "accepted") or False,
        staff=fields.boolean(row, "staff") or False,
        votes=fields.integer(row, "votes") or 0,
        created=fields.moment(row, "created"),
        updated=fields.moment(row, "updated"),
        outdated_votes=fields.integer(row, "outdated_votes", least=0) or 0,
    )
