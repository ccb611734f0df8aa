"""A forum's asks, questions and cases -> candidates of the queue, with what was said of each.

In: the store, the open model. Out: candidates in a fixed order, and the row of each in a space.
Not here: scores (scoring), who is chosen (drawing).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np

from triage import store
from triage.classify import facts_of
from triage.embedding import embed, matrix, space_of
from triage.encode import TextRole
from triage.encode.base import Vectors
from triage.kept import kept_labels, read_labels
from triage.pipeline import Parts
from triage.records import Case, Label, Labels, Target
from triage.reviewing.values import ASKED
from triage.store import ReviewReason, ReviewSubject
from triage.text import digest

_DECISION = "decision"
# More are never looked at in one day; the newest stay.
MOST_ASKS, MOST_CASES = 3_000, 500
# By so many grades what a customer calls it is from what the model does, to be worth a look.
_APART = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be looked at, and what was said of it by which model version.

    `found` are reasons that are there without any score, with what speaks for each.
    """

    subject: ReviewSubject
    subject_id: str
    said: Mapping[str, Any]
    model_version: str | None
    sent_at: datetime
    ask_id: str | None = None
    question_id: str | None = None
    case: Case | None = None
    lang: str | None = None
    product: str | None = None
    simulated: bool = False
    targets: tuple[Target, ...] = ASKED
    found: Mapping[ReviewReason, Mapping[str, Any]] = field(default_factory=dict)
    strength: float = 0.0

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others; its order among them."""
        return self.subject.value, self.subject_id

    @property
    def labels(self) -> Labels:
        """What was said of it, as labels."""
        return read_labels({"labels": self.said})


def of_asks(
    c: store.Connection, forum_id: int, sent: Sequence[store.SentAsk]
) -> dict[str, Candidate]:
    """Return those of the asks of which a model said anything and the words are kept, by key."""
    replies = store.last_replies(c, forum_id, [one.ask_id for one in sent if one.ask_id])
    posted = [one.question_id for one in sent if one.question_id]
    rows = store.get_questions(c, forum_id, posted)
    found: dict[str, Candidate] = {}
    for one in sent:
        row = rows.get(one.question_id or "")
        reply = replies.get(one.ask_id or "")
        if reply is not None:
            words, said, version = reply.question, _said(reply.reply), reply.model_version
        elif row is not None:
            words, said, version = row.question, _said_of(row), None
        else:
            continue
        if not said or not (words.get("title") or words.get("body")):
            continue
        posted_as = ReviewSubject.QUESTION if one.question_id else ReviewSubject.ASK
        candidate = Candidate(
            posted_as,
            str(one.question_id or one.ask_id),
            said,
            version,
            one.sent_at,
            ask_id=one.ask_id,
            question_id=one.question_id,
            lang=one.lang or words.get("lang"),
            product=one.product or words.get("product"),
            simulated=one.simulated,
        )
        found[one.key] = _called_otherwise(candidate, row)
    return found


def of_moved(
    c: store.Connection, forum_id: int, moved: Sequence[store.MovedQuestion]
) -> list[Candidate]:
    """Return the questions that people sent elsewhere, each with what they changed."""
    rows = store.get_questions(c, forum_id, [one.question_id for one in moved])
    asks = [row.ask_id for row in rows.values() if row.ask_id]
    replies = store.last_replies(c, forum_id, asks)
    found = []
    for one in moved:
        row = rows.get(one.question_id)
        said = _said_of(row) if row is not None else {}
        if row is None or not said or not (row.question["title"] or row.question["body"]):
            continue
        reason = ReviewReason.REROUTED if one.by_ticket else ReviewReason.OVERRIDDEN
        reply = replies.get(row.ask_id or "")
        candidate = Candidate(
            ReviewSubject.QUESTION,
            row.question_id,
            said,
            reply.model_version if reply is not None else None,
            row.received_at,
            ask_id=row.ask_id,
            question_id=row.question_id,
            lang=row.lang,
            product=row.product,
            simulated=one.simulated,
            strength=one.changed_at.timestamp(),
        )
        changed = _changed(one, candidate.labels)
        targets = tuple(Target(name) for name in changed)
        rest = tuple(target for target in ASKED if target not in targets)
        found.append(replace(candidate, targets=(*targets, *rest), found={reason: changed}))
    return found


def of_doubts(c: store.Connection, forum_id: int) -> list[Candidate]:
    """Return the labels of cases that training doubts, the surest doubt the strongest.

    A label that was changed since, or that somebody has looked at since, is in doubt no more.
    """
    rows = store.waiting_doubts(c, forum_id)
    cases = store.get_cases(c, forum_id, {d.case_id for d in rows})
    reviewed = store.reviewed_labels_of(c, forum_id, cases)
    looked_at = {(one.case_id, one.target): one.decided_at for one in reviewed}
    rows = [d for d in rows if looked_at.get((d.case_id, d.target), d.found_at) <= d.found_at]
    found: dict[str, Candidate] = {}
    for d in rows:
        case = cases[d.case_id]
        other = ((d.label, d.label_probability),)
        said = kept_labels({Target(d.target): Label(d.likelier, d.probability, other, False)})
        evidence: dict[str, Any] = {
            **{"target": d.target, "label": d.label, "likelier": d.likelier, "why": d.why},
            **{"probability": d.probability, "label_probability": d.label_probability},
        }
        candidate = _of_case(case, said, None, d.found_at)
        candidate = replace(
            candidate,
            targets=(Target(d.target),),
            found={ReviewReason.LABEL_ERROR: evidence},
            strength=1.0 - d.label_probability,
        )
        # The surest doubt comes first; a second one of the same case waits until it is settled.
        found.setdefault(d.case_id, candidate)
    return list(found.values())


def of_unlabelled(
    database: store.Database, forum_id: int, parts: Parts, since: datetime
) -> list[Candidate]:
    """Return the newest cases that lack a label, with what the open model says of them."""
    if parts.classifier is None:
        return []
    wanted = [t.value for t in (Target.KIND, Target.TOPIC) if t in parts.classifier.heads]
    with database.read() as c:
        revision = store.revision_of(c, forum_id)
        cases = store.unlabelled_cases(c, forum_id, wanted, since, MOST_CASES)
        named = sorted({case.account for case in cases if case.account})
        accounts = {name: store.get_account(c, forum_id, name) for name in named}
    if not cases:
        return []
    vectors, texts = None, [case.text for case in cases]
    if parts.encoder is not None:
        where = (database, forum_id, parts.encoder)
        known = embed(*where, texts, TextRole.QUERY, revision=revision)
        vectors = matrix(known, texts, parts.encoder.dimension)
    facts = [facts_of(case, accounts.get(case.account or ""), case.created) for case in cases]
    words = [case.title for case in cases], [case.body for case in cases]
    said = parts.classifier.predict(*words, vectors, facts)
    return [
        replace(
            _of_case(case, kept_labels(labels), parts.version, case.created or since),
            targets=tuple(sorted(ASKED, key=lambda t: getattr(case, t.value) is not None)),
        )
        for case, labels in zip(cases, said, strict=True)
    ]


def vectors_of(
    c: store.Connection, forum_id: int, parts: Parts, found: Sequence[tuple[str | None, str | None]]
) -> Vectors:
    """Return unit rows of asks or of texts' digests, rows of zeros where there is no vector."""
    if parts.encoder is None:
        return np.zeros((len(found), 1), dtype=np.float32)
    space = space_of(parts.encoder, TextRole.QUERY)
    asked = store.vectors_of_asks(c, forum_id, space, [ask for ask, _ in found if ask])
    read = store.get_vectors(c, forum_id, space, [text for _, text in found if text])
    none = np.zeros(parts.encoder.dimension, dtype=np.float32)
    rows = [asked.get(ask or "", read.get(text or "", none)) for ask, text in found]
    if not rows:
        return np.zeros((0, parts.encoder.dimension), dtype=np.float32)
    return unit(np.stack(rows))


