"""Casting as Shotgun tells it: the assets of a shot, the parts of an asset, the assets that it is a part of.

The list is the truth about assets that were imported: links to those that it lacks go. Links to assets
that Shotgun does not know stay.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.production import Entity, EntityLink
from zou_server.models.registry import facet
from zou_server.services.importers.shotgun.find_references import among, known_rows
from zou_server.services.importers.shotgun.kinds import ImportKind, RowLinks
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.importers.shotgun.write_all import write_isolated
from zou_server.services.write.operations import Create, Operation
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SIDES: Mapping[str, tuple[str, str]] = {
    # relation: the link's column that holds the row itself, the one that holds each of its list
    "cast": ("entity_in_id", "entity_out_id"),
    "cast in": ("entity_out_id", "entity_in_id"),
}


def cast_assets(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> None:
    """Make and remove the links of all rows: a few statements for each relation."""
    for links in kind.links:
        if links.relation in SIDES:
            _cast(work, links, [row for row in rows if not row.refused and links.relation in row.many])


def _cast(work: UnitOfWork, links: RowLinks, rows: Sequence[SgRow]) -> None:
    if not rows:
        return
    near, far = SIDES[links.relation]
    known = known_rows(work, {links.to: {link.id for row in rows for link in row.many[links.relation]}})
    existing = _existing(work, near, far, {row.id for row in rows})
    made: list[tuple[SgRow, Operation]] = []
    gone: list[uuid.UUID] = []
    for row in rows:
        before = existing.get(row.id, {})
        wanted = _wanted(links, row, known)
        new = [id_ for id_ in wanted if id_ not in before]
        made.extend((row, Create(facet("EntityLink"), {near: row.id, far: id_})) for id_ in new)
        gone.extend(link for id_, (link, imported) in before.items() if imported and id_ not in wanted)
        row.changed = row.changed or bool(new) or bool(set(gone) & {link for link, _ in before.values()})
    write_isolated(work, made, lambda row, why: row.leave_out(f"{links.keys[0]}: {why}"))
    if gone:
        retire_all(work, facet("EntityLink"), gone)


def _wanted(links: RowLinks, row: SgRow, known: Mapping[tuple[str, int], uuid.UUID]) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    for link in row.many[links.relation]:
        id_ = known.get((links.to, link.id))
        if id_ is None:
            row.leave_out(f"{links.keys[0]}: {link} was not imported yet")
        elif id_ == row.id:
            row.leave_out(f"{links.keys[0]}: {link} is the row itself")
        else:
            found.append(id_)
    return found


def _existing(
    work: UnitOfWork, near: str, far: str, ids: set[uuid.UUID | None]
) -> dict[Any, dict[uuid.UUID, tuple[uuid.UUID, bool]]]:
    """For each row what it is linked to: the link, and whether the other side was imported."""
    mine, other = getattr(EntityLink, near), getattr(EntityLink, far)
    found: dict[Any, dict[uuid.UUID, tuple[uuid.UUID, bool]]] = {}
    for row in work.session.execute(
        sa.select(EntityLink.id, mine, other, Entity.shotgun_id, Entity.kind)
        .join(Entity, Entity.id == other)
        .where(among(mine, ids), EntityLink.deleted_at.is_(None))
    ):
        imported = row[3] is not None and row[4] == "Asset"
        found.setdefault(row[1], {})[row[2]] = (row[0], imported)
    return found
