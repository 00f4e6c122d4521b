"""Shots, assets or edits of several projects from one CSV file, where a column says the project.

Source: the routes of 2017 (docs/protocols/zou.md 1), which had no project in their address. Projects that
do not exist are made, by whoever may make projects.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.services.importers.import_entities import EntityImport, EntityPlan, require_importer
from zou_server.services.importers.names import Names
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.problems import Problems
from zou_server.services.importers.tables.columns import known_columns, refuse_missing
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_table import TableFile, TableRow, TextTable, read_table
from zou_server.services.importers.tables.wrong_cell import WrongCell
from zou_server.services.rules.vocabulary import slug

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def import_studio_entities(
    work: UnitOfWork, file: TableFile, plan: EntityPlan, *, update: bool = False
) -> Outcome:
    """Import a file of entities of a kind into the projects that it names; all of it or nothing."""
    outcome = Outcome(work, facet(plan.kind))
    table = read_table(file, plan.is_known)
    refuse_missing(known_columns(plan.columns), table.headings)
    problems = Problems()
    parts = _by_project(table, problems)
    problems.raise_if_any()
    ids = _projects(outcome, {name: next(iter(rows)).line for name, rows in parts.items()})
    prepared = []
    for name, rows in parts.items():
        require_importer(work.actor, ids[name])
        part = TextTable(table.headings, rows)
        prepared.append(EntityImport(outcome, plan, ids[name], part, problems, update=update))
    problems.raise_if_any()
    made = {name.casefold(): iter(each.apply()) for name, each in zip(parts, prepared, strict=True)}
    place = _place_of_project(table)
    outcome.ids.extend(next(made[row.cells[place].casefold()]) for row in table.rows)
    return outcome


def _by_project(table: TextTable, problems: Problems) -> dict[str, Kept[TableRow]]:
    """The rows of each project, by its name as the file first has it."""
    place = _place_of_project(table)
    names: dict[str, str] = {}
    found: dict[str, Kept[TableRow]] = {}
    for row in table.rows:
        name = row.cells[place]
        if not name:
            problems.add(row.line, table.headings[place], "is empty")
        elif isinstance(name, WrongCell):
            problems.add(row.line, table.headings[place], name.why)
        found.setdefault(names.setdefault(name.casefold(), name), Kept()).append(row)
    return found


def _place_of_project(table: TextTable) -> int:
    place = next((at for at, heading in enumerate(table.headings) if slug(heading) == "project"), None)
    if place is None:
        raise Invalid("A column is missing: Project.", {"Project": ["column is missing"]})
    return place


def _projects(outcome: Outcome, wanted: dict[str, int]) -> dict[str, uuid.UUID]:
    """The projects by name; one that is hidden from the caller is like one that does not exist."""
    names = Names(outcome.work, facet("Project"))
    for name in wanted:
        project = names.find(name)
        if project is not None and outcome.work.actor.role_in(project) is None:
            raise Forbidden(f"There is no project '{name}', and your role may not make one.")
    try:
        names.make(outcome, wanted)
    except Forbidden:
        missing = next(name for name in wanted if names.find(name) is None)
        raise Forbidden(f"There is no project '{missing}', and your role may not make one.") from None
    return {name: id_ for name in wanted if (id_ := names.find(name)) is not None}
