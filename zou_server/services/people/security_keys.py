"""Security keys (FIDO2, WebAuthn) as a second factor: registered by a person, asked for at log-in.

A challenge is good for some minutes and once. What the browser signs names the site, so that a page elsewhere
that looks like ours gets nothing that opens ours.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from webauthn import (
    base64url_to_bytes,
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

from zou_server.models.access import OneTimeSecret, SecondFactor
from zou_server.models.base import utc_now
from zou_server.services.people.one_time_secrets import keep_secret, use_secret

KIND = "fido"
CHALLENGE = "challenge"
MINUTES = 5
LONGEST_NAME = 80
MOST_CHALLENGES = 20
"""Of one person that wait for an answer; older ones are over when there are more."""

BAD_ANSWER = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, binascii.Error)
"""What the library raises for an answer that is none."""


@dataclass(frozen=True, slots=True)
class KeySite:
    """The site as browsers know it: its host name, and the origins of the pages that may ask."""

    host: str
    origins: tuple[str, ...]
    name: str = "Kitsu"


@dataclass(frozen=True, slots=True)
class Signed:
    """The answer of a security key, and the site it was given at."""

    site: KeySite
    answer: Mapping[str, Any]


def devices(connection: sa.Connection, person_id: uuid.UUID) -> list[str]:
    """The names of a person's security keys, the oldest first."""
    rows = connection.execute(
        sa.select(SecondFactor.name)
        .where(SecondFactor.person_id == person_id, SecondFactor.kind == KIND, SecondFactor.enabled)
        .order_by(SecondFactor.created_at)
    )
    return [name or "" for name in rows.scalars()]


def registration(
    connection: sa.Connection, person_id: uuid.UUID, names: tuple[str, str], site: KeySite
) -> Any:
    """The options by which a browser makes a key pair; `names` are the log-in name and the name to show."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=str(person_id).encode(),
        user_name=names[0],
        user_display_name=names[1],
        exclude_credentials=_descriptors(_keys_of(connection, person_id)),
        authenticator_selection=AuthenticatorSelectionCriteria(
            user_verification=UserVerificationRequirement.DISCOURAGED
        ),
    )
    _keep_challenge(connection, person_id, options.challenge)
    return orjson.loads(options_to_json(options))


def keep_key(connection: sa.Connection, person_id: uuid.UUID, signed: Signed, name: str) -> bool:
    """Keep a new key by the browser's answer; False when that does not fit."""
    challenge = _use_challenge(connection, person_id, signed.answer)
    if challenge is None:
        return False
    try:
        made = verify_registration_response(
            credential=_whole(signed.answer),
            expected_challenge=challenge,
            expected_rp_id=signed.site.host,
            expected_origin=list(signed.site.origins),
        )
    except BAD_ANSWER:
        return False
    if made.credential_id in {_bytes(row.secret) for row in _keys_of(connection, person_id)}:
        return False
    values = {
        "id": uuid.uuid4(),
        "person_id": person_id,
        "kind": KIND,
        "name": name.strip()[:LONGEST_NAME],
        "secret": _text(made.credential_id),
        "data": {"public_key": _text(made.credential_public_key)},
        "counter": made.sign_count,
        "enabled": True,
        "created_at": utc_now(),
    }
    connection.execute(sa.insert(SecondFactor).values(**values))
    return True


def remove_key(connection: sa.Connection, person_id: uuid.UUID, name: str) -> bool:
    """Forget the keys of this name; False when there is none."""
    gone = connection.execute(
        sa.delete(SecondFactor).where(
            SecondFactor.person_id == person_id, SecondFactor.kind == KIND, SecondFactor.name == name
        )
    )
    return bool(gone.rowcount)


def question(
    connection: sa.Connection, person_id: uuid.UUID | None, email: str, site: KeySite, secret: bytes
) -> Any:
    """The challenge that a key signs at log-in; the answer looks the same where there is no key."""
    keys = [] if person_id is None else _keys_of(connection, person_id)
    options = generate_authentication_options(
        rp_id=site.host,
        allow_credentials=_descriptors(keys) or [PublicKeyCredentialDescriptor(_nobodys(email, secret))],
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    if keys and person_id is not None:
        _keep_challenge(connection, person_id, options.challenge)
    return orjson.loads(options_to_json(options))


def is_signed(connection: sa.Connection, person_id: uuid.UUID, signed: Signed) -> bool:
    """True, once, for an answer of one of the person's keys to a question of ours."""
    challenge = _use_challenge(connection, person_id, signed.answer)
    id_ = signed.answer.get("id")
    key = next((row for row in _keys_of(connection, person_id) if row.secret == id_), None)
    if challenge is None or key is None:
        return False
    try:
        seen = verify_authentication_response(
            credential=_whole(signed.answer),
            expected_challenge=challenge,
            expected_rp_id=signed.site.host,
            expected_origin=list(signed.site.origins),
            credential_public_key=_bytes(key.data["public_key"]),
            credential_current_sign_count=key.counter,
        )
    except BAD_ANSWER:
        return False
    changed = sa.update(SecondFactor).where(SecondFactor.id == key.id).values(counter=seen.new_sign_count)
    connection.execute(changed)
    return True


def _keys_of(connection: sa.Connection, person_id: uuid.UUID) -> list[Any]:
    return list(
        connection.execute(
            sa.select(SecondFactor.id, SecondFactor.secret, SecondFactor.data, SecondFactor.counter)
            .where(SecondFactor.person_id == person_id, SecondFactor.kind == KIND, SecondFactor.enabled)
            .order_by(SecondFactor.created_at)
            .with_for_update()
        )
    )


def _descriptors(keys: list[Any]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(_bytes(row.secret)) for row in keys]


def _nobodys(email: str, secret: bytes) -> bytes:
    """The id of a key that nobody has, the same each time."""
    return hmac.digest(secret, f"security key of {email.strip().lower()}".encode(), hashlib.sha256)


def _keep_challenge(connection: sa.Connection, person_id: uuid.UUID, challenge: bytes) -> None:
    waiting = sa.select(OneTimeSecret.id).where(
        OneTimeSecret.person_id == person_id, OneTimeSecret.kind == CHALLENGE
    )
    newest = waiting.order_by(OneTimeSecret.created_at.desc()).limit(MOST_CHALLENGES - 1)
    connection.execute(
        sa.delete(OneTimeSecret).where(OneTimeSecret.id.in_(waiting), OneTimeSecret.id.not_in(newest))
    )
    keep_secret(connection, person_id, CHALLENGE, _text(challenge), timedelta(minutes=MINUTES))


def _use_challenge(
    connection: sa.Connection, person_id: uuid.UUID, answer: Mapping[str, Any]
) -> bytes | None:
    """The challenge that the answer is to, when it was ours and nobody has answered it."""
    try:
        said = orjson.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))["challenge"]
        challenge = base64url_to_bytes(said)
    except BAD_ANSWER:
        return None
    return challenge if use_secret(connection, person_id, CHALLENGE, _text(challenge)) else None


def _whole(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with the keys that browsers may leave out."""
    return {"rawId": answer.get("id"), "type": "public-key", **answer}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64url_to_bytes(text)
