"""Assets from a CSV file; the asset types that it names are made when they do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.production import EntityType
from zou_server.models.registry import facet
from zou_server.services.importers.columns import Column, held_by, text
from zou_server.services.importers.entities import (
    entities_named,
    refuse_repeated,
    require_importer,
    write_rows,
)
from zou_server.services.importers.sheet import Sheet, SheetRow, read_sheet
from zou_server.services.operations import Create

if TYPE_CHECKING:
    from zou_server.services.unit_of_work import UnitOfWork

COLUMNS = (
    Column("type", ("Type",), held_by("AssetType", "name"), required=True),
    Column("name", ("Name",), held_by("Asset", "name"), required=True),
    Column("description", ("Description",), held_by("Asset", "description")),
    Column("data.resolution", ("Resolution",), text),
)


def import_assets(
    work: UnitOfWork, project_id: uuid.UUID, content: bytes, *, update: bool = False
) -> list[uuid.UUID]:
    """Import a file and return the ids of its assets, in its order; all of it or nothing.

    An asset is known by its name and type, a type by its name whatever its case. An asset that
    exists stays as it is unless `update`; then its cells that are not empty replace its values.
    Raises Invalid naming every wrong line and column.
    """
    require_importer(work.actor, project_id)
    sheet = read_sheet(work, project_id, "Asset", COLUMNS, content)
    typed = [(row, row.values.pop("type", "")) for row in sheet.rows]
    refuse_repeated(
        sheet, ((row, (name.casefold(), row.values.get("name", ""))) for row, name in typed if name)
    )
    types = _existing_types(work, sheet, typed)
    sheet.problems.raise_if_any()
    work.execute(sheet.new_fields)
    _make_types(work, types, [name for _, name in typed])
    for row, name in typed:
        row.values.update(project_id=project_id, entity_type_id=types[name.casefold()])
    return write_rows(work, "Asset", _matched(work, project_id, sheet.rows), update=update)


def _existing_types(
    work: UnitOfWork, sheet: Sheet, typed: Sequence[tuple[SheetRow, str]]
) -> dict[str, uuid.UUID]:
    """The asset types by name in lower case; notes the rows whose type is no type of assets."""
    rows = work.session.execute(
        sa.select(EntityType.id, EntityType.name, EntityType.kind)
        .where(EntityType.deleted_at.is_(None))
        .order_by(EntityType.created_at)
    ).all()
    others = {name.casefold() for _, name, kind in rows if kind is not None}
    for row, name in typed:
        if name.casefold() in others:
            sheet.wrong(row, "type", f"'{name}' is not a type of assets")
    found: dict[str, uuid.UUID] = {}
    for id_, name, kind in rows:
        if kind is None:
            found.setdefault(name.casefold(), id_)
    return found


def _make_types(work: UnitOfWork, types: dict[str, uuid.UUID], names: Sequence[str]) -> None:
    missing: dict[str, str] = {}
    for name in names:
        if name.casefold() not in types:
            missing.setdefault(name.casefold(), name)
    try:
        made = work.execute([Create(facet("AssetType"), {"name": name}) for name in missing.values()])
    except Forbidden:
        first = next(iter(missing.values()))
        raise Forbidden(f"There is no asset type '{first}', and your role may not make one.") from None
    types.update(zip(missing, (result.id for result in made), strict=True))


def _matched(
    work: UnitOfWork, project_id: uuid.UUID, rows: Sequence[SheetRow]
) -> list[tuple[SheetRow, uuid.UUID | None]]:
    """Each row with the asset that it is about, when that exists."""
    existing: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    for asset in entities_named(work, project_id, "Asset", (row.values["name"] for row in rows)):
        existing.setdefault((asset.entity_type_id, asset.name), asset.id)
    return [(row, existing.get((row.values["entity_type_id"], row.values["name"]))) for row in rows]
