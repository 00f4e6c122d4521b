"""A security key in software: what a browser and its authenticator do, by the book (WebAuthn, ES256)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, WITH_KEY = 0x01, 0x40


def text_of(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text: str) -> bytes:
    """What base64url stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SoftKey:
    """One key pair, at a page of an origin."""

    def __init__(self, origin: str) -> None:
        self.origin, self.counter = origin, 0
        self.id = secrets.token_bytes(32)
        self._private = ec.generate_private_key(ec.SECP256R1())

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options of a registration."""
        numbers = self._private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        told = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], PRESENT | WITH_KEY) + told
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = {"attestationObject": text_of(attestation)}
        return self._answer(said, self._client_data("webauthn.create", options["challenge"]))

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer the options of a log-in."""
        self.counter += 1
        data = self._data(options["rpId"], PRESENT)
        client = self._client_data("webauthn.get", options["challenge"])
        signature = self._private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({"authenticatorData": text_of(data), "signature": text_of(signature)}, client)

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, said: dict[str, str], client: bytes) -> dict[str, Any]:
        id_ = text_of(self.id)
        response = {"clientDataJSON": text_of(client), **said}
        return {"id": id_, "rawId": id_, "type": "public-key", "response": response}
