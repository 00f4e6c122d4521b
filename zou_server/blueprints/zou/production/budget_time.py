"""`/data/projects/<p>/budgets/time-spents`: the time of people by month, beside what it was planned to be."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import json_of, same
from zou_server.models.conditions import Projection, Query
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.query.totals import Totals
from zou_server.web import current_actor

_GROUPS = (("task.task_type.department_id", ""), ("person_id", ""), ("date", "year"), ("date", "month"))


class BudgetTime(NamedResource):
    """The minutes that were spent on a project, by department, person and month."""

    def get(self, project_id: str) -> Response:
        """Department -> person -> month -> minutes, each with its total."""
        id_, actor = checked_id(project_id), current_actor()
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        require(actor, "budget", "read_time", "see what this project costs", uuid.UUID(id_))
        totals = Totals(
            Query(facet("TimeSpent"), Projection(()), same("task.project_id", id_)),
            _GROUPS,
            (("duration", "sum"),),
        )
        found: dict[str, Any] = {}
        for department, person, year, month, minutes in self.studio.read(actor).totals(totals):
            of_department = found.setdefault(str(department), {"total": 0})
            of_person = of_department.setdefault(str(person), {"total": 0})
            of_department["total"] += minutes or 0
            of_person["total"] += minutes or 0
            of_person[f"{year}-{month:02}"] = minutes or 0
        return json_of(found)


ROUTES = (
    Named(
        "/data/projects/<project_id>/budgets/time-spents",
        BudgetTime,
        {
            "get": Says(
                "Budget",
                "The time that people spent on a project, by month",
                {"type": "object", "additionalProperties": {"type": "object"}},
                text="By department, person and month.",
                refused=(403, 404),
            )
        },
    ),
)
