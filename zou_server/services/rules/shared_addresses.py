"""Two people of one e-mail address: the first, its holder, logs in by it, the others by their log-in names.

When the holder leaves, or has another address, the next one holds it: nobody is left who shares an address
with nobody and could not log in by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.services.rules.free_names import free_login
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.unit_of_work import UnitOfWork

SHARE_ADDRESSES = frozenset({"ftrack"})
"""Clients whose own system lets two people have one address: people are known by their log-in names there."""

_ADDRESS = sa.func.lower(Person.email)


def share_address(context: Context) -> None:
    """Whoever is given the address of somebody else shares it, by clients that allow that."""
    people = [each for each in context.changes.values() if isinstance(each.row, Person)]
    people = [each for each in people if not each.of(Person).is_bot]
    changes = [each for each in people if each.changed("email")]
    may_share = context.actor.client in SHARE_ADDRESSES
    taken = _holders(context.session, {each.of(Person).email for each in changes}) if may_share else {}
    for change in changes:
        row = change.of(Person)
        holder = taken.setdefault(row.email, row.id) if may_share and row.email else row.id
        change.set("shares_email", holder != row.id)
    for change in people:
        row = change.of(Person)
        if row.shares_email and not row.login:
            raise Invalid(fields={"login": ["is required: the address is somebody else's"]})


def leave_address(context: Context, changes: Sequence[Change]) -> None:
    """Let the next one hold an address that somebody no longer has."""
    left = {change.before["email"] for change in changes if not change.created and change.changed("email")}
    _pass_on(context.session, left)


def pass_address_on(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Let the next one hold the address of somebody who goes, and who shares it should they come back."""
    held = sa.select(_ADDRESS).where(Person.id.in_(ids), ~Person.shares_email, ~Person.is_bot)
    passed = _pass_on(work.session, set(work.session.scalars(held)))
    for row in work.session.scalars(sa.select(Person).where(Person.id.in_(ids), _ADDRESS.in_(passed))):
        row.shares_email = True
    work.session.flush()


def share_again(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Somebody who comes back holds the address that nobody has, or logs in by a name."""
    back = sa.select(Person).where(Person.id.in_(ids), Person.shares_email)
    people = work.session.scalars(back).all()
    _pass_on(work.session, {row.email for row in people})
    for row in people:
        if row.shares_email and not row.login:
            row.login = free_login(work.session, (row.email or "").partition("@")[0])
            work.session.flush()


def _pass_on(session: Session, addresses: Collection[str | None]) -> set[str]:
    """Make whoever has shared an address for longest its holder, where it has none; those passed on."""
    wanted = {each.lower() for each in addresses if each}
    free = wanted - {str(each) for each in _holders(session, wanted)}
    passed: set[str] = set()
    if not free:
        return passed
    sharers = (
        sa.select(Person)
        .where(_ADDRESS.in_(free), Person.deleted_at.is_(None), Person.shares_email, ~Person.is_bot)
        .order_by(Person.created_at, Person.id)
    )
    for row in session.scalars(sharers):
        address = str(row.email).lower()
        if address not in passed:
            passed.add(address)
            row.shares_email = False
    session.flush()
    return passed


def _holders(session: Session, addresses: Collection[str | None]) -> dict[str | None, uuid.UUID]:
    """Whose each address is."""
    wanted = sa.select(_ADDRESS, Person.id).where(
        _ADDRESS.in_({each for each in addresses if each}),
        Person.deleted_at.is_(None),
        ~Person.shares_email,
        ~Person.is_bot,
    )
    return {row[0]: row[1] for row in session.execute(wanted)}
