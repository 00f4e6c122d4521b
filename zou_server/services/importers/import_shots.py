"""Shots from a CSV file; the episodes and sequences that it names are made when they do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.services.exporters.cells import returned
from zou_server.services.importers.import_entities import EntityPlan, ProjectPlace, import_entities
from zou_server.services.importers.match import Existing
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.project_columns import ProjectColumns
from zou_server.services.importers.tables.columns import ImportColumn, count, held_by, rate, text, whole
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, first_lines
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

COLUMNS = (
    ImportColumn("episode", ("Episode",), held_by("Episode", "name")),
    ImportColumn("sequence", ("Sequence",), held_by("Sequence", "name"), required=True),
    ImportColumn("name", ("Name",), held_by("Shot", "name"), required=True),
    ImportColumn("description", ("Description",), held_by("Shot", "description")),
    ImportColumn("nb_frames", ("Nb Frames", "Frames"), count),
    ImportColumn("data.frame_in", ("Frame In", "In"), whole),
    ImportColumn("data.frame_out", ("Frame Out", "Out"), whole),
    ImportColumn("data.fps", ("FPS",), rate),
    ImportColumn("data.resolution", ("Resolution",), text),
)

Place = tuple[str | None, str | None]
"""A sequence by the name of its episode and its own."""


class ShotTree:
    """Shots hang in sequences, sequences perhaps in episodes; a shot is known by their names and its own.

    Without a column `Episode`, a sequence that exists is found in whatever episode it is.
    """

    needs = ("sequence", "name")

    def __init__(self, work: UnitOfWork, project: ProjectPlace, _columns: ProjectColumns) -> None:
        self._work, self._project = work, project
        self._episodes: dict[str, uuid.UUID] = {}
        self._sequences: dict[Place, uuid.UUID] = {}
        self._places_of: dict[str | None, list[Place]] = {}
        self._names: dict[uuid.UUID, str] = {}
        self._wanted: dict[Place, int] = {}
        self._sheet: Sheet | None = None

    def read(self, sheet: Sheet) -> None:
        """Learn the episodes and sequences that exist."""
        self._sheet = sheet
        rows = list(named_entities(self._work, self._project.id, "Episode", "Sequence"))
        self._names = {row.id: returned(row.name) for row in rows}
        for row in rows:
            if row.kind == "Episode":
                self._episodes.setdefault(self._names[row.id], row.id)
        for row in rows:
            if row.kind == "Sequence":
                place = (self._names.get(row.parent_id), self._names[row.id])
                if self._sequences.setdefault(place, row.id) == row.id:
                    self._places_of.setdefault(place[1], []).append(place)

    def _place(self, row: SheetRow) -> Place:
        assert self._sheet is not None  # noqa: S101 - a tree is read first
        episode, sequence = row.cells.get("episode"), row.cells.get("sequence")
        if self._sheet.has("episode") or (None, sequence) in self._sequences:
            return episode, sequence
        places = self._places_of.get(sequence, [])
        if len(places) > 1:
            why = f"'{sequence}' is in {len(places)} episodes; add a column Episode"
            self._sheet.wrong(row, "sequence", why)
        return places[0] if places else (None, sequence)

    def key(self, row: SheetRow) -> tuple[Place, str]:
        """The sequence that the row names, and the name of the shot."""
        return self._place(row), row.cells.get("name", "")

    def existing(self) -> Existing:
        """The shots of the project."""
        for shot in named_entities(self._work, self._project.id, "Shot"):
            place = (self._names.get(shot.episode_id), self._names.get(shot.sequence_id))
            yield (place, returned(shot.name)), shot.id

    def complete(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - one row of many
        """The number of frames is that from the first to the last, unless the file says it."""
        if is_new:
            self._wanted.setdefault(place_of(row), row.line)
        row.values.pop("episode", None)
        row.values.pop("sequence", None)
        if not {"frame_in", "frame_out"} & row.values.get("data", {}).keys():
            return
        first, last = self._frame(row, "data.frame_in"), self._frame(row, "data.frame_out")
        if first is None or last is None:
            return
        if last < first and self._sheet is not None:
            why = f"'{last}' comes before the first frame, {first}"
            self._sheet.wrong(row, "data.frame_out", why)
        if "nb_frames" not in row.cells:
            row.values["nb_frames"] = last - first + 1

    @staticmethod
    def _frame(row: SheetRow, target: str) -> int | None:
        """A frame of the row, also one that it says again."""
        try:
            return whole(row.cells[target]) if target in row.cells else None
        except ValueError:
            return None

    def make(self, outcome: Outcome) -> None:
        """Make the sequences that are missing, and the episodes they are missing."""
        missing = {place: line for place, line in self._wanted.items() if place not in self._sequences}
        self._episodes |= make_episodes(
            outcome, self._project.id, self._episodes, first_lines((p[0], at) for p, at in missing.items())
        )
        made = outcome.execute([(line, self._sequence(place)) for place, line in missing.items()])
        self._sequences.update(zip(missing, (result.id for result in made), strict=True))

    def hang(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - the same
        """Hang a new shot in its sequence."""
        if is_new:
            row.values["parent_id"] = self._sequences[place_of(row)]

    def _sequence(self, place: Place) -> Create:
        episode, name = place
        parent = self._episodes[episode] if episode else None
        values = {"name": name, "project_id": self._project.id, "parent_id": parent}
        return Create(facet("Sequence"), values)


def place_of(row: SheetRow) -> Place:
    """The sequence that was found for a row."""
    place, _ = cast("tuple[Place, str]", row.key)
    return place


def named_entities(work: UnitOfWork, project_id: uuid.UUID, *kinds: str) -> Iterable[Any]:
    """(id, name, kind, parent, sequence, episode, type) of the entities of some kinds, oldest first."""
    return work.session.execute(
        sa.select(
            Entity.id,
            Entity.name,
            Entity.kind,
            Entity.parent_id,
            Entity.sequence_id,
            Entity.episode_id,
            Entity.entity_type_id,
        )
        .where(Entity.project_id == project_id, Entity.kind.in_(kinds), Entity.deleted_at.is_(None))
        .order_by(Entity.created_at, Entity.id)
    )


def make_episodes(
    outcome: Outcome,
    project_id: uuid.UUID,
    existing: Mapping[str, uuid.UUID],
    wanted: Mapping[Any, int],
) -> dict[str, uuid.UUID]:
    """Make the episodes that are missing: name -> the line that asks for it."""
    missing = {name: line for name, line in wanted.items() if name and name not in existing}
    made = outcome.execute(
        [
            (line, Create(facet("Episode"), {"name": name, "project_id": project_id}))
            for name, line in missing.items()
        ]
    )
    return dict(zip(missing, (result.id for result in made), strict=True))


SHOTS = EntityPlan("Shot", COLUMNS, ShotTree)


def import_shots(
    work: UnitOfWork, file: TableFile, project_id: uuid.UUID, *, update: bool = False
) -> Outcome:
    """Import a file of a project's shots; all of it or nothing."""
    return import_entities(Outcome(work, facet("Shot")), SHOTS, project_id, file, update=update)
