"""Tasks from a CSV file of the whole studio, as the seed's route takes them.

Columns: those of exports, and those of 2017 (docs/protocols/zou.md 1): Shot or Asset Type and Asset in place
of Entity Type and Entity, Assignee in place of Assignees. Durations and estimations are hours. A task is
known by its entity, its step and its name; what it hangs on must exist.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Forbidden
from zou_server.models.person import Department
from zou_server.models.registry import facet
from zou_server.models.task import Task, TaskType
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.export_lists import LAYOUTS
from zou_server.services.importers.entities_by_name import EntitiesByName
from zou_server.services.importers.match import Existing, Matched, exported, match, read_matched
from zou_server.services.importers.names import Names, People, Statuses, among
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.columns import ImportColumn, held_by, hours, moment, text
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, read_known
from zou_server.services.importers.write_matched import write_matched
from zou_server.services.importers.write_tasks import comment

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

COLUMNS = (
    ImportColumn("project", ("Project",), text, required=True),
    ImportColumn("department", ("Department",), text),
    ImportColumn("task_type", ("Task Type",), text, required=True),
    ImportColumn("entity_type", ("Entity Type",), text),
    ImportColumn("entity", ("Entity",), text),
    ImportColumn("episode", ("Episode",), text),
    ImportColumn("sequence", ("Sequence",), text),
    ImportColumn("shot", ("Shot",), text),
    ImportColumn("asset_type", ("Asset Type",), text),
    ImportColumn("asset", ("Asset",), text),
    ImportColumn("name", ("Name",), held_by("Task", "name")),
    ImportColumn("assigner_id", ("Assigner",), text),
    ImportColumn("assignees", ("Assignees", "Assignee"), text),
    ImportColumn("duration", ("Duration",), hours),
    ImportColumn("estimation", ("Estimation",), hours),
    ImportColumn("start_date", ("Start date",), moment),
    ImportColumn("real_start_date", ("Real start date",), moment),
    ImportColumn("end_date", ("End date",), moment),
    ImportColumn("due_date", ("Due date",), moment),
    ImportColumn("status", ("Task Status", "Status"), text),
)
PLACE = (
    "project",
    "department",
    "task_type",
    "entity_type",
    "entity",
    "episode",
    "sequence",
    "shot",
    "asset_type",
    "asset",
)
MAIN = "main"


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a task: two steps may have one name, and then their tasks are told by their order."""

    project: uuid.UUID
    entity: uuid.UUID | None
    step: tuple[str, str]
    name: str


def import_tasks(work: UnitOfWork, file: TableFile, *, update: bool = False) -> Outcome:
    """Import a file of tasks; all of it or nothing. One that exists stays as it is unless `update`."""
    if work.actor.role not in {"admin", "manager", "supervisor"} and not work.actor.project_roles:
        raise Forbidden("Your role does not let you import tasks.")
    outcome = Outcome(work, facet("Task"))
    sheet = read_known(file, _columns(work), ("Time Spent",))
    places = _Places(work, sheet)
    rows = sheet.keyed(places.key)
    matched = match(sheet, rows, _existing(work, rows, by_department=sheet.has("department")), "task_type")
    stands = exported(work, LAYOUTS["tasks"]) if update else None
    found = read_matched(sheet, matched, ("task_type",), stands, places.complete)
    sheet.problems.raise_if_any()
    for share in found.shares():
        _write(outcome, share)
    return outcome


def _columns(work: UnitOfWork) -> Sequence[ImportColumn]:
    """The columns, with readers that know this studio's people and statuses."""
    people, statuses = People(work), Statuses(work)
    reads = {"assigner_id": people.one, "assignees": people.several, "status": statuses.read}
    return [
        ImportColumn(each.target, each.headings, reads.get(each.target, each.read), each.required)
        for each in COLUMNS
    ]


