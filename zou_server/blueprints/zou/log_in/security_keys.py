"""Security keys: Zou's `/auth/fido`."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional
from zou_server.blueprints.zou.log_in.own_account import Mine, NoWords, SentProof, begun, open_to_all, proved
from zou_server.blueprints.zou.log_in.proofs import site_at
from zou_server.blueprints.zou.named import Named
from zou_server.blueprints.zou.rows import json_of
from zou_server.blueprints.zou.shapes import ANYTHING, TEXT
from zou_server.description import Schema, listed, thing
from zou_server.models.errors import Invalid
from zou_server.services.people.second_factors import confirm_key, disable_key, key_question, start_key
from zou_server.services.people.security_keys import Signed


@body
class NewKey:
    """What the browser answered, and what to call the key."""

    registration_response: object = needed(ANYTHING)
    device_name: str = needed(TEXT)
    two_factor_authentication: object = optional(ANYTHING)


@body
class OldKey(SentProof):
    """The key to forget, and a proof."""

    device_name: str = needed(TEXT)


class SecurityKeys(Mine):
    """`/auth/fido`."""

    def get(self) -> Response:
        """What a key of who is logging in is to sign; it looks the same where there is nobody."""
        email = request.args.get("email", "")
        if not email:
            raise Invalid(fields={"email": ["is required"]})
        site = site_at(self.parts.site_url)
        return json_of(key_question(self.studio.writes, email, site, self.parts.authenticator.key_secret))

    def put(self, sent: NoWords) -> Response:  # noqa: ARG002 - it has no values
        """Begin: what the browser needs to make a key pair."""
        me = self.me
        return json_of(start_key(self.studio.writes, me, site_at(self.parts.site_url)))

    def post(self, sent: NewKey) -> Response:
        """Keep a key by the browser's answer."""
        me, answer = self.me, sent.registration_response
        if not isinstance(answer, dict):
            raise Invalid(fields={"registration_response": ["must be an object"]})
        signed = Signed(site_at(self.parts.site_url), answer)
        return self.answered(lambda: confirm_key(self.studio.writes, me, signed, sent.device_name))

    def delete(self, sent: OldKey) -> Response:
        """Forget a key by a proof."""
        me, proof = self.me, self.proof_of(sent)
        return self.answered(lambda: disable_key(self.studio.writes, me, sent.device_name, proof))


_KEYS: Schema = listed(thing({"id": {"type": "string"}, "type": {"type": "string"}}, ("id", "type")))
_MAKE: Schema = thing(
    {
        "challenge": {"type": "string"},
        "rp": thing({"id": {"type": "string"}, "name": {"type": "string"}}),
        "user": thing({name: {"type": "string"} for name in ("id", "name", "displayName")}),
        "pubKeyCredParams": listed(thing({"type": {"type": "string"}, "alg": {"type": "integer"}})),
        "excludeCredentials": _KEYS,
    },
    ("challenge", "rp", "user"),
)
_SIGN: Schema = thing(
    {"challenge": {"type": "string"}, "rpId": {"type": "string"}, "allowCredentials": _KEYS}, ("challenge",)
)

SECURITY_KEYS: tuple[Named[Any], ...] = (
    Named(
        "/auth/fido",
        SecurityKeys,
        {
            "get": open_to_all("Ask what a security key is to sign at log-in", _SIGN),
            "put": begun("Begin with a security key", _MAKE),
            "post": proved("Keep a security key", sends=NewKey),
            "delete": proved("Forget a security key", sends=OldKey),
        },
    ),
)
