"""What follows from the rows of a list of operations: each rule once for all rows of its model."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING

from zou_server.services.write.change import Change

if TYPE_CHECKING:
    from zou_server.services.write.context import Context
    from zou_server.services.write.rulebook import Follow
    from zou_server.services.write.unit_of_work import UnitOfWork


def look_together(context: Context) -> None:
    """Let rules look at all rows of a list of operations, before they are written."""
    for model in dict.fromkeys(map(_model_of, context.changes.values())):
        rule = context.work.rulebook.rule(model)
        for look in rule.together:
            # What a rule asks of may have been changed by the one before it.
            if look not in rule.asks_of or _is_touched(context.changes.values(), model, rule.asks_of[look]):
                look(context)


_model_of = attrgetter("row.__class__")


def _is_touched(changes: Iterable[Change], model: type, names: frozenset[str]) -> bool:
    """Whether a row of the model is new, or had one of these attributes changed."""
    for change in changes:
        if type(change.row) is model and (change.created or not change.before.keys().isdisjoint(names)):
            return True
    return False


def look_at_written(context: Context) -> None:
    """Let rules look at the written changes of their model, before these are told of."""
    by_model: dict[type, list[Change]] = {}
    for change in context.changes.values():
        by_model.setdefault(type(change.row), []).append(change)
    for model, changes in by_model.items():
        rule = context.work.rulebook.rule(model)
        for look in rule.written:
            if look not in rule.asks_of or _is_touched(changes, model, rule.asks_of[look]):
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
