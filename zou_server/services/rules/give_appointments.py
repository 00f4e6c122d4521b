"""The statements behind appointments of groups: one gives what is missing, one finds what is lost."""

from __future__ import annotations

from zou_server.models.appointments import GROUP_MEMBERS
from zou_server.models.base import new_id_in_sql
from zou_server.services.write.prepared import Prepared

_PARAMETERS = ("uuid[]", "uuid", "timestamptz")


def _fresh(name: str, kind: str, table: str, near: str, which: str) -> str:
    """Those among the wanted who are not there yet."""
    return f"""
{name} AS (
    SELECT '{kind}' AS kind, {new_id_in_sql("$3")} AS id, w.near, w.person_id, w.project_id, w.inherited
    FROM (SELECT DISTINCT {which}) w
    WHERE NOT EXISTS (
        SELECT FROM {table} t WHERE t.{near} = w.near AND t.person_id = w.person_id AND t.deleted_at IS NULL)
)"""  # noqa: S608 - put together from constants


def _inserted(name: str, table: str, near: str, more: str = "", value: str = "") -> str:
    """The rows of those whom nobody else is putting there at the same time."""
    return f"""
{name}_made AS (
    INSERT INTO {table} (id, created_at, updated_at, created_by_id, updated_by_id, lock_version, inherited,
                         person_id, {near}{more})
    SELECT id, $3, $3, $2, $2, 0, inherited, person_id, near{value} FROM {name}
    ON CONFLICT DO NOTHING RETURNING id
)"""  # noqa: S608 - put together from constants


_ON_TEAM = "project_id AS near, person_id, project_id, inherited FROM wanted WHERE project_id IS NOT NULL"
_OTHERS = "('Task', 'Project')"
_TEAM = _fresh("team", "Membership", "membership", "project_id", _ON_TEAM)
_TEAM_MADE = _inserted("team", "membership", "project_id")

GIVE_GROUPS = Prepared(
    "give_groups",
    _PARAMETERS,
    f"""
WITH wanted AS (
    SELECT g.object_id, o.kind AS of, g.project_id, l.to_id AS person_id, true AS inherited
    FROM group_appointment g
    JOIN object o ON o.id = g.object_id AND o.deleted_at IS NULL
    JOIN object_link l ON l.from_id = g.group_id AND l.field = '{GROUP_MEMBERS}' AND l.deleted_at IS NULL
    JOIN person p ON p.id = l.to_id AND p.deleted_at IS NULL
    WHERE g.deleted_at IS NULL AND g.id = ANY($1)
    UNION
    SELECT g.object_id, o.kind, g.project_id, l.to_id, true
    FROM object_link l
    JOIN person p ON p.id = l.to_id AND p.deleted_at IS NULL
    JOIN group_appointment g ON g.group_id = l.from_id AND g.deleted_at IS NULL
    JOIN object o ON o.id = g.object_id AND o.deleted_at IS NULL
    WHERE l.id = ANY($1) AND l.field = '{GROUP_MEMBERS}' AND l.deleted_at IS NULL
), {
        _fresh(
            "task",
            "Assignation",
            "assignation",
            "task_id",
            "object_id AS near, person_id, project_id, inherited FROM wanted WHERE of = 'Task'",
        )
    }, {
        _fresh(
            "place",
            "EntityAssignation",
            "entity_assignation",
            "entity_id",
            f"object_id AS near, person_id, project_id, inherited FROM wanted WHERE of NOT IN {_OTHERS}",
        )
    }, {_TEAM}, {_inserted("task", "assignation", "task_id", ", is_primary", ", false")},
{_inserted("place", "entity_assignation", "entity_id")}, {_TEAM_MADE}, given AS (
    SELECT * FROM task WHERE id IN (SELECT id FROM task_made)
    UNION ALL SELECT * FROM place WHERE id IN (SELECT id FROM place_made)
    UNION ALL SELECT * FROM team WHERE id IN (SELECT id FROM team_made)
), identified AS (
    INSERT INTO object (id, kind, project_id) SELECT id, kind, project_id FROM given
)
SELECT kind, id, near, person_id, project_id FROM given
""",  # noqa: S608 - put together from constants
)
"""Puts who is in a group where it is: $1 are appointments, or links of groups to members; $2 asks, at $3."""

