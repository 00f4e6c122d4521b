"""`/data/persons/<p>/quota-shots/...`: which shots a person finished in a day, a week, a month."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.people.person_time import Days, day, month, week
from zou_server.blueprints.zou.rows import in_order, json_of, rows_of, usual_rows
from zou_server.blueprints.zou.tasks.quotas import PARAMETERS, mode_asked, shares_of
from zou_server.description import Schema, listed, parameter, ref
from zou_server.models.conditions import Op, Output, Projection, Where
from zou_server.models.errors import Invalid
from zou_server.models.policies import require
from zou_server.web import current_actor

_NAMED = Projection(
    (
        Output("id", "id"),
        Output("entity_id", "entity_id"),
        Output("full_name", "entity[Entity].full_entity_name"),
    )
)


class QuotaShots(NamedResource[Callable[..., Days]]):
    """The shots that a person finished in a span, and the part of each that was theirs."""

    def get(self, person_id: str, **parts: str) -> Response:
        """Each shot once, with its `weight`."""
        id_, span, actor = checked_id(person_id), self.options(**parts), current_actor()
        require_owners(self.studio, (("person_id", "Person"),), {"person_id": id_})
        project = request.args.get("project_id")
        if not project:
            raise Invalid(fields={"project_id": ["is required"]})
        project = checked_id(project)
        if id_ != str(actor.person_id):
            require(actor, "time", "read_quotas", "see what others finished", uuid.UUID(project))
        reader, step = self.studio.read(actor), request.args.get("task_type_id")
        shares = shares_of(reader, project, mode_asked(), checked_id(step) if step else None)
        weights: dict[str, float] = {}
        for share in shares:
            if share.person_id == id_ and span[0] <= share.day <= span[1]:
                weights[share.task.id] = weights.get(share.task.id, 0) + share.part
        return json_of(self._shots(weights))

    def _shots(self, weights: Mapping[str, float]) -> list[dict[str, Any]]:
        reader = self.studio.read(current_actor())
        tasks = rows_of(reader, "Task", _NAMED, Where("id", Op.IN, list(weights)))
        ids = [task["entity_id"] for task in tasks]
        shots = {row["id"]: row for row in usual_rows(reader, "Shot", Where("id", Op.IN, ids))}
        found: dict[str, dict[str, Any]] = {}
        for task in in_order(tasks, weights):
            shot = shots.get(task["entity_id"])
            if shot is not None:
                of_shot = found.setdefault(shot["id"], {**shot, "full_name": task["full_name"], "weight": 0})
                of_shot["weight"] = round(of_shot["weight"] + weights[task["id"]], 6)
        return list(found.values())


_NUMBER: Schema = {"type": "string", "pattern": "^[0-9]{1,4}$"}
_SPANS: Mapping[str, tuple[str, Callable[..., Days]]] = {
    "day": ("day/<year>/<month>/<day>", day),
    "week": ("week/<year>/<week>", week),
    "month": ("month/<year>/<month>", month),
}
_MORE = tuple(
    parameter(name, "query", ref("Id"), f"Only of this {word}.", required=name == "project_id")
    for name, word in (("project_id", "project"), ("task_type_id", "step"))
)

ROUTES = tuple(
    Named(
        f"/data/persons/<person_id>/quota-shots/{path}",
        QuotaShots,
        {
            "get": Says(
                "Shot",
                f"Which shots a person finished in a {name}",
                listed(ref("Shot")),
                text="The shots, each with `weight`.",
                parameters=(*PARAMETERS, *_MORE),
                refused=(403, 404),
            )
        },
        span,
        arguments={each: _NUMBER for each in ("year", "month", "week", "day") if f"<{each}>" in path},
    )
    for name, (path, span) in _SPANS.items()
)
