"""Who is calling, and whether the table lets them through.

In: the Authorization header, the token of a visitor, the session of a page. Out: a `Caller`. The
key or the session fixes the forum. A publishable key stands in every browser, so what is sent
with it proves nothing about a person; the token that the forum's server signed does.
Not here: the table (matrix), keeping keys (store), tokens (visitors), sessions (pages.sessions).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from triage import store
from triage.api.installation import Installation
from triage.api.matrix import MATRIX as MATRIX
from triage.api.matrix import PUBLIC as PUBLIC
from triage.api.matrix import VISITOR_HEADER
from triage.api.matrix import Access as Access
from triage.api.pages.sessions import signed_in
from triage.api.rates import Rate, address_of
from triage.crypto.persons import HashPerson
from triage.desk import Desk
from triage.errors import BadVisitor, NoKey, UnknownKey, WrongOrigin, WrongRole
from triage.records import Actor, ActorKind, ApiKey, Forum, Role, Thread, Visitor, WebUser

_SEES_ALL_GROUPS = frozenset({Role.LEAD, Role.ADMIN})


@dataclass(frozen=True)
class Caller:
    """Who was found to call, by a valid key or a session, and what that opens.

    `visitor` is whom they call for, where the forum's server vouches for somebody.
    """

    by: ApiKey | WebUser
    installation: Installation
    visitor: Visitor | None = None

    @property
    def forum(self) -> Forum:
        """The one forum that is open to the caller."""
        return self.by.forum

    @property
    def role(self) -> Role:
        """What the caller may do."""
        return self.by.role

    @property
    def key(self) -> ApiKey | None:
        """The key that they came by; None from a page."""
        return self.by if isinstance(self.by, ApiKey) else None

    @property
    def asking_key(self) -> ApiKey:
        """The key under which asks and events are kept; the table lets nobody ask without."""
        if self.key is None:
            raise WrongRole(self.role, "an API key")
        return self.key

    @property
    def actor(self) -> Actor:
        """Who it is, for what is noted of their acts."""
        if isinstance(self.by, ApiKey):
            return Actor(ActorKind.KEY, self.by.prefix)
        return Actor(ActorKind.USER, self.by.email)

    @property
    def name(self) -> str:
        """What tells the caller from every other of the forum, for what is kept under it."""
        named = f"key:{self.by.id}" if isinstance(self.by, ApiKey) else f"user:{self.by.id}"
        if self.visitor is None:
            return named
        return f"{named} for {self.hash_person(self.visitor.user)}"

    @property
    def trusted(self) -> bool:
        """Whether the caller is a server, whose word about persons counts."""
        return self.key is not None and not self.key.publishable

    @property
    def reads_all(self) -> bool:
        """Whether no group's threads and cases are closed to the caller."""
        return self.role in _SEES_ALL_GROUPS and self.visitor is None

    @property
    def desk(self) -> Desk:
        """The desk of the caller's forum."""
        return self.installation.desk(self.forum)

    @cached_property
    def hash_person(self) -> HashPerson:
        """The function that hashes the persons of the caller's forum."""
        return self.installation.hasher(self.forum)

    def person(self, user: str | None) -> str | None:
        """Return the keyed hash of the visitor, or of a user whom a server vouches for."""
        if self.visitor is not None:
            return self.hash_person(self.visitor.user)
        return self.hash_person(user) if user and self.trusted else None

    def somebody(self, user: str | None) -> str:
        """Return the person as `person` does. Raises BadVisitor where nobody is vouched for."""
        person = self.person(user)
        if person is None:
            raise BadVisitor("is missing, and no server names a `user`; nobody is vouched for")
        return person

    def account(self, account: str | None) -> str | None:
        """Return the visitor's account, or the one that a server names."""
        if self.visitor is not None:
            return self.visitor.account
        return account if self.trusted else None

    def groups(self, groups: Collection[str]) -> frozenset[str]:
        """Return the visitor's groups, or those that a server names."""
        if self.visitor is not None:
            return self.visitor.groups
        return frozenset(groups) if self.trusted else frozenset()

    def session(self, session: str | None) -> str | None:
        """Return the keyed hash of a session; never equal to that of a person."""
        # A header comes without the blanks about it; and what is blank would be everybody's.
        named = (session or "").strip()
        return self.hash_person(f"session:{named}") if named else None

    def take_turn(self, session: str | None) -> None:
        """Count a triage of one visitor or session. Raises Problem when there were too many."""
        who = self.person(None) or self.session(session)
        if who is not None and not self.trusted:
            self.installation.rates.take(Rate.SESSION, who)

    def may_read(self, thread: Thread, groups: Collection[str]) -> bool:
        """Say whether a thread is for this caller, who says that they speak for `groups`."""
        if not thread.groups or self.reads_all:
            return True
        return not thread.groups.isdisjoint(self.groups(groups))


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
    """Return who calls, or None without a valid key or session. Raises StoreUnavailable.

    A key that is sent is what counts, whoever may be signed in beside it.
    """
    installation = installation_of(request)
    database = installation.database()
    if credentials is None or not credentials.credentials:
        user = signed_in(request, database)
        return None if user is None else Caller(user, installation)
    with database.read() as c:
        key = store.find_key(c, credentials.credentials, datetime.now(UTC))
    if key is None:
        return None
    request.state.key_prefix = key.prefix
    request.state.secret_key = not key.publishable
    return Caller(key, installation)


