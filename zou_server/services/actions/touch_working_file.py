"""Telling that a working file was saved: the moment is kept, nothing else changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import allowed
from zou_server.models.registry import Kind, facet
from zou_server.services.write.given import given_values
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.pipeline import Pipeline

_NOTHING: Mapping[str, Kind] = {}


def touch_working_file(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Set `updated_at`; the result is the working file."""
    given_values(values, _NOTHING)
    change = pipeline.touch(facet("WorkingFile"), row)
    role = pipeline.actor.role_in(change.identity.project_id)
    if not allowed(pipeline.actor, role, "file", "update", row):
        raise Forbidden("Your role does not let you update a WorkingFile.")
    change.set("updated_at", pipeline.work.now)
    return pipeline.result_of(change)
