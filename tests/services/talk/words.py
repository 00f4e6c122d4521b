"""Short ways to talk about tasks in tests."""

from __future__ import annotations

import uuid
from typing import Any

from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, RefBy

NOTE, TASK = facet("Note"), facet("Task")


def comment(
    kit: StudioKit,
    task: uuid.UUID,
    text: str = "hello",
    code: str | None = None,
    actor: Actor = SYSTEM,
    **values: Any,
) -> uuid.UUID:
    """A comment, perhaps with a status."""
    if code:
        values["sets_status_id"] = RefBy("TaskStatus", "code", code)
    return kit.execute(Act("comment", TASK, task, {"text": text, **values}), actor=actor)[0].id


def step(kit: StudioKit, name: str) -> str:
    """The id of a step of the first vocabulary."""
    found: str = kit.rows("TaskType", "id", where=Where("name", Op.EQ, name))[0]["id"]
    return found


def status(kit: StudioKit, code: str) -> str:
    """The id of a status of the first vocabulary."""
    found: str = kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))[0]["id"]
    return found


def siblings(kit: StudioKit, *names: str, project: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Tasks of one new shot, one for each step."""
    shot = kit.shot(project or kit.project())
    return [kit.create("Task", entity_id=shot, task_type_id=step(kit, name)) for name in names]


def talk(kit: StudioKit, task: uuid.UUID) -> list[str]:
    """The texts of a task's comments, oldest first."""
    order = (Order("created_at"),)
    return [
        row["text"]
        for row in kit.rows("Note", "text", where=Where("object_id", Op.EQ, str(task)), order=order)
    ]


def code(kit: StudioKit, task: uuid.UUID) -> str:
    """The code of a task's status."""
    found: str = kit.row("Task", task, "task_status.code")
    return found
