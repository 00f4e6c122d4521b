"""A comment that goes, or comes back, takes along what it did to its task."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.review import Note
from zou_server.services.rules.loaded_rows import loaded_tasks
from zou_server.services.tasks.give_status import apply_standing
from zou_server.services.tasks.standing import Standing, standings_of

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def recompute_tasks(work: UnitOfWork, notes: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Each task gets the status, dates and retakes of the comments that it has now.

    A task that went or came back itself is left as it was: so that reviving restores exactly it.
    """
    with loaded_tasks(work, tasks_of(work, notes) - together) as changes:
        ids = [change.row.id for change in changes]
        after = standings_of(work.session, ids) if ids else {}
        before = standings_of(work.session, ids, notes) if ids else {}
        for change in changes:
            now = Standing.of(change.row)
            apply_standing(work, change, now.moved(before[change.row.id], after[change.row.id]))


def recompute_edited(work: UnitOfWork, notes: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """The task of an edited comment stands where its comments say."""
    recompute(work, tasks_of(work, notes))


def recompute(work: UnitOfWork, task_ids: set[uuid.UUID]) -> None:
    """Bring tasks to where their comments say, which must have been written."""
    with loaded_tasks(work, task_ids) as changes:
        standings = standings_of(work.session, [change.row.id for change in changes]) if changes else {}
        for change in changes:
            apply_standing(work, change, standings[change.row.id])


def tasks_of(work: UnitOfWork, notes: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """What the comments among these notes are about."""
    found = work.session.scalars(
        sa.select(Note.object_id)
        .where(Note.id.in_(notes), Note.parent_id.is_(None), Note.sets_status_id.is_not(None))
        .distinct()
    )
    return {id_ for id_ in found if id_ is not None}
