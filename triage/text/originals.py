"""A draft -> what an expert needs of it beyond what everybody may read.

In: a draft as typed, and the question that was made of it. Out: the fields in which something was
taken out that is private but no secret, as they were typed; secrets stay out of them. Nothing
where the question says it all.
Not here: encrypting and keeping it (triage.originals, store).
"""

from collections.abc import Mapping, Sequence

from triage.records import Draft, Finding, Question
from triage.text.candidates import is_secret, placeholder
from triage.text.redact import redact

# What is put back can lay bare a secret that the private part hid.
_ROUNDS = 4


def original_of(draft: Draft, question: Question) -> Mapping[str, str]:
    """Return the fields that only an expert may read, by name; none where nothing was private."""
    fields: dict[str, str] = {}
    for name in sorted({f.field for f in question.sensitive if not is_secret(f.type)}):
        raw = _typed(draft, name)
        found = [f for f in question.sensitive if f.field == name and is_secret(f.type)]
        fields[name] = _safe(_without(raw, found))
    return fields


def _safe(text: str) -> str:
    for _ in range(_ROUNDS):
        found = [f for f in redact(text).found if is_secret(f.type)]
        if not found:
            return text
        text = _without(text, [Finding(f.type, "", f.start, f.end) for f in found])
    # What never comes to rest is better told by halves.
    return redact(text).text


def _without(text: str, found: Sequence[Finding]) -> str:
    pieces: list[str] = []
    at = 0
    for one in sorted(found, key=lambda f: f.start):
        pieces += [text[at : one.start], placeholder(one.type)]
        at = one.end
    return "".join([*pieces, text[at:]])


def _typed(draft: Draft, field: str) -> str:
    """Return a field of a draft by the name under which something was found in it."""
    first, _, rest = field.partition(".")
    if first == "context":
        return str(getattr(draft.context, rest) or "")
    if first == "attachments":
        number, _, name = rest.partition(".")
        return str(getattr(draft.attachments[int(number)], name) or "")
    return str(getattr(draft, first) or "")
