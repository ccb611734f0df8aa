"""Somebody who acts in one forum -> what they do, noted in the very transaction that does it.

In: who acts, in which forum. Out: notes for whatever opens the transaction. Free text in them is
redacted, since people write anything into a reason.
Not here: what is worth noting (the doors), the log itself (store).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from triage import store, text
from triage.errors import BadField
from triage.records import Act, Actor

Facts = Mapping[str, Any]
# Of what somebody writes to say why, whichever way it comes.
LONGEST_REASON = 1000
# What people write themselves, whatever it is about.
_WRITTEN = frozenset({"reason", "force", "name"})


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts in a forum."""

    forum_id: int
    actor: Actor

    def note(
        self,
        c: store.Connection,
        act: str,
        what: str,
        *,
        before: Facts | None = None,
        after: Facts | None = None,
    ) -> None:
        """Note an act in a transaction that is open."""
        noted = Act(datetime.now(UTC), self.actor, act, what, _plain(before), _plain(after))
        store.note_act(c, self.forum_id, noted)

    def noting(
        self, act: str, what: str, *, before: Facts | None = None, after: Facts | None = None
    ) -> store.Note:
        """Return what notes an act once its transaction is open."""
        return lambda c: self.note(c, act, what, before=before, after=after)


def whole_reason(said: str) -> str | None:
    """Return what a form says of why, None where that is nothing: all of it, or BadField."""
    told = said.strip()
    if len(told) > LONGEST_REASON:
        raise BadField("reason", f"has more than {LONGEST_REASON} characters")
    return told or None


def plain_reason(reason: str) -> str:
    """Return what a person wrote to say why, without what is sensitive in it."""
    return text.clean(text.redact(reason).text)


def _plain(facts: Facts | None) -> Facts | None:
    """Leave out what says nothing, and redact what a person wrote."""
    if facts is None:
        return None
    said = {name: value for name, value in facts.items() if value is not None}
    return {
        name: plain_reason(value) if name in _WRITTEN and isinstance(value, str) else value
        for name, value in said.items()
    }
