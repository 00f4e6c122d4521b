"""The shots, assets or edits of a project as a CSV file: their fields, custom fields, and tasks by step.

Columns: docs/protocols/zou.md 11. Each step has two columns, the status and who is on it. An import of
the file finds the same columns again, so two that would have one heading get two.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zou_server.models.conditions import (
    EVERYTHING,
    All,
    AnyOf,
    Condition,
    Form,
    InQuery,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Where,
)
from zou_server.models.registry import facet
from zou_server.models.values.project_settings import HOURS, usable_hours
from zou_server.services.exporters.cells import listed
from zou_server.services.exporters.spelling import CSV
from zou_server.services.exporters.table import CsvText, ExportColumn, Layout, Record, csv_text
from zou_server.services.rules.vocabulary import slug

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

MINUTES = 60
ASSIGNATIONS = "Assignations"
"""Heading of the column beside a step's: who is on its tasks."""

_SPENT = ExportColumn("Time Spent", target="time_spent")
_NAMED = (ExportColumn("Name", "name"), ExportColumn("Description", "description"), _SPENT)

COLUMNS: Mapping[str, tuple[ExportColumn, ...]] = {
    "Shot": (
        ExportColumn("Project", "project.name"),
        ExportColumn("Episode", "episode.name", "episode"),
        ExportColumn("Sequence", "sequence.name", "sequence"),
        *_NAMED,
        ExportColumn("Frames", "nb_frames"),
        ExportColumn("Frame In", "data.frame_in", data_type="number"),
        ExportColumn("Frame Out", "data.frame_out", data_type="number"),
        ExportColumn("FPS", "data.fps", data_type="number"),
    ),
    "Asset": (
        ExportColumn("Project", "project.name"),
        ExportColumn("Type", "entity_type.name", "type"),
        *_NAMED,
    ),
    "Edit": (
        ExportColumn("Project", "project.name"),
        ExportColumn("Episode", "episode.name", "episode"),
        *_NAMED,
    ),
}
"""Facet -> the columns that its files begin with."""

# Rows that look alike come oldest first, as an import looks for them.
ORDERS: Mapping[str, tuple[Order, ...]] = {
    "Shot": (
        Order("project.name"),
        Order("episode.name"),
        Order("sequence.name"),
        Order("name"),
        Order("created_at"),
    ),
    "Asset": (Order("project.name"), Order("entity_type.name"), Order("name"), Order("created_at")),
    "Edit": (Order("project.name"), Order("episode.name"), Order("name"), Order("created_at")),
}

_TASKS = Output(
    "tasks",
    "tasks",
    Form.OBJECTS,
    Projection(
        (
            Output("d", "duration"),
            Output("t", "task_type_id"),
            Output("s", "task_status.code"),
            Output("p", "assignees", Form.LINKS),
        ),
        positional=True,
    ),
)
_DURATIONS = Output("tasks", "tasks", Form.OBJECTS, Projection((Output("d", "duration"),), positional=True))
_OWN_HOURS = Output("hours", f"project.data.{HOURS}")
_HOURS = Projection((Output("hours", "hours_by_day"),))

_FIELDS = Projection(
    (
        Output("name", "name"),
        Output("key", "field_name"),
        Output("project", "project_id"),
        Output("type", "data_type"),
    )
)
_STEPS = Projection((Output("id", "id"), Output("name", "name")))
_ID = Projection((Output("id", "id"),))


def export_entities(
    reader: Reader, kind: str, project_id: uuid.UUID, where: Condition = EVERYTHING
) -> CsvText:
    """The file of a project's entities of a kind that satisfy a condition."""
    mine = Where("project_id", Op.EQ, str(project_id))
    return csv_text(reader, project_layout(reader, kind, project_id), All((mine, where)))


def export_all_entities(reader: Reader, kind: str) -> CsvText:
    """The file of all projects' entities of a kind: the fields that every project has."""
    columns = COLUMNS[kind]
    complete = _Complete(columns, {}, _studio_hours(reader))
    layout = Layout(kind, columns, ORDERS[kind], beside=(_DURATIONS, _OWN_HOURS), complete=complete)
    return csv_text(reader, layout, EVERYTHING)


