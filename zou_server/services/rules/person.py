"""The life of a person, or a script: how they are called, and that who leaves comes in by no old door."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.services.people.manage_sessions import end_all_access, end_all_sessions, forget_basic
from zou_server.services.rules.free_names import free_address, free_login
from zou_server.services.rules.shared_addresses import (
    leave_address,
    pass_address_on,
    share_address,
    share_again,
)
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork

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
        change.default("login", free_login(context.session, row.email.partition("@")[0]))
    if change.created and row.is_bot and not row.email:
        change.default(
            "email", free_address(context.session, f"{row.first_name or ''} {row.last_name or ''}")
        )
    if not change.created and change.changed("active") and row.active:
        end_all_sessions(context.session, row.id)  # those from before the account was closed stay ended
    if not change.created and change.changed("login", "email"):
        forget_basic(context.session, row.id)  # the old name opens nothing from now on


def shut_out(work: UnitOfWork, people: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Who leaves is logged out everywhere, and their keys open nothing any more, also when they come back."""
    end_all_access(work.session, people)


def _is_sent_away(change: Change) -> bool:
    row = change.of(Person)
    return not change.created and change.changed("active") and not row.active


PERSON = Rule(
    before=(tidy_person, check_person),
    together=(share_address,),
    written=(leave_address,),
    after=(After(_is_sent_away, shut_out),),
    gone=(shut_out, pass_address_on),
    back=(share_again,),
)
"""Somebody who works in the studio or for it, or a script."""
