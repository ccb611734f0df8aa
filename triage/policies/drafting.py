"""What may become of a forum's policy: drafted, made active, discarded; each noted as it is done.

In: the text of a policy, or a version; who acts and why. Out: the version as it is then. The text
is checked before it is kept, and kept with every field, so that a later release's other default
changes nothing that somebody decided.
Not here: deciding by it (in_force), trying it (trial), who may do this (api, cli).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from triage import store
from triage.audit.acting import Acting, plain_reason
from triage.errors import BadField, NoPolicy, PolicyChanged
from triage.policies.in_force import of_row, policy_in_force
from triage.policy import read_policy, write_policy
from triage.records import Actor
from triage.store import PolicyAction, PolicyChange, PolicyRow, PolicyState
from triage.text import redact

_HEADER, _FIELD = re.compile(r"\[+([^\]]+)\]"), re.compile(r"(\w+) = ")
# A draft becomes active; one that was active may become so again.
_MAY_DECIDE = frozenset({PolicyState.DRAFT, PolicyState.RETIRED})


@dataclass(frozen=True, slots=True)
class Activated:
    """The version that decides now, and the one that did before; None: the default did."""

    version: int
    former: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The version that somebody had before them as they acted; None: there was none."""

    version: int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What decides, as a file, and the rows of it and of the draft where there are any."""

    toml: str
    version: str
    active: PolicyRow | None
    draft: PolicyRow | None


@dataclass(frozen=True, slots=True)
class Policies:
    """The versions of one forum's policy, and who acts on them."""

    database: store.Database
    forum_id: int
    by: Actor

    def show(self) -> Shown:
        """Return what decides now, and the draft. Raises PolicyRefused."""
        with self.database.read() as c:
            now = policy_in_force(c, self.forum_id)
            active = store.policy_in(c, self.forum_id, PolicyState.ACTIVE)
            draft = store.policy_in(c, self.forum_id, PolicyState.DRAFT)
        return Shown(
            active.toml if active else write_policy(now.policy), now.version, active, draft
        )

    def find(self, version: int | None = None) -> PolicyRow:
        """Return a version, without its number the draft. Raises NoPolicy."""
        with self.database.read() as c:
            return _found(c, self.forum_id, version)

    def draft(self, toml: str, reason: str | None = None, *, seen: Seen | None = None) -> PolicyRow:
        """Keep a policy as the draft, in place of the one before; the same again is left as it is.

        With `seen` only in place of that draft. Raises BadField, which names what is wrong by field
        and line, also where a field holds what is taken out of questions, and PolicyChanged where
        somebody else has drafted in the meantime.
        """
        text = write_policy(read_policy(toml))
        _check_secrets(text)
        with self.database.write() as c:
            store.revision_of(c, self.forum_id, lock=True)
            before = store.policy_in(c, self.forum_id, PolicyState.DRAFT)
            if before is not None and before.toml == text:
                return before
            _check_seen(seen, before.version if before else None)
            if before is not None:
                self._set(c, before.version, PolicyState.DISCARDED)
            now = datetime.now(UTC)
            version = store.add_policy(c, self.forum_id, text, self.by.name, now)
            former = before.version if before else None
            self._note(c, PolicyAction.DRAFT, version, former, reason, {"replaces": former})
            return _found(c, self.forum_id, version)

    def activate(
        self, version: int, reason: str | None = None, *, seen: Seen | None = None
    ) -> Activated:
        """Have a version decide from the next question on: the draft, or one that did before.

        With `seen` only in place of that version. Raises NoPolicy, BadField for a version that was
        discarded, PolicyRefused, and PolicyChanged where another decides by now.
        """
        with self.database.write() as c:
            store.revision_of(c, self.forum_id, lock=True)
            row = _found(c, self.forum_id, version)
            former = store.active_policy(c, self.forum_id)
            if row.state is PolicyState.ACTIVE:
                return Activated(version, version)
            if row.state not in _MAY_DECIDE:
                problem = f"is {version}, which was discarded; import its text as a draft first"
                raise BadField("version", problem)
            _check_seen(seen, former)
            of_row(row)  # one that this release cannot read is refused before it decides
            if former is not None:
                self._set(c, former, PolicyState.RETIRED)
            self._set(c, version, PolicyState.ACTIVE)
            self._note(c, PolicyAction.ACTIVATE, version, former, reason, {"active": version})
            return Activated(version, former)

    def discard(self, version: int | None = None, reason: str | None = None) -> PolicyRow:
        """Give the draft up; with a number, only if the draft is that one. Raises NoPolicy."""
        with self.database.write() as c:
            store.revision_of(c, self.forum_id, lock=True)
            row = store.policy_in(c, self.forum_id, PolicyState.DRAFT)
            if row is None or version not in (None, row.version):
                raise NoPolicy
            self._set(c, row.version, PolicyState.DISCARDED)
            self._note(c, PolicyAction.DISCARD, row.version, None, reason, {})
            return _found(c, self.forum_id, row.version)

    def note_simulated(self, row: PolicyRow | None, days: float, told: Mapping[str, Any]) -> None:
        """Keep beside a version what it would have done, and note that somebody asked for it."""
        with self.database.write() as c:
            if row is not None:
                store.note_simulated(c, self.forum_id, row.version, told)
            what = "text" if row is None else str(row.version)
            self._acting.note(c, "policy.simulate", what, after={"days": days})

    @property
    def _acting(self) -> Acting:
        return Acting(self.forum_id, self.by)

    def _set(self, c: store.Connection, version: int, state: PolicyState) -> None:
        store.set_policy_state(c, self.forum_id, version, state)

    def _note(
        self,
        c: store.Connection,
        action: PolicyAction,
        version: int,
        former: int | None,
        reason: str | None,
        after: Mapping[str, Any],
    ) -> None:
        why = None if reason is None else plain_reason(reason)
        change = PolicyChange(datetime.now(UTC), action, version, self.by.name, former, why)
        store.add_policy_change(c, self.forum_id, change)
        active = action is PolicyAction.ACTIVATE
        self._acting.note(
            c,
            f"policy.{action.value}",
            str(version),
            before={"active": former} if active else None,
            after={**after, "reason": why},
        )


def _check_seen(seen: Seen | None, there: int | None) -> None:
    if seen is not None and seen.version != there:
        raise PolicyChanged


def _found(c: store.Connection, forum_id: int, version: int | None) -> PolicyRow:
    row = (
        store.policy_in(c, forum_id, PolicyState.DRAFT)
        if version is None
        else store.get_policy(c, forum_id, version)
    )
    if row is None:
        raise NoPolicy(version)
    return row


def _check_secrets(toml: str) -> None:
    """Refuse what looks like a person or a secret: versions are kept and read for years."""
    found = redact(toml).found
    if not found:
        return
    section, field = "", "policy"
    for line in toml[: found[0].start].splitlines():
        header, named = _HEADER.match(line), _FIELD.match(line)
        section = header[1] if header else section
        field = f"{section}.{named[1]}" if named else field
    problem = f"holds what looks like {found[0].type}; name no person and no secret in a policy"
    raise BadField(field, problem)