def _studio_hours(reader: Reader) -> float | None:
    """The hours of a work day in the studio."""
    found = _records(reader, Query(facet("Organisation"), _HOURS, EVERYTHING))
    return found[0]["hours"] if found else None


def project_layout(reader: Reader, kind: str, project_id: uuid.UUID) -> Layout:
    """The columns of a project's file: its custom fields and its steps too."""
    columns = list(COLUMNS[kind])
    taken = {slug(column.heading) for column in columns} | {slug(ASSIGNATIONS)}
    columns += _field_columns(reader, kind, project_id, taken)
    places: dict[str, int] = {}
    for step in _steps(reader, kind, project_id):
        heading = _free(taken, step["name"], f"{step['name']} status")
        if heading:
            places[step["id"]] = len(columns)
            columns.append(ExportColumn(heading, target=task_target(step["id"], "status")))
            columns.append(ExportColumn(ASSIGNATIONS, target=task_target(step["id"], "people")))
    complete = _Complete(columns, places, _studio_hours(reader))
    return Layout(kind, tuple(columns), ORDERS[kind], beside=(_TASKS, _OWN_HOURS), complete=complete)


def task_target(step_id: object, part: str) -> str:
    """The importer's target of a column about the tasks of a step: their `status`, `people` or `comment`."""
    return f"tasks.{step_id}.{part}"


class _Complete:
    """Fills the cells about an entity's tasks: the days spent on them, status and people by step."""

    def __init__(
        self, columns: Sequence[ExportColumn], places: Mapping[str, int], hours: float | None
    ) -> None:
        self._spent = columns.index(_SPENT)
        self._places = places
        self._hours = hours

    def __call__(self, cells: list[Any], record: Record) -> None:
        tasks = record[_TASKS.key]
        minutes = sum(task[0] or 0 for task in tasks)
        for _, step, status, people in tasks if self._places else ():
            place = self._places.get(step)
            if place is not None and cells[place] is None:  # of several tasks of a step, the first
                cells[place] = status
                cells[place + 1] = listed(people)
        days = round(minutes / usable_hours(record[_OWN_HOURS.key], self._hours) / MINUTES, 2)
        cells[self._spent] = int(days) if days.is_integer() else days


def _field_columns(
    reader: Reader, kind: str, project_id: uuid.UUID, taken: set[str]
) -> Iterator[ExportColumn]:
    """A column for each custom field of the project or the studio, the project's first."""
    aims = {column.aim for column in COLUMNS[kind]}
    for field in sorted(_custom_fields(reader, kind, project_id), key=lambda each: each["project"] is None):
        key = field["key"] or slug(field["name"])
        heading = _free(taken, field["name"], key)
        column = ExportColumn(heading, f"data.{key}", data_type=field["type"] or "")
        if column.heading and column.aim not in aims:
            aims.add(column.aim)
            yield column


def _custom_fields(reader: Reader, kind: str, project_id: uuid.UUID) -> list[dict[str, Any]]:
    offered = AnyOf((Where("project_id", Op.EQ, str(project_id)), Where("project_id", Op.NULL)))
    where = All((offered, Where("entity_type", Op.EQ, kind), Where("task_type_id", Op.NULL)))
    order = (Order("position"), Order("created_at"))
    return _records(reader, Query(facet("FieldDescriptor"), _FIELDS, where, order))


def _steps(reader: Reader, kind: str, project_id: uuid.UUID) -> list[dict[str, Any]]:
    """The task types of a kind that the project has chosen, and all that its tasks are of."""
    mine = Where("project_id", Op.EQ, str(project_id))
    chosen = InQuery("id", Query(facet("ProjectTaskType"), _ID, mine), "task_type_id")
    used = InQuery(
        "id",
        Query(facet("Task"), _ID, All((mine, Where("entity.kind", Op.EQ, kind)))),
        "task_type_id",
    )
    where = AnyOf((used, All((chosen, Where("for_entity", Op.EQ, kind)))))
    order = (Order("priority"), Order("name"))
    return _records(reader, Query(facet("TaskType"), _STEPS, where, order))


def _free(taken: set[str], *headings: str) -> str:
    """The first heading that no column has yet, now taken; "" when every one is."""
    found = next((each for each in headings if slug(each) and slug(each) not in taken), "")
    taken.add(slug(found))
    return found


def _records(reader: Reader, query: Query) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reader.rows(query, CSV)
    return found
