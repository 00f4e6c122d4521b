"""What is seen of people: fields that are null for who may not know them, in every dialect.

Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

from functools import cache

from zou_server.models.actor import Actor
from zou_server.models.conditions import EVERYTHING, All, AnyOf, Condition, Op, Where
from zou_server.models.registry import facet
from zou_server.models.security_roles import closed_veils

PUBLIC_OF_PEOPLE = frozenset(
    {
        "id",
        "created_at",
        "updated_at",
        "created_by_id",
        "updated_by_id",
        "lock_version",
        "first_name",
        "last_name",
        "full_name",
        "has_avatar",
        "active",
        "archived",
        "departments",
        "memberships",
        "projects",
        "studio_id",
        "role",
        "is_admin",
        "login",
        "is_bot",
        "is_guest",
        "number",
        "object_kind",
        "display_name",
        "deleted_at",
    }
)
"""What everybody in the studio learns of everybody else; the rest is for managers and oneself."""

NAMES_OF_PEOPLE = frozenset(
    ("Person", name) for name in ("first_name", "last_name", "full_name", "login", "display_name")
)
"""What clients do not learn of staff."""

_LOGIN = frozenset({("Person", "login")})

KNOWN_BY_VALUE = frozenset({("Person", "email"), ("Person", "login")})
"""Veiled fields that may be asked for by their whole value: gazu.person.get_person_by_email."""

Veils = tuple[tuple[frozenset[tuple[str, str]], Condition], ...]


def knows_people(actor: Actor) -> bool:
    """True for who runs the studio or productions: they learn all of everybody, others what is public."""
    return actor.role in ("admin", "manager")


def compared_people(actor: Actor) -> Condition:
    """The assignations to compare people by: one's own, and for who leads others all that he sees."""
    if knows_people(actor) or actor.role == "supervisor":
        return EVERYTHING
    return Where("person_id", Op.EQ, str(actor.person_id))


def veils(actor: Actor) -> Veils:
    """Fields that are null for the actor except in the rows where the condition beside them holds."""
    return _of_people(actor) + closed_veils(actor)


def _of_people(actor: Actor) -> Veils:
    if knows_people(actor):
        return ()
    oneself = Where("id", Op.EQ, str(actor.person_id))
    private = (_private_of_people(), oneself)
    # A log-in name may be an e-mail address, which is private.
    no_address = Where("login", Op.NOT_CONTAINS, "@")
    if actor.role != "client":
        return (private, (_LOGIN, AnyOf((oneself, no_address))))
    known = Where("role", Op.EQ, "client")
    return (
        private,
        (_LOGIN, AnyOf((oneself, All((known, no_address))))),
        (NAMES_OF_PEOPLE - _LOGIN, AnyOf((oneself, known))),
    )


@cache
def _private_of_people() -> frozenset[tuple[str, str]]:
    return frozenset(("Person", name) for name in facet("Person").fields if name not in PUBLIC_OF_PEOPLE)
