"""Log-in names and addresses of bots that nobody else has."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from zou_server.models.person import Person

LONGEST_LOGIN = 70
BOT_DOMAIN = "bots.invalid"
"""Where bots have their addresses: by them clients tell those of two sites apart; nothing is sent there."""

_NOT_IN_ADDRESS = re.compile(r"[^a-z0-9.]+")


def free_login(session: Session, wanted: str) -> str:
    """The name itself, or with the first number that makes it nobody's."""
    wanted = wanted[:LONGEST_LOGIN]
    taken = _taken(session, Person.login, wanted)
    return next(name for name in _numbered(wanted) if name.lower() not in taken)


def free_address(session: Session, name: str) -> str:
    """The address of a bot, from its name, that no other has."""
    wanted = _NOT_IN_ADDRESS.sub("-", name.lower()).strip("-.")[:LONGEST_LOGIN] or "bot"
    taken = _taken(session, Person.email, wanted)
    addresses = (f"{each}@{BOT_DOMAIN}" for each in _numbered(wanted))
    return next(address for address in addresses if address not in taken)


def _taken(session: Session, column: InstrumentedAttribute[str | None], start: str) -> set[str | None]:
    """What begins so in a column of people who are there, in lower case."""
    lower = sa.func.lower(column)
    like = sa.select(lower).where(
        lower.startswith(start.lower(), autoescape=True), Person.deleted_at.is_(None)
    )
    return set(session.scalars(like))


def _numbered(name: str) -> Iterator[str]:
    return itertools.chain([name], (f"{name}{number}" for number in itertools.count(2)))
