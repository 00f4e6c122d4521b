"""Telling that a working file was saved: the moment is kept, nothing else changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.files import WorkingFile
from zou_server.models.registry import Kind, facet
from zou_server.services.write.given import given_values
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

_NOTHING: Mapping[str, Kind] = {}


def touch_working_file(context: Context, row: WorkingFile, values: Mapping[str, Any]) -> Result:
    """Set `updated_at`; the result is the working file."""
    given_values(values, _NOTHING)
    change = context.touch(facet("WorkingFile"), row)
    change.set("updated_at", context.work.now)
    return context.result_of(change)
