"""The words of the studio by scope: no two are the same, and one of a scope is its default."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from zou_server.models.base import Row
from zou_server.models.errors import Conflict
from zou_server.models.records import DeclaredRecord
from zou_server.models.registry import facet
from zou_server.models.status import Status
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.operations import Update
from zou_server.services.write.rulebook import After, Follow, Rule
from zou_server.services.write.unit_of_work import UnitOfWork

DEFAULT, SCOPE = "shotrunner_default", "shotrunner_scope"
"""Custom fields of codes."""

WORDS = ("Code", "ElementType")
"""Kinds of declared rows that are codes."""


UNIQUE = (*WORDS, "TankType")
"""Kinds of declared rows of which no two have one name."""

_TAKEN = {"name": ["has already been taken"]}
_LOCK = sa.text(
    "SELECT pg_advisory_xact_lock(hashtextextended(scope, 0)) FROM unnest(CAST(:scopes AS text[])) AS scope"
)
"""Who writes codes of a scope waits for who did so before: nobody reads the other's rows until the commit."""


def refuse_same_code(context: Context) -> None:
    """Refuse a code that its scope has already, in the studio or in the same project."""
    mine = [row for change in context.changes.values() if (row := _code(change.row)) is not None]
    said = [row for row in mine if _says_code(context.changes[row.id])]
    times = Counter(map(_place, mine))
    if any(times[_place(row)] > 1 for row in said) or _are_taken(context.session, said, mine):
        raise Conflict("There is such a code already.", _TAKEN)


def refuse_returning_code(
    work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]
) -> None:
    """Refuse that a code comes back where there is such a one by now."""
    rows = work.session.scalars(sa.select(DeclaredRecord).where(DeclaredRecord.id.in_(ids)))
    back = [row for row in map(_code, rows) if row is not None]
    if _are_taken(work.session, back, back):
        raise Conflict("There is such a code already.", _TAKEN)


def _code(row: Row) -> DeclaredRecord | None:
    """The row as a code; None when it is none, or none any more."""
    is_code = isinstance(row, DeclaredRecord) and row.kind in UNIQUE and row.deleted_at is None
    return cast("DeclaredRecord", row) if is_code else None


def _says_code(change: Change) -> bool:
    return change.created or change.changed("name", "data", "project_id")


def _place(row: DeclaredRecord) -> tuple[str, str | None, uuid.UUID | None, str | None]:
    """What no two codes may have in common."""
    return row.kind, row.name, row.project_id, (row.data or {}).get(SCOPE)


def _are_taken(session: Session, said: Sequence[DeclaredRecord], mine: Sequence[DeclaredRecord]) -> bool:
    """True when there is another row in the place of one that is said; nobody takes one until the commit."""
    if not said:
        return False
    kinds, names, projects, scopes = zip(*map(_place, said), strict=True)
    held = sorted({f"codes {kind} {project} {scope}" for kind, _, project, scope in map(_place, said)})
    places = (
        sa.func.unnest(
            *(
                sa.literal(list(values), ARRAY(type_))
                for values, type_ in zip(
                    (kinds, names, projects, scopes), (sa.Text, sa.Text, sa.Uuid, sa.Text), strict=True
                )
            )
        )
        .table_valued("kind", "name", "project_id", "scope")
        .render_derived()
    )
    other = (
        sa.select(DeclaredRecord.id)
        .join(
            places,
            sa.and_(
                DeclaredRecord.kind == places.c.kind,
                DeclaredRecord.name.is_not_distinct_from(places.c.name),
                DeclaredRecord.project_id.is_not_distinct_from(places.c.project_id),
                DeclaredRecord.data[SCOPE].astext.is_not_distinct_from(places.c.scope),
            ),
        )
        .where(
            DeclaredRecord.deleted_at.is_(None),
            DeclaredRecord.id != sa.all_(sa.literal([row.id for row in mine], ARRAY(sa.Uuid))),
        )
    )
    with session.no_autoflush:
        session.execute(_LOCK, {"scopes": held})
        return session.scalar(other.limit(1)) is not None


def _says_default(change: Change) -> bool:
    row = change.row
    is_word = not isinstance(row, DeclaredRecord) or row.kind in WORDS
    return is_word and change.changed("data") and bool((getattr(row, "data", None) or {}).get(DEFAULT))


def _is_default_status(change: Change) -> bool:
    return change.changed("is_default") and bool(change.of(Status).is_default)


def _clear(work: UnitOfWork, name: str, others: Sequence[uuid.UUID], values: dict[str, Any]) -> None:
    if others:
        work.execute([Update(facet(name), id_, values) for id_ in others])


def _one_status(work: UnitOfWork, chosen: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Of statuses for the same things, the last one that was chosen is the default."""
    mine = work.session.get_one(Status, chosen[-1])
    others = sa.select(Status.id).where(
        Status.id != mine.id,
        Status.is_default,
        Status.deleted_at.is_(None),
        *(
            getattr(Status, name) == getattr(mine, name)
            for name in ("for_task", "for_project", "for_file", "for_concept")
        ),
    )
    _clear(work, "Status", list(work.session.scalars(others)), {"is_default": False})


def one_default(model: Any, *same: Callable[[Any], Any]) -> Follow:
    """The follower that leaves one default among the rows of a model that are alike."""

    def follow(work: UnitOfWork, chosen: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
        mine, them = work.session.get_one(model, chosen[-1]), sa.orm.aliased(model)
        me = sa.orm.aliased(model)
        others = (
            sa.select(them.id)
            .join(me, me.id == mine.id)
            .where(
                them.id != mine.id,
                them.deleted_at.is_(None),
                them.data[DEFAULT].astext == "true",
                *(each(them).is_not_distinct_from(each(me)) for each in same),
            )
        )
        name = mine.kind if isinstance(mine, DeclaredRecord) else model.__name__
        _clear(work, name, list(work.session.scalars(others)), {"data": {DEFAULT: None}})

    return follow


def defaults_of(model: Any, *same: Callable[[Any], Any]) -> After:
    """One default among alike rows of a model that keeps it as a custom field."""
    return After(_says_default, one_default(model, *same))


ONE_STATUS = After(_is_default_status, _one_status)

OF_DECLARED = defaults_of(
    DeclaredRecord,
    lambda row: row.kind,
    lambda row: row.project_id,
    lambda row: row.data[SCOPE].astext,
)


def scope_of_codes(model: Any) -> Rule:
    """The life of a type that is a scope of codes."""
    return Rule(after=(defaults_of(model),))
