"""The write pipeline: the whole life of a change is `run`, a list of operations from top to bottom.

Operations are applied in order, so a later one may change what an earlier one made; what must hold
of the finished rows (required fields, the database's constraints) is checked when all are applied.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Row, new_id
from zou_server.models.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from zou_server.models.policies import MANAGERS
from zou_server.models.production import Entity
from zou_server.models.registry import FACETS, Facet, Kind
from zou_server.schemas.derive import load, writable
from zou_server.services.read.stages import noting
from zou_server.services.write.authorise import (
    authorise,
    authorise_action,
    authorise_move,
    without_masks,
)
from zou_server.services.write.back_references import know_targets
from zou_server.services.write.change import Change, display_name
from zou_server.services.write.context import UNKNOWN, Context
from zou_server.services.write.follow_changes import follow_changes, look_at_written, look_together
from zou_server.services.write.give_defaults import give_defaults
from zou_server.services.write.links import (
    apply_links,
    expanded,
    links_before,
    retire_unlinked,
    split_links,
)
from zou_server.services.write.operations import Act, Create, Delete, Edit, Operation, Result, Revive, Update
from zou_server.services.write.record_changes import record_change
from zou_server.services.write.resolve import Resolver, absent
from zou_server.services.write.retire import follow_dropped, retire, revive
from zou_server.services.write.targets import Known, given_ids

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def run(work: UnitOfWork, operations: Sequence[Operation], known: Iterable[Known] = ()) -> list[Result]:
    """Apply the operations and return one result each; a failure names its index.

    `known` are targets of their links that were read in this transaction.
    """
    passed = noting()
    passed("parse")
    context = Context(work)
    context.is_single = len(operations) == 1
    resolver = Resolver(context.session, operations)
    if known:
        context.targets.note(known)
    _load(context, operations, resolver)
    _claim_numbers(context, operations)
    passed("load")
    results = []
    for index, each in enumerate(operations):
        try:
            results.append(_APPLY[type(each)](context, each, resolver))
        except DomainError as error:
            error.operation_index = index  # type: ignore[attr-defined]
            raise
    passed("apply")
    _settle(context)
    passed("settle")
    _write(context)
    passed("write")
    _record(context)
    if context.dropped:
        follow_dropped(context)
    follow_changes(context.work, context.changes.values())
    passed("record")
    return list(map(context.completed, results))


# -- the stages ----------------------------------------------------------------------------------------------


def _load(context: Context, operations: Sequence[Operation], resolver: Resolver) -> None:
    """Lock and load the rows that the operations are about, and look up what their links point at."""
    wanted: list[tuple[Facet, uuid.UUID]] = []
    for index, operation in enumerate(operations):
        if isinstance(operation, Create) and operation.id is None:
            continue
        try:
            wanted.append((operation.facet, resolver.target(operation.id, operation.facet.name)))
        except NotFound as error:
            error.operation_index = index  # type: ignore[attr-defined]
            raise
    if wanted:
        context.rows.load(wanted)
    linked = given_ids(operations)
    if linked:
        context.targets.load(linked)
    if resolver.has_lists:
        context.linked.update(links_before(context.session, operations, resolver))


def _claim_numbers(context: Context, operations: Sequence[Operation]) -> None:
    """Take the numbers that an importer chose: the sequence goes on behind them."""
    numbers = [each.number for each in operations if isinstance(each, Create) and each.number is not None]
    if not numbers:
        return
    raise_to = sa.text("SELECT setval('object_number', greatest(:n, (SELECT last_value FROM object_number)))")
    context.session.execute(raise_to, {"n": max(numbers)})


def _settle(context: Context) -> None:
    """What must hold of all rows when every operation is applied, and what their identities say of them."""
    look_together(context)
    # A task's project is that of its entity, so entities come first.
    later: list[Change] = []
    for change in list(context.changes.values()):
        if isinstance(change.row, Entity):
            _settle_row(context, change)
        else:
            later.append(change)
    for change in later:
        _settle_row(context, change)
    if context.makes:
        give_defaults(context)  # when the project of each row is known


def _write(context: Context) -> None:
    context.session.flush_last()
    if context.unlinked:
        retire_unlinked(context)
    look_at_written(context)


def _record(context: Context) -> None:
    for change in context.changes.values():
        change.told = change.changes()
    know_targets(context)
    for change in context.changes.values():
        record_change(context.work, change, context.targets.get)


# -- one operation -------------------------------------------------------------------------------------------


def _create(context: Context, operation: Create, resolver: Resolver) -> Result:
    facet = operation.facet
    if operation.id is not None:
        id_ = resolver.target(operation.id, facet.name)
        existing = context.rows.any(id_)
        if existing is not None:
            return _create_again(context, operation, existing, resolver)
        if context.targets.get(id_) is not None:
            raise Conflict(f"The id {id_} is taken.", {"id": ["has already been taken"]})
    else:
        id_ = new_id()
    values = _loaded(context, facet, resolver.values(operation.values), None)
    plain, links = split_links(facet, values)
    change = context.make(facet, id_, plain, operation)
    if operation.made_at or operation.made_by:
        _made_elsewhere(context, change, operation, resolver)
    authorise(context, facet, "create", change.row, change.identity.project_id, values)
    if links:
        apply_links(context, change, links)
    return Result(id_, UNKNOWN, facet)


def _create_again(context: Context, operation: Create, existing: Row, resolver: Resolver) -> Result:
    facet, id_ = operation.facet, existing.id
    if existing.deleted_at is None or context.rows.find(facet, id_) is None:
        raise Conflict(f"The id {id_} is taken.", {"id": ["has already been taken"]})
    _revive(context, Revive(facet, id_), resolver)
    return _update(context, Update(facet, id_, operation.values), resolver)


def _made_elsewhere(context: Context, change: Change, operation: Create, resolver: Resolver) -> None:
    """Only who runs a production says that a row was made by somebody else, or at another time."""
    facet = change.facet
    if context.actor.role_in(change.identity.project_id) not in MANAGERS:
        raise Forbidden(f"Your role does not let you say when a {facet.name} was made, or by whom.")
    if operation.made_by is not None:
        maker = resolver.values({"created_by_id": operation.made_by})
        context.targets.check(facet, maker)
        vars(change.row).update(maker)


def _update(context: Context, operation: Update, resolver: Resolver) -> Result:
    facet = operation.facet
    row = _live(context, operation, resolver)
    change = context.changes.get(row.id) or _begun(context, operation, row)
    values = _loaded(context, facet, resolver.values(operation.values), row)
    if not context.actor.is_admin:
        values = without_masks(context, facet, values)
    authorise(context, facet, "update", row, change.identity.project_id, values)
    plain, links = split_links(facet, values)
    change.say(plain)
    keeps, change.given = operation.keeps_nulls, {}
    for name, value in plain.items():
        old = getattr(row, name)
        if change.set(name, value, keeps_nulls=keeps):
            change.given[name] = old
    context.changes[row.id] = change
    if links:
        apply_links(context, change, links)
    _follow_rule(context, change)
    way = facet.project
    if "." in way or (way and getattr(row, way) != change.identity.project_id):
        authorise_move(context, change)
    return Result(row.id, UNKNOWN, facet)


def _begun(context: Context, operation: Update, row: Row) -> Change:
    """The change of a row that the list has not changed before."""
    if operation.version is not None:
        _refuse_stale(operation.facet, row, operation.version, "update")
    return Change(operation.facet, row, context.rows.identity(row.id), created=False)


def _follow_rule(context: Context, change: Change) -> None:
    """Let the rule of a changed row complete or refuse it, where it asks of what changed."""
    rule, changed = context.work.rulebook.rule(change.facet.model), change.before.keys()
    for complete in rule.before:
        names = rule.asks_of.get(complete)
        if names is None or change.created or not changed.isdisjoint(names):
            complete(context, change)


def _delete(context: Context, operation: Delete, resolver: Resolver) -> Result:
    facet = operation.facet
    row = _found(context, operation, resolver)
    id_, identity = row.id, context.rows.identity(row.id)
    if row.deleted_at is not None:
        return Result(id_, identity.number, facet, changed=False)
    if operation.version is not None:
        _refuse_stale(facet, row, operation.version, "delete")
    authorise(context, facet, "delete", row, identity.project_id, {})
    instead = context.work.rulebook.keep(context, operation, row)
    if instead is not None:
        return _update(context, instead, resolver)
    number = identity.number
    retire(context.work, facet, row, identity)
    return Result(id_, number, facet)


def _revive(context: Context, operation: Revive, resolver: Resolver) -> Result:
    facet = operation.facet
    row = _found(context, operation, resolver)
    id_, identity = row.id, context.rows.identity(row.id)
    if row.deleted_at is None:
        return Result(id_, identity.number, facet, changed=False)
    authorise(context, facet, "revive", row, identity.project_id, {})
    number = identity.number
    revive(context.work, identity)
    return Result(id_, number, facet)


def _act(context: Context, operation: Act, resolver: Resolver) -> Result:
    action = context.work.rulebook.actions.get(operation.action)
    if action is None:
        raise Invalid(f"There is no action '{operation.action}'.")
    row = _live(context, operation, resolver)
    values = resolver.values(operation.values)
    authorise_action(context, action, row)
    return action.run(context, row, values)


_APPLY: dict[type, Callable[[Context, Any, Resolver], Result]] = {
    Create: _create,
    Update: _update,
    Delete: _delete,
    Revive: _revive,
    Act: _act,
}


# -- helpers -------------------------------------------------------------------------------------------------


def _found(context: Context, operation: Update | Delete | Revive | Act, resolver: Resolver) -> Row:
    """The row that an operation is about, retired or not."""
    row = context.rows.find(operation.facet, resolver.target(operation.id, operation.facet.name))
    if row is None:
        raise absent(operation.id, operation.facet.name)
    return row


def _live(context: Context, operation: Update | Act, resolver: Resolver) -> Row:
    row = _found(context, operation, resolver)
    if row.deleted_at is not None:
        raise absent(operation.id, operation.facet.name)
    return row


def _refuse_stale(facet: Facet, row: Row, version: int, verb: str) -> None:
    """Stale when the client saw another version of the row than there is."""
    if version != row.lock_version:
        versions = f"(yours {version}, current {row.lock_version})"
        raise Stale(f"Attempted to {verb} a stale {facet.name} {versions}.")


def _loaded(context: Context, facet: Facet, given: dict[str, Any], row: Row | None) -> dict[str, Any]:
    """The values as the columns hold them, their links checked."""
    for value in given.values():
        if isinstance(value, Edit):
            given = expanded(context, facet, given, row)
            break
    values = load(facet, given)
    context.targets.check(facet, values)
    return values


def _settle_row(context: Context, change: Change) -> None:
    row: Any = change.row
    if _has_project(change.facet) and row.project_id is None:
        about = context.targets.get(getattr(row, "entity_id", None) or getattr(row, "object_id", None))
        row.project_id = about.project_id if about else None
    if change.created:
        for attribute in required(change.facet):
            if getattr(row, attribute) is None:
                _require(change)
    elif change.changes():
        row.lock_version += 1
        row.updated_at = context.work.now
        row.updated_by_id = context.author()
    else:
        return
    name, project_id = display_name(FACETS[type(row).__name__], row), context.project_of(change.facet, row)
    if change.identity.name != name:
        change.identity.name = name
    if change.identity.project_id != project_id:
        change.identity.project_id = project_id


@cache
def _has_project(facet: Facet) -> bool:
    return "project_id" in facet.table.c


def _require(change: Change) -> None:
    missing = {name: ["is required"] for name in required(change.facet) if getattr(change.row, name) is None}
    if missing:
        raise Invalid(fields=missing)


@cache
def required(facet: Facet) -> tuple[str, ...]:
    """The attributes that a new row must have a value for."""
    return tuple(
        name
        for name, field in facet.fields.items()
        if field.required and writable(field) and field.kind is not Kind.LINKS
    )
