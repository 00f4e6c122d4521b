"""Tasks of a project removed at once: gazu.task.remove_tasks_batch and remove_tasks_for_type."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Response

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import IDS
from zou_server.description import listed, ref
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text


class DeleteTasks(NamedResource):
    """Tasks of a project that are no longer wanted."""

    def post(self, project_id: str, sent: list[str]) -> Response:
        """Remove those that the body lists; the answer repeats their ids."""
        _delete(self, project_id, {"task_ids": sent})
        return json_text(orjson.dumps(sent))


class DeleteTasksOfStep(NamedResource):
    """All tasks of a step in a project."""

    def delete(self, project_id: str, task_type_id: str) -> Response:
        """Remove them."""
        step = {"task_type_id": checked_id(task_type_id)}
        require_owners(self.studio, (("task_type_id", "TaskType"),), step)
        _delete(self, project_id, step)
        return Response(status=204)


def _delete(resource: NamedResource, project_id: str, values: Mapping[str, object]) -> None:
    with resource.studio.write(current_actor()) as work:
        work.execute([Act("delete-tasks", facet("Project"), checked_id(project_id), values)])
        work.commit()


ROUTES = (
    Named(
        "/actions/projects/<project_id>/delete-tasks",
        DeleteTasks,
        {
            "post": Says(
                "Task",
                "Remove tasks of a project",
                listed(ref("Id")),
                text="The ids of the tasks, which are gone.",
                sends=IDS,
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/actions/projects/<project_id>/task-types/<task_type_id>/delete-tasks",
        DeleteTasksOfStep,
        {"delete": Says("Task", "Remove the tasks of a step", status=204, text="They are gone.")},
    ),
)
