"""Secrets that are shown once: made at random, kept only as a hash.

In: nothing, or a secret that somebody brings. Out: a new one, or its hash.
Not here: what they open (sign_in_links, web_sessions).
"""

import hashlib
import secrets


def fresh_token() -> str:
    """Return 256 random bits as text that stands in an address or a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token; it is random, so that a fast hash is enough."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
