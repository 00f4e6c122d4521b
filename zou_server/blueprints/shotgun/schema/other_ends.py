"""Links that other rows have, by the link of ours that leads to them: what they are called at their end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from zou_server.models.free_links import HELD, ONE, held_by


class OtherEnd(NamedTuple):
    """The link of the other rows: its attribute, whether it leads to one row, and must lead to one."""

    facet: str
    attribute: str
    is_single: bool
    needed: bool = False
    instead_of: str = ""
    """Another attribute of theirs: they have one of the two."""


_OF: Mapping[str, OtherEnd] = {
    # link of ours: the same link from the other end; "" is the type that the link is narrowed to
    "tasks": OtherEnd("Task", "entity_id", is_single=True),
    "children": OtherEnd("", "parent_id", is_single=True),
    "entities_in": OtherEnd("", "entities_out", is_single=False),
    "published_files": OtherEnd("PublishedFile", "version_id", is_single=True),
    "replies": OtherEnd("Reply", "parent_id", is_single=True, needed=True, instead_of="reply_to_id"),
    "answers": OtherEnd("Reply", "reply_to_id", is_single=True, needed=True, instead_of="parent_id"),
    "own_tasks": OtherEnd("Task", "entity_id", is_single=True),
    "versions": OtherEnd("Version", "object_id", is_single=True),
    "takes": OtherEnd("Version", "task_id", is_single=True),
    "publishes": OtherEnd("PublishedFile", "object_id", is_single=True),
}
_CAST = re.compile(r"(?P<link>\w+)(\[(?P<facet>\w+)\])?\Z")


def other_end(path: str) -> OtherEnd | None:
    """The other end of the link at a path; None for a link that is kept at this one."""
    if path.startswith(HELD):
        kind, key = held_by(path)
        return OtherEnd(kind, f"{ONE}{key}", is_single=True)
    match = _CAST.match(path)
    found = _OF.get(match["link"]) if match else None
    if found is None or match is None:
        return None
    return found._replace(facet=found.facet or match["facet"] or "")
