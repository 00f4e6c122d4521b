"""What keeps a row from being deleted, for each dialect whose own system keeps it.

Source: docs/protocols/zou.md 5. Whoever may not delete a row at all learns nothing of what hangs on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zou_server.models.base import Row
from zou_server.models.errors import InUse, Invalid
from zou_server.models.files import WorkingFile
from zou_server.models.playlist import Playlist
from zou_server.models.production import CANCELED_FIRST, Entity
from zou_server.models.registry import facet_of_kind
from zou_server.models.review import Note, PreviewFile
from zou_server.models.status import Status
from zou_server.models.task import Assignation, Task, TimeSpent
from zou_server.services.write.context import Context
from zou_server.services.write.operations import Delete, Update


@dataclass(frozen=True, slots=True)
class Keep:
    """The reasons to keep a row: the columns that may lead to it, and the sentence that says so.

    `force` overrules it. `first` may refuse what `force` does not overrule, `instead` do something else.
    """

    needed_by: tuple[tuple[Any, Any], ...] = ()
    says: str = ""
    first: Callable[[Context, Any], None] | None = None
    instead: Callable[[Context, Delete, Any], Update | None] | None = None


def keep(context: Context, operation: Delete, row: Row) -> Update | None:
    """Raise Invalid or InUse for what is kept; an update is what happens instead of the deletion."""
    line = KEEPS.get(operation.by, {}).get(type(row).__name__)
    if line is None:
        return None
    if line.first is not None:
        line.first(context, row)
    if operation.force:
        return None
    tests = [_live(model, column == row.id) for model, column in line.needed_by]
    if tests and context.session.scalar(sa.select(sa.or_(*tests))):
        raise InUse(line.says)
    return line.instead(context, operation, row) if line.instead else None


def _live(model: Any, condition: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(condition, model.deleted_at.is_(None))


def _refuse_open(context: Context, project: Any) -> None:
    is_done = sa.select(Status.is_done).where(Status.id == project.project_status_id)
    if not context.session.scalar(is_done):
        raise Invalid("Only closed projects can be deleted")


def _cancel(context: Context, operation: Delete, row: Entity) -> Update | None:
    """What has tasks is canceled first, and deleted when it is deleted again."""
    has_task = sa.select(_live(Task, Task.entity_id == row.id))
    if row.kind not in CANCELED_FIRST or not context.session.scalar(has_task):
        return None
    return Update(facet_of_kind(row.kind), row.id, {"canceled": True}, operation.version)


KEEPS: Mapping[str, Mapping[str, Keep]] = {
    # gazu and Kitsu ask again with `force=true`
    "zou": {
        "Project": Keep(
            ((Entity, Entity.project_id), (Task, Task.project_id)),
            "The project has entities or tasks: force=true removes them too.",
            first=_refuse_open,
        ),
        "Entity": Keep(
            ((Entity, Entity.parent_id), (Entity, Entity.source_id), (Playlist, Playlist.episode_id)),
            "Other entities or playlists hang on it: force=true removes them too.",
            instead=_cancel,
        ),
        "Person": Keep(
            ((Note, Note.person_id), (TimeSpent, TimeSpent.person_id), (Assignation, Assignation.person_id)),
            "The person commented, spent time or is assigned: force=true removes them all the same.",
        ),
        "Task": Keep(
            ((Note, Note.object_id), (PreviewFile, PreviewFile.task_id), (WorkingFile, WorkingFile.task_id)),
            "The task has comments or files: force=true removes them too.",
        ),
    },
    # Shotgun retires whatever it is asked to, and revives it
    "shotgun": {},
    # ftrack deletes a context with all that is below it
    "ftrack": {},
    # ActiveResource has no second question; `restore` brings back
    "shotrunner": {},
}
"""Dialect -> model -> why its rows are kept."""
