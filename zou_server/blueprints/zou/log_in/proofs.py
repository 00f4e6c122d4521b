"""The second factor as clients send it, and the site as browsers know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import request

from zou_server.services.people.second_factors import Proof
from zou_server.services.people.security_keys import KeySite, Signed

CODES = ("totp", "email_otp", "recovery_code")
ANSWER = "fido_authentication_response"


def site_at(site_url: str) -> KeySite:
    """The site at its public address, or where the setting names none at that of the request."""
    address = urlsplit(site_url or request.host_url)
    return KeySite(address.hostname or "", (f"{address.scheme}://{address.netloc}",))


def sent_proof(sent: Mapping[str, Any], site_url: str) -> Proof:
    """The second factor in a body; clients send null for what they have not."""
    codes = {name: sent[name] for name in CODES if isinstance(sent.get(name), str)}
    answer = sent.get(ANSWER)
    signed = Signed(site_at(site_url), answer) if isinstance(answer, dict) and answer else None
    return Proof(**codes, signed=signed)
