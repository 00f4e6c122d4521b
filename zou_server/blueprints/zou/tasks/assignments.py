"""Who works on a task, when it starts and when it is to be looked at: gazu.task.assign_task and its like."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.crud import item_query, item_response, json_body
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.comment_parts import known_values
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, or_null, ref, thing
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

_TASK = facet("Task")


class ActOnTask(NamedResource):
    """Something that happens to a task; the option `action` says what, `keys` what a body may hold."""

    def put(self, task_id: str) -> Response:
        """Do it; the answer is the task."""
        keys: dict[str, Any] = self.options["keys"]
        # A body is optional where nothing in it is needed.
        given = json_body() if self.options["needs_body"] or request.get_data() else {}
        id_ = checked_id(task_id)
        with self.studio.write(current_actor()) as work:
            work.execute([Act(self.options["action"], _TASK, id_, known_values(given, set(keys)))])
            text = work.read.one(item_query(wire_type(_TASK), id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, wire_type(_TASK), id_))


class AssignTasks(NamedResource):
    """Many tasks for one person."""

    def put(self, person_id: str) -> Response:
        """Put the person on all of them or on none; the answer lists the tasks."""
        ids = _task_ids(known_values(json_body(), {"task_ids"}))
        person = checked_id(person_id)
        require_owners(self.studio, (("person_id", "Person"),), {"person_id": person})
        with self.studio.write(current_actor()) as work:
            work.execute([Act("assign", _TASK, id_, {"person_id": person}) for id_ in ids])
            shown = wire_type(_TASK).projection(relations=True)
            query = Query(_TASK, shown, Where("id", Op.IN, ids), (Order("created_at"),))
            text = work.read.page(query, ZOU).text
            work.commit()
        return json_text(f"[{text}]")


class ClearAssignations(NamedResource):
    """Many tasks without one person, or without anybody."""

    def put(self) -> Response:
        """Take people off all of them; the answer lists the ids."""
        given = known_values(json_body(), {"task_ids", "person_id"})
        ids = _task_ids(given)
        values = {"person_id": checked_id(given["person_id"])} if "person_id" in given else {}
        with self.studio.write(current_actor()) as work:
            work.execute([Act("unassign", _TASK, id_, values) for id_ in ids])
            work.commit()
        return json_text(orjson.dumps(ids))


def _task_ids(given: dict[str, Any]) -> list[str]:
    found = given.get("task_ids")
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        raise Invalid(fields={"task_ids": ["is not a list of ids"]})
    return list(dict.fromkeys(checked_id(each) for each in found))


_ASSIGN = {"action": "assign", "keys": {"person_id": {}}, "needs_body": True}
_REVIEW_KEYS = {
    "person_id": or_null(ref("Id")),
    "comment": or_null({"type": "string"}),
    "name": or_null({"type": "string"}),
    "revision": or_null({"type": "integer"}),
    "change_status": or_null({"type": "boolean"}),
}


def _assign(path: str) -> Named:
    says = Says(
        "Task",
        "Put a person on a task",
        ref("Task"),
        text="The task.",
        sends=thing({"person_id": ref("Id")}, ("person_id",), additionalProperties=False),
        refused=(404, 413),
    )
    return Named(path, ActOnTask, {"put": says}, _ASSIGN)


ROUTES = (
    _assign("/actions/tasks/<task_id>/assign"),
    _assign("/data/tasks/<task_id>/assign"),
    Named(
        "/data/tasks/<task_id>/start",
        ActOnTask,
        {
            "put": Says(
                "Task",
                "Start a task",
                ref("Task"),
                text="The task, in progress.",
                sends=thing({}, additionalProperties=False),
                sends_required=False,
                refused=(404, 413),
            )
        },
        {"action": "start", "keys": {}, "needs_body": False},
    ),
    Named(
        "/actions/tasks/<task_id>/to-review",
        ActOnTask,
        {
            "put": Says(
                "Task",
                "Send a task to review",
                ref("Task"),
                text="The task, waiting for approval.",
                description="`change_status` false tells of it without giving the task another status.",
                sends=thing(_REVIEW_KEYS, additionalProperties=False),
                sends_required=False,
                refused=(404, 413),
            )
        },
        {"action": "to-review", "keys": _REVIEW_KEYS, "needs_body": False},
    ),
    Named(
        "/actions/persons/<person_id>/assign",
        AssignTasks,
        {
            "put": Says(
                "Task",
                "Put a person on tasks",
                listed(ref("Task")),
                text="The tasks.",
                sends=thing({"task_ids": listed(ref("Id"))}, ("task_ids",), additionalProperties=False),
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/actions/tasks/clear-assignation",
        ClearAssignations,
        {
            "put": Says(
                "Task",
                "Take people off tasks",
                listed(ref("Id")),
                text="The ids of the tasks.",
                sends=thing(
                    {"task_ids": listed(ref("Id")), "person_id": or_null(ref("Id"))},
                    ("task_ids",),
                    additionalProperties=False,
                ),
                refused=(404, 413),
            )
        },
    ),
)
