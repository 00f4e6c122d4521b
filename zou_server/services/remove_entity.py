"""Removing something from a studio as Zou does (zou-behaviour.md 5).

What has tasks is canceled first, and really goes when forced. What others hang on goes only when
forced, a project only when it is closed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import InUse, Invalid
from zou_server.models.files import WorkingFile
from zou_server.models.playlist import Playlist
from zou_server.models.production import Entity
from zou_server.models.project import Project
from zou_server.models.registry import Facet, facet
from zou_server.models.review import Note, PreviewFile
from zou_server.models.status import Status
from zou_server.models.task import Assignation, Task, TimeSpent
from zou_server.services.manage_sessions import end_all_sessions
from zou_server.services.operations import Delete, Result, Target, Update
from zou_server.services.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.unit_of_work import UnitOfWork

CANCELED_FIRST = frozenset({"Asset", "Shot", "Edit", "Scene"})
"""Kinds that Zou cancels while they have tasks."""


def remove(
    work: UnitOfWork, wanted: Facet, id_: Target, *, force: bool = False, version: int | None = None
) -> Result:
    """Cancel an entity that has tasks, retire anything else; `force` retires at once.

    Raises Invalid for a project that is not closed, InUse without `force` for what others need.
    """
    rule = RULES.get(wanted.model.__name__)
    error = None if rule is None else rule(work, id_, force)
    if error is not None:
        # Whoever may not see or change it learns that, and nothing of what hangs on it.
        work.execute([Update(wanted, id_, {})])
        raise error
    if not force and wanted.model is Entity and _is_canceled_first(work, id_):
        return work.execute([Update(wanted, id_, {"canceled": True}, version)])[0]
    result = work.execute([Delete(wanted, id_, version)])[0]
    follow = AFTERWARDS.get(wanted.model.__name__)
    if follow is not None and result.changed:
        follow(work, result.id)
    return result


def _is_canceled_first(work: UnitOfWork, id_: Target) -> bool:
    has_task = sa.exists().where(Task.entity_id == Entity.id, Task.deleted_at.is_(None))
    found = work.session.scalar(
        sa.select(Entity.kind).where(Entity.id == id_, Entity.deleted_at.is_(None), has_task)
    )
    return found in CANCELED_FIRST


# -- what must hold ------------------------------------------------------------------------------------------

Refusal = InUse | Invalid | None


def _project(work: UnitOfWork, id_: Target, force: bool) -> Refusal:  # noqa: FBT001 - the rules' one form
    status = sa.select(Status.name).join(Project, Project.project_status_id == Status.id)
    if (work.session.scalar(status.where(Project.id == id_)) or "").lower() != "closed":
        return Invalid("Only closed projects can be deleted")
    if not force and _is_there(
        work, _live(Entity, Entity.project_id == id_), _live(Task, Task.project_id == id_)
    ):
        return InUse("The project has entities or tasks: force=true removes them too.")
    return None


def _entity(work: UnitOfWork, id_: Target, force: bool) -> Refusal:  # noqa: FBT001
    """A sequence with shots, an episode with sequences, assets or playlists."""
    if force or not _is_there(
        work,
        _live(Entity, Entity.parent_id == id_),
        _live(Entity, Entity.source_id == id_),
        _live(Playlist, Playlist.episode_id == id_),
    ):
        return None
    return InUse("Other entities or playlists hang on it: force=true removes them too.")


def _person(work: UnitOfWork, id_: Target, force: bool) -> Refusal:  # noqa: FBT001
    """Somebody who left traces; forced, they go and what they did stays."""
    if force or not _is_there(
        work,
        _live(Note, Note.person_id == id_),
        _live(TimeSpent, TimeSpent.person_id == id_),
        _live(Assignation, Assignation.person_id == id_),
    ):
        return None
    return InUse("The person commented, spent time or is assigned: force=true removes them all the same.")


def _task(work: UnitOfWork, id_: Target, force: bool) -> Refusal:  # noqa: FBT001
    """A task that was talked about, or that there are files of."""
    if force or not _is_there(
        work,
        _live(Note, Note.object_id == id_),
        _live(PreviewFile, PreviewFile.task_id == id_),
        _live(WorkingFile, WorkingFile.task_id == id_),
    ):
        return None
    return InUse("The task has comments or files: force=true removes them too.")


def _live(model: Any, condition: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(condition, model.deleted_at.is_(None))


def _is_there(work: UnitOfWork, *found: sa.Exists) -> bool:
    return bool(work.session.scalar(sa.select(sa.or_(*found))))


RULES: Mapping[str, Callable[[UnitOfWork, Target, bool], Refusal]] = {
    "Project": _project,
    "Entity": _entity,
    "Person": _person,
    "Task": _task,
}
"""Model -> why a row may not be removed, None when it may."""


# -- what goes along -----------------------------------------------------------------------------------------


def _made_for(work: UnitOfWork, id_: uuid.UUID) -> None:
    """Assets that were made for an episode go with it."""
    made = _ids(work, sa.select(Entity.id).where(Entity.source_id == id_, Entity.deleted_at.is_(None)))
    if made:
        retire_all(work, facet("Entity"), made)


def _ids(work: UnitOfWork, wanted: sa.Select[Any]) -> list[uuid.UUID]:
    return list(work.session.scalars(wanted))


AFTERWARDS: Mapping[str, Callable[[UnitOfWork, uuid.UUID], None]] = {
    "Entity": _made_for,
    "Person": lambda work, id_: end_all_sessions(work.session, id_),
}
"""Model -> what else goes with a row of it."""
