"""What supervisors do in their departments: the tasks that they make, and the custom fields that they set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.custom_fields import FieldDescriptor, FieldDescriptorDepartment
from zou_server.models.errors import Forbidden
from zou_server.models.production import Entity
from zou_server.services.write.rulebook import Asked

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def lead_task(asked: Asked) -> set[str]:
    """Forbidden to make a task of another department; who changes one is for the policy to say."""
    if asked.verb == "create" and not asked.context.facts.leads(asked.row):
        raise Forbidden(f"Your role does not let you {asked.verb} a Task of another department.")
    return set()


def supervise_entity(asked: Asked) -> set[str]:
    """The custom fields of a shot or an asset that are not of the departments of a supervisor."""
    refused: set[str] = set()
    if "data" in asked.values and asked.context.actor.department_ids:
        before, after = asked.row.data or {}, asked.values["data"]
        keys = set(before) if after is None else {key for key in after if after[key] != before.get(key)}
        refused |= {f"data.{key}" for key in keys - _keys_of_departments(asked.context, asked.row)}
    return refused


def _keys_of_departments(context: Context, row: Entity) -> set[str]:
    """The custom fields of a kind in a project that are for the actor's departments, or for all."""
    link = FieldDescriptorDepartment
    linked = sa.select(link.department_id).where(
        link.field_descriptor_id == FieldDescriptor.id, link.deleted_at.is_(None)
    )
    mine = linked.where(link.department_id.in_(context.actor.department_ids))
    found = sa.select(FieldDescriptor.field_name).where(
        FieldDescriptor.entity_type == row.kind,
        sa.or_(FieldDescriptor.project_id == row.project_id, FieldDescriptor.project_id.is_(None)),
        FieldDescriptor.deleted_at.is_(None),
        sa.or_(~linked.exists(), mine.exists()),
    )
    return {key for key in context.session.scalars(found) if key}
