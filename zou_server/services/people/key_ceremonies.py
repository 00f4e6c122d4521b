"""What a browser is asked about security keys, and whether its answer fits: the library's part of it.

The library takes longer to load than SQLAlchemy, so this is imported where somebody asks about a key.
"""

from __future__ import annotations

import binascii
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

if TYPE_CHECKING:
    from zou_server.services.people.security_keys import KeySite

_BAD_ANSWER = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, binascii.Error)
"""What the library raises for an answer that is none."""


class Asked(NamedTuple):
    """What a browser is asked, and the challenge in it."""

    options: Any
    challenge: bytes


class NewKey(NamedTuple):
    """A key that a browser made."""

    id: bytes
    public_key: bytes
    counter: int


def ask_for_new_key(
    site: KeySite, person_id: uuid.UUID, names: tuple[str, str], known: Iterable[bytes]
) -> Asked:
    """The options by which a browser makes a key pair; `names` are the log-in name and the name to show."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=str(person_id).encode(),
        user_name=names[0],
        user_display_name=names[1],
        exclude_credentials=list(map(PublicKeyCredentialDescriptor, known)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.DISCOURAGED
        ),
    )
    return Asked(orjson.loads(options_to_json(options)), options.challenge)


def new_key(site: KeySite, answer: Mapping[str, Any], challenge: bytes) -> NewKey | None:
    """The key that an answer tells of; None when it does not fit."""
    try:
        made = verify_registration_response(
            credential=_whole(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
        )
    except _BAD_ANSWER:
        return None
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def ask_for_signature(site: KeySite, known: Iterable[bytes]) -> Asked:
    """The challenge that one of these keys signs."""
    options = generate_authentication_options(
        rp_id=site.host,
        allow_credentials=list(map(PublicKeyCredentialDescriptor, known)),
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return Asked(orjson.loads(options_to_json(options)), options.challenge)


def counter_of_signature(
    site: KeySite, answer: Mapping[str, Any], challenge: bytes, public_key: bytes, counter: int
) -> int | None:
    """How often the key has signed by now; None when the answer does not fit."""
    try:
        seen = verify_authentication_response(
            credential=_whole(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            credential_public_key=public_key,
            credential_current_sign_count=counter,
        )
    except _BAD_ANSWER:
        return None
    return seen.new_sign_count


def _whole(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the keys that browsers may leave out."""
    return {"rawId": answer.get("id"), "type": "public-key", **answer}
