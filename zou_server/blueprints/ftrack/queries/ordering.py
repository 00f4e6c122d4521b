"""The order that an ftrack query asks for, as paths."""

from __future__ import annotations

from dataclasses import replace

from zou_server.blueprints.ftrack.attributes import (
    Constant,
    Mapped,
    Reference,
    Value,
)
from zou_server.blueprints.ftrack.queries.expression import (
    Path,
    Select,
    spelled,
)
from zou_server.blueprints.ftrack.queries.place import At
from zou_server.blueprints.ftrack.vocabulary import find
from zou_server.models.conditions import (
    Order,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind


def scalar(at: At, path: Path) -> Value | None:
    """The value at the end of a path of relations to one row; None where the member lacks it."""
    step, rest = path[0], path[1:]
    attribute = find(at.wire, at.member, step.name)
    if attribute is None:
        return None
    if isinstance(attribute, Reference):
        return _scalar_along(at, attribute, rest)
    if rest or not isinstance(attribute, Value):
        raise Invalid(f"{spelled(path)} of {at.wire.name} is not one value.")
    return replace(attribute, path=at.path(attribute.path))


def _scalar_along(at: At, attribute: Reference, rest: Path) -> Value | None:
    if not rest:
        return Value(at.path(attribute.id_path), Kind.UUID)
    known = attribute.identity.get(rest[0].name) if len(rest) == 1 else None
    if known is not None:
        return replace(known, path=at.path(known.path))
    if len(attribute.branches) != 1:
        raise Invalid(f"{spelled(rest)} cannot be reached through {attribute.target} here.")
    branch = attribute.branches[0]
    return scalar(at.along(branch, at.path(f"{branch.path}." if branch.path else "")), rest)


def order_of(at: At, select: Select) -> tuple[Order, ...]:
    """The sort keys of a query for one member; without any, the order in which rows were made.

    A key that is the same for every row of the member, or that it lacks, sorts nothing.
    """
    found = []
    for key in select.order:
        if isinstance(find(at.wire, at.member, key.path[0].name), Constant | Mapped):
            continue
        value = scalar(at, key.path)
        if value is not None:
            found.append(Order(value.path, key.descending))
    if not select.order and "created_at" in at.member.facet.fields:
        return (Order("created_at"),)
    return tuple(found)