class _Places:
    """What the lines are about: projects, entities and steps by their names."""

    def __init__(self, work: UnitOfWork, sheet: Sheet) -> None:
        self._work, self._sheet = work, sheet
        self._projects = Names(work, facet("Project"))
        self._entities: dict[uuid.UUID, EntitiesByName] = {}
        self._steps: dict[str, list[tuple[uuid.UUID, str, str | None]]] = {}
        rows = work.session.execute(
            sa.select(TaskType.id, TaskType.name, TaskType.for_entity, Department.name)
            .outerjoin(Department, TaskType.department_id == Department.id)
            .where(TaskType.deleted_at.is_(None))
            .order_by(TaskType.priority, TaskType.created_at)
        )
        for id_, name, for_entity, department in rows:
            known = (id_, returned(department).casefold(), for_entity)
            self._steps.setdefault(returned(name).casefold(), []).append(known)

    def key(self, row: SheetRow) -> Hashable:
        """What tells the task of a line from others; the line where that cannot be told."""
        if not self._sheet.require(row, ("project",)):
            return row.line
        try:
            project = self._project(row.cells["project"])
            entity = self._entity(row, project)
        except _Unknown as error:
            self._sheet.wrong(row, error.target, str(error))
            return row.line
        step = (row.cells.get("task_type", ""), row.cells.get("department", ""))
        return Key(project, entity, (step[0].casefold(), step[1].casefold()), row.cells.get("name", MAIN))

    def _project(self, name: str) -> uuid.UUID:
        found = self._projects.find(name)
        if found is None or self._work.actor.role_in(found) is None:
            raise _Unknown("project", f"there is no project '{name[:80]}'")
        return found

    @staticmethod
    def _is_asset(row: SheetRow) -> bool | None:
        """Whether the task is of an asset, None where the line does not say what it is of."""
        if {"asset", "asset_type"} & row.cells.keys():
            return True
        kind = row.cells.get("entity_type")
        return None if kind is None else kind.casefold() not in _KINDS

    def _entity(self, row: SheetRow, project: uuid.UUID) -> uuid.UUID | None:
        names = self._entities.setdefault(project, EntitiesByName(self._work, project))
        cells = row.cells
        target = next((each for each in ("shot", "asset", "entity") if each in cells), None)
        if target is None:
            return None
        kinds, type_ = {
            "shot": (frozenset({"Shot"}), None),
            "asset": (frozenset({"Asset"}), cells.get("asset_type")),
            "entity": (None, cells.get("entity_type")),
        }[target]
        is_asset = self._is_asset(row)
        sequence, episode = (None if is_asset else self._said(row, each) for each in ("sequence", "episode"))
        try:
            return names.find(cells[target], parent=sequence, type_=type_, episode=episode, kinds=kinds)
        except ValueError as error:
            raise _Unknown(target, str(error)) from None

    def _said(self, row: SheetRow, target: str) -> str | None:
        """A cell, where the file has a column for it."""
        return row.cells.get(target, "") if self._sheet.has(target) else None

    def complete(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - one row of many
        """Leave what is the task's own, and say where a new one hangs; it is not yet commented on."""
        for target in PLACE:
            row.values.pop(target, None)
        if not is_new:
            row.values.pop("name", None)
            return
        step = self.step(row)
        if isinstance(row.key, Key):
            place = {"project_id": row.key.project, "entity_id": row.key.entity, "task_type_id": step}
            row.values.update(place)

    def step(self, row: SheetRow) -> uuid.UUID | None:
        """The task type of a new task; notes a line that names none."""
        name, department = row.cells.get("task_type", ""), row.cells.get("department", "").casefold()
        found = self._steps.get(name.casefold(), [])
        wanted = [each for each in found if not department or each[1] == department]
        if not wanted:
            if name:
                self._sheet.wrong(row, "task_type", f"there is no task type '{name[:40]}'")
            return None
        is_asset = self._is_asset(row)
        fitting = [each for each in wanted if is_asset is None or (each[2] == "Asset") is is_asset]
        return (fitting or wanted)[0][0]


_KINDS = frozenset({"shot", "sequence", "episode", "edit", "scene", "concept"})
"""What a column Entity Type may say that is no type of assets."""


class _Unknown(ValueError):
    """A cell names something that does not exist."""

    def __init__(self, target: str, message: str) -> None:
        super().__init__(message)
        self.target = target


def _existing(work: UnitOfWork, rows: Kept[SheetRow], *, by_department: bool) -> Existing:
    """The tasks of what the rows are about, looked up for some rows at a time."""
    looked_at: set[uuid.UUID | None] = set()
    for share in rows.shares():
        keys = [row.key for row in share if isinstance(row.key, Key)]
        entities = {key.entity for key in keys if key.entity is not None} - looked_at
        projects = {key.project for key in keys if key.entity is None} - looked_at
        looked_at |= entities | projects
        yield from _tasks_of(work, entities, projects, by_department=by_department)


def _tasks_of(
    work: UnitOfWork,
    entities: Collection[uuid.UUID | None],
    projects: Collection[uuid.UUID],
    *,
    by_department: bool,
) -> Existing:
    """The tasks of some entities and those of projects that are of no entity."""
    of_projects = sa.and_(Task.entity_id.is_(None), among(Task.project_id, projects))
    rows = work.session.execute(
        sa.select(Task.id, Task.project_id, Task.entity_id, Task.name, TaskType.name, Department.name)
        .outerjoin(TaskType, Task.task_type_id == TaskType.id)
        .outerjoin(Department, TaskType.department_id == Department.id)
        .where(sa.or_(among(Task.entity_id, entities), of_projects), Task.deleted_at.is_(None))
        .order_by(Task.created_at, Task.id)
    )
    for id_, project, entity, name, step, department in rows:
        if project is not None:
            named = (returned(step).casefold(), returned(department).casefold() if by_department else "")
            yield Key(project, entity, named, returned(name)), id_


def _write(outcome: Outcome, matched: Sequence[Matched]) -> None:
    told: list[dict[str, Any]] = [
        {"status": row.values.pop("status")} if "status" in row.values else {} for row, _ in matched
    ]
    ids = write_matched(outcome, "Task", matched)
    lines = [(row.line, id_, parts) for (row, _), id_, parts in zip(matched, ids, told, strict=True) if parts]
    new = {id_ for (_, existing), id_ in zip(matched, ids, strict=True) if existing is None}
    comment(outcome, lines, new)
    outcome.ids.extend(ids)
