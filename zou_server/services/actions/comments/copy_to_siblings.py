"""`#Animation` or `#all` in a comment says it on the entity's other tasks too (docs/protocols/zou.md 6)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.services.rules.siblings import Sibling, locked, siblings_of
from zou_server.services.talk.find_names import find_names

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context

SIGN = "#"
EVERYBODY = "all"
COPIED = ("text", "checklist", "links", "for_client", "person_id")


def copy_to_siblings(context: Context, note: Change, task: Any, moment: dt.datetime) -> None:
    """Repeat a comment on the tasks that its text names; each keeps the status that it has."""
    row = note.of(Note)
    if SIGN not in (row.text or "") or task.entity_id is None:
        return
    for sibling in locked(context, _named(siblings_of(context, task), row.text or "")):
        _copy(context, row, sibling.row, moment)
        sibling.set("last_comment_date", moment)


def _named(siblings: list[Sibling], text: str) -> list[Sibling]:
    names = find_names(text, SIGN, [EVERYBODY, *(each.step for each in siblings)])
    return [each for each in siblings if EVERYBODY in names or each.step.lower() in names]


def _copy(context: Context, row: Note, sibling: Any, moment: dt.datetime) -> None:
    said = {name: getattr(row, name) for name in COPIED}
    place = {
        "object_id": sibling.id,
        "project_id": sibling.project_id,
        "sets_status_id": sibling.task_status_id,
    }
    copy: Any = context.link(facet("Note"), {**said, **place}).row
    copy.created_at = moment
