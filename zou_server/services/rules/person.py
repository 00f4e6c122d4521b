"""The life of a person, or a script: how they are called, and that who leaves comes in by no old door."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterator, Sequence
from functools import cache
from zoneinfo import available_timezones

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.services.people.manage_sessions import end_all_access, end_all_sessions, forget_basic
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork

LONGEST_LOGIN = 70
BOT_DOMAIN = "bots.invalid"
"""Where bots have their addresses: by them clients tell those of two sites apart; nothing is sent there."""

_NOT_IN_ADDRESS = re.compile(r"[^a-z0-9.]+")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_NO_LOGIN = re.compile(r"[:\x00-\x1f]")


def check_person(_context: Context, change: Change) -> None:
    """Refuse what nobody could be reached at, log in by, or tell the time in."""
    row = change.of(Person)
    if row.is_bot:
        return
    wrong: dict[str, list[str]] = {}
    if change.changed("email") and row.email and not _ADDRESS.fullmatch(row.email):
        wrong["email"] = ["is not an address"]
    if change.changed("login") and row.login and _NO_LOGIN.search(row.login):
        wrong["login"] = ["may not hold a colon"]
    if not row.login and row.shares_email:
        wrong["login"] = ["is required: the address is somebody else's"]
    if change.changed("timezone") and row.timezone and row.timezone not in _zones():
        wrong["timezone"] = ["is not a time zone"]
    if wrong:
        raise Invalid(fields=wrong)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def tidy_person(context: Context, change: Change) -> None:
    """E-mail addresses are kept in lower case; a log-in name defaults to what is before the @."""
    row = change.of(Person)
    if row.email:
        row.email = row.email.strip().lower()
    if row.login == "":  # gazu's word for none
        row.login = None
    if change.created and not row.is_bot and row.email and row.login is None:
        change.default("login", _free_login(context, row.email.partition("@")[0]))
    if change.created and row.is_bot and not row.email:
        change.default("email", _free_address(context, f"{row.first_name or ''} {row.last_name or ''}"))
    if not change.created and change.changed("active") and row.active:
        end_all_sessions(context.session, row.id)  # those from before the account was closed stay ended
    if not change.created and change.changed("login", "email"):
        forget_basic(context.session, row.id)  # the old name opens nothing from now on


SHARE_ADDRESSES = frozenset({"ftrack"})
"""Clients whose own system lets two people have one address: people are known by their log-in names there."""


def share_address(context: Context) -> None:
    """Whoever is given the address of somebody else shares it, by clients that allow that.

    The first of them logs in by it, everybody else by their own log-in name.
    """
    changes = [each for each in context.changes.values() if isinstance(each.row, Person)]
    changes = [each for each in changes if not each.of(Person).is_bot and each.changed("email")]
    if not changes or context.actor.client not in SHARE_ADDRESSES:
        for change in changes:
            change.set("shares_email", value=False)
        return
    taken = _holders(context, {each.of(Person).email for each in changes} - {None})
    for change in changes:
        row = change.of(Person)
        holder = taken.setdefault(row.email, row.id) if row.email else row.id
        change.set("shares_email", holder != row.id)


def _holders(context: Context, addresses: set[str | None]) -> dict[str | None, uuid.UUID]:
    """Whose each address is."""
    wanted = sa.select(sa.func.lower(Person.email), Person.id).where(
        sa.func.lower(Person.email).in_(addresses),
        Person.deleted_at.is_(None),
        ~Person.shares_email,
        ~Person.is_bot,
    )
    return {row[0]: row[1] for row in context.session.execute(wanted)}


def _free_login(context: Context, wanted: str) -> str:
    """The name itself, or with the first number that makes it nobody's."""
    wanted = wanted[:LONGEST_LOGIN]
    taken = _taken(context, Person.login, wanted)
    return next(name for name in _numbered(wanted) if name.lower() not in taken)


def _free_address(context: Context, name: str) -> str:
    """The address of a bot, from its name, that no other has."""
    wanted = _NOT_IN_ADDRESS.sub("-", name.lower()).strip("-.")[:LONGEST_LOGIN] or "bot"
    taken = _taken(context, Person.email, wanted)
    addresses = (f"{each}@{BOT_DOMAIN}" for each in _numbered(wanted))
    return next(address for address in addresses if address not in taken)


def _taken(context: Context, column: InstrumentedAttribute[str | None], start: str) -> set[str | None]:
    """What begins so in a column of people who are there, in lower case."""
    lower = sa.func.lower(column)
    like = sa.select(lower).where(
        lower.startswith(start.lower(), autoescape=True), Person.deleted_at.is_(None)
    )
    return set(context.session.scalars(like))


def _numbered(name: str) -> Iterator[str]:
    return itertools.chain([name], (f"{name}{number}" for number in itertools.count(2)))


def shut_out(work: UnitOfWork, people: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Who leaves is logged out everywhere, and their keys open nothing any more, also when they come back."""
    end_all_access(work.session, people)


def _is_sent_away(change: Change) -> bool:
    row = change.of(Person)
    return not change.created and change.changed("active") and not row.active


PERSON = Rule(
    before=(tidy_person, check_person),
    together=(share_address,),
    after=(After(_is_sent_away, shut_out),),
    gone=(shut_out,),
)
"""Somebody who works in the studio or for it, or a script."""
