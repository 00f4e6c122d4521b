"""Who may change what of a note: its author, and others where their work needs it.

A client sends whole objects back, so what counts is what differs. Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import LEADS, MANAGERS
from zou_server.services.tasks.works_on import is_assigned

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def guard_note(pipeline: Pipeline, change: Change) -> None:
    """Refuse what the caller may not say in this note; nobody but managers speaks for somebody else."""
    row: Any = change.row
    actor = pipeline.actor
    role = actor.role_in(row.project_id)
    if role in MANAGERS:
        return
    if change.created:
        if row.person_id not in (None, actor.person_id):
            raise Forbidden("Only managers write in the name of others.")
        return
    author = actor.person_id in (change.before.get("person_id", row.person_id), row.created_by_id)
    for name in (*change.before, *change.links):
        if not any(may(pipeline, row, role, author) for may in MAY_SET.get(name, (_author,))):
            raise Forbidden(f"You may not change {name.removesuffix('_id')} of this comment.")


def _author(_pipeline: Pipeline, _row: Any, _role: str | None, author: bool) -> bool:  # noqa: FBT001
    return author


def _lead(_pipeline: Pipeline, _row: Any, role: str | None, _author: bool) -> bool:  # noqa: FBT001
    return role in LEADS


def _assignee(pipeline: Pipeline, row: Any, _role: str | None, _author: bool) -> bool:  # noqa: FBT001
    return is_assigned(pipeline.session, row.object_id, pipeline.actor.person_id)


def _oneself(pipeline: Pipeline, row: Any, _role: str | None, _author: bool) -> bool:  # noqa: FBT001
    return bool(row.editor_id == pipeline.actor.person_id)


MAY_SET: Mapping[str, tuple[Callable[[Pipeline, Any, str | None, bool], bool], ...]] = {
    "checklist": (_author, _lead, _assignee),  # who does the work ticks it off
    "pinned": (_lead,),
    "editor_id": (_author, _oneself),  # which follows from changing its words
    "person_id": (),
    "object_id": (),
    "parent_id": (),
    "project_id": (),
}
"""Attribute -> whoever may change it beside managers; the author, where there is no line."""
