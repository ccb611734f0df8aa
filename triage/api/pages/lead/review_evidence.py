"""One item of the review queue -> what helps to decide it: why, what is like it, what became of it.

In: an item and what it is about. Out: what moved each label, the nearest labelled cases, what
happened since. Made anew by the model that is live now, which may be a later one.
Not here: the item itself (review_item), the arithmetic (explanation).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from triage import store
from triage.api.pages.lead.here import Here
from triage.api.pages.lead.review_item import named
from triage.classify import Explanation, Origin, Pull
from triage.errors import Unavailable
from triage.explanation import Explained, Wanted, explain_question
from triage.nearest import NearCase
from triage.questions import Told
from triage.questions.reading import read
from triage.records import Case, Target
from triage.reviewing import ASKED, Subject
from triage.reviewing.teaching import case_id_of
from triage.store import ReviewReason, ReviewRow, ReviewSubject

_PULLS, _NEAR, _EVENTS = 6, 4, 12


@dataclass(frozen=True, slots=True)
class Pulled:
    """One thing that moved a label: what it is, towards which label, and how much of the most."""

    said: str
    towards: str
    share: float


@dataclass(frozen=True, slots=True)
class WhyShown:
    """Why the model says one label and not the next."""

    title: str
    said: str
    pulls: Sequence[Pulled]


@dataclass(frozen=True, slots=True)
class NearShown:
    """A labelled case that is like the item."""

    title: str
    lang: str | None
    alike: str
    labels: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened: when, what, and the words that went with it."""

    at: datetime | None
    said: str
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What helps to decide an item. `other_model` is the version that is live now, if another."""

    why: Sequence[WhyShown] = ()
    near: Sequence[NearShown] = ()
    story: Sequence[Happened] = ()
    other_model: str | None = None


def evidence_of(here: Here, row: ReviewRow, subject: Subject) -> Evidence:
    """Return what helps to decide an item; of a blind one only what others filed of its like."""
    story = [] if row.blind else list(_story(here, subject))
    found = _explained(here, row, subject)
    if found is None:
        return Evidence(story=story)
    own = case_id_of(row)
    near = [one for one in found.nearest.cases if one.case.id != own][:_NEAR]
    return Evidence(
        why=[] if row.blind else list(_whys(here, row, found)),
        near=[_near(here, one) for one in near],
        story=story,
        other_model=found.model_version if row.model_version != found.model_version else None,
    )


def _explained(here: Here, row: ReviewRow, subject: Subject) -> Explained | None:
    """Explain the item's labels; None without words, or while no model is open."""
    if row.subject is ReviewSubject.BURST or not subject.question.text:
        return None
    try:
        parts = here.caller.desk.parts()
    except Unavailable:
        return None
    # One more, since a case is the nearest to itself.
    wanted = Wanted(None if here.caller.reads_all else frozenset(), most_cases=_NEAR + 1)
    return explain_question(here.database(), here.forum.id, parts, subject.question, wanted)


def _whys(here: Here, row: ReviewRow, found: Explained) -> Iterator[WhyShown]:
    of_doubt = row.reason is ReviewReason.LABEL_ERROR
    for target in dict.fromkeys([*map(Target, row.targets), *(() if of_doubt else ASKED)]):
        why = found.explanations.get(target)
        if why is None or target not in ASKED:
            continue
        names = {
            "first": named(here, target, why.explained),
            "second": named(here, target, why.against),
        }
        yield WhyShown(here.part(target), here.part("why_so", **names), _pulls(here, why))


def _pulls(here: Here, why: Explanation) -> list[Pulled]:
    strongest = why.pulls[:_PULLS]
    most = max((abs(pull.log_odds) for pull in strongest), default=1.0)
    return [
        Pulled(
            _called(here, pull),
            named(here, why.target, why.explained if pull.log_odds > 0 else why.against),
            round(abs(pull.log_odds) / most, 2),
        )
        for pull in strongest
    ]


def _called(here: Here, pull: Pull) -> str:
    """Return what moved a label, in words: of the question, of its form, of its account."""
    name = pull.name
    match name.origin:
        case Origin.WORDS:
            return here.part("pull_words", words=name.text)
        case Origin.FORM:
            sign = _word(here, f"sign_{name.text}", name.text)
            return here.part("pull_more" if name.more else "pull_less", sign=sign)
        case Origin.FACT:
            fact, _, value = name.text.partition("=")
            said = {"true": here.say("lead.yes"), "false": here.say("lead.no")}.get(value, value)
            return here.part("pull_fact", fact=_word(here, f"fact_{fact}", fact), value=said)
        case Origin.MEANING:
            return here.part("pull_meaning")


def _word(here: Here, name: str, otherwise: str) -> str:
    """Return words of this tab; a model of another time can know of signs that have none."""
    key = f"lead_review.{name}"
    return here.say(key) if here.has(key) else otherwise


def _near(here: Here, near: NearCase) -> NearShown:
    case = near.case
    filed = ((target, getattr(case, target.value)) for target in ASKED)
    labels = " · ".join(named(here, target, value) for target, value in filed if value is not None)
    alike = here.numbers.number(near.similarity)
    return NearShown(case.title or case.body, case.lang, here.part("alike", near=alike), labels)


def _story(here: Here, subject: Subject) -> Iterator[Happened]:
    """Tell what became of it: of a question its steps, of a case its end, of an ask its deeds."""
    row = subject.question_row
    if row is not None:
        with here.database().read() as c:
            yield from _steps(here, read(c, here.forum.id, row.question_id))
    elif subject.case is not None:
        yield from _ended(here, subject.case)
    elif subject.triage_id is not None:
        yield from _deeds(here, subject.triage_id)


def _steps(here: Here, told: Told) -> Iterator[Happened]:
    for change in told.changes:
        said = here.say(f"demo.state_{change.after}")
        by = here.part(f"by_{change.who}")
        yield Happened(change.at, here.part("step", state=said, by=by), change.words)


def _ended(here: Here, case: Case) -> Iterator[Happened]:
    for name, at in (
        ("case_created", case.created),
        ("case_first", case.first_response),
        ("case_closed", case.closed),
    ):
        if at is not None:
            yield Happened(at, here.part(name))
    if case.escalated:
        yield Happened(None, here.part("case_escalated"))
    if case.answer:
        yield Happened(None, here.part("case_answer"), case.answer)


def _deeds(here: Here, triage_id: str) -> Iterator[Happened]:
    with here.database().read() as c:
        kept = store.get_triage(c, here.forum.id, triage_id)
        done = [] if kept is None else store.events_of_ask(c, here.forum.id, kept.ask_id)
    if kept is None:
        return
    shown = len(kept.reply.get("suggestions") or ())
    yield Happened(kept.at, here.counted("lead_review.suggested", shown))
    for event in done[:_EVENTS]:
        yield Happened(event.occurred_at, here.part(f"event_{event.type}"))
    if len(done) > _EVENTS:
        yield Happened(None, here.counted("lead_review.more_events", len(done) - _EVENTS))
