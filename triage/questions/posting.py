"""A final text -> a posted question: redacted, decided about, received, told as an event; once.

In: a draft as it is posted, with the reply that was made to it where there was one. Out: the
question, kept. What was decided holds for what it was decided about: another text, another wish of
the asker, another severity, or an asker who is known only now is decided about anew.
Not here: what may become of it then (questions), who may post (api), the steps (pipeline).
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from triage import store, text
from triage.decide import decide
from triage.errors import BadField, NoTriage
from triage.kept import decision_of, kept_question, read_labels
from triage.originals import Originals
from triage.pipeline import Parts, triage
from triage.questions import Arrived, Kept, receive_question
from triage.records import (
    ApiKey,
    Context,
    Decision,
    Draft,
    Event,
    EventType,
    Labels,
    Question,
    Visibility,
)


@dataclass(frozen=True, slots=True)
class Posting:
    """What is posted, by whose key, under which of the forum's names.

    `trusted` says that a server posts it: then the reply may have been made with another key of the
    forum, such as the publishable one of its pages.
    """

    draft: Draft
    key: ApiKey
    triage_id: str | None = None
    external_id: str | None = None
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class _Decided:
    """A question and what was decided about it; `anew`: not as it was replied to before."""

    question: Question
    labels: Labels
    decision: Decision
    anew: bool


@dataclass(frozen=True, slots=True)
class Counter:
    """Where the questions of one forum are posted."""

    database: store.Database
    forum_id: int
    parts: Callable[[], Parts]
    originals: Originals | None = None

    def post(self, posting: Posting, now: datetime) -> Kept:
        """Post a question; the same one again gives what is there.

        Raises NoTriage for a reply that was not made to whoever posts, EmptyDraft where there is no
        text, BadField for another name of what is posted already.
        """
        row, asker = self._replied(posting)
        parts = self.parts()
        decided = _decide(parts, posting.draft, row)
        arrived = Arrived(
            question_id=_name(self.forum_id, posting, row),
            question=decided.question,
            decision=decided.decision,
            labels=decided.labels,
            groups=_readers(decided, parts),
            external_id=posting.external_id,
            triage_id=row.triage_id if row else None,
            ask_id=row.ask_id if row else None,
            key_id=posting.key.id,
            test=posting.key.test or bool(asker and asker.test),
        )
        with self.database.write() as c:
            kept = receive_question(c, self.forum_id, arrived, now)
            if not kept.fresh:
                return self._named(c, kept, posting.external_id)
            if row is not None and asker is not None:
                self._tell(c, kept, row, asker, now)
                self._keep_original(c, posting.draft, decided, row, now)
        return kept

    def _replied(self, posting: Posting) -> tuple[store.TriageRow | None, store.Asker | None]:
        """Return the reply that is named, if it was made to whoever posts now."""
        if posting.triage_id is None:
            return None, None
        with self.database.read() as c:
            row = store.get_triage(c, self.forum_id, posting.triage_id)
            asker = store.asker_of(c, self.forum_id, row.ask_id) if row else None
        if row is None or asker is None or not (row.question["title"] or row.question["body"]):
            raise NoTriage
        if not _is_theirs(posting, row, asker):
            raise NoTriage
        return row, asker

    def _named(self, c: store.Connection, kept: Kept, external_id: str | None) -> Kept:
        """Give what is posted already the forum's name for it, where it had none."""
        row = kept.told.row
        if external_id is None or external_id == row.external_id:
            return kept
        if row.external_id is not None:
            raise BadField("external_id", "is not the one under which this was posted before")
        store.name_question(c, self.forum_id, row.question_id, external_id)
        return replace(kept, told=replace(kept.told, row=replace(row, external_id=external_id)))

    def _tell(
        self,
        c: store.Connection,
        kept: Kept,
        row: store.TriageRow,
        asker: store.Asker,
        now: datetime,
    ) -> None:
        """Tell as an event that the ask was posted, unless its front end has told so itself."""
        if store.is_posted(c, self.forum_id, row.ask_id):
            return
        event = Event(
            event_id=f"posted:{kept.told.row.question_id}",
            type=EventType.POSTED,
            triage_id=row.triage_id,
            ask_id=row.ask_id,
            occurred_at=now,
            question_id=kept.told.row.question_id,
            external_id=kept.told.row.external_id,
            person=asker.person,
            session=asker.session,
        )
        store.write_events(c, self.forum_id, [event], now, test=asker.test)

    def _keep_original(
        self,
        c: store.Connection,
        draft: Draft,
        decided: _Decided,
        row: store.TriageRow,
        now: datetime,
    ) -> None:
        """Keep sealed what only an expert may read of a text that was written since the reply."""
        ours = self.originals
        if ours is None or ours.kept_for is None or not decided.anew:
            return
        if (
            now - row.at < ours.kept_for
            and store.get_original(c, self.forum_id, row.triage_id, now) is None
        ):
            ours.keep(c, self.forum_id, row.triage_id, draft, decided.question, now)


