"""The order of the steps: the only room that knows it.

draft -> question -> vector -> hits -> matches, and labels beside them -> decision -> suggestions.
Boilerplate is discounted before anything is searched, as it was in the index; hits of threads that
ask the same are folded onto the one that settles it.
`learn` measures with these same functions, so what is measured is what is served.
Not here: the steps themselves, keeping the ask (desk), and where threads come from (knowledge).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from triage import text
from triage.adapt import Adaptation
from triage.classify import Classifier, Facts, facts_of
from triage.decide import Policy, decide
from triage.decide.gate import Gate
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.policy import Circumstances
from triage.rank import Ranker, rank
from triage.rank.answer_quality import AnswerQuality, load_quality
from triage.rank.answer_trust import weighed
from triage.rank.resolution import Resolution, fold
from triage.records import (
    Answer,
    Applicability,
    Decision,
    Draft,
    Hit,
    Labels,
    Match,
    Question,
    Side,
    Suggestion,
    Thread,
    Trust,
)
from triage.redaction import NO_REDACTION, Redaction
from triage.retrieve import KnowledgeIndex, Search
from triage.text import NOTHING, Boilerplate

FetchThreads = Callable[[Collection[str]], Mapping[str, Thread]]
Tell = Callable[[Question], Facts]
Around = Callable[[Question], Circumstances]
# The trust in each answer of some threads, for somebody with a version, by thread and answer.
TrustIn = Callable[[Collection[Thread], str | None], Mapping[str, Mapping[str, Trust]]]

CANDIDATES = 50
_TRUSTED = 12  # What stands further down is never shown.
_WORD = re.compile(r"\w{3,}")
_SEARCHED = 8_000  # Of one text: the rest of a pasted log would only drown what was asked.


@dataclass(frozen=True, slots=True)
class Parts:
    """What one request works with, the same from its start to its end.

    `gate`, `adaptation`, `ranker` and `quality` belong to one model `version`; `boilerplate` and
    `resolution` to the index, of which nothing `hidden` is found. `adaptation` moves a question's
    vector before it is searched with; labels come of the whole text's vector as it was encoded:
    which form somebody used says something of what they want. `tell` says what is known besides
    its words, `around` what holds around it when it is decided about; `redaction` what else than
    everywhere is taken out of it; `trust` what people and staff said of answers.
    """

    encoder: Encoder | None
    index: KnowledgeIndex
    ranker: Ranker
    classifier: Classifier | None
    policy: Policy
    fetch: FetchThreads
    gate: Gate
    adaptation: Adaptation | None = None
    boilerplate: Boilerplate = NOTHING
    resolution: Resolution = field(default_factory=Resolution)
    hidden: frozenset[str] = frozenset()
    quality: AnswerQuality = field(default_factory=load_quality)
    version: str | None = None
    tell: Tell = lambda question: facts_of(question, None, None)
    redaction: Redaction = NO_REDACTION
    around: Around = lambda question: Circumstances()
    trust: TrustIn = lambda threads, version: {}


@dataclass(frozen=True, slots=True, eq=False)
class Triaged:
    """What the steps made of one draft. `vector` (1, dimension) is of the whole question."""

    question: Question
    matches: tuple[Match, ...]
    labels: Labels
    decision: Decision
    suggestions: tuple[Suggestion, ...]
    vector: Vectors | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Labels, and what besides the words they were made of: the whole text's vector, the facts."""

    labels: Labels
    vector: Vectors | None
    facts: Facts | None = None


def triage(parts: Parts, draft: Draft) -> Triaged:
    """Take one draft through all steps. Raises EmptyDraft when it holds no text."""
    question = text.prepare(draft, parts.redaction)
    asked = asked_of(parts, question)
    vector = _encode(parts, asked)
    hits, threads = _found(parts, asked, vector)
    matches = order(parts, asked, hits, threads)
    matches, trusted = _weighed(parts, question, matches, threads)
    whole = vector if asked is question else _encode(parts, question)
    labels = _classify(parts, question, whole).labels
    around = parts.around(question)
    decision = decide(question, matches, threads, labels, parts.policy, parts.gate, around)
    suggestions = tuple(
        _suggest(parts, question, match, threads[match.thread_id], place, trusted(match))
        for place, match in enumerate(decision.shown, start=1)
    )
    return Triaged(question, tuple(matches), labels, decision, suggestions, whole)


def gather(
    parts: Parts,
    question: Question,
    *,
    side: Side = Side.BOTH,
    among: frozenset[str] | None = None,
) -> tuple[list[Hit], Mapping[str, Thread]]:
    """Find the evidence for one question and the threads that it is of, before any ranking."""
    asked = asked_of(parts, question)
    vector = None if side is Side.LEXICAL else _encode(parts, asked)
    return _found(parts, asked, vector, side=side, among=among)


def label(parts: Parts, question: Question) -> Labelled:
    """Label a question as `triage` does, and keep what the labels were made of."""
    return _classify(parts, question, _encode(parts, question))


def asked_of(parts: Parts, question: Question) -> Question:
    """Return the question without the forum's boilerplate; itself when it has none."""
    body = parts.boilerplate.strip(question.body, person=question.person, beside=question.title)
    return question if body == question.body else replace(question, body=body)


