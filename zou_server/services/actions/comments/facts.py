"""What comments on the tasks of one list of operations depend on, read once for all of them.

So a thousand comments in one list cost as many statements as one.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from zou_server.models.errors import Invalid
from zou_server.models.production import Entity
from zou_server.models.project import Project
from zou_server.models.review import Note
from zou_server.models.status import Status
from zou_server.models.task import Assignation, Task

if TYPE_CHECKING:
    from zou_server.services.pipeline import Pipeline


@dataclass
class Facts:
    """The statuses that are given and had, and when the last comment of each task was made."""

    statuses: dict[uuid.UUID, Status]
    latest: dict[uuid.UUID, dt.datetime]

    def is_latest(self, task_id: uuid.UUID, moment: dt.datetime) -> bool:
        """True when no comment of the task is later; from now on the task has one of this moment."""
        before = self.latest.get(task_id)
        if before is not None and before > moment:
            return False
        self.latest[task_id] = moment
        return True


def facts_of(pipeline: Pipeline, given: uuid.UUID | None) -> Facts:
    """The facts of all tasks of the list, with the status `given` among the statuses."""
    found: Facts = pipeline.remembered("facts of tasks", lambda p: _read(p, given))
    return found


def status_for(pipeline: Pipeline, row: Any, given: uuid.UUID | None) -> Status:
    """The status that a comment gives: the one given, or the one that the task has; Invalid for neither."""
    wanted = given or row.task_status_id
    known = facts_of(pipeline, wanted).statuses
    if wanted is not None and wanted not in known:
        other = pipeline.session.get(Status, wanted)
        known.update({} if other is None else {wanted: other})
    found = known.get(wanted) if wanted is not None else None
    if found is None or found.deleted_at is not None or not found.for_task:
        raise Invalid(fields={"sets_status_id": ["does not exist"]})
    return found


_LAST = (
    sa.select(Note.object_id.label("task_id"), sa.func.max(Note.created_at).label("moment"))
    .where(
        Note.object_id == sa.any_(sa.bindparam("tasks", type_=ARRAY(sa.Uuid))),
        Note.deleted_at.is_(None),
        Note.parent_id.is_(None),
    )
    .group_by(Note.object_id)
    .subquery()
)
_FACTS = sa.select(
    Status,
    sa.select(sa.func.array_agg(aggregate_order_by(_LAST.c.task_id, _LAST.c.task_id))).scalar_subquery(),
    sa.select(sa.func.array_agg(aggregate_order_by(_LAST.c.moment, _LAST.c.task_id))).scalar_subquery(),
).where(Status.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))


def _read(pipeline: Pipeline, given: uuid.UUID | None) -> Facts:
    tasks = pipeline.rows.of(Task)
    ids = {given, *(task.task_status_id for task in tasks)} - {None}
    rows = pipeline.session.execute(_FACTS, {"ids": list(ids), "tasks": [task.id for task in tasks]}).all()
    latest = dict(zip(rows[0][1] or (), rows[0][2] or (), strict=True)) if rows else {}
    return Facts({status.id: status for status, _, _ in rows}, latest)


def works_here(pipeline: Pipeline, row: Any) -> bool:
    """True when the caller is assigned to the task, or made what it is about."""
    found: set[uuid.UUID] = pipeline.remembered("own tasks", _own_tasks)
    return row.id in found


def _own_tasks(pipeline: Pipeline) -> set[uuid.UUID]:
    me = pipeline.actor.person_id
    assigned = sa.exists().where(
        Assignation.task_id == Task.id, Assignation.person_id == me, Assignation.deleted_at.is_(None)
    )
    made = sa.exists().where(Entity.id == Task.entity_id, Entity.created_by_id == me)
    ids = [task.id for task in pipeline.rows.of(Task)]
    return set(pipeline.session.scalars(sa.select(Task.id).where(Task.id.in_(ids), sa.or_(assigned, made))))


def refuse_more_retakes(pipeline: Pipeline, row: Any) -> None:
    """Invalid when the task has had all the retakes that its entity, or else its project, allows."""
    most = pipeline.remembered("retakes allowed", _retakes).get(row.id, 0)
    if most and (row.retake_count or 0) >= most:
        raise Invalid("No more retakes allowed on this task", {"task_status_id": ["no more retakes allowed"]})


def _retakes(pipeline: Pipeline) -> dict[uuid.UUID, int]:
    ids = [task.id for task in pipeline.rows.of(Task)]
    rows = pipeline.session.execute(
        sa.select(Task.id, Project.max_retakes, Entity.data["max_retakes"].astext)
        .outerjoin(Project, Project.id == Task.project_id)
        .outerjoin(Entity, Entity.id == Task.entity_id)
        .where(Task.id.in_(ids))
    )
    return {id_: int(own) if own and own.isdigit() else most or 0 for id_, most, own in rows}
