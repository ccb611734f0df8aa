"""What somebody of the staff can do with a question as it stands -> forms, and a form -> a change.

In: a question, who looks; later the form that was sent. Out: the acts that are possible now, each
with the fields that it needs; the change that is asked for, or what is missing in which field.
Not here: what a step needs (lifecycle.table), making the change (question_changing), HTML.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from triage.api.bodies import read_body
from triage.api.problems import FieldProblem, bad_request
from triage.api.schemas.question import ChangeRequest, Code
from triage.lifecycle import Need, Posted, State, Who, Why, needs, possible

CODES: tuple[str, ...] = get_args(Code)
_MOST_ASKED = 2

_NAMES: Mapping[State, str] = {
    State.ANSWERED: "answer",
    State.WAITING_FOR_CUSTOMER: "ask",
    State.WITH_EXPERT: "to_expert",
    State.WITH_COMMUNITY: "to_community",
    State.ESCALATED: "escalate",
    State.REOPENED: "reopen",
    State.CLOSED: "close",
}
# The likeliest first.
_ORDER = (
    *("take", "answer", "ask", "resume", "hand", "to_expert", "to_community"),
    *("escalate", "reopen", "close"),
)
_REASONS: Mapping[str, tuple[Why, ...]] = {
    "to_expert": (Why.SENT_ON, Why.URGENT, Why.COMPLAINT, Why.OTHER),
    "to_community": (Why.SENT_ON, Why.OTHER),
    "resume": (Why.REPLIED, Why.OTHER),
    "escalate": (Why.URGENT, Why.COMPLAINT, Why.WANTS_PERSON, Why.UNANSWERED, Why.OTHER),
    "reopen": (Why.NOT_SOLVED, Why.OTHER),
    "close": (Why.DUPLICATE, Why.NOT_HERE, Why.WITHDRAWN, Why.NO_REPLY, Why.OTHER),
}
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "take": (),
    "answer": ("words", "public", "note"),
    "ask": ("asked", "words", "note"),
    "resume": ("why", "note"),
    "hand": ("owner", "note"),
    "to_expert": ("why", "new_owner", "note"),
    "to_community": ("why", "new_owner", "note"),
    "escalate": ("why", "new_owner", "note"),
    "reopen": ("why", "note"),
    "close": ("why", "words", "note"),
}


@dataclass(frozen=True, slots=True)
class ActForm:
    """One thing that can be done now: to which state it leads, and what its form asks for."""

    name: str
    state: State
    fields: tuple[str, ...]
    reasons: tuple[Why, ...] = ()


class Unfinished(Exception):
    """A form that lacks something, or holds what cannot be: a word of the page by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


def acts_of(question: Posted, me: str) -> tuple[ActForm, ...]:
    """Return what somebody of the staff called `me` can do with a question, the likeliest first."""
    found = {act.name: act for act in _acts(question, me)}
    return tuple(found[name] for name in _ORDER if name in found)


def change_of(act: ActForm, form: Mapping[str, str], me: str) -> ChangeRequest:
    """Return the change that a form asks for. Raises Unfinished, and Problem for a forged form."""
    errors = dict(_lacks(act, form))
    if errors:
        raise Unfinished(errors)
    given = {name: form.get(name, "").strip() for name in ("words", "note", "why")}
    owner = me if act.name == "take" else form.get("owner", "").strip()
    told: dict[str, object] = {
        "state": act.state.value,
        "who": Who.STAFF.value,
        "change_id": form.get("change_id") or None,
        "revision": _revision(form),
        "why": Why.TAKEN.value if act.name == "take" else given["why"] or None,
        "words": (given["words"] or None) if "words" in act.fields else None,
        "note": given["note"] or None,
        "owner": owner or None,
        "asked": _asked(form) if "asked" in act.fields else [],
    }
    if "public" in act.fields:
        told["answer_public"] = "public" in form
    return read_body(json.dumps(told).encode(), ChangeRequest)


def _acts(question: Posted, me: str) -> Iterator[ActForm]:
    if (taken := _taking(question, me)) is not None:
        yield ActForm("take", taken, _FIELDS["take"])
    for state in possible(question, Who.STAFF):
        name = _NAMES.get(state, "")
        if Need.OWNER in (needs(question.state, state, Who.STAFF) or ()):
            name = "hand"
        elif question.state is State.WAITING_FOR_CUSTOMER and name.startswith("to_"):
            name = "resume"
        fields = tuple(
            one for one in _FIELDS.get(name, ()) if one != "public" or question.shareable
        )
        if name:
            yield ActForm(name, state, fields, _REASONS.get(name, ()))


def _taking(question: Posted, me: str) -> State | None:
    """Return the state in which somebody has a question who takes it on; None: it is theirs."""
    match question.state:
        case State.RECEIVED | State.REOPENED | State.ESCALATED:
            return State.WITH_EXPERT
        case State.WITH_COMMUNITY:
            return State.ESCALATED
        case State.WITH_EXPERT | State.WAITING_FOR_CUSTOMER if question.owner != me:
            return question.state
        case _:
            return None


def _lacks(act: ActForm, form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give the fields that lack something, each with the word that says what."""
    if act.name == "answer" and not form.get("words", "").strip():
        yield "words", "needs_answer"
    if "asked" in act.fields and not 1 <= len(_asked(form)) <= _MOST_ASKED:
        yield "asked", "needs_asked"
    if "owner" in act.fields and not form.get("owner", "").strip():
        yield "owner", "needs_owner"
    if act.reasons and form.get("why") not in act.reasons:
        yield "why", "needs_why"


def _asked(form: Mapping[str, str]) -> Sequence[str]:
    return [code for code in CODES if code in form]


def _revision(form: Mapping[str, str]) -> int:
    given = form.get("revision", "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise bad_request([FieldProblem("revision", "is that of the question as it was shown")])
    return int(given)
