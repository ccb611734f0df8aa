"""A company's own sign-in (OpenID Connect): the way there, and what it says of who came back.

In: settings; later the code that a browser brings back. Out: an address; later an `Identity`. The
flow is the one with a code, PKCE (RFC 7636) and a nonce; where its endpoints and keys are, the
issuer says itself (discovery).
Not here: whether that person is a user of ours (sign_in), cookies (routes.company).
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from triage.settings import Settings

_log = logging.getLogger(__name__)
_SECONDS = 5.0
_CLOCKS_APART_SECONDS = 60
# An issuer moves its endpoints rarely, and whoever opens the page must not make us ask each time.
_DISCOVERED_SECONDS = 600
_SCOPE = "openid email profile"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Of public keys alone: what the issuer has published must never work as a shared secret.
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class CompanyRefused(Exception):
    """The company's sign-in did not say who somebody is; the reason is for the log."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the issuer knows: `subject` for ever, and the e-mail address if it was verified."""

    issuer: str
    subject: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Trip:
    """One browser's way to the issuer and back; nothing of another trip fits it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Company:
    """What the settings say of a company's sign-in."""

    issuer: str
    client_id: str
    client_secret: str
    name: str

    @classmethod
    def of(cls, settings: Settings) -> "Company | None":
        """Return the company's sign-in, or None where there is none."""
        if not settings.oidc_issuer:
            return None
        name = settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or ""
        issuer = settings.oidc_issuer
        return cls(issuer, settings.oidc_client_id, settings.oidc_client_secret, name)

    def way_there(self, trip: Trip, back: str) -> str:
        """Return the address to send a browser to. Raises CompanyRefused."""
        with self._client(back) as client:
            found = self._discovered()
            address, _ = client.create_authorization_url(
                found["authorization_endpoint"],
                state=trip.state,
                nonce=trip.nonce,
                code_verifier=trip.verifier,
            )
        return str(address)

    def who(self, trip: Trip, back: str, code: str) -> Identity:
        """Return whom the issuer gave this code for. Raises CompanyRefused."""
        with self._client(back) as client:
            found = self._discovered()
            try:
                token = client.fetch_token(
                    found["token_endpoint"], code=code, code_verifier=trip.verifier
                )
                keys = client.request("GET", found["jwks_uri"], withhold_token=True)
                return self._identity(token, keys.raise_for_status().json(), trip.nonce)
            except (OAuthError, httpx2.HTTPError, JoseError, ValueError, KeyError) as error:
                raise self._refused("token", error) from error

    def _identity(self, token: dict[str, Any], keys: Any, nonce: str) -> Identity:  # noqa: ANN401
        read = jwt.decode(token["id_token"], KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            params={
                "nonce": nonce,
                "client_id": self.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=_CLOCKS_APART_SECONDS)
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(self.issuer, str(claims["sub"]), str(email) if email else None)

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            client_id=self.client_id,
            client_secret=self.client_secret or None,
            scope=_SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=_SECONDS,
        )

    def _discovered(self) -> Mapping[str, str]:
        try:
            found = _configuration(self.issuer, int(time.time() // _DISCOVERED_SECONDS))
        except (httpx2.HTTPError, ValueError, KeyError) as error:
            raise self._refused("discovery", error) from error
        endpoints = {name: found[name] for name in _ENDPOINTS}
        # An issuer that speaks for another would have its tokens taken for that one's.
        if found.get("issuer") != self.issuer:
            raise self._refused("discovery", ValueError("issuer"))
        if not all(_is_guarded(address) for address in (self.issuer, *endpoints.values())):
            raise self._refused("discovery", ValueError("https"))
        return endpoints

    def _refused(self, step: str, error: Exception) -> CompanyRefused:
        # Which step and which kind of error, never its text: that may hold what was sent.
        kind = type(error).__name__
        claim = getattr(error, "claim", None) or (error.args[0] if step == "discovery" else None)
        _log.warning("company sign-in refused step=%s class=%s claim=%s", step, kind, claim)
        return CompanyRefused(step)


@lru_cache(maxsize=8)
def _configuration(issuer: str, period: int) -> Mapping[str, str]:
    """Return what an issuer says of itself, asked once in each period; a failure is not kept."""
    where = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    told = httpx2.get(where, timeout=_SECONDS).raise_for_status().json()
    return {name: str(told[name]) for name in ("issuer", *_ENDPOINTS)}


def _is_guarded(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
