"""The studio's lists as CSV files: people, projects, steps, tasks, time, and a project's casting.

Columns: docs/protocols/zou.md 1 and 11; behind those come the ones without which an import could not tell two
rows apart. Durations are hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import EVERYTHING, All, AnyOf, Condition, Form, Op, Order, Output, Where
from zou_server.services.exporters.table import CsvText, ExportColumn, Layout, Record, csv_text

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

MAIN_PACK = "MP"
"""What stands in a column Episode for the assets of a series that are for all episodes."""


def _complete_casting(cells: list[Any], record: Record) -> None:
    """An asset is found below its type; a series says in which episode, or that it is for all of them."""
    if record["kind"] == "Asset":
        cells[1] = record["entity_type"]
        cells[0] = record["source"] or (MAIN_PACK if record["production_type"] == "tvshow" else None)


LAYOUTS: Mapping[str, Layout] = {
    "persons": Layout(
        "HumanUser",
        (
            ExportColumn("Last Name", "last_name"),
            ExportColumn("First Name", "first_name"),
            ExportColumn("Email", "email"),
            ExportColumn("Phone", "phone"),
            ExportColumn("Role", "role"),
            ExportColumn("Contract Type", "contract_type"),
            ExportColumn("Position", "position"),
            ExportColumn("Seniority", "seniority"),
            ExportColumn("Country", "country"),
            ExportColumn("Daily Salary", "daily_salary"),
            ExportColumn("Studio", "studio.name", "studio"),
            ExportColumn("Departments", "departments", form=Form.LINKS),
            ExportColumn("Active", "active", style="yes"),
        ),
        (Order("last_name"), Order("first_name"), Order("email")),
    ),
    "projects": Layout(
        "Project",
        (ExportColumn("Name", "name"), ExportColumn("Status", "project_status.name", "status")),
        (Order("name"),),
    ),
    "task-types": Layout(
        "TaskType",
        (ExportColumn("Department", "department.name", "department"), ExportColumn("Name", "name")),
        (Order("department.name"), Order("name")),
    ),
    "tasks": Layout(
        "Task",
        (
            ExportColumn("Project", "project.name", "project"),
            ExportColumn("Department", "task_type.department.name", "department"),
            ExportColumn("Task Type", "task_type.name", "task_type"),
            ExportColumn("Entity Type", "entity[Entity].entity_type.name", "entity_type"),
            ExportColumn("Entity", "entity.name", "entity"),
            ExportColumn("Assigner", "assigner.full_name", "assigner_id"),
            ExportColumn("Assignees", "assignees", form=Form.LINKS),
            ExportColumn("Duration", "duration", style="hours"),
            ExportColumn("Estimation", "estimation", style="hours"),
            ExportColumn("Start date", "start_date"),
            ExportColumn("Real start date", "real_start_date"),
            ExportColumn("Due date", "due_date"),
            ExportColumn("Task Status", "task_status.code", "status"),
            ExportColumn("Episode", "entity[Entity].episode.name", "episode"),
            ExportColumn("Sequence", "entity[Entity].sequence.name", "sequence"),
            ExportColumn("Name", "name"),
            ExportColumn("End date", "end_date"),
        ),
        # Rows that look alike come oldest first, as an import looks for them.
        (Order("project.name"), Order("task_type.name"), Order("entity.name"), Order("created_at")),
        Where("project_id", Op.NOT_NULL),
    ),
    "time-spents": Layout(
        "TimeSpent",
        (
            ExportColumn("Project", "task.project.name"),
            ExportColumn("Person", "person.full_name"),
            ExportColumn("Date", "date"),
            ExportColumn("Task Type", "task.task_type.name"),
            ExportColumn("Entity Type", "task.entity[Entity].entity_type.name"),
            ExportColumn("Entity", "task.entity.name"),
            ExportColumn("Duration", "duration", style="hours"),
        ),
        (Order("date"), Order("person.full_name"), Order("task.project.name")),
    ),
    "casting": Layout(
        "EntityLink",
        (
            ExportColumn("Episode", "entity_in.episode.name", "episode"),
            ExportColumn("Parent", "entity_in.sequence.name", "parent"),
            ExportColumn("Name", "entity_in.name", "name"),
            ExportColumn("Asset Type", "entity_out.entity_type.name", "asset_type"),
            ExportColumn("Asset", "entity_out.name", "asset"),
            ExportColumn("Occurences", "nb_occurences"),
            ExportColumn("Label", "label"),
        ),
        (
            Order("entity_in.episode.name"),
            Order("entity_in.sequence.name"),
            Order("entity_in.name"),
            Order("entity_out.name"),
        ),
        AnyOf((Where("entity_in.kind", Op.EQ, "Shot"), Where("entity_in.kind", Op.EQ, "Asset"))),
        beside=(
            Output("kind", "entity_in.kind"),
            Output("entity_type", "entity_in.entity_type.name"),
            Output("source", "entity_in.source.name"),
            Output("production_type", "entity_in.project.production_type"),
        ),
        complete=_complete_casting,
    ),
}
"""Name of a file -> what it holds."""


def export_list(reader: Reader, name: str, where: Condition = EVERYTHING) -> CsvText:
    """The file of a list: of the rows that satisfy a condition and that the reader's actor may see."""
    return csv_text(reader, LAYOUTS[name], All((where,)))
