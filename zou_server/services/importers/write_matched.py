"""Writing the rows of a file: those that are new are made, those that say something anew are changed."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden
from zou_server.models.policies import allowed
from zou_server.models.production import Entity
from zou_server.models.registry import facet
from zou_server.services.importers.match import Matched
from zou_server.services.importers.names import among
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.sheet import SheetRow
from zou_server.services.write.operations import Create, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.importers.outcome import Outcome
    from zou_server.services.write.unit_of_work import UnitOfWork


def require_maker(actor: Actor, kind: str) -> None:
    """Forbidden, before the file is looked at, for whoever may not make rows of a studio-wide facet."""
    if not allowed(actor, actor.role, facet(kind).policy, "create", None):
        raise Forbidden(f"Your role does not let you import a {kind}.")


def write_all_matched(
    outcome: Outcome, kind: str, matched: Kept[Matched], link: Callable[[SheetRow, bool], None]
) -> None:
    """Write all rows of a file, some at a time; `link` puts in what was made for them meanwhile."""
    for share in matched.shares():
        for row, existing in share:
            link(row, existing is None)
        outcome.ids.extend(write_matched(outcome, kind, share))


def write_matched(
    outcome: Outcome, kind: str, matched: Sequence[Matched], shared: Mapping[str, Any] | None = None
) -> list[uuid.UUID]:
    """Write rows of a facet and return their ids in the file's order; new ones get the shared values too."""
    planned: list[tuple[int, Operation]] = []
    for row, existing in matched:
        if existing is None:
            planned.append((row.line, Create(facet(kind), {**(shared or {}), **row.values})))
        elif row.values:
            planned.append((row.line, Update(facet(kind), existing, row.values)))
    parents = _parents(outcome.work, matched) if issubclass(facet(kind).model, Entity) else ()
    results = iter(outcome.execute(planned))
    ids = [next(results).id if existing is None or row.values else existing for row, existing in matched]
    del parents
    return ids


def _parents(work: UnitOfWork, matched: Sequence[Matched]) -> Sequence[Entity]:
    """What the rows hang on, to be held: the pipeline then finds it in the session, not one by one."""
    given = {row.values.get("parent_id") for row, _ in matched} - {None}
    changed = [existing for row, existing in matched if existing is not None and row.values]
    wanted = sa.or_(
        among(Entity.id, given),
        Entity.id.in_(sa.select(Entity.parent_id).where(among(Entity.id, changed))),
    )
    return work.session.scalars(sa.select(Entity).where(wanted)).all() if given or changed else ()
