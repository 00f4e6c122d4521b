"""The life of a link between two rows of any kind: it is of the project of the row that it comes from."""

from __future__ import annotations

from zou_server.models.object_links import ObjectLink
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule


def place_link(context: Context, change: Change) -> None:
    """Fill the project; a link that a rule makes has it already, and its row costs no statement."""
    row = change.of(ObjectLink)
    if row.project_id is not None:
        return
    about = context.targets.get(row.from_id)
    change.default("project_id", about.project_id if about else None)


OBJECT_LINK = Rule(before=(place_link,))
"""A row's link to another one."""
