"""Log-in by an OpenID Connect provider: the authorization code flow, with PKCE, state and nonce.

Authlib speaks with the provider, joserfc checks the token's signature and claims. What the provider says of
itself and its keys is asked for when it is first needed, and again after an hour or for a key that is new.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt
from joserfc.errors import JoseError

from zou_server.models.errors import Unauthenticated, Unavailable
from zou_server.services.ports import Begun, Presented

if TYPE_CHECKING:
    from zou_server.settings import Settings

SECONDS = 10
HOUR = 3600
LEEWAY = 60
"""Seconds by which the provider's clock may be wrong."""
VERIFIED = "email_verified"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Those with a key pair: a token signed with what everybody may know proves nothing."""


class OidcProvider:
    """One provider, by the address that its tokens name as issuer."""

    def __init__(self, settings: Settings) -> None:
        self.name = settings.oidc_name
        self._trusts_addresses = settings.oidc_trust_email
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client = (settings.oidc_client_id, settings.oidc_client_secret or None)
        self._said: Mapping[str, Any] = {}
        self._keys = jwk.KeySet([])
        self._asked_at = 0.0

    def begin(self, back: str) -> Begun:
        """Where the browser goes to log in, and what is kept until it comes back."""
        kept = {"nonce": generate_token(), "verifier": generate_token(64)}
        url, kept["state"] = self._session(back).create_authorization_url(
            self._about("authorization_endpoint"), nonce=kept["nonce"], code_verifier=kept["verifier"]
        )
        return Begun(url, kept)

    def finish(self, back: str, kept: Mapping[str, str], sent: Mapping[str, str]) -> Presented:
        """The person who came back, by what the browser brings; Unauthenticated when that does not fit."""
        if not hmac.compare_digest(kept.get("state", "").encode(), sent.get("state", " ").encode()):
            raise Unauthenticated("This log-in was begun elsewhere or too long ago; begin again.")
        if "code" not in sent:
            raise Unauthenticated(f"{self.name} did not let you in: {sent.get('error', 'no reason given')}.")
        try:
            token = self._session(back).fetch_token(
                self._about("token_endpoint"), code=sent["code"], code_verifier=kept["verifier"]
            )
            claims = self._claims(token["id_token"], kept["nonce"])
            if self._is_silent(claims) and "userinfo_endpoint" in self._said:
                claims = {**claims, **self._more(token, claims["sub"])}
        except requests.RequestException as error:
            raise Unavailable(f"{self.name} does not answer: {type(error).__name__}.") from error
        except (AuthlibBaseError, JoseError, KeyError, ValueError, TypeError) as error:
            raise Unauthenticated(f"{self.name} did not let you in: {type(error).__name__}.") from error
        return self._presented(claims)

    def _session(self, back: str) -> OAuth2Session:
        id_, secret = self._client
        return OAuth2Session(
            id_,
            secret,
            scope="openid email profile",
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            default_timeout=SECONDS,
        )

    def _claims(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of a token that this provider signed for us, now, for this log-in."""
        try:
            decoded = jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            self._ask()  # it may be signed with a key that is new
            decoded = jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
        wanted = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._said["issuer"]},
            aud={"essential": True, "value": self._client[0]},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        wanted.validate(decoded.claims)
        if decoded.claims.get("azp", self._client[0]) != self._client[0]:
            raise ValueError("the token is for somebody else")
        return decoded.claims

    def _more(self, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the provider says of the person when it is asked again."""
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        answer = requests.get(self._said["userinfo_endpoint"], headers=headers, timeout=SECONDS)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        if found.get("sub") != subject:
            raise ValueError("the provider speaks of somebody else")
        return found

    def _presented(self, claims: Mapping[str, Any]) -> Presented:
        email = claims.get("email")
        if not isinstance(email, str) or "@" not in email or not self._is_theirs(claims):
            raise Unauthenticated(f"{self.name} names no verified e-mail address of yours.")
        first, last = claims.get("given_name"), claims.get("family_name")
        if not first and not last:
            first, _, last = str(claims.get("name") or email.partition("@")[0]).partition(" ")
        return Presented(email, str(first or ""), str(last or ""))

    def _is_silent(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether the token leaves out what we have to know of the address."""
        return "email" not in claims or not (self._trusts_addresses or VERIFIED in claims)

    def _is_theirs(self, claims: Mapping[str, Any]) -> bool:
        """Tell whether the address is the person's own: people are known by it, nobody may just name it."""
        said = claims.get(VERIFIED, self._trusts_addresses)
        return said is True or said == "true"  # some providers write every claim as a text

    def _about(self, what: str) -> str:
        """What the provider says of itself."""
        if time.monotonic() - self._asked_at > HOUR or not self._said:
            self._ask()
        return str(self._said[what])

    def _ask(self) -> None:
        try:
            said = _json(f"{self._issuer}/.well-known/openid-configuration")
            keys = jwk.KeySet.import_key_set(_json(said["jwks_uri"]))
        except (requests.RequestException, JoseError, KeyError, ValueError) as error:
            raise Unavailable(f"{self.name} does not answer as it should: {error}.") from error
        if str(said.get("issuer", "")).rstrip("/") != self._issuer:
            raise Unavailable(f"{self.name} calls itself {said.get('issuer')}, not {self._issuer}.")
        self._said, self._keys, self._asked_at = said, keys, time.monotonic()


def _json(url: str) -> Any:
    answer = requests.get(url, timeout=SECONDS)
    answer.raise_for_status()
    return answer.json()
