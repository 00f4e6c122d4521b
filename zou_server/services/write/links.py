"""Links to many: from the list a client sends to link rows made and retired.

A link through a table is link rows; a link by a column of the target changes that column of the
targets and is not written here (those links are read-only, their targets are written instead).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.base import Row
from zou_server.models.conditions import Where
from zou_server.models.errors import Invalid
from zou_server.models.free_links import ONE
from zou_server.models.registry import FACETS, Facet, Kind, Many
from zou_server.query.facets import facet_condition
from zou_server.services.write.change import Change
from zou_server.services.write.operations import Act, Edit, Mode, Operation, Update
from zou_server.services.write.resolve import Resolver
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.context import Context, Link, Linked


def split_links(facet: Facet, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[uuid.UUID]]]:
    """The plain values, and the lists of links to many; a free link to one is a key of `data`."""
    plain, links, keys = dict[str, Any](), dict[str, Any](), dict[str, Any]()
    for name, value in values.items():
        if facet.fields[name].kind is Kind.LINKS:
            links[name] = value
        elif name.startswith(ONE):
            keys[name.removeprefix(ONE)] = _text(value)
        else:
            plain[name] = value
    if keys:
        plain["data"] = {**(plain.get("data") or {}), **keys}
    return plain, links


def _text(id_: uuid.UUID | None) -> str | None:
    return None if id_ is None else str(id_)


def expanded(context: Context, facet: Facet, given: Mapping[str, Any], row: Row | None) -> dict[str, Any]:
    """The values with every `Edit` of a link to many turned into the full list after it."""
    found = dict(given)
    for name, value in given.items():
        if isinstance(value, Edit):
            many = facet.fields[name].many if name in facet.fields else None
            if many is None:
                raise Invalid(fields={name: ["is not a link to many"]})
            found[name] = _after(current_ids(context, many, row), value)
            if row is not None and value.mode is Mode.ADD:
                _say_all_by_name(context, many, row, set(found[name]) & {_id(item) for item in value.items})
    return found


def _say_all_by_name(context: Context, many: Many, row: Row, given: set[uuid.UUID | None]) -> None:
    """Whoever is added by name, and is there already by a group, stays when the group goes.

    A whole list says nothing of the kind: clients send back who is on it.
    """
    if many.through and "inherited" in FACETS[many.through].fields:
        for link in _links(context, many, row):
            if getattr(link, many.far) in given:
                say_by_name(link)


def say_by_name(link: Any) -> None:
    """What somebody has by a group, or by other work, is theirs alone from now on."""
    if link.inherited:
        link.inherited = False


def _id(item: Any) -> uuid.UUID | None:
    return None if item is None else uuid.UUID(str(item))


def _after(current: list[uuid.UUID], edit: Edit) -> list[Any]:
    if edit.mode is Mode.SET:
        return list(edit.items)
    given = [id_ for item in edit.items if (id_ := _id(item)) is not None]
    if edit.mode is Mode.REMOVE:
        return [id_ for id_ in current if id_ not in given]
    return [*current, *(id_ for id_ in given if id_ not in current)]


def current_ids(context: Context, many: Many, row: Row | None) -> list[uuid.UUID]:
    """The targets that a row is linked to now, oldest link first."""
    if row is None:
        return []
    return [getattr(link, many.far) for link in _links(context, many, row)]


def _link_of(many: Many) -> Link:
    return many.through, many.near, str(many.where.value) if isinstance(many.where, Where) else ""


def links_before(session: Session, operations: Sequence[Operation], resolver: Resolver) -> Linked:
    """The link rows of all rows whose links a list of operations replaces: one statement for each link.

    Left out, to be looked up one by one, are those that the list may change in some other way too.
    """
    replaced = _replaced(operations, resolver)
    if not replaced or any(isinstance(operation, Act) for operation in operations):
        return {}
    touched = {operation.facet.model for operation in operations}
    found: Linked = {}
    for through, sides in replaced.items():
        if len({many.near for many in sides}) == 1 and FACETS[through].model not in touched:
            for many, ids in sides.items():
                found.update(_linked(session, many, ids))
    return found


def look_up_links(context: Context, many: Many, ids: Iterable[uuid.UUID]) -> None:
    """Know the link rows of several rows, that are about to be changed, by one statement."""
    unknown = [id_ for id_ in ids if (_link_of(many), id_) not in context.linked]
    retire_unlinked(context)
    context.session.flush()
    context.linked.update(_linked(context.session, many, unknown))


def _linked(session: Session, many: Many, ids: Iterable[uuid.UUID]) -> Linked:
    ids, link = list(ids), _link_of(many)
    found: Linked = {(link, id_): [] for id_ in ids}
    for row in session.scalars(_live_links(many, ids)):
        found[link, getattr(row, many.near)].append(row)
    return found


def _replaced(
    operations: Sequence[Operation], resolver: Resolver
) -> Mapping[str, Mapping[Many, set[uuid.UUID]]]:
    """Link facet -> link -> the rows whose links are given anew."""
    found: dict[str, dict[Many, set[uuid.UUID]]] = {}
    for operation in operations:
        if isinstance(operation, Update):
            for name in operation.values:
                field = operation.facet.fields.get(name)
                many = field.many if field is not None else None
                if many is not None and many.through:
                    ids = found.setdefault(many.through, {}).setdefault(many, set())
                    ids.add(resolver.target(operation.id, operation.facet.name))
    return found


def _live_links(many: Many, ids: Iterable[uuid.UUID]) -> sa.Select[Any]:
    model: Any = FACETS[many.through].model
    return (
        sa.select(model)
        .where(
            getattr(model, many.near).in_(list(ids)),
            model.deleted_at.is_(None),
            facet_condition(model.__table__, many.where),
        )
        .order_by(model.created_at, model.id)
    )


def _links(context: Context, many: Many, row: Row, *, last: bool = False) -> list[Row]:
    """The link rows of a row; `last` when they are about to be changed."""
    key = (_link_of(many), row.id)
    if key in context.linked:
        return context.linked.pop(key) if last else context.linked[key]
    retire_unlinked(context)
    context.session.flush()
    return list(context.session.scalars(_live_links(many, [row.id])))


def retire_unlinked(context: Context) -> None:
    """Retire the link rows that are no longer wanted, those of a table together."""
    while context.unlinked:
        through, ids = context.unlinked.popitem()
        retire_all(context.work, FACETS[through], ids)


def apply_links(context: Context, change: Change, links: Mapping[str, list[uuid.UUID]]) -> None:
    """Make the link rows that are missing and retire those no longer wanted."""
    for name, wanted in links.items():
        many = change.facet.fields[name].many
        if many is None or not many.through:
            raise Invalid(fields={name: ["is changed on the other side"]})
        before = _replace(context, change, many, wanted)
        # Two operations of one list may edit the same link, or a rule have made some: the event tells of all.
        first, made = change.links.get(name, (before, []))
        kept = [*(made if change.created else ()), *(id_ for id_ in before if id_ in wanted)]
        change.links[name] = (first, [*kept, *(id_ for id_ in wanted if id_ not in kept)])


def _replace(context: Context, change: Change, many: Many, wanted: list[uuid.UUID]) -> list[uuid.UUID]:
    """Make the link rows be those wanted and return the targets linked before."""
    is_known = (_link_of(many), change.row.id) in context.linked
    existing = [] if change.created else _links(context, many, change.row, last=True)
    before: list[uuid.UUID] = [getattr(link, many.far) for link in existing]
    link_facet = FACETS[many.through]
    gone = [link.id for link in existing if getattr(link, many.far) not in wanted]
    if gone:
        context.unlinked.setdefault(many.through, []).extend(gone)
    if not is_known:  # what else the list does to these links is not known: no waiting
        retire_unlinked(context)
    for position, target in enumerate(wanted, 1):
        if target not in before:
            values: dict[str, Any] = {many.near: change.row.id, many.far: target}
            if isinstance(many.where, Where):
                values[many.where.path] = many.where.value
            if many.ordered:
                values[many.ordered] = position
            context.link(link_facet, values)
    return before
