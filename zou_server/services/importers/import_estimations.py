"""Estimations and dates of the tasks of one step from a CSV file, as Kitsu's estimation page writes it.

A line states what is planned for a task, so tasks follow the file unless `update` is false.
Source: docs/protocols/zou.md 11.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.models.task import Task
from zou_server.services.importers.entities_by_name import EntitiesByName
from zou_server.services.importers.import_entities import require_importer
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.columns import (
    ImportColumn,
    count,
    held_by,
    minutes_of,
    moment,
    text,
)
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, read_known
from zou_server.services.tasks.hours_of_days import read_hours
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def columns(hours_by_day: float) -> tuple[ImportColumn, ...]:
    """The columns of a project whose days have so many hours."""
    return (
        ImportColumn("parent", ("Parent",), text),
        ImportColumn("entity", ("Entity",), text, required=True),
        ImportColumn("estimation", ("Estimation",), minutes_of(60 * hours_by_day)),
        ImportColumn("nb_drawings", ("Drawings", "Nb Drawings"), count),
        ImportColumn("start_date", ("Start date",), moment),
        ImportColumn("due_date", ("Due date",), moment),
        ImportColumn("difficulty", ("Difficulty",), held_by("Task", "difficulty")),
    )


COLUMNS = columns(8)
PLANNED = ("estimation", "nb_drawings", "start_date", "due_date", "difficulty")


def import_estimations(
    work: UnitOfWork,
    file: TableFile,
    project_id: uuid.UUID,
    task_type_id: uuid.UUID,
    episode_id: uuid.UUID | None = None,
    *,
    update: bool = True,
) -> Outcome:
    """Import a file of estimations of a step, of an episode's tasks where that is given."""
    require_importer(work.actor, project_id)
    outcome = Outcome(work, facet("Task"))
    hours_by_day = read_hours(work.session).hours(project_id)
    sheet = read_known(file, columns(hours_by_day), ("Project", "Episode", "Assignees"))
    tasks = _by_entity(work, project_id, task_type_id, episode_id)
    found = _tasks(sheet, EntitiesByName(work, project_id), tasks, update=update)
    sheet.problems.raise_if_any()
    for share in found.shares():
        planned = [(row.line, Update(facet("Task"), id_, row.values)) for row, id_ in share if row.values]
        outcome.execute(planned)
        outcome.ids.extend(id_ for _, id_ in share)
    return outcome


def _tasks(
    sheet: Sheet, names: EntitiesByName, tasks: Mapping[uuid.UUID, uuid.UUID], *, update: bool
) -> Kept[tuple[SheetRow, uuid.UUID]]:
    """Each line, read, with the task that it is about; notes the lines that are about none."""
    found: Kept[tuple[SheetRow, uuid.UUID]] = Kept()
    lines: dict[uuid.UUID, int] = {}
    for row in sheet.rows:
        if update:
            sheet.read(row, PLANNED)
            _refuse_end_before_start(sheet, row)
        if not sheet.require(row, ("entity",)):
            continue
        try:
            entity = names.find(row.cells["entity"], parent=row.cells.get("parent"), among=tasks)
        except ValueError as error:
            sheet.wrong(row, "entity", str(error))
            continue
        if entity in lines:
            sheet.wrong(row, "entity", f"'{row.cells['entity']}' is on line {lines[entity]} already")
        lines.setdefault(entity, row.line)
        found.append((row, tasks[entity]))
    return found


def _by_entity(
    work: UnitOfWork, project_id: uuid.UUID, task_type_id: uuid.UUID, episode_id: uuid.UUID | None
) -> dict[uuid.UUID, uuid.UUID]:
    """The tasks of the step by their entities; of several, the oldest."""
    wanted: list[Any] = [
        Task.project_id == project_id,
        Task.task_type_id == task_type_id,
        Task.deleted_at.is_(None),
    ]
    if episode_id is not None:
        wanted.append(sa.or_(Entity.episode_id == episode_id, Entity.source_id == episode_id))
    rows = work.session.execute(
        sa.select(Task.entity_id, Task.id)
        .join(Entity, Task.entity_id == Entity.id)
        .where(*wanted)
        .order_by(Task.created_at, Task.id)
    )
    found: dict[uuid.UUID, uuid.UUID] = {}
    for entity, id_ in rows:
        if entity is not None:
            found.setdefault(entity, id_)
    return found


def _refuse_end_before_start(sheet: Sheet, row: SheetRow) -> None:
    start, due = row.values.get("start_date"), row.values.get("due_date")
    if start is not None and due is not None and due < start:
        sheet.wrong(row, "due_date", "comes before the start")
