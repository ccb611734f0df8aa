"""A real issuer of a company's sign-in on this machine: discovery, codes, signed tokens.

Whoever is sent to it is signed in at once, as the person it was told of. It holds a client to the
rules: the code is good once, with the right verifier, secret and address to come back to.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, SECRET = "triage-pages", "a secret of the client"


@dataclass
class Issuer:
    """What the issuer says, which a test may change."""

    address: str = ""
    person: dict[str, Any] = field(
        default_factory=lambda: {
            "sub": "7f3a",
            "email": "eva.lind@example.com",
            "email_verified": True,
        }
    )
    claims: dict[str, Any] = field(default_factory=dict)
    discovery: dict[str, Any] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    signs_with: object = None
    algorithm: str = "ES256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def discovered(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            **self.discovery,
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Give a code for the person; return where the browser goes with it."""
        self.asked.append(query)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.address}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Return the tokens for a code, once, or None."""
        query = self.codes.pop(form.get("code", ""), None)
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if query is None or authorization.replace("%20", " ") != basic.replace("%20", " "):
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != query["code_challenge"]:
            return None
        if form.get("redirect_uri") != query["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            **{"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300},
            **{"nonce": query["nonce"], **self.person, **self.claims},
        }
        header = {"alg": self.algorithm, "kid": "1"}
        key: Any = self.signs_with or self.key
        signed = jwt.encode(header, claims, key, algorithms=[self.algorithm])
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    issuer: Issuer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path.endswith("/.well-known/openid-configuration"):
            self._json(200, self.issuer.discovered())
        elif parts.path == "/keys":
            self._json(200, KeySet([self.issuer.key]).as_dict(private=False))
        elif parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.issuer.authorize(query))
            self.end_headers()
        else:
            self._json(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        reply = self.issuer.token(form, self.headers.get("Authorization", ""))
        if reply is None:
            self._json(400, {"error": "invalid_grant"})
        else:
            self._json(200, reply)

    def _json(self, status: int, told: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Run an issuer on a free port."""
    issuer = Issuer()
    handler = type("Handler", (_Handler,), {"issuer": issuer})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        issuer.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
