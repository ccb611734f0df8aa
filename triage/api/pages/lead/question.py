"""/lead/questions/{question_id}: what an expert reads first, what became of it, what can be done.

In: a page's frame, a question's id; of a form that was sent, what was typed and what is wrong with
it. Out: values of the template.
Not here: gathering what an expert reads (questions.handover), which acts there are (question_acts).
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from triage import affected, questions, store
from triage.api.pages.lead.here import Here, href
from triage.api.pages.lead.question_acts import CODES, ActForm, acts_of
from triage.api.pages.lead.question_cells import due_said, state_cell, titled
from triage.api.pages.lead.questions import rules_owners, waits_of
from triage.errors import Unavailable
from triage.kept import decision_of
from triage.lifecycle import Lateness, Slot, State, Who, lateness, measure, tell_expected
from triage.lifecycle.intake import Environment
from triage.phrases import say
from triage.profiles import face_of
from triage.questions import Told
from triage.questions.handover import Handover, hand_over
from triage.records import Reason

Values = Mapping[str, Any]
Pairs = list[tuple[str, str]]
# Nobody outside of the staff is named in a change.
_NAMED = frozenset({Who.STAFF, Who.MACHINE})
_ENVIRONMENT = ("product", "version", "page", "form", "record_type")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was not accepted: of which act, what was typed, what is wrong by field."""

    act: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One change as staff read it."""

    at: datetime
    state: str
    who: str
    why: str
    owner: str
    asked: Sequence[str]
    words: str
    note: str
    answer: str


@dataclass(frozen=True, slots=True)
class SlotShown:
    """One slot of the expert's form: its name, and the sentences in it."""

    name: str
    spans: Sequence[str]


def question_values(here: Here, question_id: str, typed: Typed | None = None) -> Values:
    """Return what the page of a question shows. Raises NoQuestion."""
    waits, _ = waits_of(here)
    with here.database().read() as c:
        told = questions.read(c, here.forum.id, question_id)
        rules = questions.rules_of(c, here.forum.id)
        readers = store.Readers(reads_all=True)
        others = affected.also_affected(c, here.forum.id, question_id, readers)
        person = told.row.person
        face = face_of(c, here.forum.id, person) if person else None
        filings = store.filings_of_question(c, here.forum.id, question_id)
        original = _has_original(here, c, told)
    row = told.row
    late = lateness(questions.awaiting_of(row), waits, rules.limits)
    acts = acts_of(told.question, here.caller.actor.name)
    typed = typed or Typed()
    return {
        "here": here,
        "row": row,
        "titled": titled(here, row),
        "body": row.question.get("body") or "",
        "state": state_cell(here, row.state),
        "open": told.question.open,
        "due": due_said(here, late),
        "facts": _facts(here, told, late, None if face is None else face.display_name),
        "expected": _expected(here, told),
        "others": here.counted("lead_questions.others", others) if others else "",
        "reasons": _reasons(here, row),
        "intake": _intake(here, row),
        "lines": [_line(here, made) for made in reversed(told.changes)],
        "filings": filings,
        "original": original,
        "links": _links(here, row),
        "acts": acts,
        "typed": typed,
        "lost": _lost(typed, acts),
        "change_id": secrets.token_hex(16),
        "owners": sorted({*rules_owners(rules), here.caller.actor.name} - {row.owner}),
        "asking": [(code, say(Reason(code), row.lang or "en")) for code in CODES],
        "unsealed": None,
    }


def _has_original(here: Here, c: store.Connection, told: Told) -> bool:
    triage_id = told.row.triage_id
    if triage_id is None:
        return False
    return store.get_original(c, here.forum.id, triage_id, here.now) is not None