JOIN_TEAM = Prepared(
    "join_team",
    _PARAMETERS,
    f"""
WITH wanted AS (
    SELECT o.project_id, a.person_id, true AS inherited
    FROM assignation a JOIN object o ON o.id = a.task_id
    WHERE a.id = ANY($1) AND a.deleted_at IS NULL
    UNION
    SELECT o.project_id, a.person_id, true
    FROM entity_assignation a JOIN object o ON o.id = a.entity_id
    WHERE a.id = ANY($1) AND a.deleted_at IS NULL
), {
        _fresh(
            "team",
            "Membership",
            "membership",
            "project_id",
            "w.project_id AS near, w.person_id, w.project_id, w.inherited FROM wanted w "
            "JOIN person p ON p.id = w.person_id AND p.role <> 'admin' AND NOT p.is_bot "
            "WHERE w.project_id IS NOT NULL",
        )
    }, {_TEAM_MADE}, given AS (
    SELECT * FROM team WHERE id IN (SELECT id FROM team_made)
), identified AS (
    INSERT INTO object (id, kind, project_id) SELECT id, kind, project_id FROM given
)
SELECT kind, id, near, person_id, project_id FROM given
""",  # noqa: S608 - put together from constants
)
"""Puts who is on something on its project's team: $1 are the rows that say who is on what."""

_STILL = f"""
FROM group_appointment g
JOIN object_link l ON l.from_id = g.group_id AND l.field = '{GROUP_MEMBERS}' AND l.deleted_at IS NULL
WHERE g.deleted_at IS NULL AND l.to_id = t.person_id"""


_GIVEN = """
AND NOT EXISTS (SELECT FROM assignation s JOIN object o ON o.id = s.task_id
                WHERE s.person_id = t.person_id AND o.project_id = t.project_id
                      AND NOT s.inherited AND s.deleted_at IS NULL)
AND NOT EXISTS (SELECT FROM entity_assignation s JOIN object o ON o.id = s.entity_id
                WHERE s.person_id = t.person_id AND o.project_id = t.project_id
                      AND NOT s.inherited AND s.deleted_at IS NULL)"""
"""Whoever is on something by name stays on the team."""


def _lost(kind: str, table: str, near: str, of: str, more: str = "") -> str:
    return f"""
SELECT '{kind}' AS kind, t.id FROM group_appointment a JOIN {table} t ON t.{near} = a.{of}
WHERE a.id = ANY($1) AND t.inherited AND t.deleted_at IS NULL
      AND NOT EXISTS (SELECT {_STILL} AND g.{of} = t.{near}) {more}
UNION
SELECT '{kind}', t.id FROM object_link m JOIN {table} t ON t.person_id = m.to_id
WHERE m.id = ANY($1) AND m.field = '{GROUP_MEMBERS}' AND t.inherited AND t.deleted_at IS NULL
      AND NOT EXISTS (SELECT {_STILL} AND g.{of} = t.{near}) {more}
"""  # noqa: S608 - put together from constants


LOST = Prepared(
    "lost_appointments",
    ("uuid[]",),
    " UNION ".join(
        (
            _lost("Assignation", "assignation", "task_id", "object_id"),
            _lost("EntityAssignation", "entity_assignation", "entity_id", "object_id"),
            _lost("Membership", "membership", "project_id", "project_id", _GIVEN),
        )
    ),
)
"""What people have by groups alone and no longer: $1 are appointments that went, or links to members."""


def _left(kind: str, table: str, near: str) -> str:
    return f"""
SELECT '{kind}' AS kind, t.id FROM {table} t
WHERE t.id = ANY($1) AND t.inherited AND t.deleted_at IS NULL
      AND NOT EXISTS (SELECT {_STILL} AND g.object_id = t.{near})
"""  # noqa: S608 - put together from constants


LEFT_MEANWHILE = Prepared(
    "left_meanwhile",
    ("uuid[]",),
    " UNION ALL ".join(
        (
            _left("Assignation", "assignation", "task_id"),
            _left("EntityAssignation", "entity_assignation", "entity_id"),
        )
    ),
)
"""What comes back to people who have it by groups alone, and no longer: $1 are the rows that come back."""

LEFT_TEAMS = Prepared(
    "left_teams",
    ("uuid[]", "uuid[]"),
    f"""
SELECT DISTINCT 'Membership', t.id
FROM group_appointment a
JOIN object_link m ON m.from_id = a.group_id AND m.field = '{GROUP_MEMBERS}' AND m.deleted_at IS NULL
JOIN membership t ON t.person_id = m.to_id AND t.project_id = ANY($2)
WHERE a.id = ANY($1) AND a.deleted_at IS NULL AND t.inherited AND t.deleted_at IS NULL
      AND NOT EXISTS (SELECT {_STILL} AND g.project_id = t.project_id) {_GIVEN}
""",  # noqa: S608 - put together from constants
)
"""The teams that members of groups leave: $1 are appointments that went along elsewhere, out of $2."""

LOCK_GROUPS = Prepared(
    "lock_groups",
    ("uuid[]",),
    f"""
SELECT pg_advisory_xact_lock(hashtextextended('members of ' || found.id, 0))
FROM (
    SELECT group_id::text AS id FROM group_appointment WHERE id = ANY($1)
    UNION SELECT from_id::text FROM object_link WHERE id = ANY($1) AND field = '{GROUP_MEMBERS}'
    ORDER BY 1
) found
""",  # noqa: S608 - put together from constants
)
"""Who appoints a group or changes who is in it waits for who did so before: neither sees the other's rows."""
