"""A small OpenID Connect provider on loopback: discovery, keys, the code flow with PKCE, user info.

It signs with other code than that which the server checks with.
"""

from __future__ import annotations

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
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "tracker", "a secret of the two"
PERSON = {"sub": "42", "email": "Grace@Example.com", "email_verified": True, "given_name": "Grace"}


@dataclass
class OidcProvider:
    """The provider: who is logged in there, and what it is to do wrong."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {**PERSON, "family_name": "Hopper"})
    claims: dict[str, Any] = field(default_factory=dict)
    """Claims of the token that are other than they should be."""
    shows: str = ""
    """The modulus of another key, which it shows as its own."""
    refuses: str = ""
    unsigned: bool = False
    by_userinfo: bool = False
    """Whether the token says no more than who it is."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.new_key()

    def new_key(self) -> None:
        """Sign with another key from now on."""
        self.kid = secrets.token_hex(4)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    # -- what it answers -----------------------------------------------------------------------------

    def discovery(self) -> dict[str, Any]:
        """What it says of itself."""
        places = ("authorize", "token", "userinfo", "jwks")
        names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
        addresses = {name: f"{self.url}/{place}" for name, place in zip(names, places, strict=True)}
        return {"issuer": self.url, "id_token_signing_alg_values_supported": ["RS256"], **addresses}

    def jwks(self) -> dict[str, Any]:
        """Its key."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        public["n"] = self.shows or public["n"]
        return {"keys": [{**public, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where somebody goes who is logged in here already."""
        if self.refuses:
            answer = {"error": self.refuses}
        else:
            code = secrets.token_urlsafe()
            self.codes[code] = asked
            answer = {"code": code}
        return f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token for a code, once, for who began with it."""
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        if authorization != f"Basic {wanted}":
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        who = {"sub": self.person["sub"]} if self.by_userinfo else self.person
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"], **who}
        claims = {**claims, **self.claims}
        key: Any = None if self.unsigned else self.key
        id_token = jwt.encode(claims, key, "none" if self.unsigned else "RS256", headers={"kid": self.kid})
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": id_token, "expires_in": 60}


class _Handler(BaseHTTPRequestHandler):
    provider: OidcProvider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.provider.asked.append(address.path)
        if address.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(dict(parse_qsl(address.query))))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        answers = {
            "/.well-known/openid-configuration": self.provider.discovery,
            "/jwks": self.provider.jwks,
            "/userinfo": lambda: self.provider.person,
        }
        self._say(200, answers[address.path]())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(*self.provider.token(dict(parse_qsl(body)), self.headers.get("Authorization", "")))

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    """Serve a provider until the block is left."""
    provider = OidcProvider()
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider})
    ) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
