"""Shots from a CSV file; the episodes and sequences that it names are made when they do not exist."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.services.importers.columns import Column, count, decimal, held_by, text, whole
from zou_server.services.importers.entities import (
    among,
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
    Column("episode", ("Episode",), held_by("Episode", "name")),
    Column("sequence", ("Sequence",), held_by("Sequence", "name"), required=True),
    Column("name", ("Name",), held_by("Shot", "name"), required=True),
    Column("description", ("Description",), held_by("Shot", "description")),
    Column("nb_frames", ("Nb Frames", "Frames"), count),
    Column("data.frame_in", ("Frame In", "In"), whole),
    Column("data.frame_out", ("Frame Out", "Out"), whole),
    Column("data.fps", ("FPS",), decimal),
    Column("data.resolution", ("Resolution",), text),
)

Place = tuple[str | None, str]
"""A sequence by the name of its episode and its own."""


def import_shots(
    work: UnitOfWork, project_id: uuid.UUID, content: bytes, *, update: bool = False
) -> list[uuid.UUID]:
    """Import a file and return the ids of its shots, in its order; all of it or nothing.

    A shot is known by its name and sequence. One that exists stays as it is unless `update`; then
    its cells that are not empty replace its values. Without a column `Episode`, a sequence that
    exists is found in whatever episode it is. Raises Invalid naming every wrong line and column.
    """
    require_importer(work.actor, project_id)
    sheet = read_sheet(work, project_id, "Shot", COLUMNS, content)
    for row in sheet.rows:
        _complete_frames(sheet, row)
    placed = [(row, _place(row)) for row in sheet.rows]
    refuse_repeated(sheet, ((row, (*place, row.values.get("name", ""))) for row, place in placed if place[1]))
    sequences = _existing_sequences(work, project_id, sheet, placed)
    sheet.problems.raise_if_any()
    work.execute(sheet.new_fields)
    _make_sequences(work, project_id, sequences, [place for _, place in placed])
    # Held here, so that the pipeline finds all parents in the session instead of one by one in the database.
    parents = work.session.scalars(sa.select(Entity).where(among(Entity.id, set(sequences.values())))).all()
    for row, place in placed:
        row.values.update(project_id=project_id, parent_id=sequences[place])
    ids = write_rows(work, "Shot", _matched(work, project_id, sheet.rows), update=update)
    del parents
    return ids


def _complete_frames(sheet: Sheet, row: SheetRow) -> None:
    """The number of frames is that from the first to the last, unless the file says it."""
    data = row.values.get("data", {})
    first, last = data.get("frame_in"), data.get("frame_out")
    if first is None or last is None:
        return
    if last < first:
        sheet.wrong(row, "data.frame_out", f"'{last}' comes before the first frame, {first}")
    row.values.setdefault("nb_frames", last - first + 1)


def _place(row: SheetRow) -> Place:
    return (row.values.pop("episode", None), row.values.pop("sequence", ""))


def _existing_sequences(
    work: UnitOfWork, project_id: uuid.UUID, sheet: Sheet, placed: Sequence[tuple[SheetRow, Place]]
) -> dict[Place, uuid.UUID]:
    """The sequences that the rows name and that exist."""
    names = {place[1] for _, place in placed}
    found = entities_named(work, project_id, "Sequence", names)
    episodes = _names(work, {sequence.parent_id for sequence in found if sequence.parent_id})
    existing: dict[Place, uuid.UUID] = {}
    for sequence in found:
        existing.setdefault((episodes.get(sequence.parent_id), sequence.name), sequence.id)
    if "episode" not in sheet.headings:
        _find_in_episodes(sheet, placed, found, existing)
    return existing


def _names(work: UnitOfWork, ids: set[uuid.UUID]) -> dict[uuid.UUID, str | None]:
    rows = work.session.execute(
        sa.select(Entity.id, Entity.name).where(among(Entity.id, ids), Entity.kind == "Episode")
    )
    return {row.id: row.name for row in rows}


def _find_in_episodes(
    sheet: Sheet,
    placed: Sequence[tuple[SheetRow, Place]],
    found: Sequence[Any],
    existing: dict[Place, uuid.UUID],
) -> None:
    """In a file without episodes a sequence may be in any, as long as it is clear in which."""
    by_name: dict[str, list[uuid.UUID]] = {}
    for sequence in found:
        by_name.setdefault(sequence.name, []).append(sequence.id)
    for row, place in placed:
        candidates = by_name.get(place[1], [])
        if place in existing or not candidates:
            continue
        if len(candidates) > 1:
            sheet.wrong(
                row, "sequence", f"'{place[1]}' is in {len(candidates)} episodes; add a column Episode"
            )
        existing[place] = candidates[0]


def _make_sequences(
    work: UnitOfWork, project_id: uuid.UUID, sequences: dict[Place, uuid.UUID], places: Sequence[Place]
) -> None:
    """Make the sequences that are missing, and the episodes they are missing."""
    missing = [place for place in dict.fromkeys(places) if place not in sequences]
    episodes = _episodes(work, project_id, list(dict.fromkeys(name for name, _ in missing if name)))
    made = work.execute(
        [
            Create(
                facet("Sequence"),
                {"name": name, "project_id": project_id, "parent_id": episodes[episode] if episode else None},
            )
            for episode, name in missing
        ]
    )
    sequences.update(zip(missing, (result.id for result in made), strict=True))


def _episodes(work: UnitOfWork, project_id: uuid.UUID, names: Sequence[str]) -> dict[str, uuid.UUID]:
    """The episodes by name, made when they are missing."""
    found: dict[str, uuid.UUID] = {}
    for episode in entities_named(work, project_id, "Episode", names) if names else ():
        found.setdefault(episode.name, episode.id)
    missing = [name for name in names if name not in found]
    made = work.execute(
        [Create(facet("Episode"), {"name": name, "project_id": project_id}) for name in missing]
    )
    found.update(zip(missing, (result.id for result in made), strict=True))
    return found


def _matched(
    work: UnitOfWork, project_id: uuid.UUID, rows: Sequence[SheetRow]
) -> list[tuple[SheetRow, uuid.UUID | None]]:
    """Each row with the shot that it is about, when that exists."""
    existing: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
    for shot in entities_named(work, project_id, "Shot", (row.values["name"] for row in rows)):
        existing.setdefault((shot.parent_id, shot.name), shot.id)
    return [(row, existing.get((row.values["parent_id"], row.values["name"]))) for row in rows]
