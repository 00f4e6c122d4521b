"""Giving a person a new password, which ends all their sessions and any lock."""

from __future__ import annotations

import uuid
from enum import StrEnum

import sqlalchemy as sa

from zou_server.models.errors import NotFound
from zou_server.services.people.login_failures import forgive_everywhere
from zou_server.services.people.manage_sessions import Executor, end_all_sessions
from zou_server.services.people.passwords import (
    hash_password,
    refuse_weak,
)
from zou_server.services.read.integrity import translated


class CredentialKind(StrEnum):
    """The kind of secret that a row of `credential` holds."""

    PASSWORD = "password"  # noqa: S105 - a name, not a secret
    SCRIPT_KEY = "script_key"
    API_KEY = "api_key"


# Two first passwords at once take turns: a person has one.
_TAKE_TURNS = sa.text("SELECT email, login FROM person WHERE id = :person_id FOR NO KEY UPDATE")
_REPLACE_PASSWORD = sa.text("""
UPDATE credential SET digest = :digest, created_at = clock_timestamp()
WHERE person_id = :person_id AND kind = 'password' AND revoked_at IS NULL
""")
_ADD_CREDENTIAL = sa.text("""
INSERT INTO credential (id, person_id, kind, digest, created_at)
VALUES (:id, :person_id, :kind, :digest, clock_timestamp())
""")


def set_password(target: sa.Engine | Executor, person_id: uuid.UUID, password: str) -> None:
    """Give a person a new password, which ends all their sessions and any lock.

    With an engine this is a transaction of its own, else part of the caller's. Raises Invalid for
    a weak password.
    """
    refuse_weak("password", password)
    digest = hash_password(password)
    if isinstance(target, sa.Engine):
        with translated(), target.begin() as connection:
            _replace_password(connection, person_id, digest)
    else:
        _replace_password(target, person_id, digest)


def set_known_password(executor: Executor, person_id: uuid.UUID, password: str) -> None:
    """Give somebody of the demo the password that documents print, in the caller's transaction."""
    _replace_password(executor, person_id, hash_password(password))


def _replace_password(executor: Executor, person_id: uuid.UUID, digest: str) -> None:
    names = executor.execute(_TAKE_TURNS, {"person_id": person_id}).first()
    if names is None:
        raise NotFound("There is no such person.")
    forgive_everywhere(executor, [str(person_id), *filter(None, names)])
    row = {"person_id": person_id, "digest": digest}
    if executor.execute(_REPLACE_PASSWORD, row).rowcount == 0:  # type: ignore[attr-defined]
        executor.execute(_ADD_CREDENTIAL, {**row, "id": uuid.uuid4(), "kind": CredentialKind.PASSWORD.value})
    end_all_sessions(executor, person_id)
