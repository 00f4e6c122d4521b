"""Giving somebody else a new password: all their sessions end (docs/protocols/zou.md 20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.base import Row
from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.people.set_password import set_password
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def change_password_of(context: Context, row: Row, values: Mapping[str, Any]) -> Result:
    """Administrators set the `password` of a person. Raises Invalid for a weak one, or for a bot's."""
    if not isinstance(row, Person):
        raise Invalid("Who does not log in has no password.", {"password": ["is for people who log in"]})
    if row.is_bot:
        raise Invalid("A bot has a token, and no password.", {"password": ["is not for bots"]})
    context.session.flush()  # of one who was made just now
    set_password(context.session, row.id, values.get("password"))  # type: ignore[arg-type]
    return context.result_of(context.touch(facet("Person"), row))
