"""Links to many: from the list a client sends to link rows made and retired.

A link through a table is link rows; a link by a column of the target changes that column of the
targets and is not written here (those links are read-only, their targets are written instead).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity, Row
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS, Facet, Kind, Many
from zou_server.services.change import Change
from zou_server.services.operations import Edit, Mode
from zou_server.services.retire import retire

if TYPE_CHECKING:
    from zou_server.services.pipeline import Pipeline


def split_links(facet: Facet, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[uuid.UUID]]]:
    """The plain values, and the lists of links to many."""
    links = {n: v for n, v in values.items() if facet.fields[n].kind is Kind.LINKS}
    return {n: v for n, v in values.items() if n not in links}, links


def expanded(pipeline: Pipeline, facet: Facet, given: Mapping[str, Any], row: Row | None) -> dict[str, Any]:
    """The values with every `Edit` of a link to many turned into the full list after it."""
    found = dict(given)
    for name, value in given.items():
        if isinstance(value, Edit):
            many = facet.fields[name].many if name in facet.fields else None
            if many is None:
                raise Invalid(fields={name: ["is not a link to many"]})
            found[name] = _after(current_ids(pipeline, many, row), value)
    return found


def _after(current: list[uuid.UUID], edit: Edit) -> list[Any]:
    if edit.mode is Mode.SET:
        return list(edit.items)
    given = [uuid.UUID(str(item)) for item in edit.items if item is not None]
    if edit.mode is Mode.REMOVE:
        return [id_ for id_ in current if id_ not in given]
    return [*current, *(id_ for id_ in given if id_ not in current)]


def current_ids(pipeline: Pipeline, many: Many, row: Row | None) -> list[uuid.UUID]:
    """The targets that a row is linked to now, oldest link first."""
    if row is None:
        return []
    pipeline.session.flush()
    return [getattr(link, many.far) for link in _links(pipeline, many, row)]


def _links(pipeline: Pipeline, many: Many, row: Row) -> list[Row]:
    model: Any = FACETS[many.through].model
    return list(
        pipeline.session.scalars(
            sa.select(model)
            .where(getattr(model, many.near) == row.id, model.deleted_at.is_(None))
            .order_by(model.created_at, model.id)
        )
    )


def apply_links(pipeline: Pipeline, change: Change, links: Mapping[str, list[uuid.UUID]]) -> None:
    """Make the link rows that are missing and retire those no longer wanted."""
    for name, wanted in links.items():
        many = change.facet.fields[name].many
        if many is None or not many.through:
            raise Invalid(fields={name: ["is changed on the other side"]})
        before = _replace(pipeline, change, many, wanted)
        kept = [id_ for id_ in before if id_ in wanted]
        # Two operations of one list may edit the same link: the event tells of both.
        first = change.links[name][0] if name in change.links else before
        change.links[name] = (first, [*kept, *(id_ for id_ in wanted if id_ not in kept)])


def _replace(pipeline: Pipeline, change: Change, many: Many, wanted: list[uuid.UUID]) -> list[uuid.UUID]:
    """Make the link rows be those wanted and return the targets linked before."""
    if not change.created:
        pipeline.session.flush()
    existing = [] if change.created else _links(pipeline, many, change.row)
    before: list[uuid.UUID] = [getattr(link, many.far) for link in existing]
    link_facet = FACETS[many.through]
    for link in existing:
        if getattr(link, many.far) not in wanted:
            retire(pipeline.work, link_facet, link, pipeline.session.get_one(Identity, link.id))
    for position, target in enumerate(wanted, 1):
        if target not in before:
            values: dict[str, Any] = {many.near: change.row.id, many.far: target}
            if many.ordered:
                values[many.ordered] = position
            pipeline.link(link_facet, values)
    return before
