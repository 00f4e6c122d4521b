"""Projects from a CSV file; the statuses of projects that it names are made when they do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.export_lists import LAYOUTS
from zou_server.services.importers.match import Existing, exported, match, read_matched
from zou_server.services.importers.names import NamedLink
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.columns import ImportColumn, held_by
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import read_known
from zou_server.services.importers.write_matched import require_maker, write_all_matched

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

COLUMNS = (
    ImportColumn("name", ("Name",), held_by("Project", "name"), required=True),
    ImportColumn("status", ("Status",), held_by("ProjectStatus", "name")),
)


def import_projects(work: UnitOfWork, file: TableFile, *, update: bool = False) -> Outcome:
    """Import a file of projects, which are known by their names; all of it or nothing.

    One without a status is open. One that exists stays as it is unless `update`.
    """
    require_maker(work.actor, "Project")
    outcome = Outcome(work, facet("Project"))
    sheet = read_known(file, COLUMNS)
    statuses = NamedLink(work, facet("ProjectStatus"), "status", "project_status_id")
    stands = exported(work, LAYOUTS["projects"]) if update else None
    found = match(sheet, sheet.keyed(lambda row: row.cells.get("name", "")), _existing(work), "name")
    matched = read_matched(sheet, found, ("name",), stands, statuses.note)
    sheet.problems.raise_if_any()
    statuses.make(outcome)
    write_all_matched(outcome, "Project", matched, statuses.put)
    return outcome


def _existing(work: UnitOfWork) -> Existing:
    rows = work.session.execute(
        sa.select(Project.id, Project.name)
        .where(Project.deleted_at.is_(None))
        .order_by(Project.created_at, Project.id)
    )
    for id_, name in rows:
        yield returned(name), id_
