"""Noting that a person, a project or the studio has a picture, or none: it follows from the file alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.base import Row
from zou_server.models.registry import facet
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def note_avatar(context: Context, row: Row, values: Mapping[str, Any]) -> Result:
    """Set `has_avatar`; whoever calls this keeps the file, or forgets it."""
    change = context.touch(facet(type(row).__name__), row)
    change.set("has_avatar", values["has_avatar"])
    return context.result_of(change)