def identify(request: Request, credentials: Credentials) -> Caller:
    """Return who calls this endpoint, as `admit` finds them by the headers of the request."""
    return admit(request, credentials, request.headers.get(VISITOR_HEADER))


def admit(
    request: Request, credentials: HTTPAuthorizationCredentials | None, token: str | None
) -> Caller:
    """Return who calls this endpoint with a key and a visitor's token, if the table lets them.

    Raises NoKey, UnknownKey, WrongRole, WrongOrigin or BadVisitor, Problem where they call too
    often, and Unavailable while a part of the service is missing.
    """
    installation = installation_of(request)
    caller = find_caller(request, credentials)
    if caller is None:
        if credentials is None or not credentials.credentials:
            raise NoKey
        if credentials.credentials.startswith("sk_"):
            # By its looks it was let past the count by address.
            installation.rates.take(Rate.ADDRESS, address_of(request.scope))
        raise UnknownKey
    installation.rates.take(Rate.KEY, str(caller.forum.id), caller.actor.name)
    access = MATRIX[request.method, request.scope["route"].path]
    if access is not PUBLIC:
        check_access(caller.by, access)
    if caller.key is not None:
        check_origin(caller.key, request.headers.get("origin"))
        installation.note_use(caller.key)
    # No call is served by half: what is missing is said before anything is done.
    installation.desk(caller.forum)
    if token is None:
        return caller
    return replace(caller, visitor=installation.check_visitor(caller.forum, token))


def check_origin(key: ApiKey, origin: str | None) -> None:
    """Raise WrongOrigin for a publishable key in the pages of a site that it does not name.

    What is no browser sends no origin, or any: a key cannot be bound to those.
    """
    if key.publishable and origin is not None and origin not in key.origins:
        raise WrongOrigin


def check_access(by: ApiKey | WebUser, access: Access) -> None:
    """Raise WrongRole unless an endpoint of this access is open to them."""
    if access.lets(by):
        return
    kind = "publishable " if isinstance(by, ApiKey) and by.publishable else ""
    roles = ", ".join(f"`{role}`" for role in access.roles)
    doors = [
        name
        for name, opens in (
            ("a key" if access.publishable else "a secret key", access.keys),
            ("somebody signed in to the pages", access.pages),
        )
        if opens
    ]
    raise WrongRole(f"{kind}{by.role}", f"{' or '.join(doors)} of role {roles}")


KnownCaller = Annotated[Caller, Depends(identify)]
