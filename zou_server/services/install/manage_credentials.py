"""Credentials: making people and scripts who may come in, and giving them passwords and keys.

People are made through the write pipeline, so that they leave events; their credentials are plain
rows of the same transaction, and leave none.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.people.manage_keys import FOR_GOOD, KeyKind, KeyTerms, give_key
from zou_server.services.people.manage_sessions import Executor
from zou_server.services.people.passwords import (
    generate_password,
    refuse_weak,
)
from zou_server.services.people.set_password import set_password
from zou_server.services.read.integrity import translated
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def create_admin(engine: sa.Engine, email: str, password: str | None = None) -> str:
    """Make an administrator and return the password; a person who exists becomes one.

    Raises Invalid for a bad address or a weak password.
    """
    password = generate_password() if password is None else password
    refuse_weak("password", password)
    email = email.strip()
    if "@" not in email[1:-1]:
        raise Invalid(fields={"email": ["must be an e-mail address"]})
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        found = person_by_email(work.session, email)
        person_id = _promote(work, found) if found else _create(work, "Person", _admin_values(email))
        set_password(work.session, person_id, password)
        work.commit()
    return password


def create_script(engine: sa.Engine, name: str, key: str | None = None, terms: KeyTerms = FOR_GOOD) -> str:
    """Make a script user and return its key; the key of one that exists is replaced, or gets a fellow."""
    if not name.strip():
        raise Invalid(fields={"name": ["must not be empty"]})
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
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
    wanted = sa.and_(sa.func.lower(Person.email) == sa.func.lower(email.strip()), ~Person.shares_email)
    return executor.scalar(sa.select(Person.id).where(wanted, ~Person.is_bot, Person.deleted_at.is_(None)))
