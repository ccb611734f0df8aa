"""Who acts, and on whose word: staff on pages, visitors with a token, and what they did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from triage.records.choices import Role
from triage.records.installed import Forum


@dataclass(frozen=True, slots=True)
class WebUser:
    """Somebody who is signed in to the pages of one forum."""

    id: str
    forum: Forum
    email: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom the forum's own server vouches for, by a token that it signed, until `expires`.

    `account_admin` says that they answer for their account, and may read all that it asks.
    """

    user: str
    account: str | None
    groups: frozenset[str]
    expires: datetime
    account_admin: bool = False


class ActorKind(StrEnum):
    """Through which door somebody acted."""

    KEY = "key"
    USER = "user"
    COMMAND = "command"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a key's prefix, a user's address, a login name, or a job's name."""

    kind: ActorKind
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """One privileged act: what was done to what, and how that was before and after.

    `before` and `after` never hold text of questions nor secrets.
    """

    at: datetime
    actor: Actor
    act: str
    object: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
