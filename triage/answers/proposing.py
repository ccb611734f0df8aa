"""Resolved expert cases -> proposals, and what the thread of each would say.

In: cases, as they come in or as they are kept. Out: rows that wait for a person's decision, and
drafts of threads that are redacted by the rules of the day. A case is proposed once for each state
of its texts: one that was refused comes back only when it says something else.
Not here: deciding, and making the thread (publishing).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from triage import store
from triage.records import Account, Case, Destination, Kind
from triage.redaction import Redaction
from triage.text import (
    SENSITIVE_TYPES,
    Boilerplate,
    clean,
    confidential,
    redact,
    without_courtesies,
)

# From where on talk of contracts, prices and security is pointed out to whoever decides.
_CONFIDENTIAL = 0.5


@dataclass(frozen=True, slots=True)
class Drafted:
    """What the thread of a case would say, and what whoever decides should look at twice.

    `found` are the types of what was taken out; `cautions` are codes: `confidential`, `complaint`,
    `severe`, `group` (only a group could read the case) and `customised` (the customer's own
    product is adapted).
    """

    title: str
    body: str
    answer: str
    lang: str | None
    product: str | None
    found: tuple[str, ...]
    cautions: tuple[str, ...]


def content_of(case: Case) -> str:
    """Return a digest of what a thread would be made of; labels are no part of it."""
    said = [case.title, case.body, case.answer, case.product, case.version, case.lang]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def propose(c: store.Connection, forum_id: int, cases: Iterable[Case], at: datetime) -> int:
    """Open a proposal for each case of an expert with an answer; return how many are new."""
    found = [
        store.Proposable(case.id, content_of(case), case.person, case.closed or case.created or at)
        for case in cases
        if is_proposable(case)
    ]
    return store.propose_cases(c, forum_id, found, at)


def propose_all(c: store.Connection, forum_id: int, at: datetime) -> int:
    """Propose whatever the forum keeps and was not proposed; drop what waits of gone cases."""
    store.withdraw_proposals(c, forum_id)
    return propose(c, forum_id, (case for case, _ in store.iter_cases(c, forum_id)), at)


def is_proposable(case: Case) -> bool:
    """Say whether an expert answered a case, in words."""
    asked = case.title.strip() or case.body.strip()
    answered = case.answer is not None and case.answer.strip()
    return case.destination == Destination.EXPERT and bool(asked and answered)


def draft_of(
    case: Case, account: Account | None, redaction: Redaction, boilerplate: Boilerplate
) -> Drafted:
    """Return what the thread of a case would say: what others may read of it.

    Greetings, farewells and the names in them go, and what the forum's texts share; then it is
    redacted as a draft is, hosts and companies too: nobody outside has read it yet.
    """
    body = boilerplate.strip(case.body, person=case.person, beside=case.title)
    title, body, answer = (
        safe(part, redaction)
        for part in (
            case.title,
            without_courtesies(body),
            without_courtesies(boilerplate.strip(case.answer or "")),
        )
    )
    product = safe(case.product, redaction) if case.product else None
    told = (title, body, answer)
    return Drafted(
        *told,
        lang=case.lang,
        product=product,
        found=tuple(name for name in SENSITIVE_TYPES if _holds(name, told)),
        cautions=tuple(_cautions(case, account, told)),
    )


def safe(text: str, redaction: Redaction) -> str:
    """Return a text that others may read."""
    return clean(redact(text, redaction).text)


def _holds(name: str, texts: Iterable[str]) -> bool:
    return any(f"[{name.upper()}]" in text for text in texts)


def _cautions(case: Case, account: Account | None, texts: Iterable[str]) -> Iterator[str]:
    if confidential("\n".join(texts)) >= _CONFIDENTIAL:
        yield "confidential"
    if case.kind == Kind.COMPLAINT:
        yield "complaint"
    if case.severity == 1:
        yield "severe"
    if case.groups:
        yield "group"
    if account is not None and case.product in account.customised_products:
        yield "customised"
