"""Open a production as Zou does: a series starts with an episode (docs/protocols/zou.md 17, Project)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import facet
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SERIES = "tvshow"
FIRST_EPISODE = "E01"


def open_project(work: UnitOfWork, values: Mapping[str, Any]) -> uuid.UUID:
    """Make the project and what it starts with; its id."""
    id_ = work.execute([Create(facet("Project"), values)])[0].id
    if values.get("production_type") == SERIES:
        work.execute([Create(facet("Episode"), {"name": FIRST_EPISODE, "project_id": id_})])
    return id_
