"""What the importers of shots, assets and edits share: from the table of a project to its rows and tasks.

A row that exists stays as it is unless `update`; then its cells that are not empty, and that say something
else than an export would, replace what is there. A file is prepared first, with every wrong line noted,
then applied; so several projects in one file are all right or nothing is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden, NotFound
from zou_server.models.policies import allowed
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.services.exporters.export_entities import project_layout
from zou_server.services.importers.match import Existing, Matched, Stands, exported, match, read_matched
from zou_server.services.importers.problems import Problems
from zou_server.services.importers.project_columns import SAYS_NOTHING, ProjectColumns
from zou_server.services.importers.tables.columns import ImportColumn, known_columns, refuse_missing
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_table import TableFile, TextTable, read_table
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, sheet_of
from zou_server.services.importers.write_matched import write_matched
from zou_server.services.importers.write_tasks import write_tasks
from zou_server.services.rules.vocabulary import slug

if TYPE_CHECKING:
    from zou_server.services.importers.outcome import Outcome
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ProjectPlace:
    """The project that a file goes into."""

    id: uuid.UUID
    is_series: bool


class Tree(Protocol):
    """Where the rows of a kind hang in the tree of a project, and by what they are known."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The targets without which no row can be made."""

    def read(self, sheet: Sheet) -> None:
        """Look at the sheet's columns before its rows are asked for."""

    def key(self, row: SheetRow) -> Hashable:
        """The key that tells the row from others."""

    def existing(self) -> Existing:
        """The rows that exist by their keys, oldest first."""

    def complete(self, row: SheetRow, is_new: bool, /) -> None:  # noqa: FBT001 - one row of many
        """Add what follows from the values of a row, and note what it hangs on."""

    def make(self, outcome: Outcome) -> None:
        """Make what rows hang on and what is missing."""

    def hang(self, row: SheetRow, is_new: bool, /) -> None:  # noqa: FBT001 - the same
        """Hang a row where it belongs."""


class MakeTree(Protocol):
    """Makes the tree of a kind for a project."""

    def __call__(self, work: UnitOfWork, project: ProjectPlace, columns: ProjectColumns, /) -> Tree:
        """The tree."""


@dataclass(frozen=True, slots=True)
class EntityPlan:
    """One kind of entities: its columns, and the tree that its rows hang in."""

    kind: str
    columns: tuple[ImportColumn, ...]
    tree: MakeTree

    def is_known(self, heading: str) -> bool:
        """True for the headings of the kind's own columns."""
        return slug(heading) in known_columns(self.columns) or heading in SAYS_NOTHING


def import_entities(
    outcome: Outcome, plan: EntityPlan, project_id: uuid.UUID, file: TableFile, *, update: bool
) -> Outcome:
    """Import a file into a project: all of it or nothing; Invalid names every wrong line and column."""
    require_importer(outcome.work.actor, project_id)
    known = known_columns(plan.columns)
    table = read_table(file, lambda heading: slug(heading) in known)
    problems = Problems()
    prepared = EntityImport(outcome, plan, project_id, table, problems, update=update)
    problems.raise_if_any()
    outcome.ids = prepared.apply()
    return outcome


def require_importer(actor: Actor, project_id: uuid.UUID) -> None:
    """Forbidden, before the file is looked at, for whoever may neither make nor change entities there."""
    role, policy = actor.role_in(project_id), facet("Entity").policy
    if not any(allowed(actor, role, policy, action, None) for action in ("create", "update")):
        raise Forbidden("Your role does not let you import into this project.")


class EntityImport:
    """The rows of one project's table, matched with what exists; `apply` writes them."""

    def __init__(
        self,
        outcome: Outcome,
        plan: EntityPlan,
        project_id: uuid.UUID,
        table: TextTable,
        problems: Problems,
        *,
        update: bool,
    ) -> None:
        self._outcome, self._plan, self._update = outcome, plan, update
        self._project = project_place(outcome.work, project_id)
        refuse_missing(known_columns(plan.columns), table.headings)
        self._columns = ProjectColumns(outcome.work, project_id, plan.kind, plan.columns)
        self._sheet = sheet_of(table, self._columns.meaning, problems)
        self._tree = plan.tree(outcome.work, self._project, self._columns)
        self._tree.read(self._sheet)
        self._said: set[str] = set()
        self._matched = self._match()

    def _match(self) -> Kept[Matched]:
        tree, sheet = self._tree, self._sheet
        matched = match(sheet, sheet.keyed(tree.key), tree.existing(), "name")
        stands = self._stands if self._update else None
        return read_matched(sheet, matched, tree.needs, stands, self._complete)

    def _complete(self, row: SheetRow, is_new: bool) -> None:  # noqa: FBT001 - one row of many
        self._tree.complete(row, is_new)
        self._said.update(row.values.get("data") or ())

    def _stands(self, ids: list[str]) -> Stands:
        """What an export says of the rows that are to be changed."""
        work = self._outcome.work
        return exported(work, project_layout(work.read, self._plan.kind, self._project.id))(ids)

    def apply(self) -> Kept[uuid.UUID]:
        """Write all of it, some rows at a time, and return the ids of the rows, in the table's order."""
        new = self._columns.new_fields.items()
        fields = [create for target, create in new if target.removeprefix("data.") in self._said]
        self._outcome.execute([(None, create) for create in fields])
        self._tree.make(self._outcome)
        ids: Kept[uuid.UUID] = Kept()
        for share in self._matched.shares():
            ids.extend(self._write(share))
        return ids

    def _write(self, matched: Sequence[Matched]) -> Sequence[uuid.UUID]:
        tasks = [(row.line, _split_tasks(row)) for row, _ in matched]
        for row, existing in matched:
            self._tree.hang(row, existing is None)
        project_id = self._project.id
        ids = write_matched(self._outcome, self._plan.kind, matched, {"project_id": project_id})
        told = [(line, id_, found) for (line, found), id_ in zip(tasks, ids, strict=True) if found]
        write_tasks(self._outcome, project_id, told)
        return ids


def project_place(work: UnitOfWork, project_id: uuid.UUID) -> ProjectPlace:
    """The place of a file's rows, by its project."""
    found = work.session.execute(
        sa.select(Project.id, Project.production_type).where(
            Project.id == project_id, Project.deleted_at.is_(None)
        )
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no Project {project_id}.")
    return ProjectPlace(found.id, found.production_type == "tvshow")


def _split_tasks(row: SheetRow) -> dict[uuid.UUID, dict[str, object]]:
    """Take what a row says about tasks out of its values: by step, and by part."""
    found: dict[uuid.UUID, dict[str, object]] = {}
    for target in [name for name in row.values if name.startswith("tasks.")]:
        _, step, part = target.split(".")
        found.setdefault(uuid.UUID(step), {})[part] = row.values.pop(target)
    return found
