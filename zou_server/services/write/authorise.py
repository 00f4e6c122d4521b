"""May this actor do this to this row: the policies, and what they ask the database.

The tables in `models/policies.py` say who may do what to rows of a kind; here is what depends on more:
a supervisor leads the tasks of their departments, artists comment where they work.
Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.custom_fields import FieldDescriptor, FieldDescriptorDepartment
from zou_server.models.errors import Forbidden
from zou_server.models.policies import allowed, masked_fields, refused_fields
from zou_server.models.production import Entity
from zou_server.models.registry import Facet, Kind
from zou_server.models.task import Assignation, Task, TaskType

if TYPE_CHECKING:
    from zou_server.services.write.pipeline import Pipeline

LED_FIELDS = frozenset(
    {
        "priority",
        "priority_id",
        "start_date",
        "due_date",
        "estimation",
        "difficulty",
        "data",
        "assignees",
        "task_status_id",
        "completion_rate",
        "nb_drawings",
        "sort_order",
    }
)
"""What a supervisor sets of a task: how urgent, when, how long, who, and where it stands."""

SUPERVISED_FIELDS = frozenset({"data", "status_id", "preview_file_id"})
"""What a supervisor sets of a shot or an asset."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to do: the action, the row, and the values that differ from the row's."""

    pipeline: Pipeline
    facet: Facet
    action: str
    row: Any
    values: Mapping[str, Any]


def authorise(
    pipeline: Pipeline,
    facet: Facet,
    action: str,
    row: Any,
    project_id: uuid.UUID | None,
    values: Mapping[str, Any],
) -> None:
    """Raise Forbidden when the actor may not do this; values that the row has already do not count."""
    actor = pipeline.actor
    role = actor.role_in(project_id)
    if not allowed(actor, role, facet.policy, action, None if action == "create" else row):
        raise Forbidden(f"Your role does not let you {action} a {facet.name}.")
    if actor.is_admin:
        return
    names = set(values) if action == "create" else changed_names(facet, row, values)
    refused = set(refused_fields(actor, role, facet.policy, names, row))
    narrow = _NARROW.get((facet.policy, role or ""))
    if narrow is not None:
        refused |= narrow(Asked(pipeline, facet, action, row, {name: values[name] for name in names}))
    if refused:
        raise Forbidden(f"Your role does not let you set {', '.join(sorted(refused))} of a {facet.name}.")


def changed_names(facet: Facet, row: Any, values: Mapping[str, Any]) -> set[str]:
    """The names whose values differ from the row's; links to many are not compared."""
    fields = facet.fields
    return {
        name
        for name, value in values.items()
        if fields[name].kind is Kind.LINKS or getattr(row, name, None) != value
    }


def without_masks(pipeline: Pipeline, facet: Facet, values: dict[str, Any]) -> dict[str, Any]:
    """The values without the nulls that the actor was shown in place of what they may not see."""
    masked = masked_fields(pipeline.actor)
    model = facet.model.__name__
    return {n: v for n, v in values.items() if v is not None or (model, n) not in masked}


# -- supervisors ---------------------------------------------------------------------------------------------


def leads(pipeline: Pipeline, task_type_id: uuid.UUID | None) -> bool:
    """True when tasks of this step are of the actor's departments, or they have none."""
    return not pipeline.actor.department_ids or task_type_id in pipeline.remembered("steps led", _steps_led)


def _steps_led(pipeline: Pipeline) -> set[uuid.UUID]:
    mine = TaskType.department_id.in_(pipeline.actor.department_ids)
    return set(pipeline.session.scalars(sa.select(TaskType.id).where(mine)))


def _lead_task(asked: Asked) -> set[str]:
    if hasattr(asked.row, "task_type_id") and not leads(asked.pipeline, asked.row.task_type_id):
        raise Forbidden(f"Your role does not let you {asked.action} a Task of another department.")
    return set(asked.values) - LED_FIELDS if asked.action == "update" else set()


def _supervise_entity(asked: Asked) -> set[str]:
    refused = set(asked.values) - SUPERVISED_FIELDS
    if "data" in asked.values and asked.pipeline.actor.department_ids:
        before, after = asked.row.data or {}, asked.values["data"]
        keys = set(before) if after is None else {key for key in after if after[key] != before.get(key)}
        refused |= {f"data.{key}" for key in keys - _keys_of_departments(asked.pipeline, asked.row)}
    return refused


def _keys_of_departments(pipeline: Pipeline, row: Any) -> set[str]:
    """The custom fields of a kind in a project that are for the actor's departments, or for all."""
    link = FieldDescriptorDepartment
    linked = sa.select(link.department_id).where(
        link.field_descriptor_id == FieldDescriptor.id, link.deleted_at.is_(None)
    )
    mine = linked.where(link.department_id.in_(pipeline.actor.department_ids))
    found = sa.select(FieldDescriptor.field_name).where(
        FieldDescriptor.entity_type == row.kind,
        sa.or_(FieldDescriptor.project_id == row.project_id, FieldDescriptor.project_id.is_(None)),
        FieldDescriptor.deleted_at.is_(None),
        sa.or_(~linked.exists(), mine.exists()),
    )
    return {key for key in pipeline.session.scalars(found) if key}


# -- artists and vendors -------------------------------------------------------------------------------------


def _where_one_works(asked: Asked) -> set[str]:
    """A note on a task is a comment: it is for who works there. Answers are for everybody who reads it."""
    row = asked.row
    about = asked.pipeline.targets.get(row.object_id) if asked.action == "create" else None
    if (
        about is not None
        and about.kind == "Task"
        and row.parent_id is None
        and not _works_on(asked.pipeline, row)
    ):
        raise Forbidden("You comment on tasks that you are assigned to.")
    return set()


def _works_on(pipeline: Pipeline, note: Any) -> bool:
    me = pipeline.actor.person_id
    assigned = sa.exists().where(
        Assignation.task_id == note.object_id, Assignation.person_id == me, Assignation.deleted_at.is_(None)
    )
    made = sa.exists().where(
        Task.id == note.object_id, Entity.id == Task.entity_id, Entity.created_by_id == me
    )
    return bool(pipeline.session.scalar(sa.select(sa.or_(assigned, made))))


Narrow = Callable[[Asked], set[str]]

_NARROW: Mapping[tuple[str, str], Narrow] = {
    ("task", "supervisor"): _lead_task,
    ("production", "supervisor"): _supervise_entity,
    **{("note", role): _where_one_works for role in ("user", "vendor")},
}
"""(policy, role) -> what else is asked: the names that may not be set, or Forbidden."""
