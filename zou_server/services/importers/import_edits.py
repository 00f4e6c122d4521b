"""Edits from a CSV file; the episodes that it names are made when they do not exist."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from zou_server.models.registry import facet
from zou_server.services.exporters.cells import returned
from zou_server.services.importers.import_entities import EntityPlan, ProjectPlace, import_entities
from zou_server.services.importers.import_shots import make_episodes, named_entities
from zou_server.services.importers.match import Existing
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.project_columns import ProjectColumns
from zou_server.services.importers.tables.columns import ImportColumn, held_by, text
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

COLUMNS = (
    ImportColumn("episode", ("Episode",), held_by("Episode", "name")),
    ImportColumn("name", ("Name",), held_by("Edit", "name"), required=True),
    ImportColumn("description", ("Description",), held_by("Edit", "description")),
    ImportColumn("data.resolution", ("Resolution",), text),
)


class EditTree:
    """Edits hang in episodes or on the project; one is known by the name of its episode and its own."""

    needs = ("name",)

    def __init__(self, work: UnitOfWork, project: ProjectPlace, _columns: ProjectColumns) -> None:
        self._work, self._project = work, project
        self._episodes: dict[str, uuid.UUID] = {}
        self._wanted: dict[str | None, int] = {}

    def read(self, sheet: Sheet) -> None:  # noqa: ARG002 - what every tree is given
        """Learn the episodes that exist."""
        for episode in named_entities(self._work, self._project.id, "Episode"):
            self._episodes.setdefault(returned(episode.name), episode.id)

    def key(self, row: SheetRow) -> tuple[str | None, str]:
        """The episode and the name."""
        return row.cells.get("episode"), row.cells.get("name", "")

    def existing(self) -> Existing:
        """The edits of the project."""
        names = {id_: name for name, id_ in self._episodes.items()}
        for edit in named_entities(self._work, self._project.id, "Edit"):
            yield (names.get(edit.episode_id), returned(edit.name)), edit.id

    def complete(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - one row of many
        """An episode is where the edit hangs, no value of it."""
        row.values.pop("episode", None)
        if is_new:
            self._wanted.setdefault(row.cells.get("episode"), row.line)

    def make(self, outcome: Outcome) -> None:
        """Make the episodes that are missing."""
        self._episodes |= make_episodes(outcome, self._project.id, self._episodes, self._wanted)

    def hang(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - the same
        """Hang a new edit in its episode."""
        if is_new and "episode" in row.cells:
            row.values["parent_id"] = self._episodes[row.cells["episode"]]


EDITS = EntityPlan("Edit", COLUMNS, EditTree)


def import_edits(
    work: UnitOfWork, file: TableFile, project_id: uuid.UUID, *, update: bool = False
) -> Outcome:
    """Import a file of a project's edits; all of it or nothing."""
    return import_entities(Outcome(work, facet("Edit")), EDITS, project_id, file, update=update)
