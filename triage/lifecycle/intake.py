"""A question -> what an expert reads first: situation, problem, impact, next step, environment.

In: a safe question. Out: spans of the customer's own words and of `context`, each with its field
and its place there; a slot for which nothing stands in them is empty. Nothing is ever made up.
Not here: what sentences say (saying), redaction (text), severity and similar cases (the wiring).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from triage.lifecycle.given import error_codes_in, texts_of, versions_in
from triage.lifecycle.saying import Said, Slot, read
from triage.lifecycle.sentences import Span, sentences, span_of
from triage.records import Question

MOST_SPANS = 3
ERROR_TEXT = "context.error_text"


@dataclass(frozen=True, slots=True)
class Environment:
    """On what it happened, as far as it is told."""

    product: Span | None = None
    version: Span | None = None
    error_codes: tuple[Span, ...] = ()
    page: Span | None = None
    form: Span | None = None
    record_type: Span | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A span in a slot, what it weighs there, and the signs that say why."""

    span: Span
    weight: float
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """The expert's form: per slot at most three spans in the order of the text."""

    slots: Mapping[Slot, tuple[Filled, ...]]
    environment: Environment

    def spans(self, slot: Slot) -> tuple[Span, ...]:
        """Return the spans of a slot."""
        return tuple(filled.span for filled in self.slots[slot])


class Sentence(NamedTuple):
    """A sentence of the question and what it says."""

    span: Span
    said: Said


def take_in(question: Question) -> Intake:
    """Fill the expert's form from a question."""
    said = read_all(question)
    slots = {slot: _fill(slot, said) for slot in Slot}
    error = question.context.error_text
    told = span_of(ERROR_TEXT, error, 0, len(error)) if error else None
    if told is not None:
        shown = (Filled(told, 1.0, ("context",)), *slots[Slot.PROBLEM])
        slots[Slot.PROBLEM] = shown[:MOST_SPANS]
    return Intake(slots, _environment(question))


def read_all(question: Question) -> list[Sentence]:
    """Return every sentence of title and body with what it says.

    A title that shows nothing by itself names what the text is about: the problem where the body
    tells of one, what is wanted where the body only asks.
    """
    body = [
        Sentence(span, read(span.text, question.lang)) for span in sentences("body", question.body)
    ]
    filled = {slot for sentence in body for slot in sentence.said.slots}
    about = Slot.PROBLEM if Slot.PROBLEM in filled else Slot.NEXT_STEP
    titles = [
        Sentence(span, read(span.text, question.lang, title=about))
        for span in sentences("title", question.title)
    ]
    return titles + body


def _fill(slot: Slot, said: Iterable[Sentence]) -> tuple[Filled, ...]:
    """Choose the weightiest sentences of a slot; the same words twice are told once."""
    fitting: dict[str, tuple[int, Filled]] = {}
    for place, (span, what) in enumerate(said):
        if slot in what.slots:
            filled = Filled(span, what.weights[slot], what.signs)
            fitting.setdefault(" ".join(span.text.lower().split()), (place, filled))
    best = sorted(fitting.values(), key=lambda one: (-one[1].weight, one[0]))[:MOST_SPANS]
    return tuple(filled for _, filled in sorted(best, key=lambda one: one[0]))


def _environment(question: Question) -> Environment:
    texts = list(texts_of(question))
    codes: dict[str, Span] = {}
    for one in texts:
        for span in error_codes_in(*one):
            codes.setdefault(span.text.lower(), span)
    versions = (span for one in texts for span in versions_in(*one))
    context = question.context
    return Environment(
        product=_whole("product", question.product),
        version=_whole("version", question.version) or next(versions, None),
        error_codes=tuple(codes.values()),
        page=_whole("context.page", context.page),
        form=_whole("context.form", context.form),
        record_type=_whole("context.record_type", context.record_type),
    )


def _whole(field: str, text: str | None) -> Span | None:
    return span_of(field, text, 0, len(text)) if text else None
