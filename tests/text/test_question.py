import pytest

from triage.errors import EmptyDraft
from triage.records import Answer, Attachment, Case, Context, Draft, Thread
from triage.text import prepare, prepare_case, prepare_thread
from triage.text.question import language_code


def test_every_text_of_a_draft_is_made_safe() -> None:
    draft = Draft(
        title="Mail a@b.se",
        body="password: hunter2\r\nHello",
        context=Context(page="/x?mail=a@b.se", error_text="user a@b.se failed"),
        attachments=(Attachment(name="a@b.se.txt", text="card 4111 1111 1111 1111"),),
    )
    question = prepare(draft)
    assert question.title == "Mail [EMAIL]"
    assert question.body == "password: [PASSWORD]\nHello"
    assert "b.se" not in repr(question)
    assert "4111" not in repr(question)
    fields = {finding.field for finding in question.sensitive}
    assert fields == {
        "title", "body", "context.page", "context.error_text",
        "attachments.0.name", "attachments.0.text",
    }  # fmt: skip


def test_findings_point_into_the_submitted_field() -> None:
    body = "  \r\n\u200bmail an\x00na@firma.se"
    (finding,) = prepare(Draft(title="", body=body)).sensitive
    assert body[finding.start : finding.end] == "an\x00na@firma.se"


@pytest.mark.parametrize("nothing", ["", "  \n", "\x00\u200b\ufeff"])
def test_a_draft_without_text_is_refused(nothing: str) -> None:
    with pytest.raises(EmptyDraft):
        prepare(Draft(title=nothing, body=nothing))


def test_a_given_language_counts_and_a_senseless_one_does_not() -> None:
    assert prepare(Draft(title="Hello there", body="", lang="sv-SE")).lang == "sv"
    question = prepare(Draft(title="How do I log in again?", body="", lang="english please"))
    assert question.lang == "en"


@pytest.mark.parametrize(
    ("given", "code"),
    [("NO", "nb"), ("nn-NO", "nb"), ("de_AT", "de"), ("fr", "fr"), ("und", None), ("", None),
     (None, None), ("e", None), ("sv\x00", None)],
)  # fmt: skip
def test_language_codes_are_those_of_bcp_47(given: str | None, code: str | None) -> None:
    assert language_code(given) == code


def test_a_thread_is_made_safe_and_its_language_found() -> None:
    thread = Thread(
        id="t",
        title="",
        body="",
        answers=(Answer(id="a", body="Skriv till a@b.se så hjälper vi dig att logga in."),),
    )
    safe = prepare_thread(thread)
    assert safe.answers[0].body == "Skriv till [EMAIL] så hjälper vi dig att logga in."
    assert safe.lang == "sv"


def test_a_case_is_made_safe() -> None:
    case = Case(id="c", title="Hi", body="I am 811228-9874", answer="call 070-123 45 67", lang="no")
    safe = prepare_case(case)
    assert safe.body == "I am [IDENTITY_NUMBER]"
    assert safe.answer == "call [PHONE]"
    assert safe.lang == "nb"
