"""Removing something from a studio as Zou does (docs/protocols/zou.md 5).

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
from zou_server.services.people.manage_sessions import end_all_sessions
from zou_server.services.write.operations import Delete, Result, Target, Update
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

CANCELED_FIRST = frozenset({"Asset", "Shot", "Edit", "Scene"})
"""Kinds that Zou cancels while they have tasks."""


def remove(
    work: UnitOfWork, wanted: Facet, id_: Target, *, force: bool = False, version: int | None = None
) -> Result:
    """Cancel an entity that has tasks, retire anything else; `force` retires at once.

    Raises Invalid for a project that is not closed, InUse without `force` for what others need.
    """
    name = wanted.model.__name__
    error = _project(work, id_, force=force) if name == "Project" else _needed(work, name, id_, force=force)
    if error is not None:
        # Whoever may not see or change it learns that, and nothing of what hangs on it.
        work.execute([Update(wanted, id_, {})])
        raise error
    if not force and wanted.model is Entity and _is_canceled_first(work, id_):
        return work.execute([Update(wanted, id_, {"canceled": True}, version)])[0]
    result = work.execute([Delete(wanted, id_, version)])[0]
    follow = AFTERWARDS.get(name)
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


def _project(work: UnitOfWork, id_: Target, *, force: bool) -> Refusal:
    is_done = sa.select(Status.is_done).join(Project, Project.project_status_id == Status.id)
    if not work.session.scalar(is_done.where(Project.id == id_)):
        return Invalid("Only closed projects can be deleted")
    if not force and _is_there(
        work, _live(Entity, Entity.project_id == id_), _live(Task, Task.project_id == id_)
    ):
        return InUse("The project has entities or tasks: force=true removes them too.")
    return None


HANGING_ON: Mapping[str, tuple[tuple[tuple[Any, Any], ...], str]] = {
    # model -> the (model, column) of what may hang on a row of it, and what to say of that
    "Entity": (
        ((Entity, Entity.parent_id), (Entity, Entity.source_id), (Playlist, Playlist.episode_id)),
        "Other entities or playlists hang on it: force=true removes them too.",
    ),
    "Person": (
        ((Note, Note.person_id), (TimeSpent, TimeSpent.person_id), (Assignation, Assignation.person_id)),
        "The person commented, spent time or is assigned: force=true removes them all the same.",
    ),
    "Task": (
        ((Note, Note.object_id), (PreviewFile, PreviewFile.task_id), (WorkingFile, WorkingFile.task_id)),
        "The task has comments or files: force=true removes them too.",
    ),
}


def _needed(work: UnitOfWork, name: str, id_: Target, *, force: bool) -> Refusal:
    """Why a row may not go unless it is forced: the live rows that hang on it."""
    hanging, sentence = HANGING_ON.get(name, ((), ""))
    tests = [_live(model, column == id_) for model, column in hanging]
    return InUse(sentence) if tests and not force and _is_there(work, *tests) else None


def _live(model: Any, condition: sa.ColumnElement[bool]) -> sa.Exists:
    return sa.exists().where(condition, model.deleted_at.is_(None))


def _is_there(work: UnitOfWork, *found: sa.Exists) -> bool:
    return bool(work.session.scalar(sa.select(sa.or_(*found))))


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
