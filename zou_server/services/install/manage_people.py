"""People as somebody at the machine manages them: made, listed, given a password, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Conflict, Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.services.install.manage_credentials import person_by_email
from zou_server.services.people.manage_keys import revoke_all_keys
from zou_server.services.people.manage_sessions import end_all_sessions
from zou_server.services.people.passwords import generate_password, refuse_weak
from zou_server.services.people.set_password import set_password
from zou_server.services.read.integrity import translated
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Update

_LIST = sa.text("""
SELECT p.email, btrim(concat(p.first_name, ' ', p.last_name)), p.role,
       p.active AND (p.expiration_date IS NULL OR p.expiration_date >= current_date),
       (SELECT max(c.last_used_at) FROM credential c WHERE c.person_id = p.id)
FROM person p WHERE NOT p.is_bot AND p.deleted_at IS NULL ORDER BY lower(p.email)
""")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of people."""

    email: str | None
    name: str
    role: str
    may_enter: bool
    last_log_in: dt.datetime | None


def create_user(engine: sa.Engine, email: str, password: str | None, values: Mapping[str, str | None]) -> str:
    """Make a person and return the password. Raises Conflict for an address that somebody has."""
    password = generate_password() if password is None else password
    refuse_weak("password", password)
    email = email.strip()
    if "@" not in email[1:-1]:
        raise Invalid(fields={"email": ["must be an e-mail address"]})
    first = values.get("first_name") or email.partition("@")[0]
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        if person_by_email(work.session, email):
            raise Conflict("Somebody has this address already; set-password gives them a new password.")
        row = {**values, "email": email, "first_name": first}
        made = work.execute([Create(facet("Person"), row)])[0].id
        set_password(work.session, made, password)
        work.commit()
    return password


def list_users(engine: sa.Engine) -> list[Listed]:
    """Everybody who is a person."""
    with translated(), engine.connect() as connection:
        return [Listed(*row) for row in connection.execute(_LIST)]


def give_password(engine: sa.Engine, email: str, password: str | None, *, end_keys: bool) -> str:
    """Give a person a new password and return it; their keys end too when that is asked."""
    password = generate_password() if password is None else password
    with translated(), engine.begin() as connection:
        person_id = person_by_email(connection, email)
        if person_id is None:
            raise NotFound(f"There is no person with the e-mail {email}.")
        set_password(connection, person_id, password)
        if end_keys:
            revoke_all_keys(connection, person_id)
    return password


def deactivate_user(engine: sa.Engine, email: str) -> None:
    """Close an account: its sessions and keys end, and do not come back with it."""
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        person_id = person_by_email(work.session, email)
        if person_id is None:
            raise NotFound(f"There is no person with the e-mail {email}.")
        work.execute([Update(facet("Person"), person_id, {"active": False})])
        end_all_sessions(work.session, person_id)
        revoke_all_keys(work.session, person_id)
        work.commit()
