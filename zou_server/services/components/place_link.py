"""A link between two rows is of the project of the row that it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def place_link(pipeline: Pipeline, change: Change) -> None:
    """Fill the project."""
    row: Any = change.row
    about = pipeline.targets.get(row.from_id)
    change.default("project_id", about.project_id if about else None)
