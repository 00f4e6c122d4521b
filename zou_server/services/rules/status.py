"""The life of a status: its codes, and what it is for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.status import Status
from zou_server.services.rules.codes import ONE_STATUS
from zou_server.services.rules.vocabulary import slug
from zou_server.services.write.rulebook import Rule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork

_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('the last status for tasks', 0))")
"""Who takes a status from tasks waits for who did so before: two do not take the last two."""


def name_status(context: Context, change: Change) -> None:
    """A status has a code in every dialect: Zou's short name, and Shotgun's."""
    row = change.of(Status)
    if row.name:
        change.default("code", slug(row.name)[:40])
    change.default("shotgun_code", row.code)


def give_to_versions(context: Context, change: Change) -> None:
    """A status that becomes one for tasks is one for versions too: a version stands where its task does."""
    row = change.of(Status)
    is_new = change.created or change.changed("for_task")
    if row.for_task and is_new and not row.for_version and "for_version" not in change.said:
        change.set("for_version", value=True)


def check_uses(context: Context, changes: Sequence[Change]) -> None:
    """Refuse a status that tasks have and versions have not, and tasks without any."""
    for change in changes:
        row = change.of(Status)
        is_said = change.created or change.changed("for_task", "for_version")
        if row.for_task and is_said and not row.for_version:
            raise Invalid(
                "A status that tasks have is one of versions too.", {"for_version": ["is one for tasks too"]}
            )
    if any(change.changed("for_task") and not change.of(Status).for_task for change in changes):
        _require_one(context.session)


def keep_last_for_tasks(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Refuse to remove the last status that tasks can have."""
    if work.session.scalar(sa.select(Status.id).where(Status.id.in_(ids), Status.for_task).limit(1)):
        _require_one(work.session)


def _require_one(session: Session) -> None:
    session.execute(_LOCK)
    left = sa.select(Status.id).where(Status.for_task, Status.deleted_at.is_(None)).limit(1)
    if session.scalar(left) is None:
        raise Invalid("Tasks need a status: this is the last one for them.")


STATUS = Rule(
    before=(name_status, give_to_versions),
    written=(check_uses,),
    after=(ONE_STATUS,),
    gone=(keep_last_for_tasks,),
)
"""Where a task, a version, a file or a project may stand."""
