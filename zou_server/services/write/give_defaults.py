"""Defaults of custom fields: what a new row starts with, in every dialect, where nobody says otherwise."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from zou_server.models.base import Base
from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.registry import FACETS
from zou_server.models.rows_of import row_of
from zou_server.models.security_roles import fits
from zou_server.services.write.record_changes import is_plumbing

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context


class _Field(NamedTuple):
    """A custom field that has a default somewhere."""

    entity_type: str
    key: str
    project_id: uuid.UUID | None
    task_type_id: uuid.UUID | None
    default: Any


Fields = Mapping[type[Base], Sequence[_Field]]


def give_defaults(context: Context) -> None:
    """Set the custom fields of new rows that have a default and were not said, not even to be empty."""
    new = [change for change in context.changes.values() if change.created]
    if not new:
        return
    models = _models(context)
    new = [change for change in new if models is None or type(change.row) in models]
    if all(is_plumbing(change.facet) for change in new):
        return
    fields = context.once(_fields)
    for change in new:
        given = _defaults(change, fields.get(type(change.row), ()))
        if given:
            change.set("data", given)


def _models(context: Context) -> set[type] | None:
    """The models with custom fields that have a default; None where the actor does not bring them."""
    types = context.actor.types_with_defaults
    return None if types is None else {FACETS[name].model for name in types if name in FACETS}


def _fields(context: Context) -> Fields:
    """The fields by model, those of projects last; those too that have no default where another one has.

    What a row inherits from those above it starts as nothing, or it would hide what is above.
    """
    d = row_of(FieldDescriptor.__table__)
    with_default = sa.exists().where(
        d.c.entity_type == FieldDescriptor.entity_type,
        d.c.field_name == FieldDescriptor.field_name,
        d.c.default_value.is_not(None),
        d.c.deleted_at.is_(None),
    )
    statement = (
        sa.select(
            FieldDescriptor.entity_type,
            FieldDescriptor.field_name,
            FieldDescriptor.project_id,
            FieldDescriptor.task_type_id,
            FieldDescriptor.default_value,
        )
        .where(FieldDescriptor.deleted_at.is_(None), ~FieldDescriptor.is_hierarchical, with_default)
        .order_by(FieldDescriptor.project_id.is_not(None), FieldDescriptor.task_type_id.is_not(None))
    )
    found: dict[type[Base], list[_Field]] = {}
    for field in map(_Field._make, context.session.execute(statement)):
        if field.entity_type in FACETS:
            found.setdefault(FACETS[field.entity_type].model, []).append(field)
    return found


def _defaults(change: Change, fields: Sequence[_Field]) -> dict[str, Any]:
    """The defaults of the fields that a row has; that of its project hides a general one of the same key."""
    mine = {field.key: field.default for field in fields if _has(change, field)}
    said = set(_said(change)) if mine else set()
    return {key: value for key, value in mine.items() if value is not None and key not in said}


def _said(change: Change) -> Iterator[str]:
    yield from (name.removeprefix("data.") for name in change.said if name.startswith("data."))
    yield from change.row.data or ()


def _has(change: Change, field: _Field) -> bool:
    row: Any = change.row
    return (
        field.project_id in (None, change.identity.project_id)
        and field.task_type_id in (None, getattr(row, "task_type_id", None))
        and fits(FACETS[field.entity_type], row)
    )
