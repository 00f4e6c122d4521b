"""All tasks of open projects, filtered, with sums: gazu.task.all_open_tasks and Kitsu's page of all tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import MAX_LIMIT, positive
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.tasks.rich_tasks import OPEN_TASKS
from zou_server.description import ID, Schema, listed, or_null, parameter, ref, thing
from zou_server.models.conditions import (
    All,
    Condition,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Tally,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.project import in_open_projects
from zou_server.models.registry import facet
from zou_server.web import current_actor, json_text

PAGE = 200
"""Tasks in a page (docs/protocols/zou.md 6)."""

NOBODY = "unassigned"
"""What Kitsu sends as a person for the tasks of nobody."""

Filter = Callable[[str], Condition]


def _of_person(value: str) -> Condition:
    return Where("assignees", Op.NULL) if value == NOBODY else Where("assignees.id", Op.EQ, value)


def _equal(path: str) -> Filter:
    return lambda value: Where(path, Op.EQ, value)


FILTERS: Mapping[str, Filter] = {
    # query parameter -> condition
    "project_id": _equal("project_id"),
    "task_type_id": _equal("task_type_id"),
    "task_status_id": _equal("task_status_id"),
    "department_id": _equal("task_type.department_id"),
    "studio_id": _equal("assignees.studio_id"),
    "person_id": _of_person,
    "priority": _equal("priority"),
    "start_date": lambda value: Where("start_date", Op.GE, value),
    "due_date": lambda value: Where("due_date", Op.LE, value),
}
PAGING = frozenset({"page", "limit", "group_by", "order_by", "relations", "no_cache"})
"""Parameters that are no filters; the last four are accepted from Kitsu, which sorts what it shows itself."""

_ORDER = (Order("project.name"), Order("entity.name"), Order("created_at"))
_SUMS = Projection((Output("total_duration", "duration"), Output("total_estimation", "estimation")))
_BY_STATUS = Projection((Output("task_status_id", "task_status_id"),))
_BY_STEP = Projection(
    (
        Output("project_id", "project_id"),
        Output("task_type_id", "task_type_id"),
        Output("task_status_id", "task_status_id"),
        Output("is_done", "task_status.is_done"),
    )
)


class OpenTasks(NamedResource):
    """`/data/tasks/open-tasks`."""

    def get(self) -> Response:
        """A page of them, and the sums over all pages."""
        given = request.args
        if unknown := sorted(given.keys() - FILTERS.keys() - PAGING):
            raise Invalid(fields={name: ["unknown filter"] for name in unknown})
        asked = (FILTERS[name](value) for name, value in given.items() if name in FILTERS and value)
        where = All((in_open_projects(), *asked))
        page = positive(given.get("page", "1"), "page")
        limit = min(positive(given.get("limit", str(PAGE)), "limit"), MAX_LIMIT)
        query = Query(facet("Task"), OPEN_TASKS, where, _ORDER, limit, (page - 1) * limit)
        reader = self.studio.read(current_actor())
        rows = reader.page(query, ZOU)
        tally = Tally(Query(facet("Task"), _BY_STATUS, where), _BY_STATUS, _SUMS)
        stats = _sums(reader.tallied(tally, ZOU))
        more = str(page * limit < stats["total"]).lower()
        return json_text(
            f'{{"data":[{rows.text}],"stats":{orjson.dumps(stats).decode()},"limit":{limit},'
            f'"is_more":{more},"page":{page}}}'
        )


def _sums(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "total_duration": sum(row["total_duration"] for row in rows),
        "total_estimation": sum(row["total_estimation"] for row in rows),
        "total": sum(row["amount"] for row in rows),
        "status": [{"task_status_id": row["task_status_id"], "amount": row["amount"]} for row in rows],
    }


class OpenTasksStats(NamedResource):
    """`/data/tasks/open-tasks/stats`."""

    def get(self) -> Response:
        """For each open project how many tasks there are by step and status, and how many are done."""
        tally = Tally(Query(facet("Task"), _BY_STEP, in_open_projects()), _BY_STEP, _SUMS)
        found: dict[str, dict[str, Any]] = {}
        for row in self.studio.read(current_actor()).tallied(tally, ZOU):
            row["amount_done"] = row["amount"] if row.pop("is_done") else 0
            project = found.setdefault(row["project_id"], dict.fromkeys(_ADDED, 0) | {"task_types": []})
            for key in _ADDED:
                project[key] += row[key]
            project["task_types"].append(row)
        return json_text(orjson.dumps(found))


_ADDED = ("amount", "amount_done", "total_duration", "total_estimation")
_NUMBER: Schema = {"type": "number"}
_STATS = thing(
    {
        **dict.fromkeys(("total_duration", "total_estimation", "total"), _NUMBER),
        "status": listed(thing({"task_status_id": or_null(ID), "amount": _NUMBER})),
    }
)
_COUNTS = dict.fromkeys(_ADDED, _NUMBER)
_STEP_COUNTS = thing(
    {**dict.fromkeys(("project_id", "task_type_id", "task_status_id"), or_null(ID)), **_COUNTS}
)
_OF_PROJECT = thing({**_COUNTS, "task_types": listed(_STEP_COUNTS)}, (*_ADDED, "task_types"))

ROUTES = (
    Named(
        "/data/tasks/open-tasks",
        OpenTasks,
        {
            "get": Says(
                "Task",
                "List the tasks of open projects",
                thing(
                    {
                        "data": listed(row_schema("Task", OPEN_TASKS)),
                        "stats": _STATS,
                        "limit": _NUMBER,
                        "is_more": {"type": "boolean"},
                        "page": _NUMBER,
                    },
                    ("data", "stats", "is_more"),
                ),
                parameters=(
                    ref("list.page", "parameters"),
                    ref("list.limit", "parameters"),
                    *(parameter(n, "query", {"type": "string"}, f"Only by this {n}.") for n in FILTERS),
                ),
                refused=(),
                text="A page of tasks, and the sums over all pages.",
            )
        },
    ),
    Named(
        "/data/tasks/open-tasks/stats",
        OpenTasksStats,
        {
            "get": Says(
                "Task",
                "Count the tasks of open projects",
                {"type": "object", "additionalProperties": _OF_PROJECT},
                refused=(),
                text="By project id: the sums, and the counts by step and status.",
            )
        },
    ),
)
