"""A task with everything that Kitsu's lists of tasks show of it and of what it hangs on."""

from __future__ import annotations

from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import Form, Output, Projection
from zou_server.models.registry import facet

_AROUND = (
    # wire key, path (docs/protocols/zou.md 18: gazu.user.all_tasks_to_do, Kitsu's my tasks)
    ("project_name", "project.name"),
    ("project_has_avatar", "project.has_avatar"),
    ("entity_name", "entity.name"),
    ("entity_description", "entity[Entity].description"),
    ("entity_data", "entity[Entity].data"),
    ("entity_preview_file_id", "entity[Entity].preview_file_id"),
    ("entity_source_id", "entity[Entity].source_id"),
    ("entity_type_name", "entity[Entity].entity_type.name"),
    ("entity_canceled", "entity[Entity].canceled"),
    ("sequence_name", "entity[Entity].sequence.name"),
    ("episode_id", "entity[Entity].episode_id"),
    ("episode_name", "entity[Entity].episode.name"),
    ("task_type_for_entity", "task_type.for_entity"),
)

_MINE = (
    # what one's own tasks say once more under other names
    ("task_estimation", "estimation"),
    ("task_duration", "duration"),
    ("task_start_date", "start_date"),
    ("task_due_date", "due_date"),
    ("task_type_name", "task_type.name"),
    ("task_status_name", "task_status.name"),
    ("task_type_color", "task_type.color"),
    ("task_status_color", "task_status.color"),
    ("task_status_short_name", "task_status.code"),
)

_OPEN = (
    # what the list of all open tasks calls them
    ("type_name", "task_type.name"),
    ("status_name", "task_status.name"),
    ("type_color", "task_type.color"),
    ("status_color", "task_status.color"),
    ("status_short_name", "task_status.code"),
)

_LAST_COMMENT = Output(
    "last_comment",
    "comments",
    Form.NEWEST,
    Projection((Output("text", "text"), Output("date", "created_at"), Output("person_id", "person_id"))),
)


def _projection(*keys: tuple[str, str]) -> Projection:
    plain = wire_type(facet("Task")).projection().outputs
    around = (Output(key, path, style="object" if key == "entity_data" else "") for key, path in keys)
    return Projection((*plain, *around, Output("assignees", "assignees", Form.LINKS)))


_MADE = (
    # what the answer to making tasks in bulk says of their step and status
    ("task_status_name", "task_status.name"),
    ("task_status_short_name", "task_status.code"),
    ("task_status_color", "task_status.color"),
    ("task_type_name", "task_type.name"),
    ("task_type_color", "task_type.color"),
    ("task_type_priority", "task_type.priority"),
)

OWN_TASKS = Projection((*_projection(*_AROUND, *_MINE).outputs, _LAST_COMMENT))
"""`/data/user/tasks` and its like."""

MADE_TASKS = _projection(*_MADE)
"""Answers to making tasks in bulk."""

OPEN_TASKS = _projection(*_AROUND, *_OPEN)
"""`/data/tasks/open-tasks`."""
