"""What people prove themselves with beside the password: codes of an app or by mail, security keys.

A code of an app is taken once; a code by mail is good for some minutes and once; a recovery code stands for
a lost second factor, once. Wrong codes count as wrong passwords do.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
import sqlalchemy as sa

from zou_server.models.access import SecondFactor
from zou_server.models.base import utc_now
from zou_server.models.errors import Forbidden, Invalid, Unauthenticated
from zou_server.models.person import Person
from zou_server.services.people.one_time_secrets import forget_secrets, new_recovery_codes, use_secret
from zou_server.services.people.passwords import same
from zou_server.services.people.security_keys import (
    KeySite,
    Signed,
    is_signed,
    keep_key,
    question,
    registration,
    remove_key,
)
from zou_server.services.read.integrity import translated

TOTP, EMAIL, FIDO = "totp", "email", "fido"
WIRE = {TOTP: "totp", EMAIL: "email_otp", FIDO: "fido"}
"""What clients call each kind."""


class MissingCode(Unauthenticated):
    """The password was right, and a second factor is asked for: `kinds`, as clients call them."""

    code = "missing_code"
    cure = "Send the password again with a recovery code, or a code of a kind that the answer names."

    def __init__(self, kinds: list[str]) -> None:
        super().__init__("A second factor is needed.")
        self.kinds = kinds


class WrongCode(Unauthenticated):
    """The password was right, and the second factor wrong."""

    code = "wrong_code"
    cure = "Send the newest code; who lost the second factor asks an administrator to disable it."


class SecondFactorRequired(Forbidden):
    """This studio asks for a second factor, and you have none: set one up at Kitsu, in your profile."""

    code = "second_factor_required"
    cure = "Set up a second factor at Kitsu, in the profile; scripts use a key or a bot's token instead."


@dataclass(frozen=True, slots=True)
class Proof:
    """The second factor that a client sent: one of these, or none."""

    totp: str = ""
    email_otp: str = ""
    recovery_code: str = ""
    signed: Signed | None = None

    @property
    def is_there(self) -> bool:
        """True when there is one."""
        return bool(self.totp or self.email_otp or self.recovery_code or self.signed)


NO_PROOF = Proof()


def enabled_kinds(connection: sa.Connection, person_id: uuid.UUID) -> list[str]:
    """The kinds of second factor that a person has, as clients call them; the first is the usual one."""
    rows = connection.execute(
        sa.select(SecondFactor.kind)
        .where(SecondFactor.person_id == person_id, SecondFactor.enabled)
        .order_by(SecondFactor.created_at)
    )
    return list(dict.fromkeys(WIRE[kind] for kind in rows.scalars()))


def check_proof(engine: sa.Engine, person_id: uuid.UUID, proof: Proof) -> None:
    """Raise MissingCode or WrongCode unless the person has no second factor, or the proof fits one."""
    with translated(), engine.begin() as connection:
        kinds = enabled_kinds(connection, person_id)
        if not kinds:
            return
        if not proof.is_there:
            raise MissingCode(kinds)
        if not _fits(connection, person_id, proof):
            raise WrongCode("Wrong code.")


def _fits(connection: sa.Connection, person_id: uuid.UUID, proof: Proof) -> bool:
    if proof.signed is not None:
        return is_signed(connection, person_id, proof.signed)
    if proof.totp:
        return _takes_code_of_app(connection, person_id, proof.totp, enabled=True)
    if proof.email_otp:
        return use_secret(connection, person_id, "email", proof.email_otp)
    return use_secret(connection, person_id, "recovery", proof.recovery_code.strip().lower())


def _takes_code_of_app(connection: sa.Connection, person_id: uuid.UUID, code: str, *, enabled: bool) -> bool:
    """True for a code of now, or of half a minute before or after, that was not used yet."""
    found = connection.execute(
        sa.select(SecondFactor.id, SecondFactor.secret, SecondFactor.counter)
        .where(
            SecondFactor.person_id == person_id, SecondFactor.kind == TOTP, SecondFactor.enabled.is_(enabled)
        )
        .with_for_update()
    ).first()
    if found is None:
        return False
    clock, now = pyotp.TOTP(found.secret), utc_now()
    for step in (-1, 0, 1):
        moment = now + timedelta(seconds=30 * step)
        number = clock.timecode(moment)
        if number > found.counter and same(clock.at(moment), code.strip()):
            values = {"counter": number, "enabled": True}
            connection.execute(sa.update(SecondFactor).where(SecondFactor.id == found.id).values(values))
            return True
    return False


# -- setting up ----------------------------------------------------------------------------------------------


def start_totp(engine: sa.Engine, person_id: uuid.UUID) -> str:
    """A new secret for the app; it counts once a code of it was sent back."""
    secret = pyotp.random_base32()
    with translated(), engine.begin() as connection:
        _refuse_enabled(connection, person_id, TOTP)
        connection.execute(
            sa.delete(SecondFactor).where(
                SecondFactor.person_id == person_id,
                SecondFactor.kind == TOTP,
                SecondFactor.enabled.is_(False),
            )
        )
        values = {"id": uuid.uuid4(), "person_id": person_id, "kind": TOTP, "secret": secret}
        connection.execute(sa.insert(SecondFactor).values(**values, created_at=utc_now()))
    return secret


def confirm_totp(engine: sa.Engine, person_id: uuid.UUID, code: str) -> list[str] | None:
    """Enable it by a first code; the recovery codes when it is the person's first second factor."""
    with translated(), engine.begin() as connection:
        is_first = not enabled_kinds(connection, person_id)
        if not _takes_code_of_app(connection, person_id, code, enabled=False):
            raise WrongCode("Wrong code.")
        return new_recovery_codes(connection, person_id) if is_first else None


