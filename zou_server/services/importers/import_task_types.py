"""Task types from a CSV file; the departments that it names are made when they do not exist.

The seed announced this route and no Zou ever had it. A task type is known by its name, its department, and
what it is for where the file says so.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.person import Department
from zou_server.models.registry import facet
from zou_server.models.task import TaskType
from zou_server.services.exporters.cells import returned
from zou_server.services.importers.match import match, read_matched
from zou_server.services.importers.names import NamedLink
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.columns import ImportColumn, held_by, text
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, read_known
from zou_server.services.importers.write_matched import require_maker, write_all_matched

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

USES = ("Asset", "Shot", "Sequence", "Episode", "Edit", "Concept", "Scene")


def _use(cell: str) -> str:
    found = next((use for use in USES if use.casefold() == cell.casefold()), None)
    if found is None:
        raise ValueError(f"'{cell[:40]}' is none of {', '.join(USES)}")
    return found


COLUMNS = (
    ImportColumn("department", ("Department",), text),
    ImportColumn("name", ("Name",), held_by("TaskType", "name"), required=True),
    ImportColumn("short_name", ("Short Name",), held_by("TaskType", "short_name")),
    ImportColumn("color", ("Color",), held_by("TaskType", "color")),
    ImportColumn("for_entity", ("For Entity", "Entity Type"), _use),
)


def import_task_types(work: UnitOfWork, file: TableFile, *, update: bool = False) -> Outcome:
    """Import a file of task types; all of it or nothing. One that exists stays as it is unless `update`."""
    require_maker(work.actor, "TaskType")
    outcome = Outcome(work, facet("TaskType"))
    sheet = read_known(file, COLUMNS)
    existing = _existing(work)
    departments = NamedLink(work, facet("Department"), "department", "department_id")
    known = ((_key_of(sheet, each.department, each.name, each.for_entity), each.id) for each in existing)
    found = match(sheet, sheet.keyed(lambda row: _key(sheet, row)), known, "name")
    stands = {each.id: _stands(each) for each in existing}
    said = (lambda _: stands) if update else None
    matched = read_matched(sheet, found, ("name",), said, departments.note)
    sheet.problems.raise_if_any()
    departments.make(outcome)
    write_all_matched(outcome, "TaskType", matched, departments.put)
    return outcome


def _key(sheet: Sheet, row: SheetRow) -> Hashable:
    cells = row.cells
    return _key_of(sheet, cells.get("department"), cells.get("name"), cells.get("for_entity"))


def _key_of(sheet: Sheet, department: str | None, name: str | None, for_entity: str | None) -> Hashable:
    """What a task type is known by, as far as the file has columns for it."""
    told = (("department", department), ("for_entity", for_entity))
    return (
        returned(name).casefold(),
        *(returned(value).casefold() for target, value in told if sheet.has(target)),
    )


def _existing(work: UnitOfWork) -> Sequence[Any]:
    return work.session.execute(
        sa.select(
            TaskType.id,
            TaskType.name,
            TaskType.short_name,
            TaskType.color,
            TaskType.for_entity,
            Department.name.label("department"),
        )
        .outerjoin(Department, TaskType.department_id == Department.id)
        .where(TaskType.deleted_at.is_(None))
        .order_by(TaskType.priority, TaskType.created_at, TaskType.id)
    ).all()


def _stands(row: Any) -> dict[str, Any]:
    return {column.target: getattr(row, column.target) for column in COLUMNS}
