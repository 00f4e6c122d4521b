"""What moves to another project takes all that is its own along: tasks, notes, files, time, subscriptions.

What belongs to a row is what its facet's project says: a file's is that of its task. So a type that is added
later goes along by itself. Retired rows go too: they may come back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm.attributes import set_committed_value

from zou_server.models.base import Identity
from zou_server.models.object_links import ObjectLink
from zou_server.models.records import DeclaredRecord
from zou_server.models.registry import PRIMARY, facet_of_kind
from zou_server.models.visible_rows import ATTACHED
from zou_server.services.rules.appointments import follow_move
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.record_changes import is_plumbing
from zou_server.services.write.write_events import Recorded

PROJECT = "project_id"


class Moved(NamedTuple):
    """A row that goes along, and where it was."""

    id: uuid.UUID
    kind: str
    name: str | None
    project_id: uuid.UUID | None
    is_live: bool


def take_along(context: Context, changes: Sequence[Change]) -> None:
    """Bring what belongs to the moved rows into their new projects, and tell of it."""
    by_project: dict[uuid.UUID, list[Change]] = {}
    for change in changes:
        project_id = getattr(change.row, PROJECT, None)
        if not change.created and change.changed(PROJECT) and project_id is not None:
            by_project.setdefault(project_id, []).append(change)
    for project_id, heads in by_project.items():
        ids = [change.row.id for change in heads]
        moved = set(ids)
        belongings = _belongings(context, changes[0].facet.table, ids)
        for table, found in belongings.items():
            _bring(context, table, [id_ for id_ in found if id_ not in moved], project_id)
        follow_move(context.work, belongings, {change.before[PROJECT] for change in heads} - {None})


def _belongings(context: Context, start: sa.Table, ids: list[uuid.UUID]) -> dict[sa.Table, list[uuid.UUID]]:
    """Everything below the rows, by table, the rows themselves first."""
    found, seen, level = {start: list(ids)}, set(ids), {start: list(ids)}
    while level:
        below: dict[sa.Table, list[uuid.UUID]] = {}
        for table, above in level.items():
            for child, column in belonging_to(table):
                rows = context.session.scalars(sa.select(child.c.id).where(column == sa.any_(_array(above))))
                new = [id_ for id_ in rows if id_ not in seen]
                seen.update(new)
                below.setdefault(child, []).extend(new)
        files = [id_ for id_ in _attached(context, level) if id_ not in seen]
        seen.update(files)
        below.setdefault(cast("sa.Table", DeclaredRecord.__table__), []).extend(files)
        level = {table: new for table, new in below.items() if new}
        for table, new in level.items():
            found.setdefault(table, []).extend(new)
    return found


def _attached(context: Context, level: Mapping[sa.Table, list[uuid.UUID]]) -> Sequence[uuid.UUID]:
    """The attachments of rows."""
    above = [id_ for ids in level.values() for id_ in ids]
    named = sa.select(ObjectLink.from_id).where(
        ObjectLink.field == ATTACHED, ObjectLink.to_id == sa.any_(_array(above))
    )
    return context.session.scalars(named).all()


@cache
def belonging_to(table: sa.Table) -> tuple[tuple[sa.Table, sa.Column[Any]], ...]:
    """The (table, column) pairs whose rows are in the project of the row that the column leads to."""
    return tuple(_children(table))


def _children(table: sa.Table) -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    for facet in PRIMARY.values():
        hop, _, rest = facet.project.partition(".")
        for column in facet.table.columns:
            targets = {key.target_fullname.split(".")[0] for key in column.foreign_keys}
            is_link = column.name not in {"id", PROJECT} and targets & {table.name, Identity.__tablename__}
            follows = column.name == f"{hop}_id" if rest else hop == PROJECT and column.info.get("owner")
            if is_link and follows:
                yield facet.table, column


def _bring(context: Context, table: sa.Table, ids: list[uuid.UUID], project_id: uuid.UUID) -> None:
    moved = _elsewhere(context, ids, project_id)
    here = _array([each.id for each in moved])
    if moved and PROJECT in table.c:
        context.session.execute(
            sa.update(table)
            .where(table.c.id == sa.any_(here))
            .values(
                project_id=project_id,
                lock_version=table.c.lock_version + 1,
                updated_at=context.work.now,
                updated_by_id=context.author(),
            )
        )
    if moved:
        context.session.execute(
            sa.update(Identity)
            .where(Identity.id == sa.any_(here))
            .values(project_id=project_id)
            .execution_options(synchronize_session=False)
        )
    for each in moved:
        _settle(context, table, each, project_id)


def _elsewhere(context: Context, ids: list[uuid.UUID], project_id: uuid.UUID) -> list[Moved]:
    """Those rows that are said to be in another project."""
    columns = (Identity.id, Identity.kind, Identity.name, Identity.project_id, Identity.deleted_at.is_(None))
    rows = context.session.execute(
        sa.select(*columns).where(
            Identity.id == sa.any_(_array(ids)), Identity.project_id.is_distinct_from(project_id)
        )
    )
    return [Moved._make(row) for row in rows]


def _settle(context: Context, table: sa.Table, moved: Moved, project_id: uuid.UUID) -> None:
    """Bring what the session knows of a row in step, and tell of the live ones that have a project."""
    change = context.changes.get(moved.id)
    if change is None:
        _forget(context, table, moved.id)
    else:
        set_committed_value(change.identity, PROJECT, project_id)
        if PROJECT in table.c:
            set_committed_value(change.row, PROJECT, project_id)
    if moved.is_live and PROJECT in table.c and not is_plumbing(facet_of_kind(moved.kind)):
        about = (moved.kind, moved.id, moved.name, project_id)
        context.work.record(Recorded("update", *about, PROJECT, moved.project_id, project_id, first=True))


def _forget(context: Context, table: sa.Table, id_: uuid.UUID) -> None:
    """Drop loaded state of a row that a statement changed behind the session's back."""
    for mapper in (sa.inspect(PRIMARY[table.name].model), sa.inspect(Identity)):
        loaded = context.session.identity_map.get(mapper.identity_key_from_primary_key((id_,)))
        if loaded is not None:
            context.session.expire(loaded)


def _array(ids: Sequence[uuid.UUID]) -> Any:
    return sa.cast(list(ids), ARRAY(sa.Uuid()))
