"""What a project uses of the studio's vocabulary: steps, statuses, types, rules, backgrounds."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.services.write.operations import Edit, Mode, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Used:
    """One thing that a project is to use: the project's link to many, its id, what the link row says."""

    link: str
    target: uuid.UUID
    says: Mapping[str, Any] = field(default_factory=dict)


def enable_in_project(work: UnitOfWork, project_id: uuid.UUID, wanted: Iterable[Used]) -> None:
    """Let a project use these too; what it uses already takes the new place in its order."""
    project, listed = facet("Project"), list(wanted)
    targets: dict[str, list[uuid.UUID]] = {}
    for each in listed:
        targets.setdefault(each.link, []).append(each.target)
    values = {link: Edit(Mode.ADD, ids) for link, ids in targets.items()}
    if values:
        work.execute([Update(project, project_id, values)])
    said = [each for each in listed if each.says]
    rows = {
        link: _link_rows(work, project_id, link, [each.target for each in said if each.link == link])
        for link in {each.link for each in said}
    }
    operations: list[Operation] = []
    for each in said:
        many = project.fields[each.link].many
        assert many is not None  # noqa: S101 - a link to many
        operations.append(Update(facet(many.through), rows[each.link][each.target], each.says))
    work.execute(operations)


def use_only(work: UnitOfWork, project_id: uuid.UUID, link: str, targets: Iterable[uuid.UUID]) -> None:
    """Let a project use these and nothing else of their kind, in this order."""
    work.execute([Update(facet("Project"), project_id, {link: list(dict.fromkeys(targets))})])


def disable_in_project(work: UnitOfWork, project_id: uuid.UUID, link: str, target: uuid.UUID) -> None:
    """Let a project use this no longer; what was made with it stays."""
    work.execute([Update(facet("Project"), project_id, {link: Edit(Mode.REMOVE, [target])})])


def _link_rows(
    work: UnitOfWork, project_id: uuid.UUID, link: str, targets: list[uuid.UUID]
) -> dict[uuid.UUID, uuid.UUID]:
    many = facet("Project").fields[link].many
    assert many is not None  # noqa: S101
    table = facet(many.through).table
    near, far = table.c[many.near], table.c[many.far]
    rows = work.session.execute(
        sa.select(far, table.c.id).where(near == project_id, far.in_(targets), table.c.deleted_at.is_(None))
    )
    return {row[0]: row[1] for row in rows}
