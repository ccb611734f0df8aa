"""Visitors of a forum's pages: tokens that the forum's own server signs for them.

In: a token (JWT, HS256 and nothing else) and the forum's secrets. Out: a `Visitor`, or the error
that says what is wrong with the token; nobody becomes anonymous by a token that does not hold.
Not here: the header that brings it (api), the table of the secrets (store).
"""

import re
import secrets
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, JoseError
from joserfc.jwk import GuestProtocol, OctKey

from triage import store
from triage.crypto.sealing import sealer
from triage.errors import BadVisitor
from triage.records import Forum, Visitor

ALGORITHM = "HS256"
LONGEST_TOKEN = 8192
# What the clock of the forum's server may be ahead of ours.
SKEW = timedelta(seconds=30)
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_LONGEST_NAME, _MOST_GROUPS = 300, 200

FindSecret = Callable[[str], bytes | None]


def create_secret(
    c: store.Connection, forum: Forum, installation_key: bytes, name: str, at: datetime
) -> tuple[str, str]:
    """Make a secret for a forum's server; return its id and the secret, which is told once."""
    secret_id = f"vs_{secrets.token_hex(6)}"
    secret = secrets.token_urlsafe(32)
    sealed = sealer(installation_key, "visitors", forum.name).seal(secret.encode(), secret_id)
    store.add_visitor_secret(c, forum.id, secret_id, name, sealed, at)
    return secret_id, secret


def open_secret(
    c: store.Connection, forum: Forum, installation_key: bytes, secret_id: str
) -> bytes | None:
    """Return the forum's secret of this id, or None if it is unknown or revoked.

    Raises SealBroken after the installation key was changed.
    """
    row = store.find_visitor_secret(c, forum.id, secret_id)
    if row is None:
        return None
    return sealer(installation_key, "visitors", forum.name).unseal(row.sealed, row.id)


def sign_visitor(
    secret_id: str,
    secret: str,
    forum: str,
    *,
    user: str,
    account: str | None = None,
    groups: Collection[str] = (),
    account_admin: bool = False,
    at: datetime,
    lasts: timedelta = timedelta(minutes=15),
) -> str:
    """Return a token as the forum's server makes it."""
    claims: dict[str, Any] = {
        "sub": user,
        "aud": forum,
        "iat": int(at.timestamp()),
        "exp": int((at + lasts).timestamp()),
    }
    if account is not None:
        claims["account"] = account
    if groups:
        claims["groups"] = sorted(groups)
    if account_admin:
        claims["account_admin"] = True
    header = {"alg": ALGORITHM, "kid": secret_id}
    return jwt.encode(header, claims, OctKey.import_key(secret.encode()), [ALGORITHM])


def check_visitor(
    token: str, forum: str, find: FindSecret, at: datetime, longest: timedelta
) -> tuple[Visitor, str]:
    """Return whom a token speaks of, and the id of the secret that it is signed with.

    `find` gives the forum's secret of an id. Raises BadVisitor for a token that does not hold now.
    """
    if len(token) > LONGEST_TOKEN or not _COMPACT.fullmatch(token):
        raise BadVisitor("is no signed JWT")
    named: list[str] = []

    def key_of(signed: GuestProtocol) -> OctKey:
        secret_id = signed.headers().get("kid")
        secret = find(secret_id) if isinstance(secret_id, str) else None
        if not isinstance(secret_id, str) or secret is None:
            raise BadVisitor("names no secret of this forum in `kid`")
        named.append(secret_id)
        return OctKey.import_key(secret)

    try:
        claims = jwt.decode(token, key_of, [ALGORITHM]).claims
        _registry(forum, at).validate(claims)
    except BadSignatureError as error:
        raise BadVisitor("was not signed with the secret that it names") from error
    except ExpiredTokenError as error:
        raise BadVisitor("has expired") from error
    except JoseError as error:
        raise BadVisitor(_told(error)) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise BadVisitor("is no signed JWT") from error
    return _visitor(claims, at, longest), named[0]


def _registry(forum: str, at: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=int(SKEW.total_seconds()),
        sub={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
        aud={"essential": True, "value": forum},
    )


def _told(error: JoseError) -> str:
    if error.error == "unsupported_algorithm":
        return f"is not signed with {ALGORITHM}"
    if error.error in ("missing_claim", "invalid_claim"):
        return "lacks a claim, or has one that is not for this forum and this time"
    return "is no signed JWT"


def _visitor(claims: dict[str, Any], at: datetime, longest: timedelta) -> Visitor:
    # The registry forgives a clock that is ahead; an end is an end.
    # Asked so that NaN, which JSON here may hold and which is in no order, holds nothing.
    if not claims["exp"] > at.timestamp():
        raise BadVisitor("has expired")
    if not claims["exp"] - claims["iat"] <= longest.total_seconds():
        minutes = int(longest.total_seconds() // 60)
        raise BadVisitor(f"lasts for more than {minutes} minutes from `iat` to `exp`")
    account, groups = claims.get("account"), claims.get("groups") or []
    if not _is_name(claims["sub"]) or not (account is None or _is_name(account)):
        raise BadVisitor("has a `sub` or an `account` that is no name")
    if not isinstance(groups, list) or not all(map(_is_name, groups)):
        raise BadVisitor("has `groups` that are no list of names")
    admin = claims.get("account_admin", False)
    if not isinstance(admin, bool) or (admin and account is None):
        raise BadVisitor("has an `account_admin` that is not true or false, or no `account` to it")
    if len(groups) > _MOST_GROUPS:
        raise BadVisitor(f"has more than {_MOST_GROUPS} `groups`")
    return Visitor(
        user=claims["sub"].strip(),
        account=account.strip() if account is not None else None,
        groups=frozenset(group.strip() for group in groups),
        expires=datetime.fromtimestamp(claims["exp"], UTC),
        account_admin=admin,
    )


def _is_name(value: object) -> bool:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_NAME:
        return False
    # JSON may hold half of a surrogate pair, which is no character and could not be hashed.
    return not _HALF_PAIR.search(value)
