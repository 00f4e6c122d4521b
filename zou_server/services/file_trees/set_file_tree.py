"""Give a project one of the file trees that come with the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.models.registry import facet
from zou_server.services.file_trees.shipped import shipped_tree
from zou_server.services.write.operations import Result, Target, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def set_file_tree(work: UnitOfWork, project_id: Target, name: str) -> Result:
    """Keep the tree of that name as the project's own; BadPath when there is none."""
    return work.execute([Update(facet("Project"), project_id, {"file_tree": shipped_tree(name)})])[0]
