"""The rows of a filled studio: a table of what is written where, and from what.

Only the columns named here matter; the others have what the models say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fill:
    """Rows of one table and what they are called: the source, the name, and the columns that matter."""

    table: str
    kind: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)
    name: str = "NULL"
    project: str = "s.project_id"
    own_id: bool = True
    """Whether the source has an `id`; otherwise one is made."""
    where: str = "true"


FILLS: tuple[Fill, ...] = (
    Fill(
        "person",
        "Person",
        "filling.person s",
        {
            "first_name": "'First' || s.n",
            "last_name": "'Last' || s.n",
            "email": "'person' || s.n || '@big.example.com'",
            "login": "'person' || s.n",
            "role": "s.role",
            "is_bot": "false",
        },
        name="'First' || s.n || ' Last' || s.n",
        project="NULL::uuid",
    ),
    Fill(
        "project",
        "Project",
        "filling.project s",
        {
            "name": "'Show ' || s.n",
            "code": "'S' || s.n",
            "project_status_id": "(SELECT id FROM status WHERE for_project AND code ="
            " CASE WHEN s.is_open THEN 'open' ELSE 'closed' END)",
            "start_date": "s.at::date",
            "end_date": "s.ends::date",
        },
        name="'Show ' || s.n",
        project="s.id",
    ),
    Fill(
        "membership",
        "Membership",
        "filling.membership s",
        {"project_id": "s.project_id", "person_id": "s.person_id"},
    ),
    Fill(
        "project_task_type",
        "ProjectTaskType",
        "(SELECT p.id AS project_id, t.id AS type_id, t.n, p.at, p.by"
        " FROM filling.project p, filling.step t) s",
        {"project_id": "s.project_id", "task_type_id": "s.type_id", "priority": "s.n::int"},
        own_id=False,
    ),
    Fill(
        "entity",
        "Sequence",
        "filling.sequence s",
        {
            "name": "s.name",
            "kind": "'Sequence'",
            "project_id": "s.project_id",
            "entity_type_id": "(SELECT id FROM entity_type WHERE kind = 'Sequence')",
            "path": "ARRAY[s.id]",
        },
        name="s.name",
    ),
    Fill(
        "entity",
        "Shot",
        "filling.shot s",
        {
            "name": "s.name",
            "kind": "'Shot'",
            "description": "CASE s.n % 7 WHEN 0 THEN 'The lantern swings in the wind'"
            " ELSE 'Rain on the river, shot ' || s.n END",
            "project_id": "s.project_id",
            "entity_type_id": "(SELECT id FROM entity_type WHERE kind = 'Shot')",
            "parent_id": "s.parent_id",
            "sequence_id": "s.parent_id",
            "nb_frames": "48 + s.n % 100",
            "path": "ARRAY[s.parent_id, s.id]",
            "data": """jsonb_build_object('frame_in', 1001, 'frame_out', 1048 + s.n % 100)""",
        },
        name="s.name",
    ),
    Fill(
        "entity",
        "Asset",
        "filling.asset s",
        {
            "name": "s.name",
            "kind": "'Asset'",
            "project_id": "s.project_id",
            "entity_type_id": "(SELECT id FROM entity_type"
            " WHERE name = (ARRAY['Character','Prop','Environment'])[1 + s.type])",
            "path": "ARRAY[s.id]",
        },
        name="s.name",
    ),
    Fill(
        "entity_link",
        "EntityLink",
        """(SELECT DISTINCT ON (h.id, a.id) h.id AS shot_id, a.id AS asset_id, h.project_id, h.at, h.by
            FROM filling.shot h JOIN filling.project p ON p.n = h.p, generate_series(0, 1) AS k,
                 filling.asset a
            WHERE a.p = h.p AND a.n = 1 + (h.n * (7 + 4 * k)) % (p.shots * 0.3)::int) s""",
        {"entity_in_id": "s.shot_id", "entity_out_id": "s.asset_id", "nb_occurences": "1"},
        own_id=False,
    ),
    Fill(
        "task",
        "Task",
        "filling.task s JOIN filling.status st ON st.code = s.status"
        " LEFT JOIN (SELECT DISTINCT ON (task_id) task_id, id FROM filling.preview"
        " ORDER BY task_id, revision DESC) v"
        " ON v.task_id = s.id",
        {
            "name": "'main'",
            "project_id": "s.project_id",
            "entity_id": "s.entity_id",
            "task_type_id": "s.type_id",
            "task_status_id": "st.id",
            "estimation": "480",
            "duration": "CASE WHEN s.status = 'todo' THEN 0 ELSE 480 END",
            "start_date": "s.at",
            "due_date": "s.last",
            "end_date": "CASE WHEN s.status = 'done' THEN s.last END",
            "done_date": "CASE WHEN s.status = 'done' THEN s.last END",
            "last_comment_date": "s.last",
            "last_preview_file_id": "v.id",
            "updated_at": "s.last",
        },
        name="'main'",
    ),
    Fill(
        "assignation",
        "Assignation",
        "filling.task s",
        {"task_id": "s.id", "person_id": "s.person_id"},
        own_id=False,
    ),
    Fill(
        "preview_file",
        "PreviewFile",
        "filling.preview s",
        {
            "name": "'take_v' || lpad(s.revision::text, 3, '0')",
            "original_name": "'take'",
            "revision": "s.revision::int",
            "position": "1",
            "extension": "'mp4'",
            "is_movie": "true",
            "status": "'ready'",
            "task_id": "s.task_id",
            "person_id": "s.person_id",
            "version_id": "s.version_id",
        },
        name="'take_v' || lpad(s.revision::text, 3, '0')",
    ),
    Fill(
        "product",
        "Product",
        "filling.product s",
        {"object_id": "s.entity_id", "task_id": "s.task_id", "project_id": "s.project_id"},
    ),
    Fill(
        "version",
        "Version",
        "(SELECT v.*, p.id AS product_id, p.entity_id FROM filling.preview v"
        " JOIN filling.product p ON p.task_id = v.task_id) s",
        {
            "id": "s.version_id",
            "name": "'v' || lpad(s.revision::text, 3, '0')",
            "revision": "s.revision::int",
            "object_id": "s.entity_id",
            "task_id": "s.task_id",
            "person_id": "s.person_id",
            "preview_file_id": "s.id",
            "product_id": "s.product_id",
            "project_id": "s.project_id",
        },
        name="'v' || lpad(s.revision::text, 3, '0')",
    ),
    Fill(
        "note",
        "Note",
        "filling.note s",
        {
            "text": "s.text",
            "object_id": "s.task_id",
            "project_id": "s.project_id",
            "person_id": "s.person_id",
            "sets_status_id": "s.status_id",
            "changes_status": "s.changes",
            "for_client": "s.k = 3 AND s.step = 1",
        },
    ),
    Fill(
        "note_preview",
        "NotePreview",
        "filling.preview s",
        {"note_id": "s.note_id", "preview_file_id": "s.id"},
        own_id=False,
    ),
    Fill(
        "object_link",
        "ObjectLink",
        "filling.note s",
        {
            "field": "'Note/tasks'",
            "from_id": "s.id",
            "to_id": "s.task_id",
            "project_id": "s.project_id",
        },
        own_id=False,
    ),
    Fill(
        "notification",
        "Notification",
        "filling.note s",
        {
            "notification_type": "'comment'",
            "person_id": "s.person_id",
            "author_id": "s.person_id",
            "comment_id": "s.id",
            "task_id": "s.task_id",
            "project_id": "s.project_id",
            "change": "true",
            "read": "s.step > 2",
        },
        own_id=False,
        where="s.k = 3",
    ),
    Fill(
        "time_spent",
        "TimeSpent",
        "filling.day s",
        {"duration": "480", "date": "s.date", "task_id": "s.task_id", "person_id": "s.person_id"},
    ),
    Fill(
        "timelog",
        "Timelog",
        "filling.day s",
        {
            "comment": "''",
            "start": "s.at",
            "duration": "28800",
            "object_id": "s.task_id",
            "person_id": "s.person_id",
            "project_id": "s.project_id",
            "time_spent_id": "s.id",
            "day": "s.date",
        },
        own_id=False,
    ),
    Fill(
        "playlist",
        "Playlist",
        """(SELECT p.id AS project_id, g.n, p.at + interval '1 day' * g.n AS at, NULL::uuid AS by,
                   coalesce((SELECT jsonb_agg(jsonb_build_object('entity_id', h.id)) FROM filling.shot h
                             WHERE h.p = p.n AND h.n BETWEEN g.n * 20 AND g.n * 20 + 40), '[]') AS shots
            FROM filling.project p, generate_series(1, 20) AS g(n)) s""",
        {
            "name": "'Dailies ' || s.n",
            "project_id": "s.project_id",
            "for_entity": "'shot'",
            "shots": "s.shots",
            "for_client": "s.n % 4 = 0",
        },
        name="'Dailies ' || s.n",
        own_id=False,
    ),
)
"""The rows of the studio's tables, from what there is."""
