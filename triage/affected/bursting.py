"""Many ask the same within minutes -> a known issue is proposed to the leads.

In: the asks of a forum with their vectors, as they come. Out: proposals, each once for a meaning:
what is proposed already grows, what is published or was withdrawn lately is not proposed again.
The words are those of an ask that everybody might have read; private ones never propose theirs.
Not here: what is a burst (insight), publishing it (publishing).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from triage import store
from triage.affected.issues import LiveIssue, live_issue
from triage.affected.publishing import new_issue_id
from triage.affected.reaching import affected_ask
from triage.affected.spaces import sameness_of, space
from triage.audit.acting import Acting
from triage.encode import Encoder
from triage.insight import Burst, Item, Sameness, bursts, same_meaning
from triage.records import Actor, ActorKind, Visibility
from triage.store import IssueState

RECENT = timedelta(hours=12)
PAST = timedelta(days=28)
# Asks beyond so many are left out, the oldest first: the past is shorter then.
MOST_ASKS = 15_000
# What leads have withdrawn does not come again at once.
_REST = timedelta(days=2)
# What a lead has to see at once of where it happens.
_MOST_NAMED = 5
_MOSTLY = 0.8
# From here on two texts are taken to mean the same.
LIKELY = 0.5
BY = Actor(ActorKind.PROCESS, "watch")


class RecentAsks:
    """The asks of the last weeks with their vectors; each look reads only what is new."""

    def __init__(self, forum_id: int) -> None:
        self._forum_id = forum_id
        self._encoder_id: str | None = None
        self._asks: dict[str, store.AskVector] = {}
        self._read_at: datetime | None = None

    def read(self, c: store.Connection, encoder_id: str, now: datetime) -> list[store.AskVector]:
        """Return the asks of the last weeks, the oldest first."""
        since = now - PAST
        if encoder_id != self._encoder_id or self._read_at is None:
            self._asks, self._encoder_id = {}, encoder_id
        else:
            # A writer may have taken a while to end.
            since = max(since, self._read_at - timedelta(minutes=2))
        for one in store.ask_vectors(c, self._forum_id, encoder_id, since):
            self._asks[one.ask_id] = one
        self._read_at = now
        kept = sorted(
            (one for one in self._asks.values() if one.opened_at >= now - PAST),
            key=lambda one: (one.opened_at, one.ask_id),
        )[-MOST_ASKS:]
        self._asks = {one.ask_id: one for one in kept}
        return kept


class Watch:
    """Looks for bursts in one forum."""

    def __init__(self, database: store.Database, forum_id: int) -> None:
        self._database = database
        self._forum_id = forum_id
        self._asks = RecentAsks(forum_id)
        self._seen_at: datetime | None = None

    def look(
        self, encoder: Encoder, since: datetime | None, now: datetime
    ) -> list[store.KnownIssueRow]:
        """Propose an issue for each burst that began to show since the last look."""
        with self._database.read() as c:
            asks = self._asks.read(c, space(encoder), now)
            last = max((one.at for one in asks), default=None)
            if last is None or last == self._seen_at:
                return []
            issues = self._weighed(c, encoder, now)
        sameness = sameness_of(encoder)
        found = self._found(asks, since, now, sameness)
        self._seen_at = last
        vectors = {one.ask_id: one for one in asks}
        proposed = []
        for burst in found:
            with self._database.write() as c:
                known = _known(vectors[burst.centre], issues, sameness)
                row = self._propose(c, burst, known, now)
            if row is not None:
                proposed.append(row)
        return proposed

    def _weighed(self, c: store.Connection, encoder: Encoder, now: datetime) -> Sequence[LiveIssue]:
        """Return the issues that a burst may be about already."""
        rows = [
            row
            for row in store.list_issues(c, self._forum_id)
            if row.withdrawn_at is None or row.withdrawn_at > now - _REST
        ]
        return [live_issue(c, self._forum_id, row, encoder) for row in rows]

    def _found(
        self,
        asks: Sequence[store.AskVector],
        since: datetime | None,
        now: datetime,
        sameness: Sameness,
    ) -> Sequence[Burst]:
        items = [item_of(one) for one in asks if one.opened_at <= now]
        border = (now - RECENT).timestamp()
        recent = [item for item in items if item.at > border]
        past = [item for item in items if item.at <= border]
        if not recent or not past:
            # Without a past nothing is known to be unusual.
            return ()
        return bursts(
            recent,
            past,
            sameness,
            since=(since or now - RECENT).timestamp(),
            now=now.timestamp(),
        )

    def _propose(
        self,
        c: store.Connection,
        burst: Burst,
        known: LiveIssue | None,
        now: datetime,
    ) -> store.KnownIssueRow | None:
        """Keep a proposal, or have the one that there is grow; None where nothing is new."""
        told = store.get_asked(c, self._forum_id, burst.members)
        if known is not None:
            # Somebody may have published it, or withdrawn it, since it was read.
            row = store.get_issue(c, self._forum_id, known.row.issue_id)
            evidence = evidence_of(burst, told)
            if row.state is IssueState.PROPOSED and row.evidence not in (None, evidence):
                store.put_issue(c, self._forum_id, replace(row, evidence=evidence))
                self._note_asks(c, row.issue_id, told)
            return None
        row = store.put_issue(c, self._forum_id, proposal(burst, told, now))
        self._note_asks(c, row.issue_id, told)
        counts = {"persons": burst.persons, "minutes": burst.minutes}
        acting = Acting(self._forum_id, BY)
        acting.note(c, "known_issue.propose", row.issue_id, after=counts)
        return row

    def _note_asks(
        self, c: store.Connection, issue_id: str, told: Mapping[str, store.Asked]
    ) -> None:
        asks = [affected_ask(one, issue_id, 1.0) for one in told.values()]
        store.put_affected(c, self._forum_id, asks)


def _known(
    centre: store.AskVector, issues: Sequence[LiveIssue], sameness: Sameness
) -> LiveIssue | None:
    """Return the issue that a burst is about already."""
    lang = centre.lang or ""
    for one in issues:
        pairs = zip(one.issue.vectors, one.issue.langs, strict=True)
        odds = (same_meaning(centre.vector, lang, v, its, sameness) for v, its in pairs)
        if any(chance >= LIKELY for chance in odds):
            return one
    return None


def item_of(one: store.AskVector) -> Item:
    """Return an ask as bursts see it; a visit whose person nobody knows is one of its own."""
    return Item(
        id=one.ask_id,
        vector=one.vector,
        lang=one.lang or "",
        at=one.opened_at.timestamp(),
        product=one.product,
        person=one.person or one.session,
    )


def proposal(burst: Burst, told: Mapping[str, store.Asked], now: datetime) -> store.KnownIssueRow:
    """Return the issue that a burst proposes; without words where all asks are private."""
    words = _words_for_all(burst, told)
    return store.KnownIssueRow(
        issue_id=new_issue_id(now),
        state=IssueState.PROPOSED,
        title=words.title or words.body[:200] if words else "",
        body=words.body if words and words.title else "",
        lang=words.lang if words else None,
        products=_mostly([one.product for one in told.values()]),
        groups=words.groups if words and words.visibility is Visibility.GROUP else frozenset(),
        person=words.person if words else None,
        words_at=words.at if words else None,
        proposed_at=now,
        evidence=evidence_of(burst, told),
    )


def evidence_of(burst: Burst, told: Mapping[str, store.Asked]) -> dict[str, Any]:
    """Return what a proposal rests on: numbers, languages, versions."""
    versions = Counter(one.version for one in told.values() if one.version)
    return {
        "asks": len(burst.members),
        "persons": burst.persons,
        "minutes": burst.minutes,
        "expected": round(burst.expected, 4),
        "p_value": float(f"{burst.p_value:.3g}"),
        "langs": list(burst.langs),
        "first_at": datetime.fromtimestamp(burst.first_at, UTC).isoformat(),
        "last_at": datetime.fromtimestamp(burst.last_at, UTC).isoformat(),
        "versions": dict(versions.most_common(_MOST_NAMED)),
    }


def _words_for_all(burst: Burst, told: Mapping[str, store.Asked]) -> store.Asked | None:
    """Return the ask whose words are proposed: of those for all, the centre or else the first."""
    ordered = [one for i in (burst.centre, *burst.members) if (one := told.get(i)) is not None]
    for wanted in (Visibility.PUBLIC, Visibility.GROUP):
        for one in ordered:
            if one.visibility is wanted and (one.title or one.body):
                return one
    return None


def _mostly(products: Sequence[str | None]) -> frozenset[str]:
    """Return the product that nearly all named, where they named one."""
    named = Counter(one for one in products if one)
    if not named:
        return frozenset()
    product, count = named.most_common(1)[0]
    return frozenset({product}) if count >= _MOSTLY * named.total() else frozenset()
