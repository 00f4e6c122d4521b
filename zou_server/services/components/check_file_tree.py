"""A project's own file tree is a descriptor that paths can be made by, or it is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.services.file_trees.descriptor import parse_tree

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def check_file_tree(pipeline: Pipeline, change: Change) -> None:
    """Refuse a descriptor with an unknown variable, style or template, by its name."""
    row: Any = change.row
    if change.changed("file_tree") and row.file_tree is not None:
        parse_tree(row.file_tree, "the file tree")
