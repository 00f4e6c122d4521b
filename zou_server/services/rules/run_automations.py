"""Rules of a project that go on from a status: another step of the entity gets one too.

Each task is moved along once for one comment, so rules that lead back to where they began end there.
Source: docs/protocols/zou.md 6 (automations).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import facet, facet_of_kind
from zou_server.models.task import Task
from zou_server.services.rules.copy_last_revision import copy_last_revision
from zou_server.services.rules.siblings import locked, siblings_of
from zou_server.services.tasks.comment_facts import AutomationRule, facts_of, known_of, status_for
from zou_server.services.tasks.give_status import give_status

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context


def run_automations(context: Context, task: Change) -> None:
    """Follow the rules from a task that has got another status."""
    row = task.of(Task)
    rules = facts_of(context).rules
    entity_id = row.entity_id
    if not rules or entity_id is None:
        return
    kind = known_of(context, row).kind
    moved, waiting = {row.id}, [row]
    while waiting:
        now = waiting.pop(0)
        for each in [each for each in rules if each.fits(now, kind)]:
            if each.out_field_type == "ready_for":
                _set_ready(context, entity_id, each.out_task_type_id)
            elif each.out_task_status_id is not None:
                waiting += _move_siblings(context, now, each, moved)


def _move_siblings(context: Context, row: Task, rule: AutomationRule, moved: set[uuid.UUID]) -> Iterable[Any]:
    """Give the out status to the tasks of the out step, and return those that have changed."""
    status = status_for(context, row, rule.out_task_status_id)
    others = [each for each in siblings_of(context, row) if each.step_id == rule.out_task_type_id]
    found = []
    for sibling in locked(context, [each for each in others if each.id not in moved]):
        other: Any = sibling.row
        if other.task_status_id == status.id:
            continue
        moved.add(other.id)
        place = {"object_id": other.id, "project_id": other.project_id, "sets_status_id": status.id}
        note = context.link(facet("Note"), {"text": "", **place})
        give_status(context.work, sibling, status, note.row.created_at)
        if rule.import_last_revision:
            copy_last_revision(context, row, sibling, note)
        found.append(other)
    return found


def _set_ready(context: Context, entity_id: uuid.UUID, step_id: uuid.UUID | None) -> None:
    """Mark an asset as ready for a step."""
    context.rows.load([(facet("Entity"), entity_id)])
    entity: Any = context.rows.any(entity_id)
    context.touch(facet_of_kind(entity.kind), entity).set("ready_for", step_id)
