"""A question that a person of the company takes -> where that person is met, with all filled in.

In: the forum's template, a safe question, what is predicted of it. Out: an address for its asker,
or None where nobody is the way or the forum has no such place. It holds no word that the asker may
not see: their own, as they are kept, and what the reply to them says.
Not here: templates and their filling (lifecycle.linking), who may see a question (api).
"""

import time
from dataclasses import dataclass

from triage import store
from triage.decide import read_label, worst_severity
from triage.kept import kept_question, read_labels
from triage.lifecycle import Slot, take_in
from triage.lifecycle.linking import fill, places_in
from triage.questions.foresight import READ_WHILE_TYPING
from triage.questions.reading import Told
from triage.records import Decision, Destination, Labels, Question, Stage, Target

_FRESH_SECONDS = 60.0
_SLOTS = {slot.value: slot for slot in Slot}


@dataclass(frozen=True, slots=True)
class _Known:
    template: str | None
    at: float


class Linking:
    """Links questions of one forum to where the company is met, by a template that it reads."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._known: _Known | None = None

    def forget(self) -> None:
        """Read the template anew: it was changed here."""
        self._known = None

    def of_draft(
        self, question: Question, labels: Labels, decision: Decision, triage_id: str
    ) -> str | None:
        """Return where the asker of a draft is met, if that is the way for it."""
        if decision.destination is not Destination.EXPERT and not question.wants_person:
            return None
        return self._link(question, labels, {"triage_id": triage_id})

    def of_posted(self, told: Told) -> str | None:
        """Return where the asker of a posted question is met, while it is open and goes there."""
        row, question = told.row, told.question
        wants = bool(row.question.get("wants_person"))
        if not question.open or (question.destination is not Destination.EXPERT and not wants):
            return None
        ids = {"triage_id": row.triage_id, "question_id": row.question_id}
        return self._link(kept_question(row), read_labels({"labels": row.labels}), ids)

    def _link(
        self, question: Question, labels: Labels, ids: dict[str, str | None] | dict[str, str]
    ) -> str | None:
        template = self._template()
        if template is None:
            return None
        wanted = frozenset(places_in(template))
        return fill(template, {**_words(question, labels, wanted), **ids})

    def _template(self) -> str | None:
        known = self._known
        if known is not None and time.monotonic() - known.at < _FRESH_SECONDS:
            return known.template
        with self._database.read() as c:
            template = store.get_question_rules(c, self._forum_id).handover_url
        self._known = _Known(template, time.monotonic())
        return template


def _words(question: Question, labels: Labels, wanted: frozenset[str]) -> dict[str, str | None]:
    severity = worst_severity(labels, question.customer_severity)
    known = {
        "title": question.title,
        "lang": question.lang,
        "product": question.product,
        "version": question.version,
        "severity": None if severity is None else str(severity),
        "topic": read_label(labels, Target.TOPIC),
    }
    slots = wanted & _SLOTS.keys()
    long = question.stage is Stage.TYPING and len(question.body) > READ_WHILE_TYPING
    if long or not (slots or (not question.version and "version" in wanted)):
        return known
    # Read sentence by sentence: only where the template has a place for it.
    intake = take_in(question)
    version = intake.environment.version
    # What has a place of its own is not said twice.
    apart = {"title"} & wanted
    found = {
        name: " ".join(one.text for one in intake.spans(_SLOTS[name]) if one.field not in apart)
        for name in slots
    }
    return {**known, **found, "version": version.text if version else None}
