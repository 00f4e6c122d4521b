"""What the headings of a project's file mean beyond the columns that every project has.

A heading may be a custom field of the project or the studio, or about the tasks of a step: `T` or `T status`,
`T comment`, `T assignations`, and `Assignations` right behind a step's own column, as exports write it. Any
other heading makes a new text field of the project, so that nothing a studio keeps in its tables is lost and
every client sees it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.models.project import ProjectTaskType
from zou_server.models.registry import facet
from zou_server.models.task import TaskType
from zou_server.services.exporters.export_entities import ASSIGNATIONS, task_target
from zou_server.services.importers.names import People, Statuses
from zou_server.services.importers.tables.columns import (
    IGNORED,
    READERS,
    ImportColumn,
    custom_columns,
    known_columns,
    max_heading,
    new_column,
)
from zou_server.services.rules.vocabulary import slug
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SAYS_NOTHING: Mapping[str, str] = {
    # columns of Zou's exports that come back in imports: heading, why it says nothing
    "Project": "the project is in the address, or was looked at before",
    "Time Spent": "summed from tasks",
}
PARTS: Mapping[str, str] = {
    # what follows the slug of a step's name in a heading: the part of its tasks that the column holds
    "": "status",
    "_status": "status",
    "_comment": "comment",
    "_assignations": "people",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """A task type, and how well it fits the project and the kind: 0 is best, None not at all."""

    id: uuid.UUID
    name: str
    fit: int | None


class ProjectColumns:
    """The columns of a file of one kind of entities of a project."""

    def __init__(
        self, work: UnitOfWork, project_id: uuid.UUID, kind: str, columns: Sequence[ImportColumn]
    ) -> None:
        self._work, self._project_id, self._kind = work, project_id, kind
        self._known = known_columns(columns) | {slug(heading): IGNORED for heading in SAYS_NOTHING}
        self._read = {
            "status": Statuses(work).read,
            "people": People(work).several,
            "comment": READERS["string"],
        }
        self._step_before: uuid.UUID | None = None
        self.new_fields: dict[str, Create] = {}
        """What makes the custom fields that do not exist yet, by their targets."""

    def meaning(self, place: int, headings: Sequence[str]) -> ImportColumn | None:
        """The column that a heading means; one without a heading means nothing."""
        heading, key = headings[place], slug(headings[place])
        step_before, self._step_before = self._step_before, None
        if not heading:
            return None
        if key == slug(ASSIGNATIONS) and step_before is not None:
            return self._task_column(heading, step_before, "people")
        if key in self._known:
            return self._known[key]
        if key in self._fields:
            return self._fields[key]
        return self._about_tasks(heading, key) or self._new_field(heading, key)

    # -- custom fields ---------------------------------------------------------------------------

    @cached_property
    def _fields(self) -> dict[str, ImportColumn]:
        """The custom fields offered for the kind in the project; its own before the studio's."""
        mine = FieldDescriptor.project_id == self._project_id
        found = self._work.session.scalars(
            sa.select(FieldDescriptor)
            .where(
                sa.or_(mine, FieldDescriptor.project_id.is_(None)),
                FieldDescriptor.entity_type == self._kind,
                FieldDescriptor.task_type_id.is_(None),
                FieldDescriptor.deleted_at.is_(None),
            )
            .order_by(mine.desc().nulls_last(), FieldDescriptor.created_at)
        )
        return custom_columns(found.all())

    def _new_field(self, heading: str, key: str) -> ImportColumn:
        if len(heading) > max_heading():
            message = f"is longer than {max_heading()} characters"
            raise Invalid(f"The heading '{heading[:40]}...' {message}.", {heading[:40]: [message]})
        if not key:
            raise Invalid(f"The heading '{heading[:40]}' has no letter.", {heading[:40]: ["has no letter"]})
        column = new_column(heading)
        values = {"entity_type": self._kind, "name": heading, "field_name": key, "data_type": "string"}
        self.new_fields[column.target] = Create(
            facet("FieldDescriptor"), {"project_id": self._project_id, **values}
        )
        return column

    # -- tasks -----------------------------------------------------------------------------------

    def _about_tasks(self, heading: str, key: str) -> ImportColumn | None:
        for ending, part in PARTS.items():
            steps = self._steps.get(key.removesuffix(ending), []) if key.endswith(ending) else []
            fitting = sorted((step for step in steps if step.fit is not None), key=lambda each: each.fit or 0)
            if fitting:
                self._step_before = fitting[0].id if part == "status" else None
                return self._task_column(heading, fitting[0].id, part)
            if steps:
                why = f"'{steps[0].name}' is no step of a {self._kind}"
                raise Invalid(
                    f"The column '{heading[:80]}' cannot be imported: {why}.", {heading[:80]: [why]}
                )
        return None

    def _task_column(self, heading: str, step_id: uuid.UUID, part: str) -> ImportColumn:
        return ImportColumn(task_target(step_id, part), (heading,), self._read[part])

    @cached_property
    def _steps(self) -> dict[str, list[_Step]]:
        """The task types by the slug of their names."""
        chosen = sa.exists().where(
            ProjectTaskType.task_type_id == TaskType.id,
            ProjectTaskType.project_id == self._project_id,
            ProjectTaskType.deleted_at.is_(None),
        )
        rows = self._work.session.execute(
            sa.select(TaskType.id, TaskType.name, TaskType.for_entity, chosen)
            .where(TaskType.deleted_at.is_(None))
            .order_by(TaskType.priority, TaskType.created_at)
        )
        found: dict[str, list[_Step]] = {}
        for id_, name, for_entity, is_chosen in rows:
            found.setdefault(slug(name), []).append(_Step(id_, name, self._fit(for_entity, is_chosen)))
        return found

    def _fit(self, for_entity: str | None, is_chosen: bool) -> int | None:  # noqa: FBT001 - a row of a query
        if for_entity in (self._kind, None):
            return 0 if is_chosen else 1
        return 2 if is_chosen else None

    def step(self, name: str) -> uuid.UUID:
        """The task type of a name."""
        found = self._steps.get(slug(name))
        if not found:
            raise ValueError(f"'{name[:40]}' is no task type")
        return found[0].id