def _decide(parts: Parts, draft: Draft, row: store.TriageRow | None) -> _Decided:
    if row is None:
        return _decided(parts, draft)
    before = kept_question(row)
    whole = _completed(draft, before)
    same = _standing(whole) == _standing(before)
    if not (draft.title or draft.body):
        question = _told_besides(before, whole, parts)
        if same and _told(question) == _told(before):
            return _as_replied(row, before, whole)
        return _wished(parts, row, question, whole)
    if same and _told(text.prepare(whole, parts.redaction)) == _told(before):
        return _as_replied(row, before, whole)
    return _decided(parts, whole)


def _standing(asked: Draft | Question) -> tuple[object, ...]:
    """Return what decides beside the text: what the asker wishes, how bad it is, who they are."""
    wishes = (asked.wants_person, asked.wants_public, asked.customer_severity)
    return (*wishes, asked.person, asked.account, frozenset(asked.groups))


def _told(question: Question) -> tuple[object, ...]:
    """Return what a question says, wherever it says it."""
    words = (question.title, question.body, question.product, question.version)
    return (*words, question.context, question.attachments)


def _told_besides(before: Question, whole: Draft, parts: Parts) -> Question:
    """Return a question that was replied to with what is told beside its text only now."""
    safe = text.prepare(replace(whole, title=before.title, body=before.body), parts.redaction)
    found = [one for one in safe.sensitive if one.field not in ("title", "body")]
    return replace(
        before,
        product=safe.product,
        version=safe.version,
        context=safe.context,
        attachments=safe.attachments,
        sensitive=tuple(dict.fromkeys((*before.sensitive, *found))),
    )


def _as_replied(row: store.TriageRow, before: Question, draft: Draft) -> _Decided:
    question = _asked_by(before, draft)
    return _Decided(question, read_labels(row.reply), decision_of(row.reply["decision"]), False)


def _wished(parts: Parts, row: store.TriageRow, before: Question, draft: Draft) -> _Decided:
    """Decide anew about the same text, whose asker wants something else, or is known by now.

    So too where product, version or context are told only now: labels are of the text.
    """
    question = replace(
        _asked_by(before, draft),
        wants_person=draft.wants_person,
        wants_public=draft.wants_public,
        customer_severity=draft.customer_severity,
    )
    labels, around = read_labels(row.reply), parts.around(question)
    decision = decide(question, [], {}, labels, parts.policy, parts.gate, around)
    return _Decided(question, labels, decision, False)


def _decided(parts: Parts, draft: Draft) -> _Decided:
    made = triage(parts, draft)
    return _Decided(made.question, made.labels, made.decision, True)


def _asked_by(question: Question, draft: Draft) -> Question:
    return replace(question, person=draft.person, account=draft.account, groups=draft.groups)


def _completed(draft: Draft, before: Question) -> Draft:
    """Return a draft with what was known when it was replied to and is not told again."""
    return replace(
        draft,
        lang=draft.lang or before.lang,
        product=draft.product or before.product,
        version=draft.version or before.version,
        context=draft.context if draft.context != Context() else before.context,
        customer_severity=draft.customer_severity or before.customer_severity,
        attachments=draft.attachments or before.attachments,
        person=draft.person or before.person,
        account=draft.account or before.account,
        groups=draft.groups or before.groups,
        session=draft.session or before.session,
        wants_person=draft.wants_person or before.wants_person,
        wants_public=draft.wants_public or before.wants_public,
    )


def _readers(decided: _Decided, parts: Parts) -> frozenset[str]:
    """Return the groups that may read what is neither private nor for everybody."""
    if decided.decision.visibility is not Visibility.GROUP:
        return frozenset()
    return decided.question.groups & parts.policy.closed_groups


def _name(forum_id: int, posting: Posting, row: store.TriageRow | None) -> str:
    """Return the id of a question, which is the same however often it is posted.

    An ask is posted once; without one, the forum's own name tells one question from another, but
    not what nobody vouches for: that is always another question.
    """
    whose = posting.draft.person or posting.draft.session or ""
    if row is not None:
        of = ("ask", row.ask_id)
    elif posting.external_id is not None and (whose or posting.trusted):
        of = ("named", f"{posting.key.id}\0{whose}\0{posting.external_id}")
    else:
        return secrets.token_hex(16)
    return hashlib.sha256("\0".join((str(forum_id), *of)).encode()).hexdigest()[:32]


def _is_theirs(posting: Posting, row: store.TriageRow, asker: store.Asker) -> bool:
    """Say whether a reply was made to whoever posts now; a server says of itself for whom it is."""
    person, session = posting.draft.person, posting.draft.session
    if asker.person is not None and person is not None and asker.person != person:
        return False
    if posting.trusted:
        return True
    if row.key_id != posting.key.id:
        return False
    unknown = asker.person is None and asker.session is None
    same_person = asker.person is not None and asker.person == person
    return unknown or same_person or (asker.session is not None and asker.session == session)
