"""Who works on a task, when it starts and when it is to be looked at: gazu.task.assign_task and its like."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.crud import item_query, item_response
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import BOOLEAN, ID, INTEGER, SOME_IDS, TEXT
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, ref
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

_TASK = facet("Task")


@body
class Assignee:
    """Who is to work on a task."""

    person_id: str = needed(ID)


@body
class Start:
    """Nothing: that a task is started needs no values."""


@body
class Review:
    """What is to be looked at, and whether the task is to wait for it."""

    person_id: str | None = optional(ID)
    comment: str | None = optional(TEXT)
    name: str | None = optional(TEXT)
    revision: int | None = optional(INTEGER)
    change_status: bool | None = optional(BOOLEAN)


@body
class TasksOfPerson:
    """The tasks that a person is put on."""

    task_ids: list[str] = needed(SOME_IDS, missing="is not a list of ids")


@body
class Assignations:
    """The tasks that people are taken off: one person, or everybody."""

    task_ids: list[str] = needed(SOME_IDS, missing="is not a list of ids")
    person_id: str | None = optional(ID)


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """The action that a route does to a task."""

    action: str


class ActOnTask(NamedResource[TaskOptions]):
    """Something that happens to a task."""

    def put(self, task_id: str, sent: Assignee | Start | Review) -> Response:
        """Do it; the answer is the task."""
        id_ = checked_id(task_id)
        with self.studio.write(current_actor()) as work:
            work.execute([Act(self.options.action, _TASK, id_, said(sent))])
            text = work.read.one(item_query(wire_type(_TASK), id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, wire_type(_TASK), id_))


class AssignTasks(NamedResource):
    """Many tasks for one person."""

    def put(self, person_id: str, sent: TasksOfPerson) -> Response:
        """Put the person on all of them or on none; the answer lists the tasks."""
        ids = sent.task_ids
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

    def put(self, sent: Assignations) -> Response:
        """Take people off all of them; the answer lists the ids."""
        values = {} if sent.person_id is None else {"person_id": sent.person_id}
        with self.studio.write(current_actor()) as work:
            work.execute([Act("unassign", _TASK, id_, values) for id_ in sent.task_ids])
            work.commit()
        return json_text(orjson.dumps(sent.task_ids))


def _assign(path: str) -> Named[TaskOptions]:
    says = Says(
        "Task",
        "Put a person on a task",
        ref("Task"),
        text="The task.",
        sends=Assignee,
        refused=(404, 413),
    )
    return Named(path, ActOnTask, {"put": says}, TaskOptions("assign"))


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
                sends=Start,
                sends_required=False,
                refused=(404, 413),
            )
        },
        TaskOptions("start"),
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
                sends=Review,
                sends_required=False,
                refused=(404, 413),
            )
        },
        TaskOptions("to-review"),
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
                sends=TasksOfPerson,
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
                sends=Assignations,
                refused=(404, 413),
            )
        },
    ),
)
