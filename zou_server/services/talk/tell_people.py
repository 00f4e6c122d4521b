"""Whom a comment, a reply or an assignation concerns, and the notifications that tell them.

Two rules of `follow_changes`, one statement each, however many rows were made. Source:
docs/protocols/zou.md 6 and 17 (Notification, Subscription): assignees, subscribers, whoever is named, and
those who take part in the talk.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zou_server.models.base import new_id_in_sql
from zou_server.models.changes_of_status import CHANGES_STATUS
from zou_server.services.write.prepared import Prepared
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def tell_of_notes(work: UnitOfWork, notes: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """New comments on tasks, and replies to them, are told to those whom they concern."""
    _tell(work, _OF_NOTES, notes)


def tell_assignees(
    work: UnitOfWork, assignations: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]
) -> None:
    """Whoever is put on a task by somebody else is told so."""
    _tell(work, _OF_ASSIGNATIONS, assignations)


def tell_of_statuses(work: UnitOfWork, tasks: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Tasks that were given a status without a comment are news for those who follow them."""
    _tell(work, _OF_STATUSES, tasks)


def _tell(work: UnitOfWork, statement: Prepared, ids: Sequence[uuid.UUID]) -> None:
    if not work.tells or not work.actor.person_id.int:
        return  # the server itself tells nobody of what it does
    listed = [str(id_) for id_ in ids]
    for id_, project_id in statement.run(work, listed, str(work.actor.person_id), work.now):
        work.record(Recorded("create", "Notification", id_, None, project_id, first=True))


# Nobody is told of what they did themselves, and nobody who has left the team or the studio is told
# anything. Clients hear of what is for them.
_NOTIFICATIONS = f"""
fresh AS (
    SELECT {new_id_in_sql("$3")} AS id, news.*
    FROM news
    JOIN person p ON p.id = news.person_id AND p.active AND p.deleted_at IS NULL
    LEFT JOIN membership m
         ON m.person_id = p.id AND m.project_id = news.project_id AND m.deleted_at IS NULL
    WHERE news.person_id IS DISTINCT FROM news.author_id AND (p.role = 'admin' OR m.id IS NOT NULL)
          AND (news.for_client OR coalesce(m.role, p.role) <> 'client')
), identified AS (
    INSERT INTO object (id, kind, project_id) SELECT id, 'Notification', project_id FROM fresh
)
INSERT INTO notification (
    id, created_at, updated_at, created_by_id, updated_by_id, lock_version, read, change,
    notification_type, person_id, author_id, comment_id, reply_id, task_id, project_id)
SELECT id, $3, $3, $2, $2, 0, false, change,
       type, person_id, author_id, comment_id, reply_id, task_id, project_id
FROM fresh
RETURNING id, project_id
"""  # noqa: S608 - put together from constants

_OF_NOTES = Prepared(
    "tell_of_notes",
    ("uuid[]", "uuid", "timestamptz"),
    f"""
WITH told AS (
    SELECT n.id AS note_id, coalesce(c.id, n.id) AS comment_id, n.parent_id IS NOT NULL AS is_reply,
           n.person_id AS author_id, t.id AS task_id, t.project_id, t.task_type_id, e.path,
           coalesce(c.for_client, n.for_client, false) OR speaker.role = 'client' AS for_client,
           {CHANGES_STATUS} AS change
    FROM note n
    LEFT JOIN note c ON c.id = n.parent_id
    JOIN task t ON t.id = coalesce(c.object_id, n.object_id)
    LEFT JOIN entity e ON e.id = t.entity_id
    LEFT JOIN person speaker ON speaker.id = n.person_id
    WHERE n.id = ANY($1)
), listening AS (
    SELECT told.note_id, a.person_id
    FROM told JOIN assignation a ON a.task_id = told.task_id AND a.deleted_at IS NULL
    UNION
    SELECT told.note_id, s.person_id
    FROM told JOIN subscription s ON s.task_id = told.task_id AND s.deleted_at IS NULL
    UNION
    SELECT told.note_id, s.person_id
    FROM told JOIN subscription s
         ON s.entity_id = ANY(told.path) AND s.task_type_id = told.task_type_id AND s.deleted_at IS NULL
    UNION
    SELECT told.note_id, said.person_id
    FROM told JOIN note said
         ON (said.id = told.comment_id OR said.parent_id = told.comment_id) AND said.deleted_at IS NULL
    WHERE told.is_reply
), named AS (
    SELECT told.note_id, m.person_id
    FROM told JOIN note_mention m ON m.note_id = told.note_id AND m.deleted_at IS NULL
    UNION
    SELECT told.note_id, d.person_id
    FROM told JOIN note_department_mention m ON m.note_id = told.note_id AND m.deleted_at IS NULL
         JOIN person_department d ON d.department_id = m.department_id AND d.deleted_at IS NULL
), concerned AS (
    SELECT CASE WHEN told.is_reply THEN 'reply' ELSE 'comment' END AS type, l.person_id, told.*
    FROM listening l JOIN told USING (note_id)
    UNION ALL
    SELECT CASE WHEN told.is_reply THEN 'reply-mention' ELSE 'mention' END, m.person_id, told.*
    FROM named m JOIN told USING (note_id)
), news AS (
    SELECT type, person_id, author_id, comment_id, CASE WHEN is_reply THEN note_id END AS reply_id,
           task_id, project_id, change AND type = 'comment' AS change, for_client
    FROM concerned
)
,{_NOTIFICATIONS}""",  # noqa: S608 - put together from constants
)

_OF_ASSIGNATIONS = Prepared(
    "tell_assignees",
    ("uuid[]", "uuid", "timestamptz"),
    f"""
WITH news AS (
    SELECT 'assignation' AS type, a.person_id, $2 AS author_id, NULL::uuid AS comment_id,
           NULL::uuid AS reply_id, t.id AS task_id, t.project_id, false AS change, true AS for_client
    FROM assignation a JOIN task t ON t.id = a.task_id
    WHERE a.id = ANY($1) AND a.deleted_at IS NULL
)
,{_NOTIFICATIONS}""",  # noqa: S608 - put together from constants
)

_OF_STATUSES = Prepared(
    "tell_of_statuses",
    ("uuid[]", "uuid", "timestamptz"),
    f"""
WITH told AS (
    SELECT t.id AS task_id, t.project_id, t.task_type_id, e.path
    FROM task t LEFT JOIN entity e ON e.id = t.entity_id
    WHERE t.id = ANY($1)
), listening AS (
    SELECT told.task_id, a.person_id
    FROM told JOIN assignation a ON a.task_id = told.task_id AND a.deleted_at IS NULL
    UNION
    SELECT told.task_id, s.person_id
    FROM told JOIN subscription s ON s.task_id = told.task_id AND s.deleted_at IS NULL
    UNION
    SELECT told.task_id, s.person_id
    FROM told JOIN subscription s
         ON s.entity_id = ANY(told.path) AND s.task_type_id = told.task_type_id AND s.deleted_at IS NULL
), news AS (
    SELECT 'comment' AS type, l.person_id, $2 AS author_id, NULL::uuid AS comment_id,
           NULL::uuid AS reply_id, task_id, told.project_id, true AS change, false AS for_client
    FROM listening l JOIN told USING (task_id)
)
,{_NOTIFICATIONS}""",  # noqa: S608 - put together from constants
)
