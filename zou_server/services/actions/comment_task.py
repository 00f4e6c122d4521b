"""Commenting on a task, which may give it a status and with it dates and a retake more.

Source: zou-behaviour.md 6. One transaction: a comment without its status change never exists.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.production import Entity
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.models.status import Status
from zou_server.models.task import Assignation
from zou_server.schemas.derive import load
from zou_server.services.change import Change
from zou_server.services.operations import Result

if TYPE_CHECKING:
    from zou_server.services.pipeline import Pipeline

WRITABLE = frozenset({"text", "sets_status_id", "checklist", "links", "for_client", "person_id"})
LEADS = frozenset({"admin", "manager", "supervisor"})
SPEAKS_FOR_OTHERS = frozenset({"admin", "manager"})


def comment_task(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Make the comment and let the task follow it; the result is the comment.

    Values: text, sets_status_id, checklist, links, for_client, and for managers person_id and
    created_at. Raises Forbidden for who may not, Invalid for no more retakes.
    """
    given = dict(values)
    moment = _moment(pipeline, given.pop("created_at", None))
    if unknown := sorted(given.keys() - WRITABLE):
        raise Invalid(fields={name: ["unknown field"] for name in unknown})
    found = load(facet("Note"), given)
    role = pipeline.actor.role_in(row.project_id)
    standing = _standing(pipeline, row, found.get("sets_status_id"))
    status = standing.status
    _refuse_outsider(pipeline, row, role, status, found)
    note = pipeline.link(
        facet("Note"),
        {**found, "sets_status_id": status.id, "object_id": row.id, "project_id": row.project_id},
    )
    if moment is not None:
        note.row.created_at = moment
    task = pipeline.touch(facet("Task"), row)
    _follow(pipeline, task, standing, moment or pipeline.work.now)
    return pipeline.result_of(note)


def _moment(pipeline: Pipeline, given: Any) -> dt.datetime | None:
    if given is None or pipeline.actor.role not in SPEAKS_FOR_OTHERS:
        return None
    found: dt.datetime | None = load(facet("Task"), {"start_date": given})["start_date"]
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """The status that a comment gives, the one the task has, and when the last comment was made."""

    status: Status
    before: Status | None
    latest: dt.datetime | None


_STANDING = sa.select(
    Status,
    sa.select(sa.func.max(Note.created_at))
    .where(Note.object_id == sa.bindparam("task_id"), Note.deleted_at.is_(None))
    .scalar_subquery(),
).where(Status.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))


def _standing(pipeline: Pipeline, row: Any, given: uuid.UUID | None) -> Standing:
    """What the comment's consequences depend on; Invalid when the status is none for tasks."""
    wanted = given or row.task_status_id
    ids = [id_ for id_ in (wanted, row.task_status_id) if id_ is not None]
    found = pipeline.session.execute(_STANDING, {"ids": ids, "task_id": row.id}).all()
    statuses = {status.id: status for status, _ in found}
    status = statuses.get(wanted)
    if status is None or status.deleted_at is not None or not status.for_task:
        raise Invalid(fields={"sets_status_id": ["does not exist"]})
    return Standing(status, statuses.get(row.task_status_id), found[0][1])


def _refuse_outsider(
    pipeline: Pipeline, row: Any, role: str | None, status: Status, found: Mapping[str, Any]
) -> None:
    """Leads comment anywhere; others where they work, with the statuses that are for them."""
    author = found.get("person_id")
    if author is not None and author != pipeline.actor.person_id and role not in SPEAKS_FOR_OTHERS:
        raise Forbidden("Only managers comment in the name of others.")
    if role in LEADS:
        return
    allowed = status.is_client_allowed if role == "client" else status.is_artist_allowed
    if not allowed and status.id != row.task_status_id:
        raise Forbidden(f"Your role does not let you set the status '{status.name}'.")
    if role != "client" and not _works_on(pipeline, row):
        raise Forbidden("You comment on tasks that you are assigned to.")


def _works_on(pipeline: Pipeline, row: Any) -> bool:
    me = pipeline.actor.person_id
    assigned = sa.exists().where(
        Assignation.task_id == row.id, Assignation.person_id == me, Assignation.deleted_at.is_(None)
    )
    made = sa.exists().where(Entity.id == row.entity_id, Entity.created_by_id == me)
    return bool(pipeline.session.scalar(sa.select(sa.or_(assigned, made))))


def _follow(pipeline: Pipeline, task: Change, standing: Standing, moment: dt.datetime) -> None:
    """The task takes the status unless a later comment was there before."""
    row, status, before = task.row, standing.status, standing.before
    if standing.latest is not None and standing.latest > moment:
        return
    task.set("last_comment_date", moment)
    if before is not None and status.id == before.id:
        return
    if status.is_retake:
        _refuse_more_retakes(pipeline, row)
    task.set("task_status_id", status.id)
    for flag, apply in _DATES.items():
        if getattr(status, flag):
            apply(task, moment)
    if before is not None and before.is_done and not status.is_done:
        task.set("done_date", None)


def _refuse_more_retakes(pipeline: Pipeline, row: Any) -> None:
    most = pipeline.session.scalar(sa.select(Project.max_retakes).where(Project.id == row.project_id)) or 0
    own = pipeline.session.scalar(
        sa.select(Entity.data["max_retakes"].astext).where(Entity.id == row.entity_id)
    )
    if own and own.isdigit():
        most = int(own)
    if most and (row.retake_count or 0) >= most:
        raise Invalid("No more retakes allowed on this task", {"task_status_id": ["no more retakes allowed"]})


def _count_retake(task: Change, _moment: dt.datetime) -> None:
    task.set("retake_count", (getattr(task.row, "retake_count", None) or 0) + 1)


def _start(task: Change, moment: dt.datetime) -> None:
    if getattr(task.row, "real_start_date", None) is None:
        task.set("real_start_date", moment)


_DATES: Mapping[str, Callable[[Change, dt.datetime], Any]] = {
    "is_retake": _count_retake,
    "is_wip": _start,
    "is_feedback_request": lambda task, moment: task.set("end_date", moment),
    "is_done": lambda task, moment: task.set("done_date", moment),
}
"""Flag of the new status -> what it does to the task."""
