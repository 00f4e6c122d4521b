"""Who follows what a note is about, or its thread, is sent a mail: ordered in the note's own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zou_server.models.visible_rows import FOLLOWED
from zou_server.services.write.prepared import Prepared

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "mail_note"

# A note, what it answers, and so on up to the head of the thread.
THREAD = """
WITH RECURSIVE up AS (
    SELECT id AS note_id, id, parent_id, object_id FROM note WHERE id = ANY(:notes)
    UNION
    SELECT up.note_id, n.id, n.parent_id, n.object_id FROM up JOIN note n ON n.id = up.parent_id
)
"""
_HEARD = Prepared(
    "heard_notes",
    ("uuid[]", "text"),
    f"""{THREAD.replace(":notes", "$1")}
SELECT DISTINCT up.note_id FROM up
JOIN object_link l ON l.to_id IN (up.id, up.object_id)
WHERE l.field = $2 AND l.deleted_at IS NULL
""",  # noqa: S608 - put together from constants
)


def order_mails(work: UnitOfWork, notes: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Have those who follow told of new notes, once the transaction stands."""
    if not work.tells:
        return
    heard = _HEARD.run(work, [str(note) for note in notes], FOLLOWED)
    if heard:
        work.defer(TASK, {"note_ids": sorted(str(note) for (note,) in heard)})
