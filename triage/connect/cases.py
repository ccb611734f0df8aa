"""One record of the cases format -> Case.

In: the fields of a record and the function that hashes persons. Out: a `Case`, its text as
written. The person's name is hashed here and goes no further.
Not here: reading files (rows), making text safe (text), learning from cases (learn).
"""

from collections.abc import Mapping

from triage.connect import fields
from triage.crypto.persons import HashPerson
from triage.errors import BadField
from triage.records import Case, Destination, Kind, Tone

KNOWN_FIELDS = frozenset(
    "id title body user account groups product version lang created first_response closed escalated"
    " answer answer_public kind topic difficulty severity customer_severity destination tone group"
    "".split()
)


def case_from(row: Mapping[str, object], hash_person: HashPerson) -> Case:
    """Read one case. Raises BadField without an id, or without a title and a body."""
    case_id = fields.required(row, "id")
    title, body = fields.text(row, "title") or "", fields.text(row, "body") or ""
    if not (title or body):
        raise BadField("title", "is missing, and so is a body; some text is needed")
    user = fields.text(row, "user")
    return Case(
        id=case_id,
        title=title,
        body=body,
        person=None if user is None else hash_person(user),
        account=fields.short(row, "account"),
        groups=fields.groups(row),
        product=fields.short(row, "product"),
        version=fields.short(row, "version"),
        lang=fields.language(row),
        created=fields.moment(row, "created"),
        first_response=fields.moment(row, "first_response"),
        closed=fields.moment(row, "closed"),
        escalated=fields.boolean(row, "escalated"),
        answer=fields.text(row, "answer"),
        answer_public=fields.boolean(row, "answer_public") or False,
        kind=fields.choice(row, "kind", Kind),
        topic=fields.short(row, "topic"),
        difficulty=fields.number(row, "difficulty", least=0, most=1),
        severity=fields.integer(row, "severity", least=1, most=4),
        customer_severity=fields.integer(row, "customer_severity", least=1, most=4),
        destination=fields.choice(row, "destination", Destination),
        tone=fields.choice(row, "tone", Tone),
        group=fields.short(row, "group"),
    )
