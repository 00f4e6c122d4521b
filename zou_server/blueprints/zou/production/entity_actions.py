"""What is done to entities beside CRUD: remove many, make the tasks of one; and a person's finished tasks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import body, optional
from zou_server.blueprints.zou.crud import list_rows
from zou_server.blueprints.zou.describe_api.describe_rows import MOMENT
from zou_server.blueprints.zou.named import LISTING, Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import ListRequest, boolean, checked_id
from zou_server.blueprints.zou.shapes import IDS
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.rich_tasks import MADE_TASKS, OWN_TASKS
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import ID, listed, or_null, parameter, ref, thing
from zou_server.models.conditions import All, Condition, InQuery, Op, Order, Projection, Query, Where
from zou_server.models.project import is_open
from zou_server.models.registry import facet
from zou_server.models.veils import compared_people
from zou_server.query.totals import Totals
from zou_server.services.production.remove_entities import remove_entities
from zou_server.services.tasks.create_entity_tasks import create_entity_tasks
from zou_server.web import current_actor, json_text


class RemoveEntities(NamedResource):
    """Many entities of a project, removed at once."""

    def post(self, project_id: str, sent: list[str]) -> Response:
        """The body lists their ids; the answer lists those that are gone, and not only canceled."""
        project = checked_id(project_id)
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": project})
        force = boolean(request.args.get("force", "false"), "force")
        with self.studio.write(current_actor()) as work:
            gone = remove_entities(work, uuid.UUID(project), [uuid.UUID(each) for each in sent], force=force)
            work.commit()
        return json_text(orjson.dumps(gone))


@body
class Steps:
    """The steps of which an entity gets its tasks; without them all of its workflow."""

    task_type_ids: list[str] | None = optional(IDS)


class EntityTasks(NamedResource):
    """The tasks of one entity, made in one go."""

    def post(self, entity_id: str, sent: Steps) -> Response:
        """The body lists steps (`task_type_ids`); without them all steps of its workflow."""
        id_ = checked_id(entity_id)
        require_owners(self.studio, (("entity_id", "Entity"),), {"entity_id": id_})
        wire = wire_type(facet("Task"))
        with self.studio.write(current_actor()) as work:
            made = create_entity_tasks(work, uuid.UUID(id_), sent.task_type_ids)
            where = Where("id", Op.IN, [str(each) for each in made])
            query = Query(wire.facet, MADE_TASKS, where, (Order("created_at"),))
            text = work.read.page(query, ZOU).text
            work.commit()
        return json_text(f"[{text}]", 201)


# -- the work of a person ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What a path names, which tasks below it are listed, and with which keys."""

    owners: tuple[tuple[str, str], ...]
    rows: Callable[[dict[str, str]], Condition]
    projection: Projection | None = None


class PersonTasks(NamedResource[OfPerson]):
    """Tasks that have to do with a person."""

    def get(self, person_id: str, **other: str) -> Response:
        """The tasks with the names of what they are about."""
        ids = {"person_id": checked_id(person_id)} | {name: checked_id(each) for name, each in other.items()}
        require_owners(self.studio, self.options.owners, ids)
        condition, projection = self.options.rows(ids), self.options.projection
        shown = ListRequest(
            condition=condition, page_size=self.parts.page_size, names=True, projection=projection
        )
        return list_rows(self.studio, wire_type(facet("Task")), shown)


def _done(ids: dict[str, str]) -> Condition:
    """Their tasks that are done, in open projects."""
    return All(
        (
            Where("assignees.id", Op.EQ, ids["person_id"]),
            Where("task_status.is_done", Op.EQ, value=True),
            is_open("project."),
        )
    )


def _related(ids: dict[str, str]) -> Condition:
    """The tasks of a step on everything that they work on."""
    theirs = Query(facet("Task"), Projection(()), Where("assignees.id", Op.EQ, ids["person_id"]))
    return All((Where("task_type_id", Op.EQ, ids["task_type_id"]), InQuery("entity_id", theirs, "entity_id")))


class TaskDates(NamedResource):
    """From when to when people are busy."""

    def get(self) -> Response:
        """Each person with the first start and the last due date of their tasks; oneself for an artist."""
        mine = compared_people(current_actor())
        totals = Totals(
            Query(facet("Assignation"), Projection(()), All((is_open("task.project."), mine))),
            (("person_id", ""),),
            (("task.start_date", "min"), ("task.due_date", "max")),
        )
        rows = self.studio.read(current_actor()).totals(totals)
        found: list[dict[str, Any]] = [
            {
                "person_id": str(person),
                "min_date": _seconds(first),
                "max_date": _seconds(last),
                "busy_periods": [],
            }
            for person, first, last in rows
        ]
        return json_text(orjson.dumps(found))


def _seconds(moment: dt.datetime | None) -> str | None:
    """A moment as all of Zou's: UTC, whole seconds, no zone."""
    return None if moment is None else moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S")


_TASKS = listed(ref("Task"))
_BUSY = thing(
    {
        "person_id": ID,
        **dict.fromkeys(("min_date", "max_date"), or_null(MOMENT)),
        "busy_periods": {"type": "array", "maxItems": 0},
    },
    ("person_id", "min_date", "max_date", "busy_periods"),
)
_PERSON = (("person_id", "Person"),)

ROUTES = (
    Named(
        "/data/persons/task-dates",
        TaskDates,
        {
            "get": Says(
                "Person",
                "From when to when people are busy",
                listed(_BUSY),
                text="First start and last due date.",
                refused=(),
            )
        },
    ),
    Named(
        "/actions/projects/<project_id>/delete-entities",
        RemoveEntities,
        {
            "post": Says(
                "Entity",
                "Remove many entities of a project",
                listed(ref("Id")),
                sends=IDS,
                text="Those that are gone; what has tasks is canceled instead, unless forced.",
                parameters=(parameter("force", "query", {"type": "boolean"}, "Remove what has tasks too."),),
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/entities/<entity_id>/tasks",
        EntityTasks,
        {
            "post": Says(
                "Task",
                "Make the tasks of an entity",
                _TASKS,
                status=201,
                sends=Steps,
                sends_required=False,
                text="The tasks that were made; steps that had one keep it.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/persons/<person_id>/done-tasks",
        PersonTasks,
        {
            "get": Says(
                "Task",
                "List what a person has finished",
                rows_or_page(ref("Task")),
                text="The tasks.",
                parameters=LISTING,
            )
        },
        OfPerson(_PERSON, _done, OWN_TASKS),
    ),
    Named(
        "/data/persons/<person_id>/related-tasks/<task_type_id>",
        PersonTasks,
        {
            "get": Says(
                "Task",
                "List the tasks of a step on what a person works on",
                rows_or_page(ref("Task")),
                text="The tasks.",
                parameters=LISTING,
            )
        },
        OfPerson((*_PERSON, ("task_type_id", "TaskType")), _related),
    ),
)
