"""What follows from imported rows for what they hang on: steps and types of projects, dates of tasks."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.project import ProjectAssetType, ProjectTaskType
from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.models.task import Task
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.write.operations import Edit, Mode, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def _extend(work: UnitOfWork, rows: Sequence[SgRow], attribute: str, links: Any, many: str) -> None:
    """Add what the rows use to the projects that keep a list of it; an empty list means everything."""
    used: dict[uuid.UUID, dict[uuid.UUID, None]] = {}
    for row in rows:
        if row.project_id is not None and row.values.get(attribute) is not None:
            used.setdefault(row.project_id, {})[row.values[attribute]] = None
    keeping = work.session.scalars(
        sa.select(links.project_id)
        .where(among(links.project_id, set(used)), links.deleted_at.is_(None))
        .distinct()
    )
    work.execute([Update(facet("Project"), id_, {many: Edit(Mode.ADD, list(used[id_]))}) for id_ in keeping])


def _date_tasks(work: UnitOfWork, rows: Sequence[SgRow]) -> None:
    """The last comment of a task may be one that came with the list."""
    tasks = {row.values["object_id"] for row in rows}
    last = sa.func.max(Note.created_at)
    found = work.session.execute(
        sa.select(Task.id, last)
        .join(Note, Note.object_id == Task.id)
        .where(among(Task.id, tasks), Note.deleted_at.is_(None), Task.deleted_at.is_(None))
        .group_by(Task.id)
        .having(sa.or_(Task.last_comment_date.is_(None), Task.last_comment_date < last))
    )
    work.execute([Update(facet("Task"), id_, {"last_comment_date": moment}) for id_, moment in found])


FOLLOW: Mapping[str, Callable[[UnitOfWork, Sequence[SgRow]], None]] = {
    "assets": lambda work, rows: _extend(work, rows, "entity_type_id", ProjectAssetType, "asset_types"),
    "tasks": lambda work, rows: _extend(work, rows, "task_type_id", ProjectTaskType, "task_types"),
    "notes": _date_tasks,
}
"""Kind -> what follows from its rows, when all of them are written."""
