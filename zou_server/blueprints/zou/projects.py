"""Projects as Kitsu wants them: with the vocabulary each uses, its team and its custom fields."""

from __future__ import annotations

from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import Form, Op, Output, Projection, Where
from zou_server.models.registry import facet

OPEN = Where("project_status.name", Op.EQ, "Open")
"""The projects that are being worked on."""

_DESCRIPTORS = Output(
    "descriptors",
    "descriptors",
    Form.OBJECTS,
    Projection(
        (
            *(
                Output(key, key)
                for key in (
                    "id",
                    "name",
                    "field_name",
                    "data_type",
                    "choices",
                    "for_client",
                    "entity_type",
                    "task_type_id",
                    "position",
                )
            ),
            Output("departments", "departments", Form.LINKS),
        )
    ),
)
_STEP, _PRIORITY, _STATUS = (
    Output("key", "task_type_id"),
    Output("priority", "priority"),
    Output("key", "status_id"),
)
_BOARD = Output("roles_for_board", "roles_for_board")

_EXTRAS = (
    _DESCRIPTORS,
    Output("task_types_priority", "task_type_uses", Form.MAPPING, Projection((_STEP, _PRIORITY)), "value"),
    Output("task_type_links", "task_type_uses", Form.MAPPING, Projection((_STEP, _PRIORITY))),
    Output("task_statuses_link", "status_uses", Form.MAPPING, Projection((_STATUS, _PRIORITY, _BOARD))),
)

_PLAIN = wire_type(facet("Project")).projection(relations=True).outputs

PROJECT_EXTRAS = Projection(tuple({output.key: output for output in (*_PLAIN, *_EXTRAS)}.values()))
"""`/data/projects/open` and the user context (zou-models.md, Project)."""