def _found(
    parts: Parts,
    question: Question,
    vector: Vectors | None,
    *,
    side: Side = Side.BOTH,
    among: frozenset[str] | None = None,
) -> tuple[list[Hit], Mapping[str, Thread]]:
    """Gather evidence for the threads that this asker may read, folded by what asks the same."""
    moved = parts.adaptation
    if vector is not None and moved is not None and moved.moves(_knows_language(parts, question)):
        vector = moved.apply(vector)
    words = "" if side is Side.DENSE else _words_of(question)
    hits = parts.index.search(
        Search(
            text=words,
            lang=question.lang,
            vector=None if vector is None else vector[0],
            groups=question.groups,
            among=among,
            limit=CANDIDATES + len(parts.hidden),
            identifiers=_identifiers_of(question) if words else frozenset(),
        )
    )
    hits = [h for h in hits if h.thread_id not in parts.hidden]
    if among is None:
        hits = fold(hits, parts.resolution, question.groups, question.lang, question.version).hits
    threads = _readable(parts, question, hits)
    return [h for h in hits if h.thread_id in threads], threads


def _words_of(question: Question) -> str:
    """Return what is searched for by words: the question, and where in the system it arose."""
    context = question.context
    places = (context.error_text, context.page, context.form, context.record_type)
    return "\n".join(t[:_SEARCHED] for t in (question.text, *places) if t)


def _identifiers_of(question: Question) -> frozenset[str]:
    """Return the codes, versions and file names of a question and of all that came with it.

    Of attachments nothing else is searched for: the words of a log are not the asker's.
    """
    attached = [t for a in question.attachments for t in (a.name, a.text) if t]
    return text.identifiers("\n".join([_words_of(question), *attached]))


def order(
    parts: Parts,
    question: Question,
    hits: list[Hit],
    threads: Mapping[str, Thread],
    *,
    side: Side = Side.BOTH,
) -> list[Match]:
    """Order hits by the probability that each settles the question."""
    if parts.encoder is None:
        side = Side.LEXICAL
    known = _knows_language(parts, question)
    return rank(parts.ranker, question, hits, threads, side=side, known_language=known)


def _knows_language(parts: Parts, question: Question) -> bool:
    return parts.encoder is not None and question.lang in parts.encoder.languages


def _readable(parts: Parts, question: Question, hits: list[Hit]) -> Mapping[str, Thread]:
    """Fetch the threads of hits, leaving out what was closed to the asker since the search."""
    found = parts.fetch([h.thread_id for h in hits])
    return {i: t for i, t in found.items() if not t.groups or t.groups & question.groups}


def _encode(parts: Parts, question: Question) -> Vectors | None:
    if parts.encoder is None:
        return None
    return parts.encoder.encode([question.text], TextRole.QUERY)


def _classify(parts: Parts, question: Question, vector: Vectors | None) -> Labelled:
    if parts.classifier is None:
        return Labelled({}, vector)
    facts = parts.tell(question)
    (labels,) = parts.classifier.predict([question.title], [question.body], vector, [facts])
    return Labelled(labels, vector, facts)


def _weighed(
    parts: Parts, question: Question, matches: list[Match], threads: Mapping[str, Thread]
) -> tuple[list[Match], Callable[[Match], Trust | None]]:
    """Mark matches by the trust in the answer of each; return what that trust is, too."""
    near = [match for match in matches[:_TRUSTED] if _may_be_shown(parts, question, match)]
    found = parts.trust([threads[match.thread_id] for match in near], question.version)

    def trusted(match: Match) -> Trust | None:
        answers = found.get(match.thread_id)
        if not answers:
            return None
        return answers.get(_answer_of(parts, match, threads[match.thread_id]).id)

    cost = parts.ranker.other_version
    return weighed(matches, trusted, question.version, cost), trusted


def _may_be_shown(parts: Parts, question: Question, match: Match) -> bool:
    """Say whether trust could matter: one for another version may turn out to be for this one."""
    other = match.applicability is Applicability.OTHER_VERSION
    return other or parts.gate.passes(match.probability, question.lang)


def _suggest(
    parts: Parts,
    question: Question,
    match: Match,
    thread: Thread,
    place: int,
    trust: Trust | None,
) -> Suggestion:
    answer = _answer_of(parts, match, thread)
    words = frozenset(_WORD.findall(question.text.lower()))
    return Suggestion(
        thread_id=thread.id,
        answer_id=answer.id,
        title=thread.title,
        snippet=text.snippet(_passage_of(parts, match, answer), words),
        url=thread.url,
        lang=thread.lang,
        rank=place,
        probability=match.probability,
        solved=thread.solved,
        staff=answer.staff,
        applicability=match.applicability,
        reasons=match.reasons,
        trust=trust,
    )


def _answer_of(parts: Parts, match: Match, thread: Thread) -> Answer:
    """Return the answer that the evidence named, or the best one: what is shown has answers."""
    named = next((a for a in thread.answers if a.id == match.answer_id), None)
    if named is not None:
        return named
    return thread.answers[int(parts.quality.qualities_of(thread).argmax())]


def _passage_of(parts: Parts, match: Match, answer: Answer) -> str:
    """Return the passage that speaks to the question, or all of an answer that nobody searched."""
    passages = text.passages_of(answer, parts.boilerplate)
    if match.answer_id == answer.id and match.passage is not None:
        return passages[match.passage] if match.passage < len(passages) else answer.body
    return answer.body
