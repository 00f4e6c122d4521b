"""`POST /actions/projects/<p>/task-types/<t>/<kind>/create-tasks`: the tasks of a step, all at once."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, request

from zou_server.blueprints.zou.bodies import read_body
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import IDS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.rich_tasks import MADE_TASKS
from zou_server.description import listed, one_of, parameter, ref
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.errors import UnknownType
from zou_server.models.registry import facet
from zou_server.services.tasks.create_tasks import create_tasks
from zou_server.web import current_actor, json_text

KINDS: Mapping[str, str] = {
    "shots": "Shot",
    "assets": "Asset",
    "edits": "Edit",
    "concepts": "Concept",
    "sequence": "Sequence",
    "sequences": "Sequence",
    "episode": "Episode",
    "episodes": "Episode",
    "scenes": "Scene",
}


class CreateTasks(NamedResource):
    """Tasks of one step for entities of one kind; those that exist are skipped."""

    def post(self, project_id: str, task_type_id: str, kind: str, sent: list[str]) -> Response:
        """The body is a list of entity ids (`?id=` for one); none means every entity of the kind."""
        if kind not in KINDS:
            raise UnknownType(f"There are no tasks for '{kind}'.")
        ids = {"project_id": checked_id(project_id), "task_type_id": checked_id(task_type_id)}
        require_owners(self.studio, (("project_id", "Project"), ("task_type_id", "TaskType")), ids)
        wanted = sent or read_body(IDS, request.args.getlist("id"))
        with self.studio.write(current_actor()) as work:
            made = create_tasks(work, ids["project_id"], ids["task_type_id"], facet(KINDS[kind]), wanted)
            query = Query(
                facet("Task"),
                MADE_TASKS,
                Where("id", Op.IN, [str(id_) for id_ in made]),
                (Order("created_at"),),
            )
            text = work.read.page(query, ZOU).text
            work.commit()
        return json_text(f"[{text}]", 201)


_STEP = "/actions/projects/<project_id>/task-types/<task_type_id>"

ROUTES = tuple(
    Named(
        path,
        CreateTasks,
        {
            "post": Says(
                "Task",
                "Make the tasks of a step",
                listed(ref("Task")),
                status=201,
                text="The tasks that were made; entities that had one keep it.",
                description="The body lists entities; without any, every entity of the kind gets its task.",
                parameters=(
                    parameter("id", "query", listed(ref("Id")), "The entities, where the body names none."),
                ),
                sends=IDS,
                sends_required=False,
                refused=(404, 413),
            )
        },
        arguments={"kind": one_of(KINDS)},
    )
    # Kitsu makes the tasks of episodes and sequences at the second one.
    for path in (f"{_STEP}/<kind>/create-tasks", f"{_STEP}/create-tasks/<kind>")
)
