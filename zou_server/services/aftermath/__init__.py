"""What follows from rows that go or come back, one file per rule.

A rule is a function of (unit of work, ids of the rows, ids of everything that went or came with
them). It runs once for all rows of a table, after they are marked, in the same transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from zou_server.services.aftermath.announce_deleted_replies import announce_deleted_replies
from zou_server.services.aftermath.announce_unassigned import announce_unassigned
from zou_server.services.aftermath.choose_previews import choose_previews
from zou_server.services.aftermath.close_locked_weeks import close_locked_weeks
from zou_server.services.aftermath.previews_of_notes import previews_of_notes
from zou_server.services.aftermath.recompute_tasks import recompute_tasks
from zou_server.services.aftermath.recount_time import recount_time
from zou_server.services.aftermath.versions_of_previews import versions_of_previews
from zou_server.services.casting.count_ready_assets import after_links

if TYPE_CHECKING:
    import sqlalchemy as sa

    from zou_server.services.write.unit_of_work import UnitOfWork

Rule = Callable[["UnitOfWork", Sequence[uuid.UUID], frozenset[uuid.UUID]], None]

AFTERMATH: Mapping[str, tuple[Rule, ...]] = {
    "assignation": (announce_unassigned,),
    "entity_link": (after_links,),
    "note": (recompute_tasks, announce_deleted_replies),
    "preview_file": (choose_previews,),
    "time_spent": (close_locked_weeks, recount_time),
}
"""Table -> what its rows going or coming back means for others, in this order."""

Taking = Callable[["UnitOfWork", Sequence[uuid.UUID]], "tuple[sa.Table, Sequence[uuid.UUID]]"]

TAKEN_ALONG: Mapping[str, Taking] = {"note": previews_of_notes, "preview_file": versions_of_previews}
"""Table -> the rows of another table that go along with its rows though no column says so."""
