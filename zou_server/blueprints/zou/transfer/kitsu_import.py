"""`/import/kitsu/<type>`: what `gazu.client.import_data` and `gazu.sync` push from another Zou instance."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.crud import json_body
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import WireType, payload_values, wire_type
from zou_server.description import listed, ref
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.production.import_rows import import_rows
from zou_server.web import current_actor, json_text

TYPES: dict[str, str] = {
    # the last part of the path: the facet of its rows
    "projects": "Project",
    "entities": "Entity",
    "entity-links": "EntityLink",
    "tasks": "Task",
    "comments": "Note",
    "metadata-descriptors": "FieldDescriptor",
    "milestones": "ProjectMilestone",
    "playlists": "Playlist",
    "preview-files": "PreviewFile",
    "time-spents": "TimeSpent",
}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The facet whose rows a route takes."""

    facet: str


class ImportRows(NamedResource[ImportOptions]):
    """Rows with the ids they have elsewhere."""

    def post(self) -> Response:
        """The body lists whole rows; the answer lists them as they are here now."""
        if unknown := sorted(request.args.keys() - {"silent"}):
            raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
        wire = wire_type(facet(self.options.facet))
        rows = _rows(wire, json_body())
        with self.studio.write(current_actor()) as work:
            ids = [str(id_) for id_ in import_rows(work, wire.facet, rows)]
            query = Query(wire.facet, wire.projection(), Where("id", Op.IN, ids), (Order("created_at"),))
            text = work.read.page(query, ZOU).text
            work.commit()
        return json_text(f"[{text}]", 201)


def _rows(wire: WireType, given: Any) -> list[tuple[uuid.UUID, dict[str, Any]]]:
    if not isinstance(given, list):
        raise Invalid("The body must be a list of rows.", {"body": ["is not a list"]})
    found = []
    for row in given:
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise Invalid(fields={"id": ["is required in every row"]})
        values = {key: value for key, value in row.items() if key != "id"}
        found.append((uuid.UUID(checked_id(row["id"])), payload_values(wire, values, creating=True)))
    return found


ROUTES = tuple(
    Named(
        f"/import/kitsu/{path}",
        ImportRows,
        {
            "post": Says(
                name,
                f"Take {path.replace('-', ' ')} of another instance, ids kept",
                listed(ref(wire_type(facet(name)).name)),
                status=201,
                sends=listed({"type": "object"}),
                text="The rows as they are here now.",
                refused=(413,),
            )
        },
        ImportOptions(name),
    )
    for path, name in TYPES.items()
)
