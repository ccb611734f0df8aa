"""One question to some who fell silent, and to some whose question was answered: is it solved?

In: a transaction, a forum, the moment. Out: who was drawn, what somebody is asked now, the first
reply to it, as an event that counts once.
Not here: SQL (store), HTTP (api), sentences (phrases), what the replies are worth
(outcomes.surveying).

Every ask that falls silent, or is answered and not judged, comes to the draw once, whether its
asker ever returns or not: a sample of those who return would speak for those alone. Chance is the
only thing that decides; who asked not to be asked is drawn like all others and simply never asked,
so that it counts as no answer.

Who was drawn rests for some weeks. How likely an ask was to be drawn is the share of the draw times
the probability that none of the asker's asks in the weeks before was. At most one of those could
be, so that this is one less the sum of their probabilities: known, and above 0, for every ask of
somebody who is always known, or never. Where sessions turn out to be a person's it is too low, and
an ask that it leaves nothing is not drawn.
"""

import hashlib
import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triage import store
from triage.errors import NoFollowUp
from triage.records import Event, EventType

# Whoever still thinks about it has not fallen silent.
SILENT_FOR = timedelta(days=1)
ANSWERED_FOR = timedelta(days=2)
# What is older is not remembered; what could not be drawn in time is not drawn.
OLDEST = timedelta(days=14)
ASKED_FOR = timedelta(days=21)
# Whoever was drawn is not drawn again for so long.
REST = timedelta(days=42)
# Of somebody whose asks have had more of the chances than that leaves, no more are drawn.
LEAST_LEFT = 0.001
_BATCH = 500

Drawables = Callable[[store.Connection, int, datetime, datetime, int], list[store.Drawable]]


class Said(StrEnum):
    """What can be replied; to skip is to be asked no more about this, and counts as no answer."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many are asked: the share of the draw, and how long whoever was drawn rests."""

    share: float
    rest: timedelta = REST


@dataclass(frozen=True, slots=True)
class Asker:
    """Who calls: a person whom somebody vouches for, a session of one key, or both."""

    key_id: int | None
    person: str | None
    session: str | None

    @property
    def names(self) -> frozenset[str]:
        """What somebody is known by, as keyed hashes."""
        return frozenset(name for name in (self.person, self.session) if name is not None)


@dataclass(frozen=True, slots=True)
class Replied:
    """What is kept of a reply; `first` is false for one that came after another."""

    value: Said
    first: bool
    asked: store.AskedOnce


def draw(c: store.Connection, forum_id: int, sampling: Sampling, now: datetime) -> int:
    """Draw among the asks whose turn has come; return how many had theirs.

    At most some hundreds: call it until it returns 0.
    """
    if sampling.share <= 0:
        return 0
    store.hold_draw(c, forum_id)
    since = now - OLDEST
    kinds: tuple[tuple[str, Drawables, timedelta], ...] = (
        (store.SUGGESTIONS, store.silent_drawable, SILENT_FOR),
        (store.ANSWER, store.answered_drawable, ANSWERED_FOR),
    )
    count = 0
    for about, drawables, silent_for in kinds:
        for ask in drawables(c, forum_id, since, now - silent_for, _BATCH):
            _draw_one(c, forum_id, sampling, ask, about, now)
            count += 1
    return count


def draw_all(
    database: store.Database,
    forum_id: int,
    sampling: Sampling,
    now: datetime,
    batches: int | None = None,
) -> int:
    """Draw among all asks whose turn has come, some hundreds in a transaction; return how many.

    With `batches`, no more transactions than that: the rest waits for the next call.
    """
    count = 0
    for _ in itertools.count() if batches is None else range(batches):
        with database.write() as c:
            drawn = draw(c, forum_id, sampling, now)
        count += drawn
        if not drawn:
            break
    return count


def due(c: store.Connection, forum_id: int, asker: Asker, now: datetime) -> store.AskedOnce | None:
    """Return the one question that somebody is asked now, noted as asked; None: there is none."""
    if store.has_opted_out(c, forum_id, asker.names):
        return None
    waiting = store.due_follow_ups(c, forum_id, asker.key_id, asker.person, asker.session, now)
    if not waiting:
        return None
    store.note_shown(c, forum_id, [waiting[0].follow_up.follow_up_id], now)
    return waiting[0]


