"""The order of the steps: the only room that knows it.

draft -> question -> vector -> hits -> matches, and labels beside them -> decision -> suggestions.
`learn` measures with these same functions, so what is measured is what is served.
Not here: the steps themselves, keeping the ask (desk), and where threads come from (knowledge).
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from triage import text
from triage.adapt import Adaptation
from triage.classify import Classifier
from triage.decide import Policy, decide
from triage.encode import Encoder, TextRole
from triage.encode.base import Vectors
from triage.rank import Ranker, rank
from triage.records import (
    Decision,
    Draft,
    Hit,
    Labels,
    Match,
    Question,
    Side,
    Suggestion,
    Thread,
)
from triage.retrieve import KnowledgeIndex, Search

FetchThreads = Callable[[Collection[str]], Mapping[str, Thread]]

CANDIDATES = 50
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Parts:
    """What one request works with, the same from its start to its end.

    `adaptation` moves a question's vector before it is searched with; labels come of the vector as
    it was encoded.
    """

    encoder: Encoder | None
    index: KnowledgeIndex
    ranker: Ranker
    classifier: Classifier | None
    policy: Policy
    fetch: FetchThreads
    adaptation: Adaptation | None = None


@dataclass(frozen=True, slots=True)
class Triaged:
    """What the steps made of one draft."""

    question: Question
    matches: tuple[Match, ...]
    labels: Labels
    decision: Decision
    suggestions: tuple[Suggestion, ...]


def triage(parts: Parts, draft: Draft) -> Triaged:
    """Take one draft through all steps. Raises EmptyDraft when it holds no text."""
    question = text.prepare(draft)
    vector = _encode(parts, question)
    hits = find(parts, question, vector)
    threads = _readable(parts, question, hits)
    matches = order(parts, question, hits, threads)
    labels = _classify(parts, question, vector)
    decision = decide(question, matches, threads, labels, parts.policy)
    suggestions = tuple(
        _suggest(question, match, threads[match.thread_id], place)
        for place, match in enumerate(decision.shown, start=1)
    )
    return Triaged(question, tuple(matches), labels, decision, suggestions)


def ranked(
    parts: Parts,
    question: Question,
    *,
    side: Side = Side.BOTH,
    among: frozenset[str] | None = None,
) -> tuple[list[Hit], list[Match]]:
    """Find and order threads for one question, before the decision what to show."""
    vector = None if side is Side.LEXICAL else _encode(parts, question)
    hits = find(parts, question, vector, side=side, among=among)
    threads = _readable(parts, question, hits)
    return hits, order(parts, question, hits, threads, side=side)


def find(
    parts: Parts,
    question: Question,
    vector: Vectors | None,
    *,
    side: Side = Side.BOTH,
    among: frozenset[str] | None = None,
) -> list[Hit]:
    """Gather evidence for the threads that this asker may read."""
    error = question.context.error_text or ""
    moved = parts.adaptation
    if vector is not None and moved is not None and moved.moves(_knows_language(parts, question)):
        vector = moved.apply(vector)
    return parts.index.search(
        Search(
            text="" if side is Side.DENSE else f"{question.text}\n{error}".strip(),
            lang=question.lang,
            vector=None if vector is None else vector[0],
            groups=question.groups,
            among=among,
            limit=CANDIDATES,
        )
    )


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


def _classify(parts: Parts, question: Question, vector: Vectors | None) -> Labels:
    if parts.classifier is None:
        return {}
    return parts.classifier.predict([question.title], [question.body], vector)[0]


def _suggest(question: Question, match: Match, thread: Thread, place: int) -> Suggestion:
    answer = next((a for a in thread.answers if a.id == match.answer_id), None)
    words = frozenset(_WORD.findall(question.text.lower()))
    return Suggestion(
        thread_id=thread.id,
        answer_id=match.answer_id,
        title=thread.title,
        snippet=text.snippet(answer.body if answer else thread.body, words),
        url=thread.url,
        lang=thread.lang,
        rank=place,
        probability=match.probability,
        solved=thread.solved,
        staff=answer is not None and answer.staff,
        applicability=match.applicability,
        reasons=match.reasons,
    )
