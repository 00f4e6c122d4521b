"""From a changed row to the events that tell of it: one per attribute, the first marked as the head."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import Facet
from zou_server.services.write.back_references import Find, back_references
from zou_server.services.write.change import Change
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

DIALECTS = ("zou", "shotgun", "ftrack", "shotrunner")


@cache
def is_plumbing(facet: Facet) -> bool:
    """True for link rows that no dialect shows: their change is told by the row that has the link."""
    return all(facet.named(dialect) is None for dialect in DIALECTS)


def record_change(work: UnitOfWork, change: Change, find: Find | None = None) -> None:
    """Record what happened to one row, and to the other ends of its links; nothing when nothing did."""
    if is_plumbing(change.facet):
        return
    identity, changes, record = change.identity, change.told or change.changes(), work.record
    about = (identity.kind, identity.id, identity.name, identity.project_id)
    if change.created:
        made = [(name, new) for name, (_, new) in changes.items()]
        record(Recorded("create", *about, first=True, made=made or None))
    for index, (name, (old, new)) in enumerate(() if change.created else changes.items()):
        record(Recorded("update", *about, name, old, new, index == 0))
    for each in back_references(change, changes, find) if find is not None else ():
        record(each)
    for each in change.tidings:
        record(each)


def plain(value: Any) -> Any:
    """A column's value as JSON."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value