def opt_out(
    c: store.Connection, forum_id: int, asker: Asker, opted_out: bool, now: datetime
) -> None:
    """Leave somebody alone from now on, or no longer.

    What a person says holds for the person; a session's word is for the session of nobody.
    """
    who = {asker.person} if asker.person is not None else asker.names
    if opted_out:
        store.opt_out(c, forum_id, sorted(name for name in who if name), now)
    else:
        store.opt_in(c, forum_id, sorted(name for name in who if name))


def take_reply(
    c: store.Connection,
    forum_id: int,
    follow_up_id: str,
    asker: Asker,
    said: Said,
    now: datetime,
) -> Replied:
    """Keep somebody's reply; the first one stands, however often others come.

    Raises NoFollowUp where they were never asked this, or may no longer reply.
    """
    asked = store.get_follow_up(c, forum_id, follow_up_id)
    if asked is None or not _is_theirs(asked, asker):
        raise NoFollowUp
    follow_up = asked.follow_up
    if follow_up.reply is None and follow_up.expires_at <= now:
        raise NoFollowUp
    if not store.note_reply(c, forum_id, follow_up_id, said.value, now):
        kept = store.get_follow_up(c, forum_id, follow_up_id)
        if kept is None or kept.follow_up.reply is None:
            raise NoFollowUp
        return Replied(Said(kept.follow_up.reply), first=False, asked=kept)
    if said is not Said.SKIP:
        name = f"follow-up-{follow_up_id}-reply"
        store.write_events(c, forum_id, [_event(name, asked, now, said.value)], now)
    return Replied(said, first=True, asked=asked)


def _draw_one(
    c: store.Connection,
    forum_id: int,
    sampling: Sampling,
    ask: store.Drawable,
    about: str,
    now: datetime,
) -> None:
    chances = store.chances_taken(c, forum_id, ask, now - sampling.rest)
    left = max(0.0, 1.0 - sum(probability for probability, _ in chances))
    rests = any(drawn for _, drawn in chances)
    # Asks of a session that turns out to be somebody's may have had all of the chances between
    # them: a reply that stands for one over next to nothing would stand for everybody.
    probability = sampling.share * left if left >= LEAST_LEFT else 0.0
    row = store.FollowUpRow(
        ask_id=ask.ask_id,
        follow_up_id=secrets.token_hex(16),
        about=about,
        drawn=probability > 0 and not rests and luck(ask.ask_id) < sampling.share,
        probability=probability,
        drawn_at=now,
        expires_at=now + ASKED_FOR,
    )
    if store.put_follow_up(c, forum_id, row) and row.drawn:
        invitation = Event(
            event_id=f"follow-up-{row.follow_up_id}",
            type=EventType.SURVEY_REPLY,
            triage_id=ask.triage_id,
            ask_id=ask.ask_id,
            occurred_at=now,
            person=ask.person,
            session=ask.session,
            probability=row.probability,
        )
        store.write_events(c, forum_id, [invitation], now)


def luck(ask_id: str) -> float:
    """Return a number from 0 to 1 that is as good as drawn, and the same whoever draws it."""
    digest = hashlib.sha256(f"follow-up:{ask_id}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56


def _is_theirs(asked: store.AskedOnce, asker: Asker) -> bool:
    if asked.person is not None:
        return asked.person == asker.person
    same_key = asked.key_id == asker.key_id
    return asked.session is not None and same_key and asked.session == asker.session


def _event(name: str, asked: store.AskedOnce, now: datetime, value: str) -> Event:
    return Event(
        event_id=name,
        type=EventType.SURVEY_REPLY,
        triage_id=asked.triage_id,
        ask_id=asked.follow_up.ask_id,
        occurred_at=now,
        person=asked.person,
        session=asked.session,
        value=value,
        probability=asked.follow_up.probability,
    )
