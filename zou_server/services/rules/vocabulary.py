"""Statuses, custom fields and people: names and codes that a client may leave out."""

from __future__ import annotations

import itertools
import re
import unicodedata

import sqlalchemy as sa

from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.models.registry import FACETS
from zou_server.models.status import Status
from zou_server.services.people.manage_sessions import end_all_sessions
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule

LONGEST_LOGIN = 70


def slug(text: str) -> str:
    """Lower case, words joined by underscores, accents dropped."""
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))
    return re.sub(r"\W+", "_", plain.lower()).strip("_")


def _plain(letter: str) -> str:
    """A letter without its accent; one of another script stays, or two names could become one."""
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or letter


def name_status(context: Context, change: Change) -> None:
    """A status has a code in every dialect: Zou's short name, and Shotgun's."""
    row = change.of(Status)
    if row.name:
        change.default("code", slug(row.name)[:40])
    change.default("shotgun_code", row.code)


def name_descriptor(context: Context, change: Change) -> None:
    """A custom field is one of a type; its key is the slug of its name, and stays when the name changes."""
    row = change.of(FieldDescriptor)
    if change.changed("entity_type") and row.entity_type not in FACETS:
        raise Invalid(fields={"entity_type": [f"there is no type '{row.entity_type}'"]})
    if row.name:
        change.default("field_name", slug(row.name))


def tidy_person(context: Context, change: Change) -> None:
    """E-mail addresses are kept in lower case; a log-in name defaults to what is before the @."""
    row = change.of(Person)
    if row.email:
        row.email = row.email.strip().lower()
    if row.login == "":  # gazu's word for none
        row.login = None
    if change.created and not row.is_bot and row.email and row.login is None:
        change.default("login", _free_login(context, row.email.partition("@")[0]))
    if not change.created and change.changed("active") and row.active:
        end_all_sessions(context.session, row.id)  # those from before the account was closed stay ended


def _free_login(context: Context, wanted: str) -> str:
    """The name itself, or with the first number that makes it nobody's."""
    wanted = wanted[:LONGEST_LOGIN]
    like = sa.select(sa.func.lower(Person.login)).where(
        sa.func.lower(Person.login).startswith(wanted.lower(), autoescape=True), Person.deleted_at.is_(None)
    )
    taken = set(context.session.scalars(like))
    names = itertools.chain([wanted], (f"{wanted}{number}" for number in itertools.count(2)))
    return next(name for name in names if name.lower() not in taken)


STATUS = Rule(before=(name_status,))
"""Where a task, a file or a project may stand."""

FIELD_DESCRIPTOR = Rule(before=(name_descriptor,))
"""A custom field."""

PERSON = Rule(before=(tidy_person,))
"""Somebody who works in the studio or for it, or a script."""