def unit(rows: Vectors) -> Vectors:
    """Return rows of length 1; those of length 0 stay what they are."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)


def place_of(one: Candidate) -> tuple[str | None, str | None]:
    """Return by what the vector of a candidate is found: its ask, or the digest of its text."""
    return one.ask_id, digest(one.case.text) if one.case is not None else None


def _of_case(case: Case, said: Mapping[str, Any], version: str | None, at: datetime) -> Candidate:
    return Candidate(
        ReviewSubject.CASE,
        case.id,
        said,
        version,
        at,
        case=case,
        lang=case.lang,
        product=case.product,
    )


def _said(reply: Mapping[str, Any]) -> dict[str, Any]:
    """Return the labels of a reply, and what was decided on them."""
    labels = {name: label for name, label in (reply.get("labels") or {}).items() if label}
    labels = {name: one for name, one in labels.items() if one.get("probability") is not None}
    decided = reply.get("decision") or {}
    told = {"destination": decided.get("destination"), "decided_by": decided.get("decided_by")}
    return {**labels, _DECISION: told} if labels else {}


def _said_of(row: store.QuestionRow) -> dict[str, Any]:
    return _said({"labels": row.labels, "decision": row.decision})


def _called_otherwise(one: Candidate, row: store.QuestionRow | None) -> Candidate:
    """Note that a customer calls it much more or less severe than the model did."""
    label = one.labels.get(Target.SEVERITY)
    told = row.customer_severity if row is not None else None
    if told is None or label is None or label.value is None or label.abstained:
        return one
    if abs(int(label.value) - told) < _APART:
        return one
    changed = {Target.SEVERITY.value: [str(label.value), str(told)]}
    rest = tuple(target for target in ASKED if target is not Target.SEVERITY)
    return replace(
        one,
        targets=(Target.SEVERITY, *rest),
        found={ReviewReason.OVERRIDDEN: changed},
        strength=one.sent_at.timestamp(),
    )


def _changed(one: store.MovedQuestion, labels: Labels) -> dict[str, list[str | None]]:
    changed: dict[str, list[str | None]] = {}
    if one.destination != one.decided_to:
        changed[Target.DESTINATION.value] = [one.decided_to, one.destination]
    if one.retopiced:
        said = labels.get(Target.TOPIC)
        before = str(said.value) if said is not None and said.value is not None else None
        changed[Target.TOPIC.value] = [before, one.topic]
    return changed
