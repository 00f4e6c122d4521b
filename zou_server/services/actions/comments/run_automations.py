"""Rules of a project that go on from a status: another step of the entity gets one too.

Each task is moved along once for one comment, so rules that lead back to where they began end there.
Source: zou-behaviour.md 6 (automations).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.automation import ProjectStatusAutomation, StatusAutomation
from zou_server.models.project import ProjectTaskType
from zou_server.models.registry import facet, facet_of_kind
from zou_server.models.task import Task, TaskType
from zou_server.services.actions.comments.copy_last_revision import copy_last_revision
from zou_server.services.actions.comments.facts import status_for
from zou_server.services.actions.comments.siblings import locked, siblings_of
from zou_server.services.give_status import give_status

if TYPE_CHECKING:
    from zou_server.services.change import Change
    from zou_server.services.pipeline import Pipeline

LAST = 10_000
"""The place of a step that its project says nothing about."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a project, and the places of its two steps in the pipeline of that project."""

    project_id: uuid.UUID
    rule: StatusAutomation
    place_in: int
    place_out: int

    def fits(self, task: Any, kind: str) -> bool:
        """True when the task has just got what the rule waits for, and the rule leads onwards."""
        return (
            self.project_id == task.project_id
            and self.rule.in_task_type_id == task.task_type_id
            and self.rule.in_task_status_id == task.task_status_id
            and (self.rule.entity_type or "").lower() == kind.lower()
            and self.place_in <= self.place_out
        )


def run_automations(pipeline: Pipeline, task: Change) -> None:
    """Follow the rules from a task that has got another status; rules of it are one statement."""
    row: Any = task.row
    rules: list[Rule] = pipeline.remembered("automations", _read)
    if not rules or row.entity_id is None:
        return
    pipeline.targets.load([row.entity_id])
    about = pipeline.targets.get(row.entity_id)
    kind = about.kind if about else ""
    moved, waiting = {row.id}, [row]
    while waiting:
        now = waiting.pop(0)
        for each in [each for each in rules if each.fits(now, kind)]:
            if each.rule.out_field_type == "ready_for":
                _set_ready(pipeline, now.entity_id, each.rule.out_task_type_id)
            elif each.rule.out_task_status_id is not None:
                waiting += _move_siblings(pipeline, now, each.rule, moved)


def _move_siblings(
    pipeline: Pipeline, row: Any, rule: StatusAutomation, moved: set[uuid.UUID]
) -> Iterable[Any]:
    """Give the out status to the tasks of the out step, and return those that have changed."""
    status = status_for(pipeline, row, rule.out_task_status_id)
    others = [each for each in siblings_of(pipeline, row) if each.step_id == rule.out_task_type_id]
    found = []
    for sibling in locked(pipeline, [each for each in others if each.id not in moved]):
        other: Any = sibling.row
        if other.task_status_id == status.id:
            continue
        moved.add(other.id)
        place = {"object_id": other.id, "project_id": other.project_id, "sets_status_id": status.id}
        note = pipeline.link(facet("Note"), {"text": "", **place})
        give_status(pipeline.work, sibling, status, note.row.created_at)
        if rule.import_last_revision:
            copy_last_revision(pipeline, row, sibling, note)
        found.append(other)
    return found


def _set_ready(pipeline: Pipeline, entity_id: uuid.UUID, step_id: uuid.UUID | None) -> None:
    """Mark an asset as ready for a step."""
    pipeline.rows.load([(facet("Entity"), entity_id)])
    entity: Any = pipeline.rows.any(entity_id)
    pipeline.touch(facet_of_kind(entity.kind), entity).set("ready_for", step_id)


def _read(pipeline: Pipeline) -> list[Rule]:
    """The rules of the projects that the tasks of this list of operations are in."""
    projects = {task.project_id for task in pipeline.rows.of(Task)} - {None}
    link, rule = ProjectStatusAutomation, StatusAutomation
    rows = pipeline.session.execute(
        sa.select(link.project_id, rule, _place(rule.in_task_type_id), _place(rule.out_task_type_id))
        .join(rule, rule.id == link.status_automation_id)
        .where(
            link.project_id.in_(projects),
            link.deleted_at.is_(None),
            rule.deleted_at.is_(None),
            rule.archived.is_(False),
        )
        .order_by(rule.created_at, rule.id)
    )
    return [Rule(project, each, place_in, place_out) for project, each, place_in, place_out in rows]


def _place(step: Any) -> Any:
    """The place of a step in the project of the link: its own there, or the studio's."""
    own = (
        sa.select(ProjectTaskType.priority)
        .where(
            ProjectTaskType.project_id == ProjectStatusAutomation.project_id,
            ProjectTaskType.task_type_id == step,
            ProjectTaskType.deleted_at.is_(None),
        )
        .limit(1)
        .correlate(ProjectStatusAutomation, StatusAutomation)
        .scalar_subquery()
    )
    usual = (
        sa.select(TaskType.priority).where(TaskType.id == step).correlate(StatusAutomation).scalar_subquery()
    )
    return sa.func.coalesce(own, usual, LAST)
