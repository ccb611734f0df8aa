"""Somebody shows who they are -> a session.

In: a forum, an address and a password, a link's token, or what a company's own sign-in says. Out:
the token of a session, or nobody: never why, since that would tell who has an account.
Not here: pages and cookies (routes.sign_in), the company's sign-in itself (company).
"""

from datetime import UTC, datetime, timedelta

from triage import store
from triage.api.installation import Installation
from triage.api.rates import Rate
from triage.audit.acting import Acting
from triage.crypto.passwords import check_password
from triage.errors import NoForum, Refused
from triage.records import Actor, ActorKind, Forum, WebUser
from triage.store import Means


def by_password(
    installation: Installation, forum: str, email: str, password: str, address: str
) -> str | None:
    """Return the token of a session for whoever has this password, or None.

    Raises Problem after too many attempts, by one address or for one e-mail address.
    """
    rates = installation.rates
    account = (forum.strip().lower(), email.strip().lower())
    rates.take(Rate.SIGN_IN_ADDRESS, address)
    rates.take(Rate.SIGN_IN_ACCOUNT, *account)
    user, kept = _find(installation, *account)
    checked = check_password(kept, password)
    if user is None or not checked.fits:
        _note_refused(installation, account[0], user)
        return None
    rates.forget(Rate.SIGN_IN_ACCOUNT, *account)
    with installation.database().write() as c:
        if checked.renewed is not None:
            store.set_password(c, user.forum.id, user.id, checked.renewed)
        return enter(c, installation, user, Means.PASSWORD)


def by_link(installation: Installation, token: str, address: str) -> str | None:
    """Return the token of a session for whom a link was made, or None; the link is used up."""
    installation.rates.take(Rate.SIGN_IN_ADDRESS, address)
    with installation.database().write() as c:
        user = store.use_link(c, token, datetime.now(UTC))
        return None if user is None else enter(c, installation, user, Means.LINK)


def by_company(
    installation: Installation, forum: str, issuer: str, subject: str, email: str | None
) -> str | None:
    """Return the token of a session for the user whom a company's sign-in names, or None.

    At the first time the user is found by the e-mail address that the issuer has verified; from
    then on by the issuer's subject alone, which is never given to somebody else.
    """
    with installation.database().write() as c:
        found = forum_of(c, forum)
        if found is None:
            return None
        user = store.user_of_issuer(c, found.id, issuer, subject)
        if user is None and email and store.bind_issuer(c, found.id, email, issuer, subject):
            user = store.user_of_issuer(c, found.id, issuer, subject)
            if user is not None:
                acting_as(user).note(c, "user.bind", user.email, after={"issuer": issuer})
        return None if user is None else enter(c, installation, user, Means.COMPANY)


def enter(c: store.Connection, installation: Installation, user: WebUser, means: Means) -> str:
    """Open a session for somebody who showed who they are, and note that; return its token."""
    now = datetime.now(UTC)
    store.drop_old_sessions(c, user.forum.id, now)
    store.note_sign_in(c, user.forum.id, user.id, now)
    acting_as(user).note(c, "session.open", user.email, after={"means": means.value})
    until = now + timedelta(days=installation.settings.session_days)
    return store.open_session(c, user, means, now, until)


def acting_as(user: WebUser) -> Acting:
    """Return what notes the acts of somebody who is signed in."""
    return Acting(user.forum.id, Actor(ActorKind.USER, user.email))


def forum_of(c: store.Connection, name: str) -> Forum | None:
    """Return the forum of this name, or None."""
    try:
        return store.get_forum(c, name.strip().lower())
    except (NoForum, Refused):
        return None


def _note_refused(installation: Installation, forum: str, user: WebUser | None) -> None:
    """Note that somebody did not get in; whose address was tried, where there is such a user."""
    with installation.database().write() as c:
        found = forum_of(c, forum)
        if found is not None:
            nobody = Acting(found.id, Actor(ActorKind.PROCESS, "sign-in"))
            nobody.note(c, "session.refuse", user.email if user else "unknown")


def _find(installation: Installation, forum: str, email: str) -> tuple[WebUser | None, str | None]:
    with installation.database().read() as c:
        found = forum_of(c, forum)
        known = store.password_hash_of(c, found.id, email) if found is not None else None
    return known if known is not None else (None, None)
