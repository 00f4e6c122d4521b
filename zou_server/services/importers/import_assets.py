"""Assets from a CSV file; the asset types that it names are made when they do not exist."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.production import EntityType
from zou_server.models.registry import facet
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.export_lists import MAIN_PACK
from zou_server.services.importers.import_entities import EntityPlan, ProjectPlace, import_entities
from zou_server.services.importers.import_shots import make_episodes, named_entities
from zou_server.services.importers.match import Existing
from zou_server.services.importers.names import Names
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.project_columns import ProjectColumns
from zou_server.services.importers.tables.columns import ImportColumn, held_by, text
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

COLUMNS = (
    ImportColumn("type", ("Type", "Category"), held_by("AssetType", "name"), required=True),
    ImportColumn("name", ("Name",), held_by("Asset", "name"), required=True),
    ImportColumn("episode", ("Episode",), held_by("Episode", "name")),
    ImportColumn("description", ("Description",), held_by("Asset", "description")),
    ImportColumn("data.resolution", ("Resolution",), text),
    ImportColumn("ready_for", ("Ready for",), text),
)


class AssetTree:
    """An asset is known by its name and type, a type by its name whatever its case.

    In a series an asset may be made for an episode, or for all of them: `MP`, the main pack.
    """

    needs = ("type", "name")

    def __init__(self, work: UnitOfWork, project: ProjectPlace, columns: ProjectColumns) -> None:
        self._work, self._project, self._columns = work, project, columns
        self._types = Names(work, facet("AssetType"))
        self._sheet: Sheet | None = None
        self._others: set[str] = set()
        self._type_names: set[str] = set()
        self._wanted: dict[str, int] = {}
        self._wanted_episodes: dict[str, int] = {}
        self._episodes: dict[str, uuid.UUID] = {}

    def read(self, sheet: Sheet) -> None:
        """Learn which types are no types of assets."""
        self._sheet = sheet
        self._others = _types_of_other_kinds(self._work)

    def key(self, row: SheetRow) -> tuple[str, str]:
        """The type and the name; notes types that are none of assets, and episodes where there are none."""
        assert self._sheet is not None  # noqa: S101 - a tree is read first
        type_ = row.cells.get("type", "")
        name = type_.casefold()
        self._type_names.add(name)
        if name in self._others:
            self._sheet.wrong(row, "type", f"'{type_}' is not a type of assets")
        if row.cells.get("episode") and not self._project.is_series:
            self._sheet.wrong(row, "episode", "only a series (production type 'tvshow') has episodes")
        return name, row.cells.get("name", "")

    def existing(self) -> Existing:
        """The assets of the project."""
        types = {id_: name for name in self._type_names if (id_ := self._types.find(name)) is not None}
        for asset in named_entities(self._work, self._project.id, "Asset"):
            type_name = types.get(asset.entity_type_id)
            if type_name is not None:
                yield (type_name, returned(asset.name)), asset.id

    def complete(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - one row of many
        """The step that the asset is ready for, and its episode."""
        values = row.values
        if is_new and "type" in row.cells:
            self._wanted.setdefault(row.cells["type"], row.line)
        values.pop("type", None)
        episode = values.pop("episode", None)
        if episode == MAIN_PACK and not is_new:
            values["source_id"] = None
        elif episode and episode != MAIN_PACK:
            self._wanted_episodes.setdefault(episode, row.line)
            values[_SOURCE] = episode
        if "ready_for" in values and self._sheet is not None:
            try:
                values["ready_for"] = self._columns.step(values["ready_for"])
            except ValueError as error:
                self._sheet.wrong(row, "ready_for", str(error))

    def make(self, outcome: Outcome) -> None:
        """Make the types and episodes that are missing."""
        wanted = self._wanted
        try:
            self._types.make(outcome, wanted)
        except Forbidden:
            first = next(name for name in wanted if self._types.find(name) is None)
            message = f"There is no asset type '{first}', and your role may not make one."
            raise Forbidden(message) from None
        if self._wanted_episodes:
            for episode in named_entities(self._work, self._project.id, "Episode"):
                self._episodes.setdefault(returned(episode.name), episode.id)
            self._episodes |= make_episodes(outcome, self._project.id, self._episodes, self._wanted_episodes)

    def hang(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - the same
        """Give an asset its type and its episode."""
        if is_new:
            row.values["entity_type_id"] = self._types.find(row.cells["type"])
        if _SOURCE in row.values:
            row.values["source_id"] = self._episodes[row.values.pop(_SOURCE)]


_SOURCE = "source"
"""The name of an asset's episode among its values, until it is an id."""


def _types_of_other_kinds(work: UnitOfWork) -> set[str]:
    names = work.session.scalars(
        sa.select(EntityType.name).where(EntityType.deleted_at.is_(None), EntityType.kind.is_not(None))
    )
    return {name.casefold() for name in names}


ASSETS = EntityPlan("Asset", COLUMNS, AssetTree)


def import_assets(
    work: UnitOfWork, file: TableFile, project_id: uuid.UUID, *, update: bool = False
) -> Outcome:
    """Import a file of a project's assets; all of it or nothing."""
    return import_entities(Outcome(work, facet("Asset")), ASSETS, project_id, file, update=update)
