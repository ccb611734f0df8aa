"""A question with everything known -> what is written into a ticket or an e-mail.

In: the question as it is kept, what an expert reads first, a language. Out: headings with lines, as
text or HTML. All of it is redacted: what only experts may read stays here, and is linked to.
Not here: gathering it (questions.handover), sending it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from triage import store
from triage.kept import decision_of, kept_question
from triage.lifecycle import Slot
from triage.lifecycle.intake import Environment
from triage.nearest import NearCase
from triage.phrases import say
from triage.questions.handover import Handover, Severity
from triage.records import Reason

_LONGEST_ANSWER = 600
_ENVIRONMENT = ("product", "version", "page", "form", "record_type")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A question, what is known of it, and where more of it is read."""

    row: store.QuestionRow
    found: Handover
    link: str | None
    original: bool = False


def sections_of(known: Known, lang: str) -> list[Section]:
    """Return everything known, the most needed first; what nobody told is said to be so."""
    row, found = known.row, known.found
    intake, environment = found.intake, found.intake.environment
    nothing = (_said("filing_nothing_told", lang),)
    told = [
        Section(
            _said(f"filing_{slot.value}", lang),
            tuple(span.text for span in intake.spans(slot)) or nothing,
        )
        for slot in Slot
    ]
    besides = [
        ("filing_environment", _environment(environment, lang)),
        ("filing_severity", [_severity(found.severity, lang)]),
        ("filing_missing", [say(one, row.lang or lang) for one in found.missing]),
        ("filing_offered", _offered(found, lang)),
        ("filing_similar", _similar(found.nearest.cases, lang)),
        ("filing_decided", [say(one, lang) for one in decision_of(row.decision).reasons]),
        ("filing_topic", [row.topic] if row.topic else []),
        ("filing_account", [row.account] if row.account else []),
        ("filing_owner", [row.owner]),
        ("filing_question", _question(row)),
    ]
    more = [Section(_said(name, lang), tuple(lines)) for name, lines in besides if lines]
    return [*told, *more, *_links(known, lang)]


def as_text(sections: Iterable[Section]) -> str:
    """Return sections as plain text."""
    return "\n\n".join("\n".join((one.heading, *_indented(one.lines))) for one in sections) + "\n"


def as_html(sections: Iterable[Section]) -> str:
    """Return sections as HTML in which nothing that anybody wrote is taken for HTML."""
    return "".join(
        f"<h4>{escape(one.heading)}</h4><ul>"
        + "".join(f"<li>{_broken(line)}</li>" for line in one.lines)
        + "</ul>"
        for one in sections
    )


def paragraphs(lines: Sequence[str]) -> str:
    """Return lines as HTML, each a paragraph."""
    return "".join(f"<p>{_broken(line)}</p>" for line in lines)


def title_of(row: store.QuestionRow, lang: str) -> str:
    """Return the title of a question; one without has its name."""
    title = " ".join(kept_question(row).title.split())
    return title or _said("filing_subject", lang, name=row.external_id or row.question_id[:8])


def _environment(told: Environment, lang: str) -> list[str]:
    lines = [
        f"{_said(f'filing_{name}', lang)}: {span.text}"
        for name in _ENVIRONMENT
        if (span := getattr(told, name)) is not None
    ]
    if told.error_codes:
        codes = ", ".join(span.text for span in told.error_codes)
        lines.append(f"{_said('filing_error_codes', lang)}: {codes}")
    return lines


def _severity(severity: Severity, lang: str) -> str:
    who = _said(f"filing_severity_{severity.reason}", lang)
    return f"{severity.value if severity.value is not None else '-'} ({who})"


def _offered(found: Handover, lang: str) -> list[str]:
    lines = [
        f"{one.title or one.thread_id} [{one.thread_id}]: "
        + _said(f"filing_became_{one.became}", lang)
        for one in found.offered
    ]
    if found.asked_for_help:
        lines.append(_said("filing_asked_for_help", lang))
    return lines


def _similar(cases: Iterable[NearCase], lang: str) -> list[str]:
    return [
        f"{near.case.title or near.case.id} [{near.case.id}], {near.similarity:.2f}"
        + (
            f"\n{_said('filing_answer', lang)}: {_short(near.case.answer)}"
            if near.case.answer
            else ""
        )
        for near in cases
    ]


def _question(row: store.QuestionRow) -> list[str]:
    question = kept_question(row)
    return [part for part in (question.title, question.body) if part.strip()]


def _links(known: Known, lang: str) -> list[Section]:
    row, lines = known.row, [known.row.question_id]
    if known.link is not None:
        lines.append(f"{_said('filing_link', lang)} {known.link}")
        if known.original and row.triage_id is not None:
            base = known.link.rsplit("/v1/", 1)[0]
            where = f"{base}/v1/triage/{row.triage_id}/original"
            lines.append(f"{_said('filing_original', lang)} {where}")
    return [Section("Triage", tuple(lines))]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_ANSWER else line[: _LONGEST_ANSWER - 1].rstrip() + "…"


def _indented(lines: Iterable[str]) -> list[str]:
    return ["  " + line.replace("\n", "\n  ") for line in lines]


def _broken(line: str) -> str:
    return "<br>".join(escape(part) for part in line.split("\n"))


def _said(code: str, lang: str, **params: str) -> str:
    # The code is put together of what is known here: a test has all of them said.
    reason = Reason(code, params)
    return say(reason, lang)
