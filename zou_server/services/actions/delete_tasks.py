"""Removing many tasks of a project at once, in as many statements as one takes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.project import Project
from zou_server.models.registry import Kind, facet
from zou_server.models.task import Task
from zou_server.services.write.given import given_values
from zou_server.services.write.operations import Result
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def delete_tasks(context: Context, row: Project, values: Mapping[str, Any]) -> Result:
    """Retire tasks of a project: those of the list `task_ids`, or those of the step `task_type_id`.

    NotFound, and nothing goes, when one of the list is not a task of the project.
    """
    given = dict(values)
    ids = None if given.get("task_ids") is None else [uuid.UUID(str(id_)) for id_ in given["task_ids"]]
    given.pop("task_ids", None)
    step = given_values(given, {"task_type_id": Kind.LINK})["task_type_id"]
    if (ids is None) == (step is None):
        raise Invalid("Name either tasks or their step.")
    mine = sa.select(Task.id).where(Task.project_id == row.id, Task.deleted_at.is_(None)).order_by(Task.id)
    chosen = mine.where(Task.id.in_(ids)) if ids is not None else mine.where(Task.task_type_id == step)
    found: list[uuid.UUID] = list(context.session.scalars(chosen.with_for_update(key_share=True)))
    known = set(found)
    missing = [id_ for id_ in ids or () if id_ not in known]
    if missing:
        raise NotFound(f"There is no Task {missing[0]} in this project.")
    if found:
        retire_all(context.work, facet("Task"), found)
    return context.result_of(context.touch(facet("Project"), row))
