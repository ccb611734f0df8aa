"""What is decided otherwise than by labels: bursts of events, and threads proposed from cases.

In: an item and what it is about. Out: the values of its form.
Not here: labels (review_item), what a form sent (review_sent).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage import privacy
from triage.answers.likeness import similar_threads
from triage.answers.publishing import Shown
from triage.api.pages.lead.here import Here
from triage.errors import Unavailable
from triage.phrases.sensitive import SENSITIVE
from triage.reviewing import Subject
from triage.store import BurstRow, ReviewRow


@dataclass(frozen=True, slots=True)
class BurstShown:
    """Events of one person that are put aside: what they are, and how many of each."""

    burst: BurstRow
    said: str
    whose: str
    contents: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class SimilarShown:
    """A thread that the forum has already, and how likely it settles the same question."""

    title: str
    lang: str | None
    chance: str


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """What a thread would say, as drafted or as it was typed, and what to look at twice."""

    title: str
    body: str
    answer: str
    valid_versions: str
    readers: str
    groups: str
    known_groups: Sequence[str]
    lang: str | None
    cautions: Sequence[str]
    taken_out: Sequence[str]
    similar: Sequence[SimilarShown]
    thread_id: str | None


def special_of(
    here: Here, row: ReviewRow, subject: Subject, typed: Mapping[str, str]
) -> BurstShown | ProposalShown | None:
    """Return the form of a burst or of a proposal; None for what is labelled."""
    if subject.burst is not None:
        return _burst(here, subject.burst, subject.contents)
    if subject.proposal is not None:
        return _proposal(here, subject.proposal, typed)
    return None


def _burst(here: Here, burst: BurstRow, contents: Sequence[tuple[str, int, int]]) -> BurstShown:
    minutes = here.numbers.wait((burst.last_at - burst.first_at).total_seconds())
    count = here.numbers.count
    return BurstShown(
        burst,
        here.part("burst_so", n=count(burst.events), wait=minutes),
        here.part("burst_person" if burst.person else "burst_session"),
        [
            (here.part(f"event_{kind}"), count(many), count(threads))
            for kind, many, threads in contents
        ],
    )


def _proposal(here: Here, shown: Shown, typed: Mapping[str, str]) -> ProposalShown:
    drafted = shown.drafted
    groups = privacy.all_groups(here.database(), here.forum.id)
    return ProposalShown(
        title=typed.get("title", drafted.title),
        body=typed.get("body", drafted.body),
        answer=typed.get("answer", drafted.answer),
        valid_versions=typed.get("valid_versions", ""),
        readers=typed.get("readers", ""),
        groups=typed.get("groups", ", ".join(sorted(shown.case.groups))),
        known_groups=sorted(groups),
        lang=drafted.lang,
        cautions=[here.part(f"caution_{name}") for name in drafted.cautions],
        taken_out=[_found(here, name) for name in drafted.found],
        similar=_similar(here, shown, groups),
        thread_id=shown.row.thread_id,
    )


def _similar(here: Here, shown: Shown, groups: frozenset[str]) -> list[SimilarShown]:
    try:
        parts = here.caller.desk.parts()
    except Unavailable:
        return []
    return [
        SimilarShown(thread.title, thread.lang, here.numbers.share(match.probability))
        for match, thread in similar_threads(parts, shown, groups)
    ]


def _found(here: Here, name: str) -> str:
    """Return what was taken out, by the mark that stands in the text instead."""
    return f"[{name.upper()}]: {SENSITIVE[name][here.lang]}"