def _facts(here: Here, told: Told, late: Lateness, asker: str | None) -> Pairs:
    row, part, numbers = told.row, here.part, here.numbers
    severity = part("severity_unknown") if row.severity is None else str(row.severity)
    if row.severity is not None:
        severity = part(f"severity_{row.severity}")
    if row.customer_severity is not None:
        severity += f" ({part('customer_says', severity=row.customer_severity)})"
    taken = measure(told.question)
    waits = [
        (part(f"taken_{name}"), numbers.wait(wait.total_seconds()))
        for name in ("to_owner", "to_person", "to_answer", "to_solved")
        if (wait := getattr(taken, name)) is not None
    ]
    pairs: list[tuple[str, str | None]] = [
        (part("col_owner"), row.owner),
        (part("col_waited"), numbers.wait(late.waited(here.now).total_seconds())),
        (part("by_destination"), here.name_of("destination", row.destination)),
        (part("visibility"), part(f"visible_{row.visibility}")),
        (part("col_severity"), severity),
        (part("kind"), None if row.kind is None else here.name_of("kind", row.kind)),
        (part("topic"), None if row.topic is None else here.name_of("topic", row.topic)),
        (part("by_product"), " ".join(one for one in (row.product, row.version) if one) or None),
        (part("asker"), asker),
        (part("account"), row.account),
        (part("external_id"), row.external_id),
        (part("received"), _moment(row.received_at)),
        (part("by_itself"), None if row.due_at is None else _moment(row.due_at)),
        (part("reroutes"), numbers.count(row.reroutes) if row.reroutes else None),
    ]
    return [(name, value) for name, value in (*pairs, *waits) if value]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _expected(here: Here, told: Told) -> str:
    """Return what its asker is told of the wait, in the language of the page."""
    if told.question.answers or not told.question.open:
        return ""
    try:
        foresight = here.caller.desk.foresight
    except Unavailable:
        return ""
    return say(tell_expected(foresight.expect(told.question, told.row.topic, here.now)), here.lang)


def _reasons(here: Here, row: store.QuestionRow) -> list[str]:
    """Return why it was sent where it was, as leads are told."""
    decision = decision_of(row.decision)
    return [say(reason, here.lang) for reason in (*decision.reasons, *decision.for_leads)]


def _intake(here: Here, row: store.QuestionRow) -> Mapping[str, object] | None:
    """Return what an expert reads first; None while a part of the service is missing."""
    try:
        desk = here.caller.desk
        found = hand_over(here.database(), here.forum.id, desk.parts(), desk.foresight, row)
    except Unavailable:
        return None
    lang = row.lang or "en"
    return {
        "slots": [_slot(here, found, slot) for slot in Slot],
        "environment": _environment(here, found.intake.environment),
        "severity": here.part(f"severity_by_{found.severity.reason}"),
        "near": found.nearest.cases,
        "compared": found.nearest.compared,
        "offered": [
            (one.title or one.thread_id, one.thread_id, here.part(f"became_{one.became}"))
            for one in found.offered
        ],
        "asked_for_help": found.asked_for_help,
        "missing": [say(reason, lang) for reason in found.missing],
    }


def _slot(here: Here, found: Handover, slot: Slot) -> SlotShown:
    return SlotShown(here.part(f"slot_{slot}"), [span.text for span in found.intake.spans(slot)])


def _environment(here: Here, told: Environment) -> Pairs:
    named = [(here.part(f"env_{name}"), getattr(told, name)) for name in _ENVIRONMENT]
    pairs = [(name, span.text) for name, span in named if span is not None]
    codes = ", ".join(span.text for span in told.error_codes)
    return [*pairs, (here.part("env_error_codes"), codes)] if codes else pairs


def _line(here: Here, made: store.ChangeRow) -> Line:
    part = here.part
    answer = ""
    if made.answer_id is not None and made.after == State.ANSWERED:
        answer = part("answer_public" if made.answer_public else "answer_private")
    same = made.before == made.after and made.owner is not None
    return Line(
        made.at,
        part("handed_over") if same else part(f"state_{made.after}"),
        made.by if made.by and made.who in _NAMED else part(f"who_{made.who}"),
        "" if made.why is None else part(f"why_{made.why}"),
        made.owner or "",
        [say(Reason(code), here.lang) for code in made.asked],
        made.words or "",
        made.note or "",
        answer,
    )


def _links(here: Here, row: store.QuestionRow) -> Pairs:
    """Return where else something is told of it: what it is called, and the address."""
    found = [
        (here.part("its_deliveries"), href("deliveries", question=row.question_id)),
        (here.part("its_acts"), href("audit", object=row.question_id)),
    ]
    if row.triage_id is not None:
        found.append((here.part("why_labelled"), f"/v1/triage/{row.triage_id}/explanation"))
    return found


def _lost(typed: Typed, acts: Iterable[ActForm]) -> list[str]:
    """Return what was typed into the form of an act that is no more possible."""
    if not typed.act or typed.act in {act.name for act in acts}:
        return []
    return [said for name in ("words", "note") if (said := typed.form.get(name, "").strip())]
