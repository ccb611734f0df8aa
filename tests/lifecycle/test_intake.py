"""The expert's form holds the customer's own words, in their places, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.intake import count, load
from tests.lifecycle.histories import some
from triage.lifecycle import Intake, Slot, Span, take_in
from triage.lifecycle.sentences import sentences
from triage.records import LANGUAGES, Context, Question

STANDSTILL = Question(
    "8.1 installer gave up half way, finance at a standstill",
    "We started the upgrade last night. KV-8100 after an hour. 70 people can't work and wages"
    " must leave by noon. Please get somebody to look at our machine.",
    "en",
    product="ledger",
    context=Context(page="Upgrade", error_text="Disk full while copying"),
)


def source(question: Question, field: str) -> str:
    """Return the text of a field by its name."""
    if field.startswith("context."):
        return str(getattr(question.context, field.removeprefix("context.")))
    return str(getattr(question, field))


def all_spans(intake: Intake) -> list[Span]:
    environment = intake.environment
    single = (
        environment.product,
        environment.version,
        environment.page,
        environment.form,
        environment.record_type,
    )
    found = [span for slot in Slot for span in intake.spans(slot)]
    return [*found, *environment.error_codes, *(span for span in single if span is not None)]


def test_a_plain_case_fills_every_slot() -> None:
    intake = take_in(STANDSTILL)
    told = {slot: [span.text for span in intake.spans(slot)] for slot in Slot}
    assert "We started the upgrade last night." in told[Slot.SITUATION]
    assert told[Slot.PROBLEM][:2] == ["Disk full while copying", STANDSTILL.title]
    assert "70 people can't work and wages must leave by noon." in told[Slot.IMPACT]
    assert told[Slot.NEXT_STEP] == ["Please get somebody to look at our machine."]


def test_the_environment_is_read_off_fields_and_text() -> None:
    environment = take_in(STANDSTILL).environment
    assert environment.product == Span("product", 0, 6, "ledger")
    assert environment.version == Span("title", 0, 3, "8.1")
    assert [span.text for span in environment.error_codes] == ["KV-8100"]
    assert environment.page == Span("context.page", 0, 7, "Upgrade")
    assert environment.form is None


def test_what_nobody_said_stays_empty() -> None:
    intake = take_in(Question("", "", "en"))
    assert all_spans(intake) == []
    assert set(intake.slots) == set(Slot)
    calm = take_in(Question("How do I change the logo?", "", "en"))
    assert calm.spans(Slot.IMPACT) == ()
    assert calm.spans(Slot.SITUATION) == ()


@some
@given(
    st.text(max_size=400) | st.text('ab .!?\n8kv-"”“’’1,(', max_size=400),
    st.text(max_size=400) | st.text('aå .!?\n8KV-"”“1,)€', max_size=400),
    st.sampled_from([*LANGUAGES, "fr", ""]),
    st.none() | st.text(max_size=60),
)
def test_every_span_stands_in_its_field_as_it_is(
    title: str, body: str, lang: str, error: str | None
) -> None:
    question = Question(title, body, lang, context=Context(error_text=error))
    for span in all_spans(take_in(question)):
        assert span.text == source(question, span.field)[span.start : span.end]
        assert span.text.strip()


@some
@given(st.text('ab .!?\n8)"”', max_size=300))
def test_sentences_follow_each_other_and_leave_out_no_word(text: str) -> None:
    found = sentences("body", text)
    ends = [0, *(span.end for span in found)]
    starts = [*(span.start for span in found), len(text)]
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert not any(c.isalnum() for c in text[end:start])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Stopper d. 4. og er tomt. Hvorfor?", 2),
        ("Seit dem 4. März geht nichts. Bitte helfen.", 2),
        ("Lønn skal kjøres kl 12. Disken er full.", 2),
        ("Avtalen er 7.480 kr. pr. måned.", 1),
        ("Vi bruger appen (den nye!) og den fejler.", 1),
        ("Since 8.0.3 it ends early\nWhy?", 2),
        ("Hilfe!!! Es brennt.", 2),
        ("...", 0),
    ],
)
def test_dates_and_short_forms_end_no_sentence(text: str, parts: int) -> None:
    assert len(sentences("body", text)) == parts


def test_no_slot_holds_more_than_three_and_none_twice() -> None:
    body = "It fails with an error. " * 10 + " ".join(f"Error {n} stops it." for n in range(9))
    intake = take_in(Question("It fails with an error", body, "en"))
    told = [span.text for span in intake.spans(Slot.PROBLEM)]
    assert len(told) == len(set(told)) == 3


@pytest.mark.parametrize("unit", ["a", "1.", "a_", "? ", "“", "1 ", "(", "Aa", "\n", "kv-1 "])
def test_a_hostile_text_is_read_in_time(unit: str) -> None:
    question = Question(unit * 500, unit * (200_000 // len(unit)), "sv")
    start = time.process_time()
    take_in(question)
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    ("part", "slot", "precision", "recall"),
    [
        ("unread", Slot.SITUATION, 0.60, 0.68),
        ("unread", Slot.PROBLEM, 0.65, 0.65),
        ("unread", Slot.IMPACT, 0.50, 0.20),
        ("unread", Slot.NEXT_STEP, 0.75, 0.80),
        ("read", Slot.PROBLEM, 0.75, 0.75),
        ("read", Slot.NEXT_STEP, 0.80, 0.85),
    ],
)
def test_the_slots_are_filled_no_worse_than_was_measured(
    part: str, slot: Slot, precision: float, recall: float
) -> None:
    found = count(load()[part])[slot]
    assert found.precision >= precision
    assert found.recall >= recall
