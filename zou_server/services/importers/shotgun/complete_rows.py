"""What some kinds need of the database before they are written: one rule for each, over all rows at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.status import Status
from zou_server.models.task import Assignation
from zou_server.services.importers.shotgun.find_references import among, known_rows
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SELF_KEPT = ("role", "active")
"""What an import never changes of the person who does it: they could lock themselves out."""


def spare_importer(work: UnitOfWork, rows: Sequence[SgRow]) -> None:
    """Whoever imports stays what they are."""
    for row in rows:
        if row.id == work.actor.person_id:
            for name in SELF_KEPT:
                row.values.pop(name, None)


def free_codes(work: UnitOfWork, rows: Sequence[SgRow]) -> None:
    """A status for concepts gives up the code of Shotgun's that a status for tasks has."""
    codes = {row.values["shotgun_code"] for row in rows}
    held = work.session.execute(
        sa.select(Status.id, Status.code).where(
            among(Status.shotgun_code, codes), Status.for_concept, Status.deleted_at.is_(None)
        )
    )
    work.execute(
        [
            Update(facet("TaskStatus"), id_, {"shotgun_code": code if code not in codes else None})
            for id_, code in held
        ]
    )


def add_assignees(work: UnitOfWork, rows: Sequence[SgRow]) -> None:
    """The people of a task are those that Shotgun says, and those on it whom Shotgun does not know."""
    given = [row for row in rows if "assign" in row.many]
    known = known_rows(work, {"persons": {link.id for row in given for link in row.many["assign"]}})
    strangers = _strangers(work, {row.id for row in given if row.id is not None})
    for row in given:
        people = []
        for link in row.many["assign"]:
            id_ = known.get(("persons", link.id))
            if id_ is None:
                row.leave_out(f"task_assignees: {link} was not imported yet")
            else:
                people.append(id_)
        row.values["assignees"] = [*strangers.get(row.id, ()), *people]


def _strangers(work: UnitOfWork, tasks: set[uuid.UUID]) -> dict[uuid.UUID | None, list[uuid.UUID]]:
    """The assignees of tasks who were not imported."""
    found: dict[uuid.UUID | None, list[uuid.UUID]] = {}
    for task, person in work.session.execute(
        sa.select(Assignation.task_id, Assignation.person_id)
        .join(Person, Person.id == Assignation.person_id)
        .where(
            among(Assignation.task_id, tasks), Assignation.deleted_at.is_(None), Person.shotgun_id.is_(None)
        )
        .order_by(Assignation.created_at, Assignation.id)
    ):
        found.setdefault(task, []).append(person)
    return found


def number_revisions(work: UnitOfWork, rows: Sequence[SgRow]) -> None:
    """A new version is the next revision of its task, in the order of the list."""
    new = [row for row in rows if row.id is None]
    found = work.session.execute(
        sa.select(PreviewFile.task_id, sa.func.max(PreviewFile.revision))
        .where(
            among(PreviewFile.task_id, {row.values["task_id"] for row in new}),
            PreviewFile.deleted_at.is_(None),
        )
        .group_by(PreviewFile.task_id)
    )
    last = {task: revision or 0 for task, revision in found}
    for row in new:
        task = row.values["task_id"]
        row.values["revision"] = last[task] = last.get(task, 0) + 1


Prepare = Callable[["UnitOfWork", Sequence[SgRow]], None]

PREPARE: Mapping[str, Prepare] = {
    "persons": spare_importer,
    "status": free_codes,
    "tasks": add_assignees,
    "versions": number_revisions,
}
