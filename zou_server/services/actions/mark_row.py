"""A person's own mark on a row: one link that is made or taken away, which nobody is told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity, Row
from zou_server.models.object_links import ObjectLink
from zou_server.models.person import Person
from zou_server.models.registry import Kind, facet
from zou_server.services.write.given import given_values, required
from zou_server.services.write.operations import Result
from zou_server.services.write.retire import drop

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

_KINDS: Mapping[str, Kind] = {"field": Kind.TEXT, "to_id": Kind.LINK, "is_marked": Kind.BOOLEAN}


def mark_row(context: Context, row: Person, values: Mapping[str, Any]) -> Result:
    """Link a person to a row in one of their fields, or end that; the other marks stay as they are.

    The person's row is locked, so that the same mark is made once.
    """
    given = given_values(values, _KINDS)
    required(given, *_KINDS)
    link = facet("PlainLink")
    place = {"field": given["field"], "from_id": row.id, "to_id": given["to_id"]}
    context.targets.check(link, place)
    known = _known(context, place)
    changed = given["is_marked"] is (known is None)
    if changed and known is None:
        context.link(link, place)
    elif changed and known is not None:
        drop(context, link, *known)
    return Result(row.id, context.rows.identity(row.id).number, facet("Person"), changed=changed)


def _known(context: Context, place: Mapping[str, Any]) -> tuple[Row, Identity] | None:
    """The mark as it is now, or as an earlier operation of the list made it."""
    for change in context.changes.values():
        if isinstance(change.row, ObjectLink) and _is(change.row, place):
            return change.row, change.identity
    rows = context.session.execute(
        sa.select(ObjectLink, Identity)
        .join(Identity, Identity.id == ObjectLink.id)
        .filter(ObjectLink.deleted_at.is_(None), *(getattr(ObjectLink, n) == v for n, v in place.items()))
    )
    return next(((row, identity) for row, identity in rows if row.deleted_at is None), None)


def _is(row: ObjectLink, place: Mapping[str, Any]) -> bool:
    return row.deleted_at is None and all(getattr(row, name) == value for name, value in place.items())