def confirm_email(engine: sa.Engine, person_id: uuid.UUID, code: str) -> list[str] | None:
    """Enable codes by mail by a first one."""
    with translated(), engine.begin() as connection:
        is_first = not enabled_kinds(connection, person_id)
        _refuse_enabled(connection, person_id, EMAIL)
        if not use_secret(connection, person_id, "email", code):
            raise WrongCode("Wrong code.")
        values = {"id": uuid.uuid4(), "person_id": person_id, "kind": EMAIL, "secret": "", "enabled": True}
        connection.execute(sa.insert(SecondFactor).values(**values, created_at=utc_now()))
        return new_recovery_codes(connection, person_id) if is_first else None


def start_key(engine: sa.Engine, person_id: uuid.UUID, site: KeySite) -> Any:
    """The options by which a browser makes a key pair for a person."""
    with translated(), engine.begin() as connection:
        person = connection.execute(
            sa.select(Person.email, Person.first_name, Person.last_name).where(Person.id == person_id)
        ).one()
        shown = f"{person.first_name or ''} {person.last_name or ''}".strip()
        return registration(connection, person_id, (person.email or shown, shown), site)


def key_question(engine: sa.Engine, email: str, site: KeySite, secret: bytes) -> Any:
    """The challenge that a security key of somebody is to sign; nobody learns whether there is somebody."""
    with translated(), engine.begin() as connection:
        person_id = connection.scalar(
            sa.select(Person.id).where(
                sa.func.lower(Person.email) == email.strip().lower(),
                ~Person.shares_email,
                Person.deleted_at.is_(None),
                Person.active,
                Person.is_bot.is_(False),
            )
        )
        return question(connection, person_id, email, site, secret)


def confirm_key(engine: sa.Engine, person_id: uuid.UUID, signed: Signed, name: str) -> list[str] | None:
    """Enable a security key by its first answer."""
    with translated(), engine.begin() as connection:
        is_first = not enabled_kinds(connection, person_id)
        if not keep_key(connection, person_id, signed, name):
            raise WrongCode("The security key's answer does not fit.")
        return new_recovery_codes(connection, person_id) if is_first else None


def disable_key(engine: sa.Engine, person_id: uuid.UUID, name: str, proof: Proof) -> None:
    """Take a security key away by a proof; the recovery codes go with the last second factor."""
    with translated(), engine.begin() as connection:
        if WIRE[FIDO] not in enabled_kinds(connection, person_id):
            raise Invalid("FIDO not enabled.")
        if not proof.is_there or not _fits(connection, person_id, proof):
            raise WrongCode("Wrong code.")
        if not remove_key(connection, person_id, name):
            raise Invalid("You have no security key of this name.", {"device_name": ["is none of yours"]})
        if not enabled_kinds(connection, person_id):
            forget_secrets(connection, person_id, "recovery")


def disable(engine: sa.Engine, person_id: uuid.UUID, kind: str, proof: Proof) -> None:
    """Take a second factor away by a proof; the recovery codes go with the last one."""
    with translated(), engine.begin() as connection:
        if WIRE[kind] not in enabled_kinds(connection, person_id):
            raise Invalid(f"{WIRE[kind].upper()} not enabled.")
        if not proof.is_there or not _fits(connection, person_id, proof):
            raise WrongCode("Wrong code.")
        _remove(connection, person_id, kind)


def disable_all(executor: Any, person_id: uuid.UUID) -> None:
    """Take all of a person's second factors away, in the caller's transaction: they lost theirs."""
    executor.execute(sa.delete(SecondFactor).where(SecondFactor.person_id == person_id))
    forget_secrets(executor, person_id, "recovery")


def renew_recovery_codes(engine: sa.Engine, person_id: uuid.UUID, proof: Proof) -> list[str]:
    """New codes in place of the old ones, by a proof."""
    with translated(), engine.begin() as connection:
        if not enabled_kinds(connection, person_id):
            raise Invalid("There is no second factor that recovery codes could stand for.")
        if not proof.is_there or not _fits(connection, person_id, proof):
            raise WrongCode("Wrong code.")
        return new_recovery_codes(connection, person_id)


def _remove(connection: sa.Connection, person_id: uuid.UUID, kind: str) -> None:
    connection.execute(
        sa.delete(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.kind == kind)
    )
    if not enabled_kinds(connection, person_id):
        forget_secrets(connection, person_id, "recovery")


def _refuse_enabled(connection: sa.Connection, person_id: uuid.UUID, kind: str) -> None:
    if WIRE[kind] in enabled_kinds(connection, person_id):
        raise Invalid(f"{WIRE[kind].upper()} already enabled.")
