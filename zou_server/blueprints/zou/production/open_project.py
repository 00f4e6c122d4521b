"""`POST /data/projects`: a new production, with its first episode when it is a series."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Response

from zou_server.blueprints.zou.crud import Collection, item_query, json_body
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.parameters import found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import payload_values
from zou_server.models.errors import Invalid
from zou_server.services.production.open_project import open_project
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


class Projects(Collection):
    """`/data/projects`."""

    def post(self) -> Response:
        """Make a project; the answer names the first episode of a series."""
        values = payload_values(self.wire, json_body(), creating=True)
        if not values.get("name"):
            raise Invalid("A required field is missing.", {"name": ["is required"]})
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: self._made(work, values))

    def _made(self, work: UnitOfWork, values: Mapping[str, Any]) -> tuple[str, int]:
        id_ = str(open_project(work, values))
        return found_or_404(work.read.one(item_query(self.wire, id_), ZOU), self.wire, id_), 201
