"""What follows from the rows of a list of operations: each rule once for all rows of its model."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from zou_server.services.write.change import Change

if TYPE_CHECKING:
    from zou_server.services.write.context import Context
    from zou_server.services.write.rulebook import Follow
    from zou_server.services.write.unit_of_work import UnitOfWork


def look_at_written(context: Context) -> None:
    """Let rules look at the written changes of their model, before these are told of."""
    by_model: dict[type, list[Change]] = {}
    for change in context.changes.values():
        by_model.setdefault(type(change.row), []).append(change)
    for model, changes in by_model.items():
        for look in context.work.rulebook.rule(model).written:
            look(context, changes)


def follow_changes(work: UnitOfWork, changes: Iterable[Change]) -> None:
    """Run what follows from written rows that were made or changed, in the order of their rule."""
    found: dict[Follow, list[uuid.UUID]] = {}
    for change in changes:
        for after in work.rulebook.rule(change.facet.model).after:
            rows = found.setdefault(after.follow, [])
            if after.when(change):
                rows.append(change.row.id)
    for follow, ids in found.items():
        if ids:
            follow(work, ids, frozenset())
