"""Casting from a CSV file: which assets a shot or an asset uses, how many times, in which role.

A line states a link, so links that exist follow the file unless `update` is false; links that the file does
not name stay. Source: docs/protocols/zou.md 11.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou_server.models.production import Entity, EntityLink
from zou_server.models.registry import facet
from zou_server.services.exporters.export_lists import LAYOUTS
from zou_server.services.importers.entities_by_name import EntitiesByName
from zou_server.services.importers.import_entities import project_place, require_importer
from zou_server.services.importers.match import Existing, exported, match, read_matched
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.columns import ImportColumn, count, held_by, text
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, read_known
from zou_server.services.importers.write_matched import write_all_matched

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

COLUMNS = (
    ImportColumn("episode", ("Episode",), text),
    ImportColumn("parent", ("Parent",), text, required=True),
    ImportColumn("name", ("Name",), text, required=True),
    ImportColumn("asset_type", ("Asset Type",), text, required=True),
    ImportColumn("asset", ("Asset",), text, required=True),
    ImportColumn("nb_occurences", ("Occurences", "Occurrences", "Nb Occurences"), count),
    ImportColumn("label", ("Label",), held_by("EntityLink", "label")),
)
PLACE = ("episode", "parent", "name", "asset_type", "asset")
USERS = frozenset({"Shot", "Asset"})
"""Kinds that a line can name as what uses an asset."""

ASSETS = frozenset({"Asset"})


def import_casting(
    work: UnitOfWork, file: TableFile, project_id: uuid.UUID, *, update: bool = True
) -> Outcome:
    """Import a file of a project's casting; all of it or nothing."""
    require_importer(work.actor, project_id)
    outcome = Outcome(work, facet("EntityLink"))
    project = project_place(work, project_id)
    sheet = read_known(file, COLUMNS, ("Project",))
    names = EntitiesByName(work, project_id)
    rows = sheet.keyed(lambda row: _ends(sheet, row, names, is_series=project.is_series))
    stands = exported(work, LAYOUTS["casting"]) if update else None
    found = match(sheet, rows, _existing(work, project_id), "asset")
    matched = read_matched(sheet, found, (), stands, _complete)
    sheet.problems.raise_if_any()
    write_all_matched(outcome, "EntityLink", matched, _link)
    return outcome


def _complete(row: SheetRow, is_new: bool) -> None:  # noqa: ARG001, FBT001 - what completes a row
    for target in PLACE:
        row.values.pop(target, None)


def _link(row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - the same
    if is_new and isinstance(row.key, tuple):
        row.values["entity_in_id"], row.values["entity_out_id"] = row.key


def _ends(sheet: Sheet, row: SheetRow, names: EntitiesByName, *, is_series: bool) -> Hashable:
    """What the line is about; its own line where it cannot be told."""
    if not sheet.require(row, ("parent", "name", "asset_type", "asset")):
        return row.line
    cells = row.cells
    episode = cells.get("episode", "") if is_series and sheet.has("episode") else None
    try:
        user = names.find(cells["name"], parent=cells["parent"], episode=episode, kinds=USERS)
    except ValueError as error:
        sheet.wrong(row, "name", str(error))
        user = None
    try:
        asset = names.find(cells["asset"], type_=cells["asset_type"], kinds=ASSETS)
    except ValueError as error:
        sheet.wrong(row, "asset", str(error))
        asset = None
    return row.line if user is None or asset is None else (user, asset)


def _existing(work: UnitOfWork, project_id: uuid.UUID) -> Existing:
    user = aliased(Entity)
    rows = work.session.execute(
        sa.select(EntityLink.id, EntityLink.entity_in_id, EntityLink.entity_out_id)
        .join(user, EntityLink.entity_in_id == user.id)
        .where(user.project_id == project_id, EntityLink.deleted_at.is_(None))
        .order_by(EntityLink.created_at, EntityLink.id)
    )
    for id_, entity_in, entity_out in rows:
        yield (entity_in, entity_out), id_
