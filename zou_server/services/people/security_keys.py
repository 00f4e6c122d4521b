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

from zou_server.models.access import OneTimeSecret, SecondFactor
from zou_server.models.base import utc_now
from zou_server.services.people.one_time_secrets import keep_secret, use_secret

KIND = "fido"
CHALLENGE = "challenge"
MINUTES = 5
LONGEST_NAME = 80
MOST_CHALLENGES = 20
"""Of one person that wait for an answer; older ones are over when there are more."""

_NO_ANSWER = (ValueError, TypeError, KeyError, AttributeError, binascii.Error)


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
    from zou_server.services.people.key_ceremonies import ask_for_new_key  # noqa: PLC0415 - it says why

    asked = ask_for_new_key(site, person_id, names, _ids(_keys_of(connection, person_id)))
    _keep_challenge(connection, person_id, asked.challenge)
    return asked.options


def keep_key(connection: sa.Connection, person_id: uuid.UUID, signed: Signed, name: str) -> bool:
    """Keep a new key by the browser's answer; False when that does not fit."""
    from zou_server.services.people.key_ceremonies import new_key  # noqa: PLC0415 - it says why

    challenge = _use_challenge(connection, person_id, signed.answer)
    made = None if challenge is None else new_key(signed.site, signed.answer, challenge)
    if made is None or made.id in _ids(_keys_of(connection, person_id)):
        return False
    values = {
        "id": uuid.uuid4(),
        "person_id": person_id,
        "kind": KIND,
        "name": name.strip()[:LONGEST_NAME],
        "secret": _text(made.id),
        "data": {"public_key": _text(made.public_key)},
        "counter": made.counter,
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
    from zou_server.services.people.key_ceremonies import ask_for_signature  # noqa: PLC0415 - it says why

    keys = [] if person_id is None else _keys_of(connection, person_id)
    asked = ask_for_signature(site, _ids(keys) or [_nobodys(email, secret)])
    if keys and person_id is not None:
        _keep_challenge(connection, person_id, asked.challenge)
    return asked.options


def is_signed(connection: sa.Connection, person_id: uuid.UUID, signed: Signed) -> bool:
    """True, once, for an answer of one of the person's keys to a question of ours."""
    from zou_server.services.people.key_ceremonies import counter_of_signature  # noqa: PLC0415 - it says why

    challenge = _use_challenge(connection, person_id, signed.answer)
    id_ = signed.answer.get("id")
    key = next((row for row in _keys_of(connection, person_id) if row.secret == id_), None)
    if challenge is None or key is None:
        return False
    public_key = _bytes(key.data["public_key"])
    counter = counter_of_signature(signed.site, signed.answer, challenge, public_key, key.counter)
    if counter is None:
        return False
    changed = sa.update(SecondFactor).where(SecondFactor.id == key.id).values(counter=counter)
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


def _ids(keys: list[Any]) -> list[bytes]:
    return [_bytes(row.secret) for row in keys]


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
        said = orjson.loads(_bytes(answer["response"]["clientDataJSON"]))["challenge"]
        challenge = _bytes(said)
    except _NO_ANSWER:
        return None
    return challenge if use_secret(connection, person_id, CHALLENGE, _text(challenge)) else None


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
