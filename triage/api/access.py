"""Who is calling, and what they may do: one table for every endpoint.

In: the Authorization header. Out: a `Caller`. The key fixes the forum. A publishable key stands
in every browser, so what is sent with it proves nothing about a person.
Not here: keeping keys (store).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from triage import store
from triage.api.installation import Installation
from triage.desk import Desk
from triage.errors import NoKey, UnknownKey, WrongRole
from triage.persons import HashPerson
from triage.records import ApiKey, Role, Thread

FRONTEND, LEAD, ANALYST, ADMIN = Role.FRONTEND, Role.LEAD, Role.ANALYST, Role.ADMIN


@dataclass(frozen=True, slots=True)
class Access:
    """The roles that reach an endpoint, and whether a publishable key does."""

    roles: tuple[Role, ...]
    publishable: bool = False


PUBLIC = None
_ASKING = Access((FRONTEND, LEAD, ADMIN), publishable=True)
_READING = Access((FRONTEND, LEAD, ANALYST, ADMIN))
_WRITING = Access((LEAD, ADMIN))
# What is learnt of cases, their words and their number shows in it: never for askers.
_LEADING = Access((LEAD, ADMIN))

MATRIX: Mapping[tuple[str, str], Access | None] = {
    ("POST", "/v1/triage"): _ASKING,
    ("GET", "/v1/triage/{triage_id}/explanation"): _LEADING,
    ("POST", "/v1/events"): _ASKING,
    ("GET", "/v1/threads/{thread_id:path}"): _READING,
    ("PUT", "/v1/threads/{thread_id:path}"): _WRITING,
    ("DELETE", "/v1/threads/{thread_id:path}"): _WRITING,
    ("POST", "/v1/threads/batch"): _WRITING,
    ("POST", "/v1/training-runs"): _LEADING,
    ("GET", "/v1/training-runs/current"): _LEADING,
    ("GET", "/v1/training-runs/current/events"): _LEADING,
    ("POST", "/v1/training-runs/current/cancel"): _LEADING,
    ("GET", "/v1/models"): _LEADING,
    ("GET", "/v1/models/{version}"): _LEADING,
    ("POST", "/v1/models/{version}/activate"): _LEADING,
    ("POST", "/v1/models/rollback"): _LEADING,
    ("GET", "/health"): PUBLIC,
    ("GET", "/ready"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/docs/{name}"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
}

_SEES_ALL_GROUPS = frozenset({LEAD, ADMIN})


@dataclass(frozen=True)
class Caller:
    """A key that was found to be valid, and what it opens."""

    key: ApiKey
    installation: Installation

    @property
    def trusted(self) -> bool:
        """Whether the caller is a server, whose word about persons counts."""
        return not self.key.publishable

    @property
    def reads_all(self) -> bool:
        """Whether no group's threads and cases are closed to the caller."""
        return self.key.role in _SEES_ALL_GROUPS

    @property
    def desk(self) -> Desk:
        """The desk of the key's forum."""
        return self.installation.desk(self.key.forum)

    @cached_property
    def hash_person(self) -> HashPerson:
        """The function that hashes the persons of the key's forum."""
        return self.installation.hasher(self.key.forum)

    def person(self, user: str | None) -> str | None:
        """Return the keyed hash of a user whom a server vouches for."""
        return self.hash_person(user) if user and self.trusted else None

    def session(self, session: str | None) -> str | None:
        """Return the keyed hash of a session; never equal to that of a person."""
        return self.hash_person(f"session:{session}") if session else None

    def may_read(self, thread: Thread, groups: Collection[str]) -> bool:
        """Say whether a thread is for this caller, who speaks for members of `groups`."""
        if not thread.groups or self.reads_all:
            return True
        return not thread.groups.isdisjoint(groups)


_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="API key",
    description="A key of `python -m triage keys create`; it fixes the forum and the role.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def installation_of(request: Request) -> Installation:
    """Return the installation that the application serves."""
    installation: Installation = request.app.state.installation
    return installation


def find_caller(request: Request, credentials: Credentials) -> Caller | None:
    """Return who calls, or None without a valid key. Raises StoreUnavailable."""
    installation = installation_of(request)
    database = installation.database()
    if credentials is None or not credentials.credentials:
        return None
    with database.read() as c:
        key = store.find_key(c, credentials.credentials)
    if key is None:
        return None
    request.state.key_prefix = key.prefix
    return Caller(key, installation)


def identify(request: Request, credentials: Credentials) -> Caller:
    """Return who calls this endpoint, if the table lets them.

    Raises NoKey, UnknownKey or WrongRole, and Unavailable while a part of the service is missing.
    """
    caller = find_caller(request, credentials)
    if caller is None:
        raise NoKey if credentials is None or not credentials.credentials else UnknownKey
    access = MATRIX[request.method, request.scope["route"].path]
    if access is not PUBLIC:
        check_role(caller.key, access)
    caller.installation.note_use(caller.key)
    # No call is served by half: what is missing is said before anything is done.
    caller.installation.desk(caller.key.forum)
    return caller


def check_role(key: ApiKey, access: Access) -> None:
    """Raise WrongRole unless the key reaches an endpoint of this access."""
    if key.role in access.roles and (access.publishable or not key.publishable):
        return
    kind = "publishable " if key.publishable else ""
    needed = "a key" if access.publishable else "a secret key"
    roles = ", ".join(f"`{role}`" for role in access.roles)
    raise WrongRole(f"{kind}{key.role}", f"{needed} of role {roles}")


KnownCaller = Annotated[Caller, Depends(identify)]
AnyCaller = Annotated[Caller | None, Depends(find_caller)]
