"""Credentials: making people and scripts who may come in, and giving them passwords and keys.

People are made through the write pipeline, so that they leave events; their credentials are plain
rows of the same transaction, and leave none.
"""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.people.login_failures import forgive_everywhere
from zou_server.services.people.manage_keys import FOR_GOOD, KeyKind, KeyTerms, give_key
from zou_server.services.people.manage_sessions import Executor, end_all_sessions
from zou_server.services.people.passwords import (
    generate_password,
    hash_password,
    refuse_weak,
)
from zou_server.services.studio import Studio
from zou_server.services.write.integrity import translated
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


class CredentialKind(StrEnum):
    """What a row of `credential` holds."""

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


def create_admin(engine: sa.Engine, email: str, password: str | None = None) -> str:
    """Make an administrator and return the password; a person who exists becomes one.

    Raises Invalid for a bad address or a weak password.
    """
    password = generate_password() if password is None else password
    refuse_weak("password", password)
    email = email.strip()
    if "@" not in email[1:-1]:
        raise Invalid(fields={"email": ["must be an e-mail address"]})
    with Studio(engine, engine).write(SYSTEM) as work:
        found = person_by_email(work.session, email)
        person_id = _promote(work, found) if found else _create(work, "Person", _admin_values(email))
        set_password(work.session, person_id, password)
        work.commit()
    return password


def create_script(engine: sa.Engine, name: str, key: str | None = None, terms: KeyTerms = FOR_GOOD) -> str:
    """Make a script user and return its key; the key of one that exists is replaced, or gets a fellow."""
    if not name.strip():
        raise Invalid(fields={"name": ["must not be empty"]})
    with Studio(engine, engine).write(SYSTEM) as work:
        named = Person.is_bot & (Person.first_name == name) & Person.deleted_at.is_(None)
        person_id = work.session.scalar(sa.select(Person.id).where(named).limit(1))
        if person_id is None:
            person_id = _create(work, "ApiUser", {"first_name": name, "last_name": "", "role": "admin"})
        key = give_key(work.session, person_id, KeyKind.SCRIPT_KEY, key, terms)
        work.commit()
    return key


def create_api_key(engine: sa.Engine, email: str, key: str | None = None, terms: KeyTerms = FOR_GOOD) -> str:
    """Give a person an API key in place of theirs, or beside it; NotFound when there is no such person."""
    with translated(), engine.begin() as connection:
        person_id = person_by_email(connection, email)
        if person_id is None:
            raise NotFound(f"There is no person with the e-mail {email}.")
        return give_key(connection, person_id, KeyKind.API_KEY, key, terms)


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


def _replace_password(executor: Executor, person_id: uuid.UUID, digest: str) -> None:
    names = executor.execute(_TAKE_TURNS, {"person_id": person_id}).first()
    if names is None:
        raise NotFound("There is no such person.")
    forgive_everywhere(executor, [str(person_id), *filter(None, names)])
    row = {"person_id": person_id, "digest": digest}
    if executor.execute(_REPLACE_PASSWORD, row).rowcount == 0:  # type: ignore[attr-defined]
        executor.execute(_ADD_CREDENTIAL, {**row, "id": uuid.uuid4(), "kind": CredentialKind.PASSWORD.value})
    end_all_sessions(executor, person_id)


def _create(work: UnitOfWork, facet_name: str, values: dict[str, Any]) -> uuid.UUID:
    return work.execute([Create(facet(facet_name), values)])[0].id


def _promote(work: UnitOfWork, person_id: uuid.UUID) -> uuid.UUID:
    work.execute([Update(facet("Person"), person_id, {"role": "admin", "active": True})])
    return person_id


def _admin_values(email: str) -> dict[str, Any]:
    """A new administrator's columns: named after the part before the @ until they say otherwise."""
    return {"email": email, "first_name": email.partition("@")[0], "last_name": "", "role": "admin"}


def person_by_email(executor: Executor, email: str) -> uuid.UUID | None:
    """The person with this address, upper and lower case alike."""
    wanted = sa.func.lower(Person.email) == sa.func.lower(email.strip())
    return executor.scalar(sa.select(Person.id).where(wanted, ~Person.is_bot, Person.deleted_at.is_(None)))
