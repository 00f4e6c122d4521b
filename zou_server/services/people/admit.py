"""People who are known elsewhere: found here by their address, and made when they come for the first time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Conflict, Unauthenticated
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.ports import Directory, Presented
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

NOBODY_NEW = "none"
"""The role that makes nobody."""


@dataclass(frozen=True, slots=True)
class Synchronised:
    """The result of taking over a directory: how many people are new, changed, closed, as before."""

    new: int
    changed: int
    closed: int
    same: int


def admit(studio: Studio, who: Presented, role: str) -> uuid.UUID:
    """The person of this address, with the name that they have elsewhere; made with the role when new.

    Unauthenticated where nobody new is made.
    """
    with studio.write(SYSTEM) as work:
        id_, is_changed = _take_over(work, who, role)
        if id_ is None:
            raise Unauthenticated("Nobody here has your e-mail address; ask an administrator.")
        if is_changed:
            work.commit()
    return id_


def log_in_by_directory(
    studio: Studio, directory: Directory, role: str, name: str, password: str
) -> uuid.UUID | None:
    """The person whom the directory knows by this name and password; None where it knows no such name."""
    found = directory.log_in(name, password)
    return None if found is None else admit(studio, found, role)


def synchronise(studio: Studio, directory: Directory, role: str, *, dry_run: bool = False) -> Synchronised:
    """Take everybody over from a directory, and close the accounts of those who came from it and are gone.

    Conflict, and nothing changed, where it lists nobody: that is a wrong filter, not an empty studio.
    """
    people = {each.login.lower(): each for each in directory.everybody()}
    if not people:
        raise Conflict("The directory lists nobody: look at its base and filter. Nothing was changed.")
    counts = {"new": 0, "changed": 0, "same": 0}
    with studio.write(SYSTEM) as work:
        for each in people.values():
            known = _find(work, each)
            id_, is_changed = _take_over(work, each, role)
            if id_ is not None:
                counts["new" if known is None else "changed" if is_changed else "same"] += 1
        closed = _gone(work, people)
        work.execute([Update(facet("Person"), id_, {"active": False}) for id_ in closed])
        if not dry_run:
            work.commit()
    return Synchronised(counts["new"], counts["changed"], len(closed), counts["same"])


def _take_over(work: UnitOfWork, who: Presented, role: str) -> tuple[uuid.UUID | None, bool]:
    """The person's id, and whether something was changed."""
    person = _find(work, who)
    if person is None:
        if role == NOBODY_NEW:
            return None, False
        values = {**_said(who), "email": who.email, "role": role}
        if who.login and not _is_taken(work, who.login):
            values["login"] = who.login
        return work.execute([Create(facet("Person"), values)])[0].id, True
    wanted = _said(who) | ({"email": who.email.lower()} if who.login else {})
    values = {name: value for name, value in wanted.items() if value and getattr(person, name) != value}
    id_: uuid.UUID = person.id
    if values:
        work.execute([Update(facet("Person"), id_, values)])
    return id_, bool(values)


def _said(who: Presented) -> dict[str, Any]:
    """The values that the other system is the authority for."""
    names = {"first_name": who.first_name, "last_name": who.last_name}
    return names | ({"ldap_uid": who.login, "is_generated_from_ldap": True} if who.login else {})


def _find(work: UnitOfWork, who: Presented) -> Any:
    """The person, by the name in the directory or by the address."""
    by_email = sa.and_(sa.func.lower(Person.email) == who.email.strip().lower(), ~Person.shares_email)
    by_login = sa.func.lower(Person.ldap_uid) == who.login.lower()
    found = work.session.scalars(
        sa.select(Person)
        .where(
            sa.or_(by_email, by_login) if who.login else by_email,
            Person.deleted_at.is_(None),
            Person.is_bot.is_(False),
        )
        .order_by((by_login if who.login else by_email).desc())
        .limit(1)
    )
    return found.first()


def _is_taken(work: UnitOfWork, login: str) -> bool:
    same = sa.func.lower(Person.login) == login.lower()
    return work.session.scalar(sa.select(Person.id).where(same, Person.deleted_at.is_(None))) is not None


def _gone(work: UnitOfWork, people: Iterable[str]) -> list[uuid.UUID]:
    """Those who came from the directory, are active, and are not in it any more."""
    return list(
        work.session.scalars(
            sa.select(Person.id).where(
                Person.is_generated_from_ldap,
                Person.active,
                Person.deleted_at.is_(None),
                sa.func.lower(Person.ldap_uid).not_in(list(people)),
            )
        )
    )
