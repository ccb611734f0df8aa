"""Draft -> Question; raw threads and cases -> safe ones.

In: a `Draft` as typed, or a `Thread` or `Case` as read from a file. Out: the same, redacted and
cleaned, with its language.
Not here: choosing an answer (rank), keeping anything (store).
"""

from collections.abc import Iterable
from dataclasses import replace

from triage.errors import EmptyDraft
from triage.languages import language_code
from triage.records import Answer, Attachment, Case, Context, Draft, Finding, Question, Thread
from triage.redaction import NO_REDACTION, Redaction
from triage.text.clean import clean
from triage.text.confidential import confidential
from triage.text.language import detect
from triage.text.redact import redact

# A thread has been published: what hosts and companies it names can be read there, and is what
# others with the same trouble search by. Secrets and people's data go all the same.
_PUBLISHED = Redaction(business=False)


class _Reader:
    """Makes the fields of one draft safe and remembers what was found in which."""

    def __init__(self, own: Redaction) -> None:
        self.findings: list[Finding] = []
        self._own = own

    def read(self, field: str, raw: str) -> str:
        redacted = redact(raw, self._own)
        self.findings += [Finding(f.type, field, f.start, f.end) for f in redacted.found]
        return clean(redacted.text)

    def read_name(self, field: str, raw: str | None) -> str | None:
        """Read what is named and not told: 10.0.0.12 is a version there and no machine."""
        if raw is None:
            return None
        redacted = redact(raw, _PUBLISHED)
        self.findings += [Finding(f.type, field, f.start, f.end) for f in redacted.found]
        return clean(redacted.text)

    def read_optional(self, field: str, raw: str | None) -> str | None:
        return None if raw is None else self.read(field, raw)


def prepare(draft: Draft, own: Redaction = NO_REDACTION) -> Question:
    """Make a draft safe. Findings say where in the submitted field they stood.

    Raises EmptyDraft when title and body hold nothing after cleaning.
    """
    reader = _Reader(own)
    title, body = reader.read("title", draft.title), reader.read("body", draft.body)
    if not title and not body:
        raise EmptyDraft
    return Question(
        title=title,
        body=body,
        lang=language_code(draft.lang) or detect(f"{title}\n{body}").lang,
        product=reader.read_name("product", draft.product),
        version=reader.read_name("version", draft.version),
        context=_read_context(reader, draft.context),
        customer_severity=draft.customer_severity,
        attachments=_read_attachments(reader, draft.attachments),
        person=draft.person,
        account=draft.account,
        groups=draft.groups,
        session=draft.session,
        stage=draft.stage,
        wants_person=draft.wants_person,
        wants_public=draft.wants_public,
        sensitive=tuple(reader.findings),
        confidential=confidential(f"{title}\n{body}"),
    )


def warm_up() -> None:
    """Load language models and number plans now instead of with the first question."""
    prepare(Draft(title="Är allt klart? Is everything ready?", body="070-123 45 67"))


def _read_context(reader: _Reader, context: Context) -> Context:
    return Context(
        page=reader.read_optional("context.page", context.page),
        form=reader.read_optional("context.form", context.form),
        record_type=reader.read_optional("context.record_type", context.record_type),
        error_text=reader.read_optional("context.error_text", context.error_text),
    )


def _read_attachments(reader: _Reader, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=reader.read(f"attachments.{i}.name", attachment.name),
            type=reader.read_optional(f"attachments.{i}.type", attachment.type),
            text=reader.read_optional(f"attachments.{i}.text", attachment.text),
        )
        for i, attachment in enumerate(attachments)
    )


def _safe(text: str, own: Redaction) -> str:
    return clean(redact(text, own).text)


def _safe_optional(text: str | None, own: Redaction) -> str | None:
    return None if text is None else _safe(text, own)


def _safe_answer(answer: Answer) -> Answer:
    return replace(answer, body=_safe(answer.body, _PUBLISHED))


def prepare_thread(thread: Thread) -> Thread:
    """Make every text of a thread safe; detect its language where none is given."""
    title, body = _safe(thread.title, _PUBLISHED), _safe(thread.body, _PUBLISHED)
    answers = tuple(_safe_answer(answer) for answer in thread.answers)
    words = f"{title}\n{body}".strip() or "\n".join(answer.body for answer in answers)
    return replace(
        thread,
        title=title,
        body=body,
        answers=answers,
        tags=tuple(_safe(tag, _PUBLISHED) for tag in thread.tags),
        product=_safe_optional(thread.product, _PUBLISHED),
        # Addresses carry tokens and passwords, too.
        url=_safe_optional(thread.url, _PUBLISHED),
        lang=language_code(thread.lang) or detect(words).lang,
    )


def prepare_case(case: Case, own: Redaction = NO_REDACTION) -> Case:
    """Make every text of a case safe; detect its language where none is given."""
    title, body = _safe(case.title, own), _safe(case.body, own)
    return replace(
        case,
        title=title,
        body=body,
        answer=_safe_optional(case.answer, own),
        product=_safe_optional(case.product, own),
        version=_safe_optional(case.version, own),
        lang=language_code(case.lang) or detect(f"{title}\n{body}").lang,
    )
