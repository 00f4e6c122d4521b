"""Who works on a task: is assigned to it, or made what it is about (docs/protocols/zou.md 3)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from zou_server.models.appointments import EntityAssignation
from zou_server.models.production import Entity
from zou_server.models.review import Note
from zou_server.models.task import Assignation, Task, TaskType
from zou_server.services.tasks.comment_facts import facts_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from zou_server.services.write.context import Context


class OnTask(NamedTuple):
    """A place where somebody may work, as policies ask for it."""

    task_id: uuid.UUID | None


class Places:
    """Where the actor works, as policies ask it (`models/policies.py`)."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def works_on(self, row: Any) -> bool:
        """True when the actor is on the task of a row, or made what the task is about."""
        if isinstance(row, Task):
            known = facts_of(self._context).tasks.get(row.id)
            if known is not None:
                return known.is_own
        me, task_id = self._context.actor.person_id, task_id_of(row)
        made = sa.exists().where(Task.id == task_id, Entity.id == Task.entity_id, Entity.created_by_id == me)
        return self._ask(task_id, sa.or_(_assigned(task_id, me), made))

    def is_assigned(self, row: Any) -> bool:
        """True when the actor is on the task of a row, or on the part of the tree that it is."""
        me = self._context.actor.person_id
        if isinstance(row, Entity):
            return self._ask(row.id, _is_placed(row.id, me))
        task_id = task_id_of(row)
        return self._ask(task_id, _assigned(task_id, me))

    def leads(self, row: Any) -> bool:
        """True when the step of a task is of the actor's departments, or they have none."""
        return not self._context.actor.department_ids or self.shares_craft(row)

    def shares_craft(self, row: Any) -> bool:
        """True when the step of a task is of one of the actor's departments."""
        return row.task_type_id in self._context.once(_steps_of_craft)

    def _ask(self, task_id: uuid.UUID | None, condition: sa.ColumnElement[bool]) -> bool:
        return task_id is not None and bool(self._context.session.scalar(sa.select(condition)))


def task_id_of(row: Any) -> uuid.UUID | None:
    """The task that a row is, or hangs on; what a note is about may be something else."""
    if isinstance(row, Task):
        return row.id
    found: uuid.UUID | None = row.object_id if isinstance(row, Note) else getattr(row, "task_id", None)
    return found


def is_assigned(session: Session, task_id: uuid.UUID | None, person_id: uuid.UUID) -> bool:
    """True when the person is on the task."""
    return task_id is not None and bool(session.scalar(sa.select(_assigned(task_id, person_id))))


def _assigned(task_id: uuid.UUID | None, person_id: uuid.UUID) -> sa.Exists:
    return sa.exists().where(
        Assignation.task_id == task_id, Assignation.person_id == person_id, Assignation.deleted_at.is_(None)
    )


def _is_placed(entity_id: uuid.UUID, person_id: uuid.UUID) -> sa.Exists:
    return sa.exists().where(
        EntityAssignation.entity_id == entity_id,
        EntityAssignation.person_id == person_id,
        EntityAssignation.deleted_at.is_(None),
    )


def _steps_of_craft(context: Context) -> frozenset[uuid.UUID]:
    """The steps of the actor's departments."""
    mine = TaskType.department_id.in_(context.actor.department_ids)
    return frozenset(context.session.scalars(sa.select(TaskType.id).where(mine)))
