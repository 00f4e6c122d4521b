"""The studio's lists as CSV files: people, projects, steps, tasks, time, and a project's casting.

Columns: docs/protocols/zou.md 1 and 11; behind those come the ones without which an import could not tell two
rows apart. Durations are hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import EVERYTHING, All, AnyOf, Condition, Form, Op, Order, Output, Where
from zou_server.services.exporters.table import Column, CsvText, Layout, Record, csv_text

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
            Column("Last Name", "last_name"),
            Column("First Name", "first_name"),
            Column("Email", "email"),
            Column("Phone", "phone"),
            Column("Role", "role"),
            Column("Contract Type", "contract_type"),
            Column("Position", "position"),
            Column("Seniority", "seniority"),
            Column("Country", "country"),
            Column("Daily Salary", "daily_salary"),
            Column("Studio", "studio.name", "studio"),
            Column("Departments", "departments", form=Form.LINKS),
            Column("Active", "active", style="yes"),
        ),
        (Order("last_name"), Order("first_name"), Order("email")),
    ),
    "projects": Layout(
        "Project",
        (Column("Name", "name"), Column("Status", "project_status.name", "status")),
        (Order("name"),),
    ),
    "task-types": Layout(
        "TaskType",
        (Column("Department", "department.name", "department"), Column("Name", "name")),
        (Order("department.name"), Order("name")),
    ),
    "tasks": Layout(
        "Task",
        (
            Column("Project", "project.name", "project"),
            Column("Department", "task_type.department.name", "department"),
            Column("Task Type", "task_type.name", "task_type"),
            Column("Entity Type", "entity[Entity].entity_type.name", "entity_type"),
            Column("Entity", "entity.name", "entity"),
            Column("Assigner", "assigner.full_name", "assigner_id"),
            Column("Assignees", "assignees", form=Form.LINKS),
            Column("Duration", "duration", style="hours"),
            Column("Estimation", "estimation", style="hours"),
            Column("Start date", "start_date"),
            Column("Real start date", "real_start_date"),
            Column("Due date", "due_date"),
            Column("Task Status", "task_status.code", "status"),
            Column("Episode", "entity[Entity].episode.name", "episode"),
            Column("Sequence", "entity[Entity].sequence.name", "sequence"),
            Column("Name", "name"),
            Column("End date", "end_date"),
        ),
        # Rows that look alike come oldest first, as an import looks for them.
        (Order("project.name"), Order("task_type.name"), Order("entity.name"), Order("created_at")),
        Where("project_id", Op.NOT_NULL),
    ),
    "time-spents": Layout(
        "TimeSpent",
        (
            Column("Project", "task.project.name"),
            Column("Person", "person.full_name"),
            Column("Date", "date"),
            Column("Task Type", "task.task_type.name"),
            Column("Entity Type", "task.entity[Entity].entity_type.name"),
            Column("Entity", "task.entity.name"),
            Column("Duration", "duration", style="hours"),
        ),
        (Order("date"), Order("person.full_name"), Order("task.project.name")),
    ),
    "casting": Layout(
        "EntityLink",
        (
            Column("Episode", "entity_in.episode.name", "episode"),
            Column("Parent", "entity_in.sequence.name", "parent"),
            Column("Name", "entity_in.name", "name"),
            Column("Asset Type", "entity_out.entity_type.name", "asset_type"),
            Column("Asset", "entity_out.name", "asset"),
            Column("Occurences", "nb_occurences"),
            Column("Label", "label"),
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
