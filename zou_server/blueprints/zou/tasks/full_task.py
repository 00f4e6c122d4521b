"""`GET /data/tasks/<id>/full`: a task with everything around it (gazu.task.get_task, Kitsu's task page)."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.crud import item_response
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import ref
from zou_server.models.conditions import Form, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.web import current_actor

_AROUND: tuple[tuple[str, str, str], ...] = (
    # wire key, path, facet of what is there
    ("task_type", "task_type", "TaskType"),
    ("task_status", "task_status", "TaskStatus"),
    ("project", "project", "Project"),
    ("entity", "entity[Entity]", "Entity"),
    ("entity_type", "entity[Entity].entity_type", "EntityType"),
    ("sequence", "entity[Entity].sequence[Sequence]", "Sequence"),
    ("episode", "entity[Entity].episode[Episode]", "Episode"),
)


def _plain(facet_name: str) -> Projection:
    shown = wire_type(facet(facet_name)).projection()
    return Projection(tuple(output for output in shown.outputs if output.form is not Form.LINKS))


_DEPARTMENTS = Output("departments", "departments", Form.LINKS)
_ASSIGNER = Projection((*_plain("Person").outputs, _DEPARTMENTS))


FULL = Projection(
    (
        *wire_type(facet("Task")).projection(relations=True).outputs,
        *(Output(key, path, Form.OBJECT, _plain(name)) for key, path, name in _AROUND),
        Output("assigner", "assigner", Form.OBJECT, _ASSIGNER),
        Output("persons", "assignees", Form.OBJECTS, _plain("Person")),
        Output("is_subscribed", "subscriptions", Form.IS_MINE),
    )
)


class FullTask(NamedResource):
    """A task and what it hangs on, in one statement."""

    def get(self, task_id: str) -> Response:
        """The task; what there is none of is null."""
        wire = wire_type(facet("Task"))
        query = Query(wire.facet, FULL, Where("id", Op.EQ, checked_id(task_id)))
        text = self.studio.read(current_actor()).one(query, ZOU)
        return item_response(found_or_404(text, wire, task_id))


ROUTES = (
    Named(
        "/data/tasks/<task_id>/full",
        FullTask,
        {
            "get": Says(
                "Task",
                "Read a task with everything around it",
                {"allOf": [ref("Task")]},
                text="The task, with its project, entity, step, status and people as objects.",
            )
        },
    ),
)
